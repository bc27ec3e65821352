"""Steps with the child: a contact, a review of the plan, a promise."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from oslonac.access.rules import Level
from oslonac.cases import rules
from oslonac.cases.models import Promise
from oslonac.cases.steps import offers
from oslonac.cases.steps.registry import CASE, Doing, Group, Step, register
from oslonac.planning import actions as planning
from oslonac.steps.fields import Coded, Day, Line, Moment, Pick, Staff, Words
from oslonac.steps.forms import StepForm
from oslonac.vault.sealing import open_one

INFORMATION = [
    ("rights", _("Rights and who is there to help")),
    ("guardian", _("What a guardian does")),
    ("asylum", _("Asylum and other legal stay")),
    ("family", _("Search for family, reunion")),
    ("risks", _("Risks of the further journey")),
    ("placement", _("Where the person will live")),
    ("plan", _("Plan and next steps")),
    ("complaint", _("How to complain")),
    ("data", _("What is recorded and who can read it")),
]


class Contact(StepForm):
    kind = Pick(rules.ContactKind, label=_("What it was"))
    happened_at = Moment(label=_("When"))
    alone_with_child = Pick(rules.AloneWithChild, label=_("Did you speak with the person alone?"))
    at_residence = forms.BooleanField(
        label=_("The contact was where the person lives"), required=False
    )
    language = Coded("languages", label=_("Language spoken"), required=False)
    interpreter = Line(
        label=_("Interpreter"),
        required=False,
        help_text=_("Leave empty if there was none. The same name is counted once."),
    )
    told_story = forms.BooleanField(
        label=_("The person had to retell their story"),
        required=False,
        help_text=_("So that the person does not have to retell their story more than needed."),
    )
    information_given = forms.MultipleChoiceField(
        label=_("Information given to the person"),
        choices=INFORMATION,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    narrative = Words(
        required=False, rows=6, label=_("What happened, and what the person says and wants")
    )


class Review(StepForm):
    happened_at = Moment(label=_("When"))
    outcome = Pick(rules.ReviewOutcome, label=_("Result"))
    findings = Words(label=_("Findings"))
    child_view = Words(label=_("The person's own view"))


class Make(StepForm):
    what = Line(label=_("What was promised?"))
    due_on = Day(label=_("By when"))
    owner = Staff(offers.colleagues, label=_("Who is responsible"))


class End(StepForm):
    status = Pick(rules.PromiseStatus, label=_("Result"))
    note = Words(
        required=False,
        label=_("What was done, or how the person was informed"),
        help_text=_("Required when a promise is withdrawn."),
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
        action=planning.record_contact,
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
        action=planning.record_review,
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
        action=planning.make_promise,
        on=CASE,
        slug="promise",
        title=_("Record a promise"),
        form=Make,
        done=_("The promise is recorded. It is due on its date like any other task."),
        anchor="promises",
        group=Group.CHILD,
        help=_("The person responsible will see it among their tasks."),
    ),
    Step(
        action=planning.end_promise,
        on=CASE.of(Promise),
        slug="promise",
        title=_("Update the promise"),
        form=End,
        done=_("The promise is updated."),
        anchor="promises",
        label=_("Update"),
        icon="check",
        initial=_ended,
        compares=("status", "note"),
        reads=("note",),
        undone_by="promise",
        undo_data={"status": rules.PromiseStatus.OPEN.value},
    ),
)
