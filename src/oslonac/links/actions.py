"""Answering, dismissing and reopening a question. Nothing else follows."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from oslonac.access.actor import Actor
from oslonac.access.roles import Permission
from oslonac.audit.actions import action, record
from oslonac.duplicates.who_sees import answers_for
from oslonac.kit import statuses
from oslonac.kit.choices import chosen
from oslonac.kit.errors import Denied
from oslonac.kit.revisions import swap
from oslonac.links import queries, rules
from oslonac.links.models import Signal
from oslonac.links.rules import Answer, SignalStatus
from oslonac.people.actions import clean_reason
from oslonac.vault.sealing import sealed


@action("signal.answered", Permission.PERSONS_COMPARE)
def answer(
    *, actor: Actor, at: datetime, signal: Signal, revision: int, answer: str, why: str
) -> Signal:
    """Answers a question. Nothing happens automatically."""
    code = chosen(Answer, answer, "answer")
    return _close(actor, at, signal, revision, SignalStatus.ANSWERED, why, code)


@action("signal.dismissed", Permission.PERSONS_COMPARE)
def dismiss(*, actor: Actor, at: datetime, signal: Signal, revision: int, why: str) -> Signal:
    """Dismisses a question, with the reason."""
    return _close(actor, at, signal, revision, SignalStatus.DISMISSED, why, "")


@action("signal.reopened", Permission.PERSONS_COMPARE)
def reopen(*, actor: Actor, at: datetime, signal: Signal, revision: int) -> Signal:
    """Opens an answered question again."""
    _require(actor, signal, at)
    _step(signal, SignalStatus.OPEN)
    swap(signal, revision, status=SignalStatus.OPEN, returned=True)
    record("signal.reopened", actor=actor, at=at, subject=signal, data={"kind": signal.kind})
    return signal


def _require(actor: Actor, signal: Signal, at: datetime) -> tuple[UUID, ...]:
    """The actor sees every part, and works for a centre that answers for one of them."""
    asked = queries.signal(actor, signal.pk, at=at)
    if not answers_for(actor, Permission.PERSONS_COMPARE, *asked.people):
        raise Denied(f"{Permission.PERSONS_COMPARE.value}.elsewhere", record=signal.pk)
    return asked.people


def _step(signal: Signal, to: SignalStatus) -> None:
    already = _("This question is “%(now)s” already. Nothing was changed; look at it again.")
    statuses.step(rules.NEXT, signal.status, to, "signal.step", already)


def _close(
    actor: Actor, at: datetime, signal: Signal, revision: int, to: SignalStatus, why: str, code: str
) -> Signal:
    people = _require(actor, signal, at)
    _step(signal, to)
    text = clean_reason(why, "why")
    swap(
        signal,
        revision,
        status=to,
        answer=code,
        answered_by_id=actor.user_id,
        answered_at=at,
        answered_parts=list(people),
        returned=False,
        **sealed(signal, why=text),
    )
    name = "signal.answered" if to == SignalStatus.ANSWERED else "signal.dismissed"
    record(
        name,
        actor=actor,
        at=at,
        subject=signal,
        fields=["why"],
        data={"kind": signal.kind, "answer": code, "parts": len(people)},
    )
    return signal
