"""Events of family tracing."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from oslonac.audit.events import Event, declare
from oslonac.people.rules import RelationKind
from oslonac.tracing.rules import Outcome, Side


def _relation(code: Any) -> str:
    return str(RelationKind(code).label) if code in RelationKind.values else ""


def _checked(data: Mapping[str, Any]) -> str:
    side = Side(data["side"]).label if data.get("side") in Side.values else ""
    found = Outcome(data["outcome"]).label if data.get("outcome") in Outcome.values else ""
    return gettext("Tracing: %(side)s, %(outcome)s") % {"side": side, "outcome": found}


declare(
    Event(
        "tracing.asked",
        _("Tracing: case manager asked"),
        told=_("Somebody may be searching for this person"),
        kind="warn",
        data="relation",
    ),
    Event(
        "tracing.checked",
        _("Tracing: one side checked"),
        told=_checked,
        data="side outcome wish method candidate",
    ),
    Event(
        "tracing.closed",
        _("Tracing closed"),
        told=_("A search ended"),
        kind="calm",
        data="why trace",
    ),
    Event("tracing.dismissed", _("Tracing: match dismissed")),
    Event(
        "tracing.followed_up",
        _("Tracing: visited after reunification"),
        told=_("Visited after reunification"),
        data="outcome next_on",
    ),
    Event(
        "tracing.looked",
        _("Tracing: compared with the register"),
        told=_("Compared with the register"),
        kind="calm",
        data="new",
    ),
    Event(
        "tracing.opened",
        _("Tracing opened"),
        told=_("The person asked to find a relative"),
        data="direction",
    ),
    Event(
        "tracing.reopened",
        _("Tracing opened again"),
        told=_("A search was opened again"),
        data="trace",
    ),
    Event(
        "tracing.reunified",
        _("Reunified"),
        told=_("Living with family again"),
        data="happened_at first_follow_up",
    ),
    Event(
        "tracing.shared",
        _("Tracing: contact shown to the seeking office"),
        told=_("The contact was shown to the office that searches"),
        data="to",
    ),
    Event(
        "tracing.sought",
        _("Tracing: person sought described"),
        told=lambda data: (
            gettext("Sought: %(relation)s") % {"relation": _relation(data.get("relation"))}
        ),
        data="relation trace",
    ),
    Event(
        "tracing.withdrawn",
        _("Tracing: request withdrawn"),
        told=_("A search request was withdrawn"),
        kind="calm",
    ),
)
