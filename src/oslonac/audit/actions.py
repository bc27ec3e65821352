"""Recording events, and the decorator that makes a function a named action."""

import functools
import json
import logging
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from datetime import UTC, date, datetime
from typing import Any, TypeVar
from uuid import UUID

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from oslonac.access import policy, reader
from oslonac.access.actor import Actor
from oslonac.access.roles import Permission
from oslonac.audit import events, statements
from oslonac.audit.models import Answered, Event, Outcome
from oslonac.kit.clock import now
from oslonac.kit.errors import NotFresh, Refused
from oslonac.vault import keyring

R = TypeVar("R")
# Leaves the machine where OSLONAC_SYSLOG says so (config.logs).
_security = logging.getLogger("oslonac.security")
_events_written: ContextVar[int] = ContextVar("events_written", default=0)
_permission: ContextVar[Permission] = ContextVar("permission", default=Permission.SIGNED_IN)
ACTIONS: dict[str, Permission] = {}
# Actions that ask whoever is signed in to prove again who they are (`accounts.stepup`).
ASKED_AGAIN: set[str] = set()


def events_written() -> int:
    """How many events this context recorded so far. An action that adds none was a repetition."""
    return _events_written.get()


class RepeatedDifferently(Refused):
    """The same request key came with other content."""

    def __init__(self) -> None:
        super().__init__(
            "request.key_reused", _("This request key was already used for another request.")
        )


class ForgotEvent(RuntimeError):
    """An action ended without recording an event: a programming error."""


def action(
    name: str, permission: Permission, *, fresh: bool = False
) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """Make a function a write: permission, one transaction, at least one event, no repetition.

    `fresh`: raises NotFresh for an actor whose last proof of identity is older than minutes; a
    page then asks for it and goes on with what was typed.

    The function takes keyword arguments only, among them `actor` and `at`. Callers may add
    `once`: a key of their own choosing; the second call with it returns the first call's result.
    """

    def wrap(function: Callable[..., R]) -> Callable[..., R]:
        ACTIONS[name] = permission
        if fresh:
            ASKED_AGAIN.add(name)

        @functools.wraps(function)
        def run(*, actor: Actor, at: datetime, request_key: str = "", **arguments: Any) -> R:
            policy.require(actor, permission)
            if fresh and actor.stale:
                raise NotFresh(name)
            with reader.acting(actor, at), transaction.atomic():
                if not request_key:
                    return _perform(function, name, permission, actor, at, arguments)
                claim, answered = _claim(actor, request_key, name, arguments)
                if answered is not None:
                    return _result(answered)
                result = _perform(function, name, permission, actor, at, arguments)
                _remember(claim, result)
                return result

        run.action_name = name  # type: ignore[attr-defined]
        run.permission = permission  # type: ignore[attr-defined]
        return run

    return wrap


def _perform(
    function: Callable[..., R],
    name: str,
    permission: Permission,
    actor: Actor,
    at: datetime,
    arguments: dict[str, Any],
) -> R:
    before = _events_written.get()
    token = _permission.set(permission)
    try:
        result = function(actor=actor, at=at, **arguments)
    finally:
        _permission.reset(token)
    if _events_written.get() == before:
        raise ForgotEvent(name)
    return result


def record(
    name: str,
    *,
    actor: Actor,
    at: datetime,
    subject: models.Model | None = None,
    case_id: UUID | None = None,
    fields: Iterable[str] = (),
    data: Mapping[str, Any] | None = None,
    outcome: Outcome = Outcome.DONE,
    kind: str = "",
    record_id: UUID | None = None,
) -> Event:
    """Append an event in the running transaction. `data`: codes, ids, dates, counts only.

    Raises `events.Undeclared` for a name or a key of data that no `events.py` declares."""
    event = compose(
        name,
        permission=_permission.get(),
        actor=actor,
        at=at,
        subject=subject,
        case_id=case_id,
        fields=fields,
        data=data,
        outcome=outcome,
        kind=kind,
        record_id=record_id,
    )
    event.save(force_insert=True)
    _events_written.set(_events_written.get() + 1)
    return event


