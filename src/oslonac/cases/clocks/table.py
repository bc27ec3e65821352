"""Every clock of the interim procedure: how long, who, on what ground, which step fulfils it."""

from dataclasses import dataclass
from typing import Any

from oslonac.cases.rules import Priority
from oslonac.kit.calendars import Amount, Unit
from oslonac.kit.choices import lazy as _


@dataclass(frozen=True)
class Clock:
    """One kind of obligation: how long, who, on what ground, and the step that fulfils it."""

    title: Any
    role: str
    amount: Amount | None
    source: str
    verified: bool
    step: str


HOURS, WORKING, MONTHS, DAYS = Unit.HOURS, Unit.WORKING_DAYS, Unit.MONTHS, Unit.CALENDAR_DAYS
_RULEBOOK = "rulebook-59-08"
_INSTRUCTION = "instruction-2018-04-12"
_PRACTICE = "practice"

CLOCKS: dict[str, Clock] = {
    "intervene": Clock(
        _("Act for the child's safety"),
        "case_manager",
        Amount(24, HOURS),
        _RULEBOOK,
        True,
        "contact",
    ),
    "begin_initial": Clock(
        _("Begin the initial assessment"),
        "case_manager",
        None,
        _RULEBOOK,
        True,
        "assessment",
    ),
    "complete_initial": Clock(
        _("Complete the initial assessment"),
        "case_manager",
        Amount(7, DAYS),
        _PRACTICE,
        False,
        "assessment",
    ),
    "appoint_guardian": Clock(
        _("Appoint a temporary guardian"),
        "case_manager",
        Amount(24, HOURS),
        _INSTRUCTION,
        False,
        "guardian",
    ),
    "write_guardian": Clock(
        _("Write the decision on the guardian"),
        "case_manager",
        Amount(24, HOURS),
        _PRACTICE,
        False,
        "guardian-written",
    ),
    "hand_over_guardian": Clock(
        _("Hand over between guardians, with the child"),
        "case_manager",
        Amount(3, WORKING),
        _PRACTICE,
        False,
        "guardian-handover",
    ),
    "decide_placement": Clock(
        _("Decide where the child will live"),
        "case_manager",
        Amount(21, DAYS),
        _INSTRUCTION,
        True,
        "placement",
    ),
    "visit_placed": Clock(
        _("See the child in the first month of the placement"),
        "case_manager",
        Amount(1, MONTHS),
        _RULEBOOK,
        True,
        "contact",
    ),
    "make_plan": Clock(
        _("Put the plan into force"),
        "case_manager",
        Amount(14, DAYS),
        _PRACTICE,
        False,
        "plan",
    ),
    "keep_contact": Clock(
        _("Have contact with the child"),
        "case_manager",
        Amount(2, MONTHS),
        _RULEBOOK,
        True,
        "contact",
    ),
    "review_plan": Clock(
        _("Review the plan"),
        "case_manager",
        Amount(6, MONTHS),
        _RULEBOOK,
        True,
        "review",
    ),
    "notify_suspicion": Clock(
        _("Notify the body that identifies victims"),
        "case_manager",
        Amount(24, HOURS),
        "instruction-2009",
        False,
        "concern-notice",
    ),
    "decide_suspicion": Clock(
        _("Decide on the suspicion"),
        "case_manager",
        Amount(1, MONTHS),
        _PRACTICE,
        False,
        "concern-decision",
    ),
    "review_suspicion": Clock(
        _("Look at the suspicion again"),
        "case_manager",
        None,
        _PRACTICE,
        False,
        "concern-decision",
    ),
    "choose_pathway": Clock(
        _("Decide whether the child stays: transit or full path"),
        "case_manager",
        Amount(48, HOURS),
        _PRACTICE,
        False,
        "pathway",
    ),
    "assign": Clock(
        _("Assign a case manager"),
        "supervisor",
        Amount(24, HOURS),
        _PRACTICE,
        False,
        "assignment",
    ),
    "answer_transfer": Clock(
        _("Accept, decline or dispute the transfer"),
        "head",
        Amount(3, WORKING),
        _PRACTICE,
        False,
        "transfer-answer",
    ),
    "approve_closing": Clock(
        _("Approve or return the closing"),
        "supervisor",
        Amount(5, WORKING),
        _PRACTICE,
        False,
        "closing-answer",
    ),
    "do_activity": Clock(
        _("Carry out an activity of the plan"),
        "case_manager",
        None,
        _PRACTICE,
        False,
        "activity",
    ),
    "keep_promise": Clock(
        _("Keep a promise made to the child"),
        "case_manager",
        None,
        _PRACTICE,
        False,
        "promise",
    ),
}

SOURCES: dict[str, Any] = {
    _RULEBOOK: _(
        "Rulebook on the work of centres for social work, OG RS 59/08, 37/10, 39/11, 1/12"
    ),
    _INSTRUCTION: _("Ministry instruction of 12 April 2018 on unaccompanied children"),
    "instruction-2009": _("Ministry instruction on trafficking victims, points 3, 5 and 6"),
    _PRACTICE: _("Good practice"),
}

BEGIN_INITIAL: dict[str, Amount | None] = {
    Priority.URGENT: Amount(72, HOURS),
    Priority.REGULAR: Amount(5, WORKING),
    # The rulebook asks for intervention within 24 hours; the assessment follows as when urgent.
    Priority.IMMEDIATE: Amount(72, HOURS),
}
