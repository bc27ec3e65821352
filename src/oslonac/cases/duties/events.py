"""A case: who is responsible, its procedures and deadlines."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from oslonac.audit.events import Event, declare
from oslonac.cases import rules
from oslonac.cases.events.sentences import coded, listed, of_step

declare(
    Event(
        "case.assigned",
        _("Case assigned"),
        told=_("Case manager assigned"),
        kind="calm",
        data="manager",
    ),
    Event(
        "case.closed",
        _("Case closed"),
        told=listed(_("Case closed"), "closure_reasons", "code"),
        data="code decision",
    ),
    Event(
        "case.opened",
        _("Case opened"),
        told=coded(_("Case opened, priority"), rules.Priority, "priority"),
        kind="alert",
        data="priority pathway number organisation encounter procedures",
    ),
    Event(
        "case.reopened",
        _("Case opened again"),
        told=listed(_("Case opened again"), "reopening_reasons", "code"),
        kind="alert",
        data="code priority pathway",
    ),
    Event(
        "clock.extended",
        _("Deadline extended"),
        told=of_step(_("Deadline extended")),
        kind="warn",
        data="activity subject amount unit until reason",
    ),
    Event(
        "clock.resumed",
        _("Deadline restarted"),
        told=of_step(_("Deadline restarted")),
        kind="calm",
        data="activity subject reason",
    ),
    Event(
        "clock.suspended",
        _("Deadline suspended"),
        told=of_step(_("Deadline suspended")),
        kind="warn",
        data="activity subject reason",
    ),
    Event(
        "closing.answered",
        _("Request to close answered"),
        told=lambda d: (
            gettext("Closing approved")
            if d.get("approved")
            else gettext("Closing returned or withdrawn")
        ),
        kind="warn",
        data="decision approved",
    ),
    Event(
        "closing.requested",
        _("Closing requested"),
        told=listed(_("Closing requested"), "closure_reasons", "code"),
        kind="warn",
        data="decision code",
    ),
    Event(
        "pathway.changed",
        _("Pathway changed"),
        told=_("Moved to full case management"),
        kind="calm",
        data="pathway",
    ),
    Event(
        "priority.changed",
        _("Priority changed"),
        told=coded(_("Priority changed"), rules.Priority, "priority"),
        kind="warn",
        data="priority",
    ),
    Event(
        "procedures.moved",
        _("Case moved to newer versions of its procedures"),
        told=_("Moved to other versions of the procedures"),
        kind="warn",
        data="from to protocols",
    ),
    Event(
        "reminders.muted",
        _("Reminders of a task muted"),
        told=_("Reminders of a step muted, with a reason"),
        kind="calm",
        data="activity until reason",
    ),
    Event(
        "reminders.unmuted",
        _("Reminders of a task resumed"),
        told=_("Reminders of a step resumed"),
        kind="calm",
        data="activity",
    ),
    Event(
        "step.done",
        _("Procedure step recorded"),
        told=of_step(_("Done")),
        data="activity happened_at subject outcome all_the_same overridden",
        each=True,
    ),
    Event(
        "transfer.answered",
        _("Transfer answered"),
        told=coded(_("Transfer"), rules.TransferStatus, "status"),
        kind="warn",
        data="transfer status arbiter",
    ),
    Event(
        "transfer.disputed",
        _("Competence disputed: an arbiter decides"),
        told=True,
        kind="warn",
        data="transfer status arbiter",
    ),
    Event(
        "transfer.proposed",
        _("Transfer proposed"),
        told=_("Another centre asked to take over"),
        kind="warn",
        data="transfer receiver reason",
    ),
    Event(
        "whereabouts.restricted",
        _("Whereabouts restricted"),
        told=lambda d: (
            gettext("Whereabouts restricted")
            if d.get("restricted")
            else gettext("Restriction of whereabouts removed")
        ),
        kind="warn",
        data="restricted",
    ),
)
