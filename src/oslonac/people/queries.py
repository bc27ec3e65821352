"""Reading persons, always through a record that the actor has a grant on."""

import copy
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from oslonac.access import policy
from oslonac.access.actor import Actor
from oslonac.access.models import Block
from oslonac.access.opening import shown
from oslonac.access.rules import Level, Reach, Reason, Scope
from oslonac.kit.errors import Denied, Hidden
from oslonac.people import rules
from oslonac.people.models import (
    Appearance,
    GroupMember,
    Person,
    PersonName,
    Relation,
    Statement,
    TravelGroup,
)
from oslonac.vault.models import DataKey
from oslonac.vault.sealing import open_many, seal

NAMELESS = "\u2026"  # shown where the actor may not see names


def visible_to(actor: Actor, *, at: datetime, level: Level = Level.EXISTENCE) -> QuerySet[Person]:
    """Persons who appear in a record that a grant in force shows the actor."""
    granted = policy.grants_of(actor, at=at).filter(
        record_id=OuterRef("record_id"), level__gte=level
    )
    appearing = Appearance.objects.filter(Exists(granted), person_id=OuterRef("pk"))
    return Person.objects.filter(Exists(appearing)).exclude(pk__in=closed_to(actor, at=at))


def closed_to(actor: Actor, *, at: datetime) -> QuerySet[Block, Any]:
    """Ids of children whose own record a block closes to the actor: they stay closed where they
    appear in the records of others."""
    rows = policy.blocks_of(actor, at=at, scope=Scope.ALL).filter(person_id__isnull=False)
    return rows.values_list("person_id", flat=True)


def reach(actor: Actor, person_id: UUID, *, at: datetime) -> Reach:
    """The best reach over all records in which the person appears."""
    if actor.channel == "system":
        return Reach(Level.IDENTITY, whereabouts=True)
    records = list(
        Appearance.objects.filter(person_id=person_id).values_list("record_id", flat=True)
    )
    found = Reach()
    for each in policy.reaches(actor, records, at=at).values():
        found |= each
    scope = policy.blocked_persons(actor, [person_id], at=at).get(person_id)
    if scope == Scope.ALL:
        return Reach()
    return found | Reach(kept_off=scope == Scope.WHEREABOUTS)


def answers_for(actor: Actor, person_id: UUID, *, at: datetime) -> bool:
    """Whether the actor is assigned to, or supervises, a record in which the person appears."""
    if actor.channel == "system":
        return True
    records = Appearance.objects.filter(person_id=person_id).values("record_id")
    duties = policy.grants_of(actor, at=at).filter(
        record_id__in=records, reason__in=(Reason.ASSIGNMENT, Reason.SUPERVISION)
    )
    return duties.exists()


def require(actor: Actor, person_id: UUID, level: Level, *, at: datetime) -> Reach:
    """Hidden when no record shows the person to the actor, Denied when the level falls short."""
    found = reach(actor, person_id, at=at)
    if not found.level:
        raise Hidden("person", person_id)
    if not found.shows(level):
        raise Denied(f"level.{level.name.lower()}", record=person_id)
    return found


def person(actor: Actor, person_id: UUID, *, at: datetime) -> Person:
    """One visible person. Raises Hidden."""
    found = visible_to(actor, at=at).filter(pk=person_id).first()
    if found is None:
        raise Hidden("person", person_id)
    return found


def shown_names(persons: Iterable[Person]) -> dict[UUID, str]:
    """First-shown name by person id. The caller has checked level IDENTITY and records the read."""
    listed = list(persons)
    opened = open_many(listed, "shown_name", keys=_keys(listed))
    return {pk: texts["shown_name"] for pk, texts in opened.items()}


def _keys(records: Iterable[Any]) -> dict[UUID, DataKey]:
    """The keys that came with the rows of this request, so that they are not read again."""
    with_key = [record for record in records if "key" in record._state.fields_cache]
    return {record.key_id: record.key for record in with_key}


@dataclass
class NameLine:
    name: PersonName
    full: str
    given: str
    family: str


@dataclass
class StatementLine:
    statement: Statement
    detail: str


