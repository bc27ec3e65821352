"""How persons, what is said of them, their relations and groups look in the API."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, WithJsonSchema

from oslonac.access.rules import Level, Reach
from oslonac.kit.clock import local_day
from oslonac.people import merging, queries, rules
from oslonac.people.models import GroupMember, Person, PersonName, Relation, Statement, TravelGroup
from oslonac.web.api import ApiRequest, Disclosure, Out, Withheld, shape_of

FactBasis = Annotated[
    rules.Basis,
    WithJsonSchema({"type": "string", "enum": list(rules.Basis.values), "title": "How known"}),
]


class AgeOut(Out):
    """Completed years today, from the youngest to the oldest the person can be."""

    youngest: int
    oldest: int
    presumed_minor: bool = Field(description="Minority is presumed while it is possible.")


class PersonRef(Out):
    """A person in short. `name` is null where names are withheld."""

    id: UUID
    name: str | None


class NameOut(Out):
    """A name as somebody wrote it."""

    id: UUID
    person: UUID = Field(description="The record it was written on.")
    kind: rules.NameKind
    script: str = Field(description="ISO 15924 code of the script, such as Latn or Arab.")
    full: str | None
    given: str | None
    family: str | None
    said_by: rules.SaidBy
    basis: FactBasis
    written_at: datetime


class StatementOut(Out):
    """A fact as somebody gave it. Later statements stand beside it, never in its place."""

    id: UUID
    person: UUID = Field(description="The record it was written on.")
    attribute: rules.Attribute
    code: str
    level: str = Field(description="For languages: first, fluent or basic.")
    detail: str | None
    born_from: date | None
    born_to: date | None
    calendar: str
    said_by: rules.SaidBy
    basis: FactBasis
    stated_at: datetime


class RelationOut(Out):
    """`to_person` is the `kind` of `from_person`."""

    id: UUID
    revision: int
    from_person: PersonRef
    to_person: PersonRef
    kind: rules.RelationKind
    status: rules.Verification
    present: bool = Field(description="Whether the two are together now.")
    said_by: rules.SaidBy
    evidence: str | None
    stated_at: datetime
    checked_at: datetime | None


class MemberOut(Out):
    """A person in a travel group, and what was decided about staying in it."""

    id: UUID
    revision: int
    group: UUID
    person: PersonRef
    role: rules.GroupRole
    decision: rules.GroupDecision
    reasons: str | None
    child_view: str | None
    decided_at: datetime | None


class GroupOut(Out):
    """People met together on the way."""

    id: UUID
    revision: int
    label: str | None
    met_at: datetime
    members: list[MemberOut]


class PersonOut(Out):
    """A person with everything recorded on them, as far as the grants of whoever asks go."""

    id: UUID
    asked_for: UUID | None = Field(
        default=None,
        description="The id that was asked for, where its record was joined to this one.",
    )
    joined: list[UUID] = Field(
        default=[], description="Other records of the same person, as far as they are open."
    )
    revision: int
    withheld: list[Withheld]
    name: str | None
    sex: rules.Sex | None
    born_from: date | None
    born_to: date | None
    age: AgeOut | None
    citizenship: str | None
    languages: list[str] | None
    names: list[NameOut] | None
    statements: list[StatementOut] | None
    relations: list[RelationOut] | None
    groups: list[GroupOut] | None


def age_out(person: Person, day: date) -> AgeOut | None:
    age = rules.age_interval(person.born_from, person.born_to, day)
    if age is None:
        return None
    return AgeOut(youngest=age.youngest, oldest=age.oldest, presumed_minor=age.presumed_minor)


def person_refs(disclosure: Disclosure, persons: Iterable[Person]) -> dict[UUID, PersonRef]:
    """Persons in short by id, named where the sight includes identity."""
    listed = {person.pk: person for person in persons}
    closed = closed_here(disclosure)
    named = [person for pk, person in listed.items() if pk not in closed]
    texts = disclosure.texts(named, "shown_name")
    return {
        pk: PersonRef(id=pk, name=texts[pk]["shown_name"] if pk in texts else None) for pk in listed
    }


def closed_here(disclosure: Disclosure) -> set[UUID]:
    """Children who stay nameless to whoever asks, wherever they appear."""
    return set(queries.closed_to(disclosure.request.actor, at=disclosure.request.at))


def names_out(disclosure: Disclosure, rows: Iterable[PersonName]) -> list[NameOut]:
    listed = list(rows)
    texts = disclosure.texts(listed, "full", "given", "family")
    return [
        NameOut(
            id=row.pk,
            person=row.person_id,
            kind=rules.NameKind(row.kind),
            script=row.script,
            said_by=rules.SaidBy(row.said_by),
            basis=rules.Basis(row.basis),
            written_at=row.written_at,
            **texts[row.pk],
        )
        for row in listed
    ]


_IDENTIFYING = (rules.Attribute.DOCUMENT, rules.Attribute.PHONE, rules.Attribute.ADDRESS)


def statements_out(disclosure: Disclosure, rows: Iterable[Statement]) -> list[StatementOut]:
    """Facts; documents, phones and addresses only with identity, addresses with whereabouts."""
    identity, where = disclosure.shows(Level.IDENTITY), disclosure.reach.whereabouts
    listed = [
        row
        for row in rows
        if (identity or row.attribute not in _IDENTIFYING)
        and (where or row.attribute != rules.Attribute.ADDRESS)
    ]
    return _statements(disclosure, listed)


def _statements(disclosure: Disclosure, listed: list[Statement]) -> list[StatementOut]:
    texts = disclosure.texts(listed, "detail")
    return [
        StatementOut(
            id=row.pk,
            person=row.person_id,
            attribute=rules.Attribute(row.attribute),
            code=row.code,
            level=row.level,
            detail=texts[row.pk]["detail"],
            born_from=row.born_from,
            born_to=row.born_to,
            calendar=row.calendar,
            said_by=rules.SaidBy(row.said_by),
            basis=rules.Basis(row.basis),
            stated_at=row.stated_at,
        )
        for row in listed
    ]


def relations_out(disclosure: Disclosure, rows: Iterable[Relation]) -> list[RelationOut]:
    listed = list(rows)
    people = person_refs(
        disclosure, [each for r in listed for each in (r.from_person, r.to_person)]
    )
    texts = disclosure.texts(listed, "evidence")
    return [
        RelationOut(
            id=row.pk,
            revision=row.revision,
            from_person=people[row.from_person_id],
            to_person=people[row.to_person_id],
            kind=rules.RelationKind(row.kind),
            status=rules.Verification(row.status),
            present=row.present,
            said_by=rules.SaidBy(row.said_by),
            evidence=texts[row.pk]["evidence"],
            stated_at=row.stated_at,
            checked_at=row.checked_at,
        )
        for row in listed
    ]


def members_out(disclosure: Disclosure, rows: Iterable[GroupMember]) -> list[MemberOut]:
    listed = list(rows)
    people = person_refs(disclosure, [row.person for row in listed])
    closed = closed_here(disclosure)
    told = [row for row in listed if row.person_id not in closed]
    nothing = {"reasons": None, "child_view": None}
    texts = disclosure.texts(told, "reasons", "child_view")
    return [
        MemberOut(
            id=row.pk,
            revision=row.revision,
            group=row.group_id,
            person=people[row.person_id],
            role=rules.GroupRole(row.role),
            decision=rules.GroupDecision(row.decision),
            decided_at=row.decided_at,
            **texts.get(row.pk, nothing),
        )
        for row in listed
    ]


def groups_out(disclosure: Disclosure, rows: Iterable[TravelGroup]) -> list[GroupOut]:
    listed = list(rows)
    texts = disclosure.texts(listed, "label")
    members = members_out(
        disclosure,
        GroupMember.objects.filter(group__in=listed).select_related("person").order_by("pk"),
    )
    return [
        GroupOut(
            id=row.pk,
            revision=row.revision,
            label=texts[row.pk]["label"],
            met_at=row.met_at,
            members=[member for member in members if member.group == row.pk],
        )
        for row in listed
    ]


@shape_of(Person)
def person_out(request: ApiRequest, person: Person) -> PersonOut:
    """One person. Of records joined as one, those that the reader sees, under the survivor's id."""
    whole = merging.whole(request.actor, person, at=request.at)
    outs = [_part_out(request, part, reach) for part, reach in whole.parts]
    answer = outs[0]
    if whole.first.pk != person.pk:
        answer.asked_for = person.pk
    if len(outs) > 1:
        _join(answer, outs[1:])
        best = queries.as_best_known(whole.first, _said(whole))
        answer.sex, answer.citizenship = rules.Sex(best.sex), best.citizenship
        answer.born_from, answer.born_to = best.born_from, best.born_to
        answer.age, answer.languages = age_out(best, local_day(request.at)), best.languages
    return answer


