"""Events of reminders of duties."""

from django.utils.translation import gettext_lazy as _

from oslonac.audit.events import Event, declare

declare(
    Event("reminders.sent", _("Reminders sent"), data="count"),
)
