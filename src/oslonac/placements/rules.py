"""Kinds of placement and who may decide on them, as a table."""

from oslonac.kit.choices import TextChoices
from oslonac.kit.choices import lazy as _
from oslonac.kit.errors import Refused
from oslonac.kit.statuses import Tables
from oslonac.people.rules import AgeInterval

FOSTER_FIRST_BELOW = 14
ASYLUM_CENTRE_FROM = 16

NEXT: Tables = {}


class PlacementKind(TextChoices):
    EMERGENCY_CENTRE = "emergency_centre", _("emergency reception centre")
    URGENT_FOSTER = "urgent_foster", _("urgent foster family")
    SHELTER = "shelter", _("shelter")
    FOSTER = "foster", _("foster family")
    INSTITUTION = "institution", _("social protection institution")
    HEALTH_FACILITY = "health_facility", _("health facility")
    ASYLUM_CENTRE = "asylum_centre", _("asylum centre")
    SAFE_HOUSE = "safe_house", _("safe house")
    NGO_HOUSE = "ngo_house", _("house of a civil society organisation")
    KIN = "kin", _("relatives")


class PlacementStatus(TextChoices):
    RUNNING = "running", _("lives there")
    ENDED = "ended", _("ended")


NEXT[PlacementStatus] = {
    PlacementStatus.RUNNING: frozenset({PlacementStatus.ENDED}),
    PlacementStatus.ENDED: frozenset(),
}
EMERGENCY = frozenset(
    {PlacementKind.EMERGENCY_CENTRE, PlacementKind.URGENT_FOSTER, PlacementKind.SHELTER}
)


def check_kind(
    kind: PlacementKind, *, age: AgeInterval | None, asylum_sought: bool, reason: str
) -> None:
    """Raise Refused where the instruction of 12 April 2018 stands against a placement.

    Foster care has priority under 14: another lasting place needs a reason. An asylum centre is
    possible only over 16 and with asylum sought. A doubtful age counts as the younger one.
    """
    if kind == PlacementKind.ASYLUM_CENTRE and (
        age is None or age.youngest < ASYLUM_CENTRE_FROM or not asylum_sought
    ):
        raise Refused(
            "placement.asylum_centre",
            _(
                "A child can live in an asylum centre only if certainly 16 or older and only when "
                "asylum was sought."
            ),
            field="kind",
        )
    young = age is not None and age.youngest < FOSTER_FIRST_BELOW
    lasting = kind not in EMERGENCY and kind not in (PlacementKind.FOSTER, PlacementKind.KIN)
    if young and lasting and not reason.strip():
        raise Refused(
            "placement.foster_first",
            _("Under 14 a foster family comes first. Write why another place is better here."),
            field="reason",
        )
