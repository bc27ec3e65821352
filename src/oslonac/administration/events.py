"""Events of the ledger itself, read, checked and taken out."""

from django.utils.translation import gettext_lazy as _

from oslonac.audit.events import Event, declare

declare(
    Event("ledger.exported", _("List from the ledger taken out"), data="count cut"),
    Event("ledger.searched", _("Ledger searched by a name"), data="name reference found"),
    Event("ledger.verified", _("Ledger verified"), data="intact linked breaks"),
)
