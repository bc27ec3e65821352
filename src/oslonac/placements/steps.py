"""Steps on placements: place the child, end a placement."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from oslonac.access.roles import Permission
from oslonac.cases.models import Case
from oslonac.cases.steps.base import StepForm
from oslonac.cases.steps.fields import (
    Coded,
    Day,
    Line,
    Moment,
    OrganisationNamed,
    PlaceNamed,
    Words,
)
from oslonac.cases.steps.registry import Doing, Group, Step, register
from oslonac.country.values import Task
from oslonac.directory import kinds
from oslonac.directory.models import PlaceKind
from oslonac.placements import actions, rules
from oslonac.placements.models import Placement

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


def _place(doing: Doing, data: dict[str, Any]) -> Any:
    own = (
        "kind",
        "from_at",
        "organisation",
        "place",
        "address",
        "reason",
        "child_view",
        "asylum_sought",
        "last_day",
    )
    return actions.place(
        actor=doing.actor,
        at=doing.at,
        case=doing.case,
        request_key=doing.request_key,
        **{key: data[key] for key in own},
    )


def _end(doing: Doing, data: dict[str, Any]) -> Any:
    return actions.end_placement(
        actor=doing.actor,
        at=doing.at,
        placement=doing.subject,
        revision=doing.revision,
        until_at=data["until_at"],
        reason=data["reason"],
        request_key=doing.request_key,
    )


def _lasts(case: Case, placement: Any) -> bool:
    return placement.status == rules.PlacementStatus.RUNNING


def _ended(doing: Doing) -> dict[str, Any]:
    placement = doing.subject
    return {"until_at": placement.until_at or doing.at, "reason": placement.end_reason}


register(
    Step(
        "placement",
        _("Record a placement"),
        Permission.PLACE_EMERGENCY,
        Place,
        _place,
        _("The placement is recorded."),
        "placements",
        Group.PROTECT,
        icon="home",
        help=_("The present placement ends when a new one begins."),
        initial=lambda doing: {"from_at": doing.at},
    ),
    Step(
        "placement-end",
        _("End the placement"),
        Permission.PLACE_EMERGENCY,
        EndPlacement,
        _end,
        _("The placement has ended."),
        "placements",
        label=_("End"),
        on=Placement,
        applies=_lasts,
        initial=_ended,
        compares=("until_at", "reason"),
        save=_("End the placement"),
    ),
)
