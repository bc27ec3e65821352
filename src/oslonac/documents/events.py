"""Events of documents of a case."""

from django.utils.translation import gettext_lazy as _

from oslonac.audit.events import Event, declare

declare(
    Event("document.added", _("Document added"), told=True, data="document kind format size scan"),
    Event("document.read", _("Document read"), data="kind"),
    Event(
        "document.released",
        _("Document released"),
        told=_("Document scanned"),
        kind="calm",
        data="document",
    ),
    Event("document.removed", _("Document removed"), told=True, kind="warn", data="document"),
)
