"""Events of the demonstration."""

from django.utils.translation import gettext_lazy as _

from oslonac.audit.events import Event, declare

declare(
    Event("demo.built", _("Demonstration built"), data="children scenario kind id"),
    Event("demo.signed_in", _("Signed in as a demo user")),
)
