"""Events of where a child lives."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from oslonac.audit.events import Event, declare
from oslonac.placements.rules import PlacementKind


def kind_title(value: str) -> str:
    return str(PlacementKind(value).label) if value in PlacementKind.values else value


declare(
    Event(
        "placement.ended",
        _("Placement ended"),
        told=True,
        kind="calm",
        data="placement happened_at",
    ),
    Event(
        "placement.made",
        _("Placed"),
        told=lambda data: gettext("Placed: %(kind)s") % {"kind": kind_title(data.get("kind", ""))},
        data="placement kind emergency happened_at last_day",
        more="place",
    ),
)
