"""Stories about going back: who meets the child, and what was open when it left."""

from django.utils.translation import gettext as told
from django.utils.translation import gettext_noop as _

from oslonac.cases.models import Case
from oslonac.demo.scenarios.settled import settled
from oslonac.demo.scenarios.story import Scenario, Target, Teller


def sent_home(t: Teller) -> Target:
    """20: a return signed off with checks open: what was open is on the decision; the closing was
    returned once and waits again."""
    case = settled(t, "Liban Warsame", "ليبان ورسمه", days=150, citizenship="SO", languages=("so",))
    ana, lead = t.cast("ana"), t.cast("dragan")
    _signed_off(t, case)
    decision = t.stage.request_closing(
        case,
        by=ana,
        at=t.ago(days=8),
        code="left_country",
        reason=told("Ticket booked for the day after tomorrow."),
    )
    t.stage.answer_closing(
        decision,
        by=lead,
        at=t.ago(days=7),
        approved=False,
        answer=told("Who meets him there? Who is the guardian? What is the plan?"),
    )
    t.stage.request_closing(
        case,
        by=ana,
        at=t.ago(days=1),
        code="left_country",
        reason=told("His aunt will meet him; the guardian goes along."),
    )
    return Target("case", case.pk)


def _signed_off(t: Teller, case: Case) -> None:
    def step(by: str, days: float, activity: str, evidence: str, *, waits: bool = False) -> None:
        t.stage.record_step(
            case,
            by=t.cast(by),
            at=t.ago(days=days),
            happened_at=t.ago(days=days),
            activity=activity,
            evidence=evidence,
            all_the_same=waits,
        )

    step("ana", 12, "return_proposed", "His aunt in Hargeisa asked for him; he wants to go.")
    step("ana", 10, "return_care_plan", "The aunt's letter, read out by the consulate.")
    step("milena", 9, "return_sign_off", "The flight is the only one this month.", waits=True)


SCENARIOS = (
    Scenario(
        20,
        _("Sent home without a plan"),
        _("A return was arranged before anybody knew who would meet the child."),
        _("The return signed off over open checks, each named; the closing was returned once."),
        "dragan",
        sent_home,
        _("The agreement with the authority that receives the child comes with work abroad."),
    ),
)
