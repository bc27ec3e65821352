"""Steps on concerns: raise, record that a body was informed, decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from oslonac.access.rules import Level
from oslonac.cases import rules, suspicions
from oslonac.cases.models import Case, Concern
from oslonac.cases.steps.registry import CASE, Doing, Group, Step, register
from oslonac.country.values import Task
from oslonac.directory import kinds
from oslonac.planning import actions as planning
from oslonac.steps.fields import Coded, Day, OrganisationNamed, Pick, Words
from oslonac.steps.forms import StepForm
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
        action=planning.raise_concern,
        on=CASE,
        slug="concern",
        title=_("Raise a concern"),
        form=Raise,
        done=_("The concern is recorded."),
        anchor="concerns",
        group=Group.PROTECT,
        icon="alert",
        save=_("Save the concern"),
    ),
    Step(
        action=planning.notify_concern,
        on=CASE.of(Concern),
        slug="concern-notice",
        title=_("Record that the body that identifies victims was informed"),
        form=Notify,
        done=_(
            "It is recorded that they were informed. Oslonac itself does not send them a notice."
        ),
        anchor="concerns",
        label=_("Record that they were informed"),
        icon="send",
        applies=_not_notified,
        initial=lambda doing: {
            "body": str(doing.subject.notified_body or "") if doing.subject else ""
        },
        compares=("body",),
    ),
    Step(
        action=planning.decide_concern,
        on=CASE.of(Concern),
        slug="concern-decision",
        title=_("Decide on the concern"),
        form=Decide,
        done=_("The decision is recorded with its reasons."),
        anchor="concerns",
        label=_("Decide"),
        applies=lambda case, concern: concern.status != rules.ConcernStatus.ENDED,
        initial=_decided,
        compares=("decision", "reason", "safety_offered", "review_on"),
        reads=("decision_reason",),
        save=_("Record the decision"),
    ),
)
