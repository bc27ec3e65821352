"""Events of the ledger itself, read, checked and taken out."""

from django.utils.translation import gettext_lazy as _

from oslonac.audit.events import Event, declare

declare(
    Event("ledger.exported", _("Activity log exported"), data="count cut"),
    Event("ledger.searched", _("Activity log searched by name"), data="name reference found"),
    Event("ledger.verified", _("Activity log verified"), data="intact linked breaks"),
)
