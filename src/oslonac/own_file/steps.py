"""Steps about requests of a person about their own file."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from oslonac.access.actor import Actor
from oslonac.access.roles import Permission
from oslonac.access.rules import Level
from oslonac.cases.models import Case, OwnRequest
from oslonac.cases.steps.registry import CASE, Doing, Group, Rest, Step, register
from oslonac.cases.trust import rules as trust_rules
from oslonac.cases.trust.steps.consent import _spoken
from oslonac.own_file import actions as own_file
from oslonac.people.rules import Attribute
from oslonac.steps.fields import Coded, Line, Moment, Pick, Words, choices_of
from oslonac.steps.forms import NoQuestions, StepForm

# What a correction may be about in words; facts with code lists are stated on the person's page.
CORRECTED = (Attribute.ORIGIN, Attribute.HEALTH, Attribute.EDUCATION, Attribute.WISH)


class Ask(StepForm):
    kind = Pick(trust_rules.OwnAsk, label=_("What is asked"))
    text = Words(
        required=False,
        label=_("In the person's own words"),
        help_text=_("For a copy it may stay empty."),
    )
    asked_by = Pick(trust_rules.Capacity, label=_("Who asks"))
    asker_name = Line(label=_("Their name, if it is not the person themselves"), required=False)
    language = Coded("languages", label=_("In which language the answer is wanted"))
    asked_at = Moment(label=_("When it was asked"))


class Answer(StepForm):
    status = Pick(
        trust_rules.AskStatus,
        trust_rules.AskStatus.OPEN,
        trust_rules.AskStatus.WITHDRAWN,
        label=_("Answer"),
    )
    answer = Words(
        label=_("The reasons, as the person will read them"),
        help_text=_("In plain words. It is printed and handed over."),
    )
    attribute = forms.ChoiceField(label=_("What it corrects"), required=False, choices=())
    detail = Words(
        rows=3,
        required=False,
        label=_("What is correct, in the person's own words"),
        help_text=_("It is added as a statement. Earlier statements are kept."),
    )

    def shape(self, doing: Doing) -> None:
        if doing.subject.kind != trust_rules.OwnAsk.CORRECTION:
            self.drop("attribute", "detail")
            return
        field: Any = self.fields["attribute"]
        others = [each for each in Attribute if each not in (*CORRECTED, Attribute.OTHER)]
        field.choices = choices_of(Attribute, *others)


def _decides(actor: Actor, row: Any) -> bool:
    """An objection is decided by those who lead."""
    if row is None or row.kind != trust_rules.OwnAsk.OBJECTION:
        return True
    return actor.may_at(Permission.CASE_APPROVE, row.case.organisation_id)


def _open(case: Case, row: Any) -> bool:
    return row.status == trust_rules.AskStatus.OPEN


STEPS = register(
    Step(
        action=own_file.ask_own,
        on=CASE,
        slug="own",
        title=_("Record a request for a copy or correction"),
        form=Ask,
        done=_("The request is recorded. The deadline for the answer has started."),
        anchor="own-requests",
        group=Group.CHILD,
        icon="person",
        rest=Rest("own-requests", "ask_own", "OwnRequestIn"),
        when_closed=True,
        initial=lambda doing: {
            "asked_by": trust_rules.Capacity.CHILD,
            "asked_at": doing.at,
            "language": _spoken(doing.case),
        },
    ),
    Step(
        action=own_file.answer_own,
        on=CASE.of(OwnRequest),
        slug="own-answer",
        title=_("Answer what the person asked"),
        form=Answer,
        done=_("The answer is recorded and can be printed in the person's language."),
        anchor="own-requests",
        label=_("Answer"),
        when_closed=True,
        level=Level.NARRATIVE,
        applies=_open,
        who=_decides,
        initial=lambda doing: {"attribute": Attribute.OTHER},
        save=_("Record the answer"),
    ),
    Step(
        action=own_file.tell_own,
        on=CASE.of(OwnRequest),
        slug="own-told",
        title=_("The answer was handed over"),
        form=NoQuestions,
        done=_("Recorded."),
        anchor="own-requests",
        label=_("Handed over"),
        rest=Rest("own-requests/{request_id}/told", "tell_own", "OwnToldIn"),
        when_closed=True,
        help=_("The person has the answer on paper, and somebody explained it in their language."),
        applies=lambda case, row: row.decided_at is not None and row.told_at is None,
        save=_("Record the handover"),
    ),
    Step(
        action=own_file.withdraw_own,
        on=CASE.of(OwnRequest),
        slug="own-withdraw",
        title=_("The person withdraws the request"),
        form=NoQuestions,
        done=_("Recorded."),
        anchor="own-requests",
        label=_("Taken back"),
        rest=Rest(
            "own-requests/{request_id}/withdrawal", "withdraw_own_request", "OwnWithdrawalIn"
        ),
        when_closed=True,
        applies=_open,
        save=_("Withdraw the request"),
    ),
)
