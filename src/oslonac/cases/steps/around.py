"""Steps about the people around the child: relations, the travel group, decisions on it."""

from typing import Any
from uuid import UUID

from django import forms
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from oslonac.access.rules import Level, RecordKind
from oslonac.cases.models import Case
from oslonac.cases.steps import offers
from oslonac.cases.steps.registry import CASE, Doing, Group, Step, register
from oslonac.kit.errors import Invalid
from oslonac.people import actions, rules
from oslonac.people.models import GroupMember, Person, Relation, TravelGroup
from oslonac.steps.fields import Line, Pick, Words
from oslonac.steps.forms import StepForm
from oslonac.vault.sealing import open_many, open_one
from oslonac.web.fields import CalendarDateField


class SomebodyKnown(forms.ChoiceField):
    """A person who already appears in the case."""

    def prepare(self, doing: Doing) -> None:
        self.choices = [("", _now("Somebody new")), *offers.people_in(doing)]


class Companions(forms.MultipleChoiceField):
    def prepare(self, doing: Doing) -> None:
        self.choices = offers.people_in(doing)


class Relate(StepForm):
    person = SomebodyKnown(label=_("Who"), required=False)
    name = Line(label=_("Name of a new person"), required=False, help_text=_("In any script."))
    born = CalendarDateField(label=_("When was this person born?"), required=False)
    kind = Pick(rules.RelationKind, label=_("Relation to the person"))
    present = forms.BooleanField(label=_("Is with the person now"), required=False)
    said_by = Pick(rules.SaidBy, label=_("Who says so"))
    evidence = Words(required=False, rows=3, label=_("Reasons for and against"))


class Check(StepForm):
    status = Pick(rules.Verification, rules.Verification.CLAIMED, label=_("Result of the check"))
    evidence = Words(label=_("How it was checked"))


