"""Events of how people are told, deputies, absences."""

from django.utils.translation import gettext_lazy as _

from oslonac.audit.events import Event, declare

declare(
    Event("absence.ended", _("Absence ended")),
    Event("absence.recorded", _("Absence of a colleague recorded"), data="user from until"),
    Event("channels.chosen", _("Ways to be told chosen"), data="by_email"),
    Event("notices.tried", _("Ways to be told tried out")),
    Event("subscription.ended", _("Deputy ended")),
    Event("subscription.made", _("Deputy set")),
)
