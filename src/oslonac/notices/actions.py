"""Telling people. `notify` is for every package above; the rest is the person's own settings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import models, transaction

from oslonac.access import sight
from oslonac.access.roles import Role
from oslonac.accounts.models import User
from oslonac.accounts.queries import holders
from oslonac.notices import kinds
from oslonac.notices.models import Channels, Delivery, Notice, Subscription
from oslonac.notices.quiet import quiet_hours, zone
from oslonac.notices.rules import Channel, not_before
from oslonac.vault.sight import Beyond


@dataclass(frozen=True)
class Holders:
    """Whoever holds one of these roles at an organisation, at the moment of telling."""

    organisation_id: UUID
    roles: tuple[Role, ...]


Recipient = UUID | Holders


@sight.beyond(Beyond.NOTICES)
def notify(
    to: Recipient | Iterable[Recipient],
    kind: str,
    *,
    at: datetime,
    key: str = "",
    record: models.Model | None = None,
    record_kind: str = "",
    record_id: UUID | None = None,
    by: UUID | None = None,
    data: Mapping[str, Any] | None = None,
    urgent: bool | None = None,
) -> list[Notice]:
    """Tell people that something happened or waits; call it inside the action that causes it.

        notify(
            Holders(case.organisation_id, (Role.SUPERVISOR, Role.HEAD)),
            "break_glass.opened",
            at=at, record=case, by=actor.user_id, key=f"break_glass:{grant.pk}",
        )

    `to`: user ids and Holders, mixed as needed. Everybody is told once, `by` not at all (nobody
    is told what they did), whoever is switched off neither. `kind` is registered with
    `kinds.register` in the caller's AppConfig.ready (UnknownKind otherwise). Under the same
    `key` a person is told once for ever, however often this is called; without one each call
    tells anew. `record` (or its kind and id) is what the inbox links to: named by whoever
    registered its kind with `kinds.register_subject`, as far as the reader's grants go; so a
    notice can be sent to somebody who sees little of the case. `data`: codes, ids, dates, counts.
    `urgent` overrides the kind's own answer to "also at night?".

    The inbox has it at once. E-mail and push follow from the job `notices.jobs.deliver`, to those
    who asked for them, gathered, and saying only that something waits. Rolls back with the
    action. Returns the new notices.
    """
    told = kinds.kind_of(kind)
    pressing = told.urgent if urgent is None else urgent
    if record is not None:
        record_kind, record_id = record._meta.model_name or "", record.pk
    notices = [
        Notice(
            user_id=user_id,
            kind=kind,
            key=key or f"{kind}:{uuid4()}",
            record_kind=record_kind,
            record_id=record_id,
            by_id=by,
            data=dict(data or {}),
            urgent=pressing,
            raised_at=at,
        )
        for user_id in _people(to, at=at)
        if user_id != by
    ]
    with transaction.atomic():
        new = _keep(notices)
        _send_out(new, at)
    return new


@sight.beyond(Beyond.NOTICES)
def end(kind: str, record_id: UUID, *, at: datetime) -> int:
    """What notices of a kind said of a record is over; they stop asking for attention.

    Returns how many there were.
    """
    return Notice.objects.filter(kind=kind, record_id=record_id, over_at__isnull=True).update(
        over_at=at
    )


def _people(to: Recipient | Iterable[Recipient], *, at: datetime) -> list[UUID]:
    """Ids of active users, each once, in a stable order."""
    wanted: set[UUID] = set()
    for each in [to] if isinstance(to, UUID | Holders) else to:
        if isinstance(each, Holders):
            found = holders(each.organisation_id, *each.roles, at=at)
            wanted |= set(found.values_list("pk", flat=True))
        else:
            wanted.add(each)
    active = User.objects.filter(pk__in=wanted, is_active=True)
    # In one order everywhere, so that two transactions that tell the same people cannot deadlock.
    return list(active.order_by("pk").values_list("pk", flat=True))


def _keep(notices: list[Notice]) -> list[Notice]:
    """Insert those that are new; of two transactions that tell the same, one does."""
    if not notices:
        return []
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
    kept = set(Notice.objects.filter(pk__in=[n.pk for n in notices]).values_list("pk", flat=True))
    return [notice for notice in notices if notice.pk in kept]


def _send_out(notices: list[Notice], at: datetime) -> None:
    """A delivery for each channel that its person has asked for."""
    people = {notice.user_id for notice in notices}
    wanted: dict[Channel, models.QuerySet[Any]] = {
        Channel.EMAIL: Channels.objects.filter(user__in=people, by_email=True),
        Channel.PUSH: Subscription.objects.filter(user__in=people, ended_at__isnull=True),
    }
    by_channel = {c: set(rows.values_list("user_id", flat=True)) for c, rows in wanted.items()}
    Delivery.objects.bulk_create(
        Delivery(
            notice=notice,
            user_id=notice.user_id,
            channel=channel.value,
            not_before=not_before(at, quiet_hours(), zone(), urgent=notice.urgent),
            moved_at=at,
        )
        for notice in notices
        for channel, users in by_channel.items()
        if notice.user_id in users
    )
