"""Events of how people are told, deputies, absences."""

from django.utils.translation import gettext_lazy as _

from oslonac.audit.events import Event, declare

declare(
    Event("absence.ended", _("Absence ended")),
    Event("absence.recorded", _("Absence of a colleague recorded"), data="user from until"),
    Event("channels.chosen", _("Notification settings changed"), data="by_email"),
    Event("notices.tried", _("Test notification sent")),
    Event("subscription.ended", _("Deputy ended")),
    Event("subscription.made", _("Deputy set")),
)
