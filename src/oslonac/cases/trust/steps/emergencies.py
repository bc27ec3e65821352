"""Steps about past emergency openings of a case."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from oslonac.access.actor import Actor
from oslonac.cases import actions
from oslonac.cases.models import Case, Emergency
from oslonac.cases.steps.registry import CASE, Rest, Step, register
from oslonac.cases.trust import rules as trust_rules
from oslonac.kit.clock import now
from oslonac.steps.fields import Pick, Words
from oslonac.steps.forms import NoQuestions, StepForm


class Review(StepForm):
    outcome = Pick(
        trust_rules.EmergencyOutcome,
        trust_rules.EmergencyOutcome.WAITING,
        label=_("Was it an emergency?"),
    )
    review = Words(label=_("What you found, and what follows"))


def _reviewable(case: Case, row: Any) -> bool:
    return bool(trust_rules.NEXT[trust_rules.EmergencyOutcome][row.outcome])


def _another(actor: Actor, row: Any) -> bool:
    return row is None or row.user_id != actor.user_id


STEPS = register(
    Step(
        action=actions.review_emergency,
        on=CASE.of(Emergency),
        slug="emergency-review",
        title=_("Review the emergency access"),
        form=Review,
        done=_("The review is recorded. The person who opened the case gets a notice."),
        anchor="emergencies",
        label=_("Review"),
        rest=Rest("emergencies/{emergency_id}/review", "review_emergency", "EmergencyReviewIn"),
        when_closed=True,
        applies=_reviewable,
        who=_another,
        save=_("Record the review"),
    ),
    Step(
        action=actions.give_back,
        on=CASE.of(Emergency),
        slug="emergency-end",
        title=_("End my emergency access"),
        form=NoQuestions,
        done=_("Your emergency access has ended."),
        anchor="emergencies",
        label=_("End now"),
        rest=Rest("emergencies/{emergency_id}/ending", "give_back_emergency", "EmergencyEndIn"),
        when_closed=True,
        applies=lambda case, row: row.until > now(),
        who=lambda actor, row: row is None or row.user_id == actor.user_id,
        save=_("End it now"),
    ),
)
