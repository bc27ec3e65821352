"""Requests of a person about their own file."""

from django.utils.translation import gettext_lazy as _

from oslonac.audit.events import Event, declare
from oslonac.cases.events.sentences import coded
from oslonac.cases.trust import rules as trust_rules

declare(
    Event(
        "own_request.answered",
        _("Request about one's own data answered"),
        told=coded(_("Answered"), trust_rules.AskStatus, "status"),
        data="request status",
    ),
    Event(
        "own_request.made",
        _("Request about one's own data made"),
        told=coded(_("Requests for a copy or correction"), trust_rules.OwnAsk, "kind"),
        data="request kind happened_at",
    ),
    Event(
        "own_request.told",
        _("Answer about own data recorded as handed over"),
        told=_("The answer was handed over and explained"),
        kind="calm",
        data="request",
    ),
    Event(
        "own_request.withdrawn",
        _("Request about one's own data withdrawn"),
        told=_("Request about their own file withdrawn"),
        kind="calm",
        data="request",
    ),
)
