"""Questions in words: what the files have in common, who it is about, the answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oslonac.access import policy
from oslonac.access.actor import Actor
from oslonac.accounts.queries import names_of
from oslonac.cases import moments
from oslonac.people import merging, records
from oslonac.people.models import Appearance, Person
from oslonac.people.queries import shown_names
from oslonac.people.records import RecordLine
from oslonac.signals import queries
from oslonac.signals.models import Signal
from oslonac.signals.queries import Asked
from oslonac.signals.rules import Answer, Register, SignalKind, SignalStatus
from oslonac.web.shapes import Fact, Flag, Kind

KIND: Mapping[str, Kind] = {
    SignalStatus.OPEN: "warn",
    SignalStatus.ANSWERED: "ok",
    SignalStatus.DISMISSED: "calm",
}
ICON: Mapping[str, str] = {
    SignalKind.PHONE: "phone",
    SignalKind.GUARDIAN: "people",
    SignalKind.LEADER: "people",
    SignalKind.REGISTERS: "list",
}


@dataclass(frozen=True)
class Somebody:
    """One of the people a question is about, with their records open to the reader."""

    name: str
    url: str
    records: Sequence[RecordLine]


@dataclass(frozen=True)
class Question:
    """A question as it is shown."""

    signal: Signal
    title: str
    reason: str
    people: Sequence[Somebody]
    flags: Sequence[Flag]
    url: str
    icon: str


def of_asked(actor: Actor, asked: Sequence[Asked], *, at: datetime) -> list[Question]:
    """Questions in words. All people in them are open to the reader by name; the caller records
    the read."""
    people = queries.people_of(asked)
    names = shown_names(people.values())
    lines = _records(actor, people, at)
    staff = names_of(each.signal.guardian_id for each in asked)
    return [
        Question(
            signal=each.signal,
            title=title(each.signal),
            reason=reason(each, staff),
            people=[
                Somebody(
                    names.get(pk) or _("no name yet"),
                    reverse("people:person", args=[pk]),
                    lines.get(pk, []),
                )
                for pk in each.people
            ],
            flags=flags(each.signal),
            url=reverse("signals:signal", args=[each.signal.pk]),
            icon=ICON[each.signal.kind],
        )
        for each in asked
    ]


def _records(
    actor: Actor, people: Mapping[UUID, Person], at: datetime
) -> dict[UUID, list[RecordLine]]:
    rows = list(
        Appearance.objects.filter(person__in=list(people)).values_list(
            "person_id", "record_kind", "record_id"
        )
    )
    seen = policy.reaches(actor, [record for _p, _k, record in rows], at=at)
    lines = records.lines((kind, pk) for _p, kind, pk in rows if pk in seen)
    found: dict[UUID, list[RecordLine]] = {}
    for person_id, _kind, record_id in rows:
        if record_id in lines:
            found.setdefault(person_id, []).append(lines[record_id])
    return found


def title(signal: Signal) -> str:
    """The question itself."""
    return {
        SignalKind.PHONE: _("Do these people belong together?"),
        SignalKind.GUARDIAN: _("Can one guardian care for all of these children?"),
        SignalKind.LEADER: _("Who leads these groups, and in whose interest?"),
        SignalKind.REGISTERS: _("Was this child lost between two offices?"),
    }[SignalKind(signal.kind)]


def reason(asked: Asked, staff: Mapping[UUID, str]) -> str:
    """Why it is asked, in a sentence; no number and no place stands in it."""
    signal, count = asked.signal, _persons(asked)
    if signal.kind == SignalKind.PHONE:
        words = ngettext(
            "The same phone number is in %(count)d file.",
            "The same phone number is in %(count)d files.",
            count,
        )
        return words % {"count": count}
    if signal.kind == SignalKind.GUARDIAN:
        words = ngettext(
            "%(guardian)s is the guardian of %(count)d child.",
            "%(guardian)s is the guardian of %(count)d children.",
            count,
        )
        who = staff.get(signal.guardian_id) if signal.guardian_id else None
        return words % {"count": count, "guardian": moments.isolated(who or _("Somebody"))}
    if signal.kind == SignalKind.LEADER:
        return _("One person led several travel groups. These are the people in them.")
    present, absent = (Register(each).label for each in signal.about)
    return _("The child is known to %(present)s, but not to %(absent)s.") % {
        "present": present,
        "absent": absent,
    }


def _persons(asked: Asked) -> int:
    """Records joined as one person count once."""
    return len({ids[0] for ids in merging.groups(asked.people).values()})


def flags(signal: Signal) -> list[Flag]:
    status = SignalStatus(signal.status)
    found = [Flag(capfirst(str(status.label)), KIND[status])]
    if signal.returned:
        found.append(Flag(_("Asked again"), "warn"))
    return found


def answered(signal: Signal, why: str) -> list[Fact]:
    """Who answered what, when, why."""
    if signal.answered_at is None:
        return []
    staff = names_of([signal.answered_by_id])
    who = staff.get(signal.answered_by_id) if signal.answered_by_id else ""
    rows = [Fact(_("By"), who or "", note=moments.short(signal.answered_at))]
    if signal.answer:
        rows.append(Fact(_("Answer"), str(Answer(signal.answer).label)))
    return [*rows, Fact(_("Reason"), why)]
