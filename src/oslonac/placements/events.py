"""Events of where a child lives."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from oslonac.audit.events import Event, declare
from oslonac.country import country, in_language


def kind_title(value: str) -> str:
    """Where somebody lives, in the language of the reader; codes of former packs as they are."""
    known = country().placements.kinds.get(value)
    return in_language(known.title) if known else value.replace("_", " ")


declare(
    Event(
        "placement.ended",
        _("Placement ended"),
        told=True,
        kind="calm",
        data="placement happened_at moved",
    ),
    Event(
        "placement.made",
        _("Placed"),
        told=lambda data: gettext("Placed: %(kind)s") % {"kind": kind_title(data.get("kind", ""))},
        data="placement kind emergency happened_at last_day",
        more="place",
    ),
)
