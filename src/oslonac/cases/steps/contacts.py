"""Steps with the child: a contact, a review of the plan, a promise."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from oslonac.access.rules import Level
from oslonac.cases import actions, rules
from oslonac.cases.models import Promise
from oslonac.cases.steps import offers
from oslonac.cases.steps.registry import CASE, Doing, Group, Step, register
from oslonac.steps.fields import Coded, Day, Line, Moment, Pick, Staff, Words
from oslonac.steps.forms import StepForm
from oslonac.vault.sealing import open_one

INFORMATION = [
    ("rights", _("Rights and who is there to help")),
    ("guardian", _("What a guardian does")),
    ("asylum", _("Asylum and other legal stay")),
    ("family", _("Search for family, reunion")),
    ("risks", _("Risks of the further journey")),
    ("placement", _("Where the child will live")),
    ("plan", _("The plan and what follows")),
    ("complaint", _("How to complain")),
    ("data", _("What is written down and who reads it")),
]


class Contact(StepForm):
    kind = Pick(rules.ContactKind, label=_("What it was"))
    happened_at = Moment(label=_("When"))
    alone_with_child = Pick(rules.AloneWithChild, label=_("Were you alone with the child?"))
    at_residence = forms.BooleanField(label=_("It was where the child lives"), required=False)
    language = Coded("languages", label=_("Language spoken"), required=False)
    interpreter = Line(
        label=_("Interpreter"),
        required=False,
        help_text=_("Leave empty when there was none. The same name is counted once."),
    )
    told_story = forms.BooleanField(
        label=_("The child told its story again"),
        required=False,
        help_text=_("So that nobody makes the child tell it once too often."),
    )
    information_given = forms.MultipleChoiceField(
        label=_("Information given to the child"),
        choices=INFORMATION,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    narrative = Words(
        required=False, rows=6, label=_("What happened, and what the child says and wants")
    )


class Review(StepForm):
    happened_at = Moment(label=_("When"))
    outcome = Pick(rules.ReviewOutcome, label=_("What came of it"))
    findings = Words(label=_("Findings"))
    child_view = Words(label=_("The child's own view"))


class Make(StepForm):
    what = Line(label=_("What was the child promised?"))
    due_on = Day(label=_("By when"))
    owner = Staff(offers.colleagues, label=_("Who keeps it"))


class End(StepForm):
    status = Pick(rules.PromiseStatus, label=_("What became of it"))
    note = Words(
        required=False,
        label=_("What was done, or how the child was told"),
        help_text=_("Needed when a promise is withdrawn."),
    )


def _only(data: dict[str, Any], form: type[StepForm]) -> dict[str, Any]:
    own = set(form.base_fields) - set(StepForm.base_fields)
    return {name: value for name, value in data.items() if name in own}


def _ended(doing: Doing) -> dict[str, Any]:
    promise = doing.subject
    if promise.status == rules.PromiseStatus.OPEN:
        return {"status": rules.PromiseStatus.KEPT}
    narrative = doing.case.reach.shows(Level.NARRATIVE)
    return {
        "status": promise.status,
        "note": open_one(promise, "note") if narrative else "",
    }


register(
    Step(
        action=actions.record_contact,
        on=CASE,
        slug="contact",
        title=_("Record a contact"),
        form=Contact,
        done=_("The contact is recorded."),
        anchor="contacts",
        group=Group.CHILD,
        label=_("Record a contact"),
        icon="plus",
        initial=lambda doing: {"happened_at": doing.at},
    ),
    Step(
        action=actions.record_review,
        on=CASE,
        slug="review",
        title=_("Review the plan"),
        form=Review,
        done=_("The review is recorded."),
        anchor="plan",
        group=Group.ASSESS,
        initial=lambda doing: {"happened_at": doing.at},
        applies=lambda case, subject: case.pathway == rules.Pathway.FULL,
    ),
    Step(
        action=actions.make_promise,
        on=CASE,
        slug="promise",
        title=_("Note a promise made to the child"),
        form=Make,
        done=_("The promise is noted; it is due on its day like any other duty."),
        anchor="promises",
        group=Group.CHILD,
        help=_("The person who keeps it will see it among what is due."),
    ),
    Step(
        action=actions.end_promise,
        on=CASE.of(Promise),
        slug="promise",
        title=_("What became of the promise"),
        form=End,
        done=_("The promise is brought up to date."),
        anchor="promises",
        label=_("Kept, or not"),
        icon="check",
        initial=_ended,
        compares=("status", "note"),
        reads=("note",),
        undone_by="promise",
        undo_data={"status": rules.PromiseStatus.OPEN.value},
    ),
)
