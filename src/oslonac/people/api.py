"""Operations on persons: who somebody is, said by whom; relations; travel groups."""

from typing import Annotated
from uuid import UUID

from django.utils.translation import gettext as _
from ninja import Router
from pydantic import Field

from oslonac.access import policy
from oslonac.access.roles import Permission
from oslonac.access.rules import Level, RecordKind
from oslonac.kit.calendars import Calendar
from oslonac.kit.errors import Hidden, Invalid
from oslonac.people import actions, queries, rules
from oslonac.people.api_shapes import (
    FactBasis,
    GroupOut,
    MemberOut,
    NameOut,
    PersonOut,
    RelationOut,
    StatementOut,
    disclosure_of,
    groups_out,
    person_out,
)
from oslonac.people.merging import groups
from oslonac.people.models import Appearance, GroupMember, Person, Relation, TravelGroup
from oslonac.web.api import (
    ApiRequest,
    Code,
    Id,
    In,
    Line,
    Narrative,
    Revision,
    operation,
    perform,
    performed,
    shape_of,
    shaped,
)

router = Router(tags=["Persons"])

InCase = Annotated[
    UUID | None,
    Field(description="The case in which this is recorded, to appear in its timeline."),
]


class PersonIn(In):
    record_kind: RecordKind
    record_id: Annotated[UUID, Field(description="The encounter or case the person appears in.")]
    is_subject: Annotated[bool, Field(description="The child that the record is about.")] = False


class NameIn(In):
    full: Annotated[Line, Field(min_length=1)]
    given: Line = ""
    family: Line = ""
    kind: rules.NameKind = rules.NameKind.USED
    said_by: rules.SaidBy = rules.SaidBy.SELF
    basis: FactBasis = rules.Basis.CLAIMED
    case: InCase = None


class BirthIn(In):
    """A birth as far as it is known: the year, the month or the day."""

    calendar: Calendar = Calendar.GREGORIAN
    year: Annotated[int, Field(ge=1, le=9999)]
    month: Annotated[int, Field(ge=0, le=12, description="0 when it is not known.")] = 0
    day: Annotated[int, Field(ge=0, le=31, description="0 when it is not known.")] = 0


class StatementIn(In):
    attribute: rules.Attribute
    code: Annotated[Code, Field(description="For sex, citizenship, language and document.")] = ""
    detail: Narrative = ""
    level: Annotated[
        rules.LanguageLevel | None, Field(description="For a language: how well it is spoken.")
    ] = None
    birth: BirthIn | None = None
    said_by: rules.SaidBy = rules.SaidBy.SELF
    basis: FactBasis = rules.Basis.CLAIMED
    case: InCase = None


class RelationIn(In):
    to_person: UUID
    kind: rules.RelationKind
    present: bool = False
    said_by: rules.SaidBy = rules.SaidBy.SELF
    evidence: Narrative = ""
    case: InCase = None


class RelationCheckIn(In):
    revision: Revision
    status: rules.Verification
    evidence: Annotated[Narrative, Field(min_length=1)]
    case: InCase = None


class GroupMemberIn(In):
    person: UUID
    role: rules.GroupRole = rules.GroupRole.MEMBER


class GroupIn(In):
    label: Line = ""
    members: Annotated[list[GroupMemberIn], Field(min_length=1, max_length=50)]
    case: InCase = None


class GroupJoinIn(GroupMemberIn):
    case: InCase = None


class MemberDecisionIn(In):
    revision: Revision
    decision: rules.GroupDecision
    reasons: Annotated[Narrative, Field(min_length=1)]
    child_view: Annotated[Narrative, Field(min_length=1)]
    case: InCase = None


def _person(request: ApiRequest, person_id: UUID) -> Person:
    return queries.person(request.actor, person_id, at=request.at)


def _case(request: ApiRequest, case_id: UUID | None, *persons: Person) -> UUID | None:
    """A case that the actor sees and in which one of the persons appears, or Hidden.

    A record joined to another counts for it: a write to its id lands on the survivor.
    """
    if case_id is None:
        return None
    policy.require_level(request.actor, RecordKind.CASE, case_id, Level.CASE, at=request.at)
    ids = {pk for ids in groups(person.pk for person in persons).values() for pk in ids}
    if not Appearance.objects.filter(record_id=case_id, person_id__in=ids).exists():
        raise Hidden("case", case_id)
    return case_id


@shape_of(TravelGroup)
def group_out(request: ApiRequest, group: TravelGroup) -> GroupOut:
    first = GroupMember.objects.filter(group=group).select_related("person").order_by("pk")
    visible = queries.visible_to(request.actor, at=request.at)
    member = first.filter(person__in=visible).first() or first[0]
    sight = disclosure_of(request, member.person)
    shown = groups_out(sight, [group])[0]
    sight.record(group)
    return shown


def _group(request: ApiRequest, group_id: UUID) -> TravelGroup:
    visible = queries.visible_to(request.actor, at=request.at)
    group = TravelGroup.objects.filter(pk=group_id, members__person__in=visible).first()
    if group is None:
        raise Hidden("travelgroup", group_id)
    return group