def _join(answer: PersonOut, others: Sequence[PersonOut]) -> None:
    """Put the lists of other parts behind those of the first, each line once."""
    answer.joined = [each.id for each in others]
    own = {answer.id, *answer.joined}
    for name in ("names", "statements", "relations", "groups"):
        found = {row.id: row for out in (answer, *others) for row in getattr(out, name) or []}
        told = any(getattr(out, name) is not None for out in (answer, *others))
        setattr(answer, name, list(found.values()) if told else None)
    answer.relations = [
        row for row in answer.relations or [] if not {row.from_person.id, row.to_person.id} <= own
    ]


def _said(whole: merging.Whole) -> list[Statement]:
    return list(Statement.objects.filter(person__in=whole.ids))


def _part_out(request: ApiRequest, person: Person, reach: Reach) -> PersonOut:
    disclosure = Disclosure(request, reach)
    seen = disclosure.shows(Level.CASE)
    answer = PersonOut(
        id=person.pk,
        revision=person.revision,
        withheld=disclosure.withheld(
            Withheld.CASE, Withheld.NARRATIVE, Withheld.IDENTITY, Withheld.WHEREABOUTS
        ),
        name=person_refs(disclosure, [person])[person.pk].name,
        sex=rules.Sex(person.sex) if seen else None,
        born_from=person.born_from if seen else None,
        born_to=person.born_to if seen else None,
        age=age_out(person, local_day(request.at)) if seen else None,
        citizenship=person.citizenship if seen else None,
        languages=person.languages if seen else None,
        names=(
            names_out(disclosure, person.names.order_by("written_at", "pk"))
            if disclosure.shows(Level.IDENTITY)
            else None
        ),
        **_recorded(disclosure, person),
    )
    disclosure.record(person)
    return answer


