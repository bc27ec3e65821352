"""Steps on a case: give and lift a legal hold, propose to destroy it; the periods of keeping."""

from typing import Any
from uuid import UUID

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from oslonac.access.roles import Permission
from oslonac.accounts.api_types import Code
from oslonac.cases.models import Case
from oslonac.cases.steps.registry import CASE, Group, Rest, Step, register
from oslonac.country import alphabetical
from oslonac.directory.models import Organisation
from oslonac.retention import actions, periods, queries
from oslonac.retention.models import Disposal, Hold
from oslonac.retention.rules import LONGEST_YEARS, DisposalStatus, Ground, HoldReason
from oslonac.steps.fields import Day, Line, Pick, Words, organisation
from oslonac.steps.forms import StepForm
from oslonac.steps.step import Target
from oslonac.web.shapes import Link


class OwnCentre(forms.ChoiceField):
    """A centre at which the actor may set periods."""

    def prepare(self, doing: Any) -> None:
        rows = Organisation.objects.filter(
            pk__in=queries.centres(doing.actor, Permission.RETENTION_APPROVE)
        )
        self.choices = [(str(each.pk), str(each)) for each in sorted(rows, key=alphabetical)]

    def clean(self, value: Any) -> Organisation:
        return organisation(UUID(super().clean(value)), "organisation")

    def from_api(self, value: UUID, name: str) -> Organisation:
        return organisation(value, name)

    def api_type(self) -> Any:
        return UUID

    def spec(self) -> dict[str, Any]:
        return {"type": "organisation", "kinds": []}


class Category(forms.ChoiceField):
    """A category of keeping of the country pack."""

    def prepare(self, doing: Any) -> None:
        self.choices = [(each.code, periods.title(each.code)) for each in periods.categories()]

    def api_type(self) -> Any:
        return Code

    def spec(self) -> dict[str, Any]:
        return {"type": "code", "list": "retention_categories"}


class SetPeriod(StepForm):
    organisation = OwnCentre(label=_("Centre"))
    category = Category(label=_("Category"))
    years = forms.IntegerField(
        label=_("Years"),
        min_value=1,
        max_value=LONGEST_YEARS,
        widget=forms.TextInput({"inputmode": "numeric", "size": "4"}),
    )
    document = Line(
        label=_("Where it is written"),
        max_length=200,
        help_text=_("The centre's list of categories: number, day, approval of the archive."),
    )


class GiveHold(StepForm):
    reason = Pick(HoldReason, label=_("Why it must be kept"))
    text = Words(label=_("Which proceedings, whose request"), rows=3)
    ends_on = Day(
        label=_("Last day"),
        required=False,
        help_text=_("Leave empty if not known. The hold then lasts until somebody lifts it."),
    )


class LiftHold(StepForm):
    text = Words(label=_("Why it is not needed any more"), rows=3)


class Propose(StepForm):
    ground = Pick(Ground, label=_("Legal basis"))
    reference = Line(
        label=_("Number of the request, decision or list"),
        required=False,
        max_length=120,
        help_text=_(
            "Do not write names: this is kept permanently. Required unless the period has ended."
        ),
    )


def _not_proposed(case: Case, subject: Any) -> bool:
    running = Disposal.objects.filter(person_id=case.person_id, status=DisposalStatus.PROPOSED)
    return not running.exists()


STEPS = register(
    Step(
        action=actions.give_hold,
        on=CASE,
        slug="hold",
        title=_("Set a legal hold"),
        form=GiveHold,
        done=_("Nothing in this file can be destroyed until the hold is lifted or has ended."),
        anchor="retention",
        group=Group.DUTY,
        icon="lock",
        rest=Rest(
            "holds",
            "give_hold",
            "HoldIn",
            words={
                "text": "Which proceedings, whose request.",
                "ends_on": "This day included; null until somebody lifts it.",
            },
        ),
        when_closed=True,
        of_the_centre=True,
        save=_("Set the hold"),
    ),
    Step(
        action=actions.lift_hold,
        on=CASE.of(Hold),
        slug="hold-lift",
        title=_("Lift the legal hold"),
        form=LiftHold,
        done=_("The hold is lifted."),
        anchor="retention",
        label=_("Remove"),
        rest=Rest(
            "holds/{hold_id}/lifting",
            "lift_hold",
            "HoldLiftIn",
            words={"text": "Why it is not needed any more."},
        ),
        when_closed=True,
        of_the_centre=True,
        applies=lambda case, hold: hold.ended_at is None,
        who=lambda actor, hold: hold is None or hold.given_by_id != actor.user_id,
        save=_("Remove"),
    ),
    Step(
        action=actions.propose,
        on=CASE,
        slug="dispose",
        title=_("Propose to destroy the file"),
        form=Propose,
        done=_("The proposal is waiting for another person's decision."),
        anchor="retention",
        group=Group.DUTY,
        when_closed=True,
        of_the_centre=True,
        alarming=True,
        rest=Rest(
            "disposals",
            "propose_disposal",
            "DisposalIn",
            words={"reference": "No names: it stays for good. Needed but for a period."},
        ),
        applies=_not_proposed,
        help=_(
            "Everything about this person is destroyed for good, here and in every backup: "
            "names, narratives, documents. Another person decides. You can withdraw a "
            "proposal."
        ),
        save=_("Propose"),
    ),
)


def _nothing_found(actor: Any, record_id: Any, at: Any) -> None:
    """A period is new: it is written down on nothing that is there already."""


SET_PERIOD = Step(
    action=actions.set_period,
    on=Target(
        name="periods",
        model=None,
        find=_nothing_found,
        home=lambda nothing: reverse("retention:periods"),
        crumbs=lambda doing: [
            Link(_now("Retention and deletion"), reverse("retention:index")),
            Link(_now("Periods"), reverse("retention:periods")),
        ],
        page="periods/",
        rest="/retention/",
    ),
    slug="set-period",
    address="new/",
    title=_("Enter a period"),
    form=SetPeriod,
    rest=Rest(
        "periods",
        "set_period",
        "PeriodIn",
        words={"document": "Where the centre's list says so."},
    ),
    done=_("The period is saved and applies from now on."),
    save=_("Save"),
)
register(SET_PERIOD)