@dataclass
class RelationLine:
    """`other` is the person at the far end; `forward` when `other` is the `kind` of the person."""

    relation: Relation
    other: Person
    other_name: str
    forward: bool
    evidence: str


@dataclass
class MemberLine:
    member: GroupMember
    name: str
    reasons: str
    child_view: str


@dataclass
class GroupLine:
    group: TravelGroup
    label: str
    members: list[MemberLine] = field(default_factory=list)


@dataclass
class Dossier:
    """Everything recorded on one person, opened as far as `reach` allows."""

    person: Person
    shown_name: str
    reach: Reach
    names: list[NameLine]
    statements: list[StatementLine]
    relations: list[RelationLine]
    groups: list[GroupLine]

    def stated(self, attribute: str) -> list[StatementLine]:
        return [line for line in self.statements if line.statement.attribute == attribute]


def dossier_rows(person_id: UUID) -> dict[str, Callable[[], QuerySet[Any]]]:
    """What a dossier is made of, for callers that read it with other things in one statement."""
    either = Q(from_person=person_id) | Q(to_person=person_id)
    mine = GroupMember.objects.filter(person=person_id).values("group")
    return {
        "relations": lambda: Relation.objects.filter(either).select_related(
            "key", "from_person__key", "to_person__key"
        ),
        "members": lambda: GroupMember.objects.filter(group__in=mine).select_related(
            "key", "person__key", "group__key"
        ),
        "names": lambda: PersonName.objects.filter(person=person_id),
        "statements": lambda: Statement.objects.filter(person=person_id),
    }


Rows = Mapping[str, Sequence[Any]]


def dossier(
    person: Person, found: Reach, without: Collection[UUID] = (), rows: Rows | None = None
) -> Dossier:
    """Open a person's file. The caller records the read. `without`: persons who are closed to
    the reader (`closed_to`) and stay nameless here as well. `rows`: what the caller read already
    of `dossier_rows`; what it left out stays out of the dossier."""
    identity = found.shows(Level.IDENTITY)
    if rows is None:
        wanted = dossier_rows(person.pk)
        rows = {name: list(part()) for name, part in wanted.items() if identity or name != "names"}
    relations = sorted(
        rows.get("relations", ()),
        key=lambda relation: (relation.to_person_id == person.pk, relation.stated_at),
    )
    members = sorted(rows.get("members", ()), key=lambda row: (row.group.met_at, row.pk))
    groups = list({member.group_id: member.group for member in members}.values())
    others = [_far_end(relation, person) for relation in relations]
    around = [person, *others, *(member.person for member in members)]
    names = shown_names(p for p in around if p.pk not in without) if identity else {}
    return Dossier(
        person=person,
        shown_name=names.get(person.pk, NAMELESS),
        reach=found,
        names=_opened_names(person, rows.get("names", ())) if identity else [],
        statements=_statement_lines(person, found, rows.get("statements", ())),
        relations=_relation_lines(person, relations, names, found),
        groups=_group_lines(groups, members, names, found, without),
    )


def _name_lines(person: Person) -> list[NameLine]:
    return _opened_names(person, PersonName.objects.filter(person=person))


def _opened_names(person: Person, rows: Iterable[PersonName]) -> list[NameLine]:
    listed = sorted(rows, key=lambda row: (row.written_at, row.pk))
    opened = open_many(listed, "full", "given", "family", keys=_keys([person]))
    return [NameLine(row, **opened[row.pk]) for row in listed]


def together(parts: Sequence[Dossier]) -> Dossier:
    """Parts of one person as one dossier, each line still with the record it was written on.

    Facts shown first are those best known over all parts; nothing is saved. Relations between
    the parts themselves are left out: nobody is their own relative.
    """
    first = parts[0]
    if len(parts) == 1:
        return first
    own = {part.person.pk for part in parts}
    groups = {line.group.pk: line for part in parts for line in part.groups}
    reach = first.reach
    for part in parts[1:]:
        reach |= part.reach
    statements = [line for part in parts for line in part.statements]
    return Dossier(
        person=as_best_known(first.person, [line.statement for line in statements]),
        shown_name=next((p.shown_name for p in parts if p.shown_name != NAMELESS), NAMELESS),
        reach=reach,
        names=[line for part in parts for line in part.names],
        statements=statements,
        relations=[line for part in parts for line in part.relations if line.other.pk not in own],
        groups=list(groups.values()),
    )


