"""Events of holds, periods and the end of a file."""

from django.utils.translation import gettext_lazy as _

from oslonac.audit.events import Event, declare

declare(
    Event(
        "disposal.answered",
        _("Disposal answered by a second person"),
        told=_("Destruction of the file not approved"),
        data="approved",
    ),
    Event(
        "disposal.proposed",
        _("Disposal proposed"),
        told=_("Destruction of the file proposed"),
        kind="warn",
        data="disposal ground categories",
    ),
    Event(
        "disposal.withdrawn",
        _("Proposal to dispose withdrawn"),
        told=_("Proposal to destroy the file taken back"),
    ),
    Event("disposals.taken", _("Report of disposals taken out"), data="form rows"),
    Event(
        "hold.given",
        _("Kept by order: hold given"),
        told=_("Legal hold given"),
        kind="warn",
        data="reason until",
    ),
    Event("hold.lifted", _("Hold lifted"), told=_("Legal hold lifted")),
    Event(
        "identity.erased",
        _("Everything about a child destroyed, for good"),
        told=_("Everything about the child destroyed"),
        kind="warn",
        data="erasure ground keys signature",
    ),
    Event("period.set", _("Period of keeping set"), data="category years organisation"),
)
