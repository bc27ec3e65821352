"""Events of questions across files."""

from django.utils.translation import gettext_lazy as _

from oslonac.audit.events import Event, declare

declare(
    Event("signal.answered", _("Question across files answered"), data="kind answer parts"),
    Event("signal.dismissed", _("Question across files put aside"), data="kind answer parts"),
    Event("signal.found", _("Question across files asked"), data="kind parts"),
    Event("signal.gone", _("Question across files no longer stands"), data="kind parts"),
    Event("signal.reopened", _("Question across files asked again by a person"), data="kind"),
    Event("signal.returned", _("Question across files asked anew"), data="kind parts"),
)
