"""Events of the directory and the country pack."""

from django.utils.translation import gettext_lazy as _

from oslonac.audit.events import Event, declare

declare(
    Event("contact.added", _("Contact added to the directory")),
    Event("contact.corrected", _("Contact of the directory corrected")),
    Event("contact.removed", _("Contact removed from the directory")),
    Event(
        "organisation.corrected",
        _("Organisation of the directory corrected"),
        data="as_of verified",
    ),
    Event("pack.loaded", _("Country pack loaded"), data="pack fingerprint procedures"),
)
