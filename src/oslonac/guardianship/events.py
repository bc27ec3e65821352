"""Events of guardians."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from oslonac.audit.events import Event, declare

declare(
    Event(
        "guardian.appointed",
        _("Guardian appointed"),
        told=lambda data: (
            gettext("Guardian appointed orally")
            if data.get("form") == "oral"
            else gettext("Guardian appointed in writing")
        ),
        data="appointment form happened_at guardian previous",
    ),
    Event(
        "guardian.ended",
        _("Guardianship ended"),
        told=_("Guardian released"),
        kind="warn",
        data="appointment reason",
    ),
    Event(
        "guardian.handed_over",
        _("Guardianship handed over"),
        told=_("Handover between guardians"),
        data="appointment with_child",
    ),
    Event(
        "guardian.written",
        _("Decision on guardianship written"),
        told=_("Decision on the guardian written"),
        kind="calm",
        data="appointment",
    ),
)
