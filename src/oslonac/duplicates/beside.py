"""Comparison of two records: one fact per line, what each says, and whether they agree.

Everything is read within the reader's own sight of each side. Religion and ethnicity are not
compared, and no picture is shown: nobody is recognised by their face here.

Belongs here: values and evidence in words. Does not: deciding, laying out (`templates`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oslonac.access import policy
from oslonac.access.actor import Actor
from oslonac.cases import moments, whereabouts
from oslonac.directory.models import Place
from oslonac.duplicates import evidence, facts
from oslonac.duplicates.models import Pair
from oslonac.duplicates.rules import Agreement
from oslonac.matching.evidence import Reason
from oslonac.matching.index.answering import comparer
from oslonac.matching.persons import SENTENCES
from oslonac.people import queries
from oslonac.people.dossier_page import value_of
from oslonac.people.models import Appearance, Person
from oslonac.people.queries import NAMELESS, Dossier, StatementLine
from oslonac.people.records import RecordLine, lines
from oslonac.people.rules import Attribute, RelationKind
from oslonac.search.wording import sentence

# Kinds of lines: what they are called, and which evidence belongs to them, for and against.
_ROWS: tuple[tuple[str, object, tuple[str, ...], tuple[str, ...]], ...] = (
    (
        "birth",
        gettext_lazy("Born"),
        ("birth_day", "birth_slip", "birth_year", "birth_near"),
        ("birth_far", "birth_apart"),
    ),
    ("sex", gettext_lazy("Sex"), ("sex_same",), ("sex_other",)),
    ("origin", gettext_lazy("Citizenship, as they say"), ("country_same",), ("country_other",)),
    ("languages", gettext_lazy("Languages"), ("language_shared",), ("language_none",)),
    (
        "family",
        gettext_lazy("Family"),
        ("father_same", "mother_same"),
        ("father_other", "mother_other", "twin"),
    ),
    ("groups", gettext_lazy("Travel group"), ("group_same",), ("group_other",)),
    ("met", gettext_lazy("Met"), (), ("two_places",)),
    ("documents", gettext_lazy("Documents"), ("document_same",), ("document_other",)),
    ("phones", gettext_lazy("Phone numbers"), ("phone_same",), ("phone_other",)),
)
_ATTRIBUTES = {
    "birth": Attribute.BIRTH,
    "sex": Attribute.SEX,
    "origin": Attribute.CITIZENSHIP,
    "languages": Attribute.LANGUAGE,
    "documents": Attribute.DOCUMENT,
    "phones": Attribute.PHONE,
}
READ = ("full", "given", "family", "shown_name", "detail", "evidence", "label")


@dataclass(frozen=True)
class Line:
    """One fact: what either side says, whether it agrees, and the evidence in a sentence."""

    kind: str
    label: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    agreement: Agreement
    words: tuple[str, ...]


@dataclass(frozen=True)
class Side:
    """One of the two records, as its reader sees it."""

    person: Person
    name: str
    since: str
    records: Sequence[RecordLine]


@dataclass(frozen=True)
class Beside:
    """Both sides, the lines between them, and what must be thought of before deciding."""

    left: Side
    right: Side
    lines: Sequence[Line]
    probability: float
    warnings: Sequence[str] = field(default=())


def beside(actor: Actor, pair: Pair, *, at: datetime) -> Beside:
    """Compare both as they stand now. The caller has checked that both names are open, and
    records the read (`READ`)."""
    closed = set(queries.closed_to(actor, at=at))
    one, other = (
        queries.dossier(person, queries.reach(actor, person.pk, at=at), closed)
        for person in (pair.one, pair.other)
    )
    found = facts.records_of([pair.one_id, pair.other_id], (actor, at))
    left, right = facts.compared(pair.one_id, pair.other_id, found)
    comparison = comparer().compare(left, right)
    name = comparer().best_name(left, right)
    met = facts.met([pair.one_id, pair.other_id], (actor, at))
    places = _places(met)
    rows = [
        _names(
            one,
            other,
            name.probability if name else None,
            [r for r in comparison.reasons if r.template not in _TEMPLATES],
        )
    ]
    for kind, label, for_, against in _ROWS:
        values = [_values(kind, each, met, places, at) for each in (one, other)]
        rows.append(_line(kind, str(label), values, comparison.reasons, for_, against))
    codes = evidence.codes_of(comparison, name.probability if name else None)
    return Beside(
        _side(actor, one, at),
        _side(actor, other, at),
        rows,
        pair.probability,
        _warnings(pair, codes, evidence.nothing_but_names(left, right)),
    )


_TEMPLATES = frozenset(SENTENCES.values())


def _side(actor: Actor, dossier: Dossier, at: datetime) -> Side:
    person = dossier.person
    rows = list(Appearance.objects.filter(person=person))
    seen = policy.reaches(actor, [row.record_id for row in rows], at=at)
    where = lines((row.record_kind, row.record_id) for row in rows if row.record_id in seen)
    ordered = sorted(where.values(), key=lambda each: each.at, reverse=True)
    name = dossier.shown_name
    return Side(
        person,
        _("no name yet") if name in ("", NAMELESS) else name,
        moments.day(person.made_at),
        ordered,
    )


def _names(
    one: Dossier, other: Dossier, probability: float | None, reasons: Iterable[Reason]
) -> Line:
    left, right = ([line.full for line in each.names] for each in (one, other))
    if probability is None:
        agreement = Agreement.UNKNOWN
    elif probability >= evidence.LIKE:
        agreement = Agreement.AGREES
    else:
        agreement = Agreement.DIFFERS
    words = [sentence(each) for each in reasons]
    return Line(
        "names",
        _("Names"),
        _once(left),
        _once(right),
        agreement,
        tuple(words) or (_silence(left, right),),
    )


def _line(
    kind: str,
    label: str,
    values: Sequence[tuple[str, ...]],
    reasons: Iterable[Reason],
    for_: Iterable[str],
    against: Iterable[str],
) -> Line:
    speaks = {SENTENCES[code] for code in for_}
    denies = {SENTENCES[code] for code in against}
    own = [reason for reason in reasons if reason.template in speaks | denies]
    if any(reason.template in denies for reason in own):
        agreement = Agreement.DIFFERS
    elif own:
        agreement = Agreement.AGREES
    else:
        agreement = Agreement.UNKNOWN
    left, right = values
    words = tuple(sentence(reason) for reason in own) or (_silence(left, right),)
    return Line(kind, label, left, right, agreement, words)


def _silence(left: Sequence[str], right: Sequence[str]) -> str:
    """Why a line says nothing for or against."""
    if left and right:
        return _("Neither for nor against.")
    if left or right:
        return _("Known for one only, so it shows nothing.")
    return _("Not known for either.")


def _once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def _values(
    kind: str, of: Dossier, met: dict[UUID, list[facts.Met]], places: dict[str, Place], at: datetime
) -> tuple[str, ...]:
    if kind in _ATTRIBUTES:
        return _once(_stated(line, at) for line in of.stated(_ATTRIBUTES[kind]))
    if kind == "family":
        return _once(
            _("%(kind)s: %(name)s")
            % {
                "kind": RelationKind(line.relation.kind).label,
                "name": moments.isolated(line.other_name or _("no name yet")),
            }
            for line in of.relations
            if line.forward
        )
    if kind == "groups":
        return _once(
            _("%(label)s, met on %(day)s")
            % {
                "label": moments.isolated(group.label or _("Travel group")),
                "day": moments.day(group.group.met_at),
            }
            for group in of.groups
        )
    return _once(_meeting(each, places) for each in met.get(of.person.pk, []))


def _stated(line: StatementLine, at: datetime) -> str:
    words = value_of(line.statement, line.detail, at)
    if line.statement.attribute == Attribute.DOCUMENT and line.detail:
        return f"{words}: {line.detail}"
    return words


def _meeting(met: facts.Met, places: dict[str, Place]) -> str:
    place = places.get(met.place_id) if met.place_id else None
    if place is None:
        return moments.full(met.at)
    return f"{moments.full(met.at)}, {whereabouts.label(place)}"


def _places(met: dict[UUID, list[facts.Met]]) -> dict[str, Place]:
    ids = {each.place_id for some in met.values() for each in some if each.place_id}
    return Place.objects.in_bulk(list(ids))


def _warnings(pair: Pair, codes: Sequence[str], names_only: bool) -> list[str]:
    found = []
    if evidence.TWIN in codes:
        found.append(
            _(
                "These may be brothers or sisters: the family agrees and the names differ. Twins "
                "even share the day of birth. Speak with those who know them."
            )
        )
    if facts.never_one(pair.one_id, pair.other_id):
        found.append(_("They are recorded together as two people: as relatives, or met together."))
    if "two_places" in codes:
        found.append(
            _("They were seen in two places in the same hour, so they cannot be one person.")
        )
    if names_only:
        found.append(
            _("Little more than a name is known about one of them. A name alone is not enough.")
        )
    return found