def compose(
    name: str,
    *,
    permission: Permission,
    actor: Actor,
    at: datetime,
    subject: models.Model | None = None,
    case_id: UUID | None = None,
    fields: Iterable[str] = (),
    data: Mapping[str, Any] | None = None,
    outcome: Outcome = Outcome.DONE,
    kind: str = "",
    record_id: UUID | None = None,
) -> Event:
    """The event that `record` appends, with its mac, not yet saved. Bulk loading saves it."""
    events.check(name, data or {})
    post = actor.post_for(permission)
    event = Event(
        name=name,
        outcome=outcome,
        at=at.astimezone(UTC),
        actor_id=actor.user_id,
        organisation_id=post.organisation_id if post else None,
        role=post.code if post else "",
        channel=actor.channel,
        record_kind=kind or ((subject._meta.model_name or "") if subject is not None else ""),
        record_id=record_id or (subject.pk if subject is not None else None),
        case_id=case_id,
        fields=sorted(fields),
        data=json.loads(json.dumps(dict(data or {}), default=_plain)),
    )
    event.mac = mac_of(event)
    return event


def record_read(
    *,
    actor: Actor,
    at: datetime,
    subject: models.Model,
    fields: Iterable[str],
    case_id: UUID | None = None,
) -> None:
    """Say that sealed fields of a record were shown to the actor."""
    record(
        "sealed.read",
        actor=actor,
        at=at,
        subject=subject,
        case_id=case_id,
        fields=fields,
        outcome=Outcome.READ,
    )


def record_refusal(
    *, actor: Actor, at: datetime, what: str, kind: str = "", record_id: UUID | None = None
) -> None:
    """Say that something was refused. Called at the edge, after the rollback."""
    with transaction.atomic():
        event = record(
            what, actor=actor, at=at, outcome=Outcome.DENIED, kind=kind, record_id=record_id
        )
    _security.info("refused %s event=%s actor=%s", what, event.pk, actor.user_id or "nobody")


def mac_of(event: Event) -> bytes:
    """Keyed hash over everything an event says (not its place: that is the chain's)."""
    said = statements.words([getattr(event, name) for name in statements.SAID])
    return statements.mac(keyring.current().hashing["ledger"], said)


def _plain(value: Any) -> Any:
    if isinstance(value, models.Model):
        return str(value.pk)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | UUID):
        return str(value)
    if isinstance(value, set | frozenset | tuple):
        return sorted(value)
    raise TypeError(f"not for a ledger: {type(value).__name__}")


def _claim(
    actor: Actor, key: str, name: str, arguments: dict[str, Any]
) -> tuple[Answered, Answered | None]:
    if actor.user_id is None:
        raise ValueError("only a person can repeat a request under a key")
    text = json.dumps(arguments, default=_for_fingerprint, sort_keys=True)
    claim = Answered(
        actor_id=actor.user_id,
        key=key[:80],
        action=name,
        fingerprint=keyring.current().keyed_hash("index", text.encode()),
        answered_at=now(),
    )
    try:
        with transaction.atomic():  # waits for a running request with the same key
            claim.save(force_insert=True)
    except IntegrityError:
        answered = Answered.objects.get(actor_id=actor.user_id, key=claim.key)
        if answered.action != name or bytes(answered.fingerprint) != claim.fingerprint:
            raise RepeatedDifferently from None
        return claim, answered
    return claim, None


def _for_fingerprint(value: Any) -> Any:
    return (
        sorted(map(str, value))
        if isinstance(value, set | frozenset)
        else str(value.pk if isinstance(value, models.Model) else value)
    )


def _remember(claim: Answered, result: Any) -> None:
    if isinstance(result, models.Model):
        claim.result_model = result._meta.label
        claim.result_id = str(result.pk)
        claim.save(update_fields=["result_model", "result_id"])


def _result(answered: Answered) -> Any:
    """What the first call returned; None where the record is out of the actor's sight since."""
    if not answered.result_model:
        return None
    return (
        apps.get_model(answered.result_model)._default_manager.filter(pk=answered.result_id).first()
    )