@operation(router, "POST", "/persons", actions.make_person, status=201)
def make_person(request: ApiRequest, body: PersonIn) -> PersonOut:
    """Adds a person without any facts to an encounter or a case."""
    policy.require_level(request.actor, body.record_kind, body.record_id, Level.CASE, at=request.at)
    made = perform(
        request,
        actions.make_person,
        kind=body.record_kind.value,
        record_id=body.record_id,
        is_subject=body.is_subject,
    )
    return person_out(request, made)


@operation(router, "GET", "/persons/{person_id}", Permission.CASE_READ)
def get_person(request: ApiRequest, person_id: Id) -> PersonOut:
    """Shows a person with names, statements, relations and travel groups.

    Asked for a record that was joined to another, it answers with the surviving `id` and says so
    in `asked_for`.
    """
    return person_out(request, _person(request, person_id))


@operation(router, "POST", "/persons/{person_id}/names", actions.add_name, status=201)
def add_name(request: ApiRequest, person_id: Id, body: NameIn) -> NameOut:
    """Adds a name or spelling, in the script it was written in."""
    person = _person(request, person_id)
    case_id = _case(request, body.case, person)
    texts = body.model_dump(exclude={"case"})
    return performed(request, actions.add_name, person=person, case_id=case_id, **texts)


@operation(router, "POST", "/persons/{person_id}/statements", actions.state, status=201)
def make_statement(request: ApiRequest, person_id: Id, body: StatementIn) -> StatementOut:
    """Records a fact as it was stated. Earlier statements are kept."""
    person = _person(request, person_id)
    case_id = _case(request, body.case, person)
    birth = None
    if body.birth is not None and body.attribute == rules.Attribute.BIRTH:
        parts = body.birth
        birth = actions.birth_interval(parts.calendar, parts.year, parts.month, parts.day)
    elif body.birth is not None:
        raise Invalid({"birth": _("Only a statement on birth has a birth.")})
    return performed(
        request,
        actions.state,
        person=person,
        case_id=case_id,
        birth=birth,
        calendar=body.birth.calendar.value if body.birth else "",
        level=body.level.value if body.level else "",
        **body.model_dump(include={"attribute", "code", "detail", "said_by", "basis"}),
    )


@operation(router, "POST", "/persons/{person_id}/relations", actions.relate, status=201)
def claim_relation(request: ApiRequest, person_id: Id, body: RelationIn) -> RelationOut:
    """Records that somebody is said to be a relative or companion of this person."""
    person = _person(request, person_id)
    other = _person(request, body.to_person)
    case_id = _case(request, body.case, person, other)
    texts = body.model_dump(exclude={"case", "to_person"})
    return performed(
        request, actions.relate, from_person=person, to_person=other, case_id=case_id, **texts
    )


@operation(
    router,
    "POST",
    "/persons/{person_id}/relations/{relation_id}/verification",
    actions.check_relation,
)
def verify_relation(
    request: ApiRequest, person_id: Id, relation_id: Id, body: RelationCheckIn
) -> RelationOut:
    """Verifies or refutes a relation that was claimed, saying how it was checked."""
    person = _person(request, person_id)
    rows = Relation.objects.select_related("from_person", "to_person", "key")
    relation = rows.filter(pk=relation_id, from_person=person).first()
    if relation is None:
        raise Hidden("relation", relation_id)
    case_id = _case(request, body.case, person)
    texts = body.model_dump(exclude={"case"})
    return performed(request, actions.check_relation, relation=relation, case_id=case_id, **texts)


@operation(router, "POST", "/groups", actions.form_group, status=201)
def form_group(request: ApiRequest, body: GroupIn) -> GroupOut:
    """Records a travel group as it was met, with the role of each person in it."""
    people = {each.person: _person(request, each.person) for each in body.members}
    if len(people) < len(body.members):
        raise Invalid({"members": _("Name each person once.")})
    case_id = _case(request, body.case, *people.values())
    return performed(
        request,
        actions.form_group,
        label=body.label,
        members=[(people[each.person], each.role.value) for each in body.members],
        case_id=case_id,
    )


@operation(router, "GET", "/groups/{group_id}", Permission.CASE_READ)
def get_group(request: ApiRequest, group_id: Id) -> GroupOut:
    """Shows a travel group if you can see one of its members."""
    return shaped(request, _group(request, group_id))


@operation(router, "POST", "/groups/{group_id}/members", actions.join_group, status=201)
def join_group(request: ApiRequest, group_id: Id, body: GroupJoinIn) -> MemberOut:
    """Adds somebody to a travel group."""
    group = _group(request, group_id)
    person = _person(request, body.person)
    case_id = _case(request, body.case, person)
    return performed(
        request,
        actions.join_group,
        group=group,
        person=person,
        role=body.role.value,
        case_id=case_id,
    )


@operation(router, "POST", "/groups/{group_id}/members/{member_id}/decision", actions.decide_member)
def decide_member(
    request: ApiRequest, group_id: Id, member_id: Id, body: MemberDecisionIn
) -> MemberOut:
    """Decides to keep a child with a group or to separate them, with the child's own view."""
    group = _group(request, group_id)
    member = (
        GroupMember.objects.filter(pk=member_id, group=group)
        .select_related("person", "key")
        .first()
    )
    if member is None:
        raise Hidden("groupmember", member_id)
    case_id = _case(request, body.case, member.person)
    texts = body.model_dump(exclude={"case"})
    return performed(request, actions.decide_member, member=member, case_id=case_id, **texts)
