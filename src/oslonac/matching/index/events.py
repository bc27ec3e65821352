"""Events of the register compared with itself."""

from django.utils.translation import gettext_lazy as _

from oslonac.audit.events import Event, declare

declare(
    Event("person.distinct", _("Said to be two different people"), data="persons"),
    Event("register.compared", _("Register compared with itself"), data="persons"),
)
