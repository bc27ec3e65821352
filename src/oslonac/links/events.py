"""Events of questions across files."""

from django.utils.translation import gettext_lazy as _

from oslonac.audit.events import Event, declare

declare(
    Event("signal.answered", _("Link between cases: answered"), data="kind answer parts"),
    Event("signal.dismissed", _("Link between cases dismissed"), data="kind answer parts"),
    Event("signal.found", _("Link between cases found"), data="kind parts"),
    Event("signal.gone", _("Link between cases no longer exists"), data="kind parts"),
    Event("signal.reopened", _("Link between cases: opened again by a person"), data="kind"),
    Event("signal.returned", _("Link between cases found again"), data="kind parts"),
)