class Form(StepForm):
    label = Line(label=_("Name for the group"), help_text=_("For example: met near Sofia."))
    role = Pick(rules.GroupRole, label=_("The person"))
    companions = Companions(
        label=_("Who else belongs to it"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    newcomers = Words(
        required=False, label=_("Others, not recorded yet"), help_text=_("One name per line.")
    )
    leader = SomebodyKnown(label=_("Who leads the group"), required=False)

    def shape(self, doing: Doing) -> None:
        known = offers.people_in(doing)
        if not known:
            self.drop("companions", "leader")
            return
        leader: Any = self.fields["leader"]
        leader.choices = [("", _now("Not known, or the person themselves")), *known]


class Join(StepForm):
    person = SomebodyKnown(label=_("Who"), required=False)
    name = Line(label=_("Name of a new person"), required=False)
    role = Pick(rules.GroupRole, label=_("Role"))


class DecideMember(StepForm):
    decision = Pick(rules.GroupDecision, rules.GroupDecision.PENDING, label=_("Decision"))
    reasons = Words(
        label=_("Reasons"),
        help_text=_(
            "Can the leader care for the person, and in whose interest does the leader act?"
        ),
    )
    child_view = Words(label=_("The person's own view"))


def _somebody(doing: Doing, data: dict[str, Any], suffix: str = "") -> Person:
    """The person chosen, or a new one with the name typed, appearing in the case."""
    if data.get("person"):
        return offers.persons_in(doing.case).get(pk=data["person"])
    if not data.get("name"):
        raise Invalid({"name": _now("Choose somebody, or write the name of somebody new.")})
    return _newcomer(doing, data["name"], suffix)


def _newcomer(doing: Doing, name: str, suffix: str) -> Person:
    person: Person = actions.make_person(
        actor=doing.actor,
        at=doing.at,
        kind=RecordKind.CASE,
        record_id=doing.case.pk,
        request_key=f"{doing.request_key}:p{suffix}",
    )
    actions.add_name(
        actor=doing.actor,
        at=doing.at,
        person=person,
        full=name,
        case_id=doing.case.pk,
        request_key=f"{doing.request_key}:n{suffix}",
    )
    return person


@transaction.atomic
def _relate(doing: Doing, data: dict[str, Any]) -> Any:
    other = _somebody(doing, data)
    if data["born"]:
        actions.state(
            actor=doing.actor,
            at=doing.at,
            person=other,
            attribute=rules.Attribute.BIRTH,
            birth=(data["born"].first, data["born"].last),
            calendar=data["born"].calendar.value,
            said_by=data["said_by"],
            case_id=doing.case.pk,
            request_key=f"{doing.request_key}:b",
        )
    return actions.relate(
        actor=doing.actor,
        at=doing.at,
        from_person=doing.case.person,
        to_person=other,
        kind=data["kind"],
        present=data["present"],
        said_by=data["said_by"],
        evidence=data["evidence"],
        case_id=doing.case.pk,
        request_key=doing.request_key,
    )


@transaction.atomic
def _form(doing: Doing, data: dict[str, Any]) -> Any:
    member, leads = rules.GroupRole.MEMBER, rules.GroupRole.LEADER
    leader = data.get("leader", "")
    chosen = {*data.get("companions", ()), leader} - {""}
    known = sorted(offers.persons_in(doing.case).filter(pk__in=chosen), key=lambda p: p.pk)
    names = [line.strip() for line in data["newcomers"].splitlines() if line.strip()]
    fresh = [_newcomer(doing, name, str(index)) for index, name in enumerate(names)]
    if not known and not fresh:
        raise Invalid({"newcomers": _now("Enter who else belongs to the group.")})
    others = [(p, leads if str(p.pk) == leader else member) for p in known]
    return actions.form_group(
        actor=doing.actor,
        at=doing.at,
        label=data["label"],
        members=[(doing.case.person, data["role"]), *others, *((p, member) for p in fresh)],
        case_id=doing.case.pk,
        request_key=doing.request_key,
    )


@transaction.atomic
def _join(doing: Doing, data: dict[str, Any]) -> Any:
    return actions.join_group(
        actor=doing.actor,
        at=doing.at,
        group=doing.subject,
        person=_somebody(doing, data),
        role=data["role"],
        case_id=doing.case.pk,
        request_key=doing.request_key,
    )


def _relation(case: Case, relation_id: UUID) -> Relation | None:
    child = case.person_id
    return Relation.objects.filter(
        Q(from_person=child) | Q(to_person=child), pk=relation_id
    ).first()


def _group(case: Case, group_id: UUID) -> TravelGroup | None:
    return TravelGroup.objects.filter(members__person=case.person_id, pk=group_id).first()


def _member(case: Case, member_id: UUID) -> GroupMember | None:
    groups = GroupMember.objects.filter(person=case.person_id).values("group")
    return GroupMember.objects.filter(group__in=groups, pk=member_id).first()


def _checked(doing: Doing) -> dict[str, Any]:
    relation = doing.subject
    narrative = doing.case.reach.shows(Level.NARRATIVE)
    return {
        "status": relation.status,
        "evidence": open_one(relation, "evidence") if narrative else "",
    }


def _decided(doing: Doing) -> dict[str, Any]:
    member = doing.subject
    narrative = doing.case.reach.shows(Level.NARRATIVE)
    texts = open_many([member], "reasons", "child_view")[member.pk] if narrative else {}
    return {**texts, "decision": member.decision}


register(
    Step(
        action=actions.relate,
        on=CASE,
        slug="relation",
        title=_("Add a relative or companion"),
        form=Relate,
        run=_relate,
        done=_("The relation is recorded as claimed."),
        anchor="people",
        group=Group.AROUND,
        icon="people",
        help=_("A relation is recorded as claimed. Check it in a separate step."),
        initial=lambda doing: {"said_by": rules.SaidBy.SELF},
    ),
    Step(
        action=actions.check_relation,
        on=CASE.of(Relation, find=_relation),
        slug="relation-check",
        title=_("Check the relation"),
        form=Check,
        given=lambda doing: {"case_id": doing.of.pk},
        done=_("The check is recorded."),
        anchor="people",
        label=_("Check"),
        initial=_checked,
        compares=("status", "evidence"),
        reads=("evidence",),
    ),
    Step(
        action=actions.form_group,
        on=CASE,
        slug="group",
        title=_("Record a travel group"),
        form=Form,
        run=_form,
        done=_(
            "The travel group is recorded. Decide for each person whether to keep them "
            "with the group."
        ),
        anchor="group",
        group=Group.AROUND,
        initial=lambda doing: {"role": rules.GroupRole.MEMBER},
    ),
    Step(
        action=actions.join_group,
        on=CASE.of(TravelGroup, find=_group),
        slug="group-join",
        title=_("Add somebody to the travel group"),
        form=Join,
        run=_join,
        done=_("The person is added to the group."),
        anchor="group",
        label=_("Add a person"),
        icon="plus",
        initial=lambda doing: {"role": rules.GroupRole.MEMBER},
    ),
    Step(
        action=actions.decide_member,
        on=CASE.of(GroupMember, find=_member),
        slug="group-decide",
        title=_("Keep with the group or separate"),
        form=DecideMember,
        given=lambda doing: {"case_id": doing.of.pk},
        done=_("The decision is recorded."),
        anchor="group",
        label=_("Decide"),
        initial=_decided,
        compares=("decision", "reasons", "child_view"),
        reads=("reasons", "child_view"),
    ),
)
