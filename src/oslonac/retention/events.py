"""Events of holds, periods and the end of a file."""

from django.utils.translation import gettext_lazy as _

from oslonac.audit.events import Event, declare

declare(
    Event(
        "disposal.answered",
        _("Destruction decided by a second person"),
        told=_("Destruction of the file not approved"),
        data="approved",
    ),
    Event(
        "disposal.proposed",
        _("Destruction of a file proposed"),
        told=_("Destruction of the file proposed"),
        kind="warn",
        data="disposal ground categories",
    ),
    Event(
        "disposal.withdrawn",
        _("Proposal to destroy a file withdrawn"),
        told=_("Proposal to destroy the file withdrawn"),
    ),
    Event("disposals.taken", _("Report on destroyed files exported"), data="form rows"),
    Event(
        "hold.given",
        _("Legal hold set"),
        told=_("Legal hold set"),
        kind="warn",
        data="reason until",
    ),
    Event("hold.lifted", _("Legal hold lifted"), told=_("Legal hold lifted")),
    Event(
        "identity.erased",
        _("Everything about a person destroyed for good"),
        told=_("Everything about the person destroyed"),
        kind="warn",
        data="erasure ground keys signature",
    ),
    Event("period.set", _("Retention period set"), data="category years organisation"),
)