def as_best_known(person: Person, said: Sequence[Statement]) -> Person:
    """A copy that is never saved, with the facts of all parts."""
    whole = copy.copy(person)
    _project_facts(whole, said)
    return whole


_IDENTIFYING = {rules.Attribute.DOCUMENT, rules.Attribute.PHONE, rules.Attribute.ADDRESS}


def _statement_lines(
    person: Person, found: Reach, read: Iterable[Statement]
) -> list[StatementLine]:
    if not found.shows(Level.CASE):
        return []
    rows = sorted(read, key=lambda row: (row.stated_at, row.pk))
    if not found.shows(Level.IDENTITY):
        rows = [row for row in rows if row.attribute not in _IDENTIFYING]
    if not found.whereabouts:
        rows = [row for row in rows if row.attribute != rules.Attribute.ADDRESS]
    opened = shown(rows, found, "detail", keys=_keys([person]))
    return [StatementLine(row, opened[row.pk]["detail"]) for row in rows]


def _far_end(relation: Relation, person: Person) -> Person:
    return relation.to_person if relation.from_person_id == person.pk else relation.from_person


def _relation_lines(
    person: Person, relations: list[Relation], names: dict[UUID, str], found: Reach
) -> list[RelationLine]:
    opened = shown(relations, found, "evidence", keys=_keys(relations))
    lines = []
    for relation in relations:
        other = _far_end(relation, person)
        lines.append(
            RelationLine(
                relation=relation,
                other=other,
                other_name=names.get(other.pk, NAMELESS),
                forward=relation.from_person_id == person.pk,
                evidence=opened[relation.pk]["evidence"],
            )
        )
    return lines


def _group_lines(
    groups: list[TravelGroup],
    members: list[GroupMember],
    names: dict[UUID, str],
    found: Reach,
    without: Collection[UUID],
) -> list[GroupLine]:
    labels = shown(groups, found, "label", keys=_keys(groups))
    opened = shown(members, found, "reasons", "child_view", keys=_keys(members))
    lines = {group.pk: GroupLine(group, labels[group.pk]["label"]) for group in groups}
    for member in members:
        texts = opened[member.pk]
        if member.person_id in without:
            texts = {"reasons": "", "child_view": ""}
        name = names.get(member.person_id, NAMELESS)
        lines[member.group_id].members.append(MemberLine(member, name, **texts))
    return list(lines.values())


def names_of_person(person: Person) -> list[str]:
    """Every writing of a person's name, in full. The caller has checked level IDENTITY, or only
    compares."""
    return [line.full for line in _name_lines(person)]


def project(person: Person) -> Person:
    """Recompute the projected columns from names and statements; the caller saves."""
    _project_facts(person, Statement.objects.filter(person=person))
    names = _name_lines(person)
    latin = [line for line in names if line.name.script == "Latn"]
    if names:
        seal(person, None, shown_name=(latin or names)[0].full)
    return person


def _project_facts(person: Person, said: Iterable[Statement]) -> None:
    by_attribute: dict[str, list[Statement]] = {}
    for statement in said:
        by_attribute.setdefault(statement.attribute, []).append(statement)
    birth = rules.best(by_attribute.get(rules.Attribute.BIRTH, []))
    if birth is not None:
        person.born_from, person.born_to = birth.born_from, birth.born_to
    sex = rules.best(by_attribute.get(rules.Attribute.SEX, []))
    if sex is not None:
        person.sex = sex.code
    citizenship = rules.best(by_attribute.get(rules.Attribute.CITIZENSHIP, []))
    if citizenship is not None:
        person.citizenship = citizenship.code
    spoken = by_attribute.get(rules.Attribute.LANGUAGE, [])
    order = list(rules.LanguageLevel)
    spoken.sort(key=lambda s: order.index(rules.LanguageLevel(s.level or "basic")))
    person.languages = list(dict.fromkeys(s.code for s in spoken))
