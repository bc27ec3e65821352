"""What the pages of pairs show: lines, flags and facts made from what was read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from oslonac.access import policy, roles
from oslonac.access.actor import Actor
from oslonac.access.models import Grant
from oslonac.access.roles import Permission
from oslonac.accounts.queries import names_of
from oslonac.cases import moments
from oslonac.country import alphabetical
from oslonac.duplicates import evidence, who_sees
from oslonac.duplicates.actions.deciding import takes_back
from oslonac.duplicates.models import Pair
from oslonac.duplicates.queries import Since
from oslonac.duplicates.rules import Agreement, Apart, PairStatus, Said
from oslonac.kit.clock import local_day
from oslonac.people import dossier_page, records
from oslonac.people.models import Appearance, Person
from oslonac.people.queries import shown_names
from oslonac.people.records import RecordLine
from oslonac.people.rules import Attribute, age_interval
from oslonac.vault.sealing import open_many
from oslonac.web.shapes import Fact, Flag, Kind

KIND: Mapping[str, Kind] = {
    PairStatus.OPEN: "warn",
    PairStatus.ASKED: "calm",
    PairStatus.REQUESTED: "warn",
    PairStatus.MERGED: "ok",
    PairStatus.APART: "calm",
}
AGREES: Mapping[str, Kind] = {
    Agreement.AGREES: "ok",
    Agreement.DIFFERS: "alert",
    Agreement.UNKNOWN: "calm",
}


def percent(probability: float) -> int:
    """As people read it: comparison is never certain, in either direction."""
    return min(99, max(1, round(probability * 100)))


@dataclass(frozen=True)
class Half:
    """One record of a pair in the list: two of one name are told apart by the rest."""

    name: str
    note: str


@dataclass(frozen=True)
class PairLine:
    """A pair in the list."""

    halves: tuple[Half, Half]
    percent: int
    for_: str
    against: str
    flags: Sequence[Flag]
    note: str
    url: str


def of_pairs(actor: Actor, pairs: Sequence[Pair], *, at: datetime) -> list[PairLine]:
    """Lines of the list. All were visible at the level of names; the caller records the read."""
    people = {p.pk: p for row in pairs for p in (row.one, row.other)}
    names = shown_names(people.values())
    where = _latest(actor, people, at=at)
    halves = {
        pk: Half(names.get(pk) or _("no name yet"), _half_note(person, where.get(pk), at))
        for pk, person in people.items()
    }
    return [
        PairLine(
            halves=(halves[row.one_id], halves[row.other_id]),
            percent=percent(row.probability),
            for_=", ".join(evidence.speaks_for(row.evidence)),
            against=", ".join(evidence.speaks_against(row.evidence)),
            # That it is to be looked at says the list itself.
            flags=flags(row)[1:] if row.status == PairStatus.OPEN else flags(row),
            note=_("Found on %(day)s, %(how)s.")
            % {"day": moments.day(row.found_at), "how": row.get_found_by_display()},
            url=reverse("duplicates:pair", args=[row.pk]),
        )
        for row in pairs
    ]


def _latest(actor: Actor, people: Mapping[UUID, Person], *, at: datetime) -> dict[UUID, RecordLine]:
    """The latest record of each person that the actor may open."""
    rows = list(
        Appearance.objects.filter(person__in=list(people)).values_list(
            "person_id", "record_kind", "record_id"
        )
    )
    seen = policy.reaches(actor, [pk for _person, _kind, pk in rows], at=at)
    lines = records.lines((kind, pk) for _person, kind, pk in rows if pk in seen)
    found: dict[UUID, RecordLine] = {}
    for person_id, _kind, pk in rows:
        line = lines.get(pk)
        if line and (person_id not in found or line.at > found[person_id].at):
            found[person_id] = line
    return found


def _half_note(person: Person, latest: RecordLine | None, at: datetime) -> str:
    age = age_interval(person.born_from, person.born_to, local_day(at))
    parts = [_("%(age)s years") % {"age": age} if age else "", latest.title if latest else ""]
    return " · ".join(part for part in parts if part)


def flags(pair: Pair) -> list[Flag]:
    status = PairStatus(pair.status)
    found = [Flag(capfirst(str(status.label)), KIND[status])]
    if pair.returned:
        found.append(Flag(_("Back on the list: something has changed"), "warn"))
    if evidence.TWIN in pair.evidence:
        found.append(Flag(_("Possibly brothers or sisters"), "alert"))
    return found


def decided(pair: Pair, why: str) -> list[Fact]:
    """Who asked, who decided, why."""
    staff = names_of([pair.requested_by_id, pair.decided_by_id])
    rows = []
    if pair.requested_at:
        rows.append(
            Fact(
                _("Requested by"),
                staff.get(_id(pair.requested_by_id), ""),
                note=moments.short(pair.requested_at),
            )
        )
    if pair.decided_at:
        rows.append(
            Fact(
                _("Decided by"),
                staff.get(_id(pair.decided_by_id), "") or _("the system"),
                note=moments.short(pair.decided_at),
            )
        )
    if pair.status == PairStatus.APART and pair.apart:
        rows.append(Fact(_("They are two people"), str(Apart(pair.apart).label)))
    if why:
        rows.append(Fact(_("Reason"), why))
    return rows


def _id(pk: UUID | None) -> UUID:
    return pk or UUID(int=0)


def remarks(rows: Iterable[tuple[Any, str]]) -> list[dict[str, str]]:
    listed = list(rows)
    staff = names_of(row.said_by_id for row, _text in listed)
    return [
        {
            "kind": capfirst(str(Said(row.kind).label)),
            "who": staff.get(_id(row.said_by_id), ""),
            "when": moments.short(row.said_at),
            "text": text,
        }
        for row, text in listed
    ]


def may(actor: Actor, pair: Pair) -> dict[str, bool]:
    """Which steps are offered; the actions decide."""
    both = (pair.one_id, pair.other_id)
    works = who_sees.answers_for(actor, Permission.PERSONS_COMPARE, *both)
    leads = who_sees.answers_for(actor, Permission.CASE_APPROVE, *both)
    open_ = pair.status in (PairStatus.OPEN, PairStatus.ASKED)
    own = pair.requested_by_id is not None and pair.requested_by_id == actor.user_id
    waits = pair.status == PairStatus.REQUESTED
    return {
        "join": works and open_,
        "apart": works and open_,
        "ask": works and open_,
        "answer": pair.status == PairStatus.ASKED,
        "confirm": waits and leads and not own,
        "refuse": waits and leads and not own,
        "withdraw": waits and own,
        "separate": pair.status == PairStatus.MERGED and leads,
        "again": pair.status == PairStatus.APART and works,
        "take_back": works and takes_back(pair),
    }


def disclosure_of(pair: Pair, survivor: Person, *, at: datetime) -> dict[str, Any]:
    """Who sees which record, and what changes, in words."""
    found = who_sees.seers(pair.one_id, pair.other_id, at=at)
    first = survivor.pk == pair.one_id
    return {
        "survivor": seers(found.one if first else found.other),
        "merged": seers(found.other if first else found.one),
        "both": seers(found.both),
        "houses": found.unnamed,
    }


def seers(rows: Sequence[Grant]) -> list[str]:
    """Grants as people or posts, each once."""
    staff = names_of(row.grantee_id for row in rows)
    found = []
    for row in rows:
        if row.grantee_id is not None:
            found.append(staff.get(row.grantee_id, _("a colleague")))
        else:
            role = roles.label(row.role)
            found.append(_("%(role)s, %(office)s") % {"role": role, "office": row.organisation})
    return sorted(dict.fromkeys(found), key=alphabetical)


def since(found: Since, *, at: datetime) -> list[str]:
    """What was written since two records were joined, a line each. The caller records the read."""
    names = open_many(found.names, "full")
    details = open_many(found.statements, "detail")
    rows = [
        _("Name, %(day)s: %(name)s")
        % {"day": moments.short(row.written_at), "name": moments.isolated(names[row.pk]["full"])}
        for row in found.names
    ]
    rows += [
        _("%(what)s, %(day)s: %(value)s")
        % {
            "what": capfirst(str(Attribute(row.attribute).label)),
            "day": moments.short(row.stated_at),
            "value": moments.isolated(dossier_page.value_of(row, details[row.pk]["detail"], at)),
        }
        for row in found.statements
    ]
    rows += [_("Case %(number)s") % {"number": case.number} for case in found.cases]
    return rows
