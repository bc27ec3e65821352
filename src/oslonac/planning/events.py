"""Concerns, assessments, plans, promises and contacts."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from oslonac.audit.events import Event, declare
from oslonac.cases import rules
from oslonac.cases.events.sentences import coded, label, listed
from oslonac.directory import codes
from oslonac.web.shapes import Flag


def _contact_flags(data: Mapping[str, Any]) -> Sequence[Flag]:
    flags = []
    if data.get("alone") == rules.AloneWithChild.YES:
        flags.append(Flag(gettext("alone with the person"), "ok"))
    if data.get("language"):
        flags.append(Flag(codes.title("languages", data["language"]), "calm", "language"))
    return flags


declare(
    Event(
        "activity.ended",
        _("Activity of the plan ended"),
        told=coded(_("Activity"), rules.ActivityStatus, "status"),
        data="activity status",
    ),
    Event(
        "activity.planned",
        _("Activity planned"),
        told=True,
        kind="calm",
        data="activity due_on owner owner_organisation",
    ),
    Event(
        "activity.reopened",
        _("Activity open again"),
        told=True,
        kind="calm",
        data="activity status",
    ),
    Event(
        "assessment.begun",
        _("Assessment started"),
        told=coded(_("Assessment started"), rules.AssessmentKind, "kind"),
        data="kind assessment happened_at",
    ),
    Event(
        "assessment.completed",
        _("Assessment completed"),
        told=coded(_("Assessment completed"), rules.AssessmentKind, "kind"),
        data="kind assessment alone",
    ),
    Event("assessment.saved", _("Assessment saved"), told=_("Assessment written on"), kind="calm"),
    Event(
        "best_interest.decided",
        _("Best interest decided"),
        told=_("Decision on the best interests of the child"),
    ),
    Event(
        "concern.decided",
        _("Concern decided"),
        told=coded(_("Concern decided"), rules.ConcernDecision, "decision"),
        kind="warn",
        data="concern decision safety_offered review_on",
    ),
    Event(
        "concern.notified",
        _("Concern: body recorded as informed"),
        told=_("Recorded as informed: the body that identifies victims"),
        kind="warn",
        data="concern body",
    ),
    Event(
        "concern.raised",
        _("Concern raised"),
        told=listed(_("Concern raised"), "concerns", "kind"),
        kind="alert",
        data="concern kind suspicion trafficking",
    ),
    Event(
        "contact.made",
        _("Contact with the person recorded"),
        told=lambda d: capfirst(label(rules.ContactKind, d.get("kind"))),
        flags=_contact_flags,
        data="contact kind happened_at alone in_person at_residence language interpreter "
        "information_given",
    ),
    Event(
        "goal.added",
        _("Goal added"),
        told=listed(_("Goal added"), "plan_goal_domains", "domain"),
        kind="calm",
        data="domain",
    ),
    Event("goal.saved", _("Goal saved"), told=_("Goal changed"), kind="calm", data="reached"),
    Event("plan.drafted", _("Plan drafted"), told=_("Plan started"), kind="calm"),
    Event(
        "plan.in_force", _("Plan put into force"), told=_("Plan put into force"), data="plan goals"
    ),
    Event(
        "plan.reviewed",
        _("Plan reviewed"),
        told=coded(_("Plan reviewed"), rules.ReviewOutcome, "outcome"),
        data="outcome happened_at",
    ),
    Event(
        "promise.ended",
        _("Promise ended"),
        told=coded(_("Promise"), rules.PromiseStatus, "status"),
        data="promise status",
    ),
    Event(
        "promise.made",
        _("Promise made"),
        told=_("Promises made"),
        data="promise due_on owner owner_organisation",
    ),
    Event(
        "promise.reopened", _("Promise open again"), told=True, kind="calm", data="promise status"
    ),
)