def _recorded(disclosure: Disclosure, person: Person) -> dict[str, Any]:
    if not disclosure.shows(Level.CASE):
        return {"statements": None, "relations": None, "groups": None}
    relations = Relation.objects.select_related("from_person", "to_person").order_by("pk")
    both = relations.filter(from_person=person) | relations.filter(to_person=person)
    groups = TravelGroup.objects.filter(members__person=person).order_by("met_at", "pk")
    return {
        "statements": statements_out(disclosure, person.statements.order_by("stated_at", "pk")),
        "relations": relations_out(disclosure, both),
        "groups": groups_out(disclosure, groups),
    }


def disclosure_of(request: ApiRequest, person: Person) -> Disclosure:
    return Disclosure(request, queries.reach(request.actor, person.pk, at=request.at))


@shape_of(PersonName)
def name_out(request: ApiRequest, row: PersonName) -> NameOut:
    disclosure = disclosure_of(request, row.person)
    shown = names_out(disclosure, [row])[0]
    disclosure.record(row.person)
    return shown


@shape_of(Statement)
def statement_out(request: ApiRequest, row: Statement) -> StatementOut:
    disclosure = disclosure_of(request, row.person)
    # Whoever may not read such a fact, such as an address, still learns that it was recorded.
    shown = statements_out(disclosure, [row]) or _statements(Disclosure(request, Reach()), [row])
    disclosure.record(row.person)
    return shown[0]


@shape_of(Relation)
def relation_out(request: ApiRequest, row: Relation) -> RelationOut:
    disclosure = disclosure_of(request, row.from_person)
    shown = relations_out(disclosure, [row])[0]
    disclosure.record(row.from_person)
    return shown


@shape_of(GroupMember)
def member_out(request: ApiRequest, row: GroupMember) -> MemberOut:
    disclosure = disclosure_of(request, row.person)
    shown = members_out(disclosure, [row])[0]
    disclosure.record(row.person)
    return shown
