"""Events of the register compared with itself."""

from django.utils.translation import gettext_lazy as _

from oslonac.audit.events import Event, declare

declare(
    Event("person.distinct", _("Recorded as two different people"), data="persons"),
    Event("register.compared", _("Register checked for duplicates"), data="persons"),
)
