"""Steps on placements: place the child, end a placement."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from oslonac.cases.models import Case
from oslonac.cases.steps.registry import CASE, Doing, Group, Rest, Step, register
from oslonac.country.values import Task
from oslonac.directory import kinds
from oslonac.directory.models import PlaceKind
from oslonac.placements import actions, rules
from oslonac.placements.models import Placement
from oslonac.steps.fields import Coded, Day, Line, Moment, OrganisationNamed, PlaceNamed, Words
from oslonac.steps.forms import StepForm

HOUSES = kinds.Doing(Task.HOUSES)
TOWNS = (PlaceKind.CITY, PlaceKind.MUNICIPALITY, PlaceKind.CITY_MUNICIPALITY)


class Place(StepForm):
    kind = Coded("placement_kinds", label=_("What kind of place"))
    from_at = Moment(label=_("From"))
    organisation = OrganisationNamed(
        HOUSES,
        required=False,
        label=_("With which organisation"),
        help_text=_("Its staff will see what they need to care for the person."),
    )
    place = PlaceNamed(
        TOWNS, required=False, label=_("Or in which town"), help_text=_("For a family.")
    )
    address = Line(
        required=False,
        label=_("Exact address"),
        help_text=_("Only people whose access includes the whereabouts can see it."),
    )
    last_day = Day(
        required=False,
        label=_("Last day the person may stay there"),
        help_text=_("If the place limits the stay and Oslonac does not know the limit."),
    )
    asylum_sought = forms.BooleanField(label=_("Asylum was sought"), required=False)
    reason = Words(
        required=False,
        rows=3,
        label=_("Why here"),
        help_text=_("Where a family comes first by law, another lasting place needs a reason."),
    )
    child_view = Words(required=False, rows=3, label=_("The person's own view"))


class EndPlacement(StepForm):
    until_at = Moment(label=_("Until"))
    reason = Line(label=_("Why it ended"), max_length=60)


def _lasts(case: Case, placement: Any) -> bool:
    return placement.status == rules.PlacementStatus.RUNNING


def _ended(doing: Doing) -> dict[str, Any]:
    placement = doing.subject
    return {"until_at": placement.until_at or doing.at, "reason": placement.end_reason}


STEPS = register(
    Step(
        action=actions.place,
        on=CASE,
        slug="placement",
        title=_("Record a placement"),
        form=Place,
        done=_("The placement is recorded."),
        anchor="placements",
        group=Group.PROTECT,
        icon="home",
        rest=Rest("placements", "place_child", "PlacementIn"),
        help=_("The present placement ends when a new one begins."),
        initial=lambda doing: {"from_at": doing.at},
    ),
    Step(
        action=actions.end_placement,
        on=CASE.of(Placement),
        slug="placement-end",
        title=_("End the placement"),
        form=EndPlacement,
        done=_("The placement has ended."),
        anchor="placements",
        label=_("End"),
        rest=Rest("placements/{placement_id}/ending", "end_placement", "PlacementEndIn"),
        applies=_lasts,
        initial=_ended,
        compares=("until_at", "reason"),
        save=_("End the placement"),
    ),
)
