"""Steps on concerns: raise, record that a body was informed, decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from oslonac.access.roles import Permission
from oslonac.access.rules import Level
from oslonac.cases import actions, rules, suspicions
from oslonac.cases.models import Case, Concern
from oslonac.cases.steps.base import StepForm
from oslonac.cases.steps.fields import Coded, Day, OrganisationNamed, Pick, Words
from oslonac.cases.steps.registry import Doing, Group, Step, register
from oslonac.country.values import Task
from oslonac.directory import kinds
from oslonac.vault.sealing import open_one

SAFETY = [
    ("accepted", _("Safety was offered and accepted")),
    ("declined", _("Safety was offered and declined for now")),
    ("not_needed", _("Not needed, for the reasons above")),
]
NOTIFIED = kinds.Doing(Task.TOLD_OF_TRAFFICKING)


class Raise(StepForm):
    kind = Coded("concerns", label=_("What worries you?"))
    detail = Words(
        required=False,
        label=_("What was seen or said, by whom"),
        help_text=_("Informal information is enough. Write what is known and what is assumed."),
    )


class Notify(StepForm):
    body = OrganisationNamed(
        NOTIFIED,
        label=_("Who was informed"),
        help_text=_("Suspicion alone is enough. Type a part of the name and choose."),
    )

    def shape(self, doing: Doing) -> None:
        """Of trafficking the body that identifies victims is notified, and no other."""
        identifying = kinds.Doing(Task.IDENTIFIES_VICTIMS)
        if identifying and suspicions.is_trafficking(getattr(doing.subject, "kind", "")):
            asked = self.fields["body"]
            named = OrganisationNamed(identifying, label=asked.label, help_text=asked.help_text)
            named.prepare(doing)
            self.fields["body"] = named


class Decide(StepForm):
    decision = Pick(rules.ConcernDecision, label=_("Decision"))
    reason = Words(label=_("Reasons"), help_text=_("Who checked it and what was found."))
    safety_offered = forms.ChoiceField(
        label=_("Was safety offered?"),
        choices=SAFETY,
        widget=forms.RadioSelect,
        required=False,
        help_text=_("Help does not depend on admission, charge or testimony."),
    )
    review_on = Day(
        label=_("Review date"),
        required=False,
        help_text=_("Required when a suspicion is watched."),
    )

    def shape(self, doing: Doing) -> None:
        if not doing.subject.is_suspicion:
            self.drop("safety_offered")


def _raise(doing: Doing, data: dict[str, Any]) -> Any:
    return actions.raise_concern(
        actor=doing.actor,
        at=doing.at,
        case=doing.case,
        kind=data["kind"],
        detail=data["detail"],
        request_key=doing.request_key,
    )


def _notify(doing: Doing, data: dict[str, Any]) -> Any:
    return actions.notify_concern(
        actor=doing.actor,
        at=doing.at,
        concern=doing.subject,
        revision=doing.revision,
        body=data["body"],
        request_key=doing.request_key,
    )


def _decide(doing: Doing, data: dict[str, Any]) -> Any:
    return actions.decide_concern(
        actor=doing.actor,
        at=doing.at,
        concern=doing.subject,
        revision=doing.revision,
        decision=data["decision"],
        reason=data["reason"],
        safety_offered=data.get("safety_offered", ""),
        review_on=data["review_on"],
        request_key=doing.request_key,
    )


def _decided(doing: Doing) -> dict[str, Any]:
    concern = doing.subject
    narrative = doing.case.reach.shows(Level.NARRATIVE)
    return {
        "decision": concern.decision,
        "reason": open_one(concern, "decision_reason") if narrative else "",
        "safety_offered": concern.safety_offered,
        "review_on": concern.review_on,
    }


def _not_notified(case: Case, concern: Any) -> bool:
    return (
        concern.is_suspicion
        and concern.notified_at is None
        and (
            concern.status != rules.ConcernStatus.ENDED
            # Decided before this was asked of every end: it still has to be made up for.
            or suspicions.is_trafficking(concern.kind)
        )
    )


register(
    Step(
        "concern",
        _("Raise a concern"),
        Permission.CONCERN_RAISE,
        Raise,
        _raise,
        _("The concern is recorded."),
        "concerns",
        Group.PROTECT,
        icon="alert",
        save=_("Save the concern"),
    ),
    Step(
        "concern-notice",
        _("Record that the body that identifies victims was informed"),
        Permission.CASE_ASSESS,
        Notify,
        _notify,
        _("It is recorded that they were informed. Oslonac itself does not send them a notice."),
        "concerns",
        label=_("Record that they were informed"),
        icon="send",
        on=Concern,
        applies=_not_notified,
        initial=lambda doing: {
            "body": str(doing.subject.notified_body or "") if doing.subject else ""
        },
        compares=("body",),
    ),
    Step(
        "concern-decision",
        _("Decide on the concern"),
        Permission.CASE_DECIDE,
        Decide,
        _decide,
        _("The decision is recorded with its reasons."),
        "concerns",
        label=_("Decide"),
        on=Concern,
        applies=lambda case, concern: concern.status != rules.ConcernStatus.ENDED,
        initial=_decided,
        compares=("decision", "reason", "safety_offered", "review_on"),
        reads=("decision_reason",),
        save=_("Record the decision"),
    ),
)
