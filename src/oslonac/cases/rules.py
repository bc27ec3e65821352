"""Statuses of casework and what may follow what. Tables and pure functions.

Deadlines are not here: `clocks` derives them, behind the interface of `protocols`.
"""

from collections.abc import Collection, Iterable

from oslonac.kit import statuses
from oslonac.kit.choices import TextChoices
from oslonac.kit.choices import lazy as _
from oslonac.kit.errors import Refused
from oslonac.kit.statuses import Tables

NEXT: Tables = {}


class Safety(TextChoices):
    SAFE = "safe", _("safe now")
    AT_RISK = "at_risk", _("at risk now")
    UNKNOWN = "unknown", _("not known")


class EncounterOutcome(TextChoices):
    PENDING = "pending", _("triage not finished")
    NOT_ENDANGERED = "not_endangered", _("not endangered, stop")
    AT_RISK = "at_risk", _("at risk")


NEXT[EncounterOutcome] = {
    EncounterOutcome.PENDING: frozenset(
        {EncounterOutcome.NOT_ENDANGERED, EncounterOutcome.AT_RISK}
    ),
    # New information may turn a "stop" into a case; a case is never undone by triage.
    EncounterOutcome.NOT_ENDANGERED: frozenset({EncounterOutcome.AT_RISK}),
    EncounterOutcome.AT_RISK: frozenset(),
}


class CaseStatus(TextChoices):
    OPEN = "open", _("open")
    CLOSED = "closed", _("closed")


NEXT[CaseStatus] = {
    CaseStatus.OPEN: frozenset({CaseStatus.CLOSED}),
    CaseStatus.CLOSED: frozenset({CaseStatus.OPEN}),
}


class Pathway(TextChoices):
    """Few steps for a child in transit; the same case grows into the full path (scenario 7)."""

    TRANSIT = "transit", _("transit: the few steps that matter")
    FULL = "full", _("full case management")


NEXT[Pathway] = {
    Pathway.TRANSIT: frozenset({Pathway.FULL}),
    Pathway.FULL: frozenset(),
}


class Priority(TextChoices):
    IMMEDIATE = "immediate", _("immediate")
    URGENT = "urgent", _("urgent")
    REGULAR = "regular", _("regular")


class ConcernStatus(TextChoices):
    OPEN = "open", _("open")
    MONITORED = "monitored", _("watched until a review")
    ENDED = "ended", _("ended by a decision")


class ConcernDecision(TextChoices):
    CONFIRMED = "confirmed", _("confirmed by the body that decides")
    MONITOR = "monitor", _("watch and review on a day")
    NOT_CONFIRMED = "not_confirmed", _("not confirmed, with reasons")
    RESOLVED = "resolved", _("resolved: the child is safe from it")


NEXT[ConcernStatus] = {
    ConcernStatus.OPEN: frozenset({ConcernStatus.MONITORED, ConcernStatus.ENDED}),
    ConcernStatus.MONITORED: frozenset({ConcernStatus.MONITORED, ConcernStatus.ENDED}),
    ConcernStatus.ENDED: frozenset(),
}

STATUS_AFTER: dict[ConcernDecision, ConcernStatus] = {
    ConcernDecision.CONFIRMED: ConcernStatus.MONITORED,
    ConcernDecision.MONITOR: ConcernStatus.MONITORED,
    ConcernDecision.NOT_CONFIRMED: ConcernStatus.ENDED,
    ConcernDecision.RESOLVED: ConcernStatus.ENDED,
}


class AssessmentKind(TextChoices):
    INITIAL = "initial", _("initial assessment")
    FOCUSED = "focused", _("focused assessment")


class AssessmentStatus(TextChoices):
    BEGUN = "begun", _("begun")
    COMPLETED = "completed", _("completed")


NEXT[AssessmentStatus] = {
    AssessmentStatus.BEGUN: frozenset({AssessmentStatus.COMPLETED}),
    AssessmentStatus.COMPLETED: frozenset(),
}


class PlanStatus(TextChoices):
    DRAFT = "draft", _("draft")
    IN_FORCE = "in_force", _("in force")
    ENDED = "ended", _("ended")


NEXT[PlanStatus] = {
    PlanStatus.DRAFT: frozenset({PlanStatus.IN_FORCE, PlanStatus.ENDED}),
    PlanStatus.IN_FORCE: frozenset({PlanStatus.ENDED}),
    PlanStatus.ENDED: frozenset(),
}


class ActivityStatus(TextChoices):
    PLANNED = "planned", _("planned")
    DONE = "done", _("done")
    DROPPED = "dropped", _("dropped, with a reason")


NEXT[ActivityStatus] = {
    ActivityStatus.PLANNED: frozenset({ActivityStatus.DONE, ActivityStatus.DROPPED}),
    ActivityStatus.DONE: frozenset({ActivityStatus.PLANNED}),
    ActivityStatus.DROPPED: frozenset({ActivityStatus.PLANNED}),
}


class PromiseStatus(TextChoices):
    OPEN = "open", _("promised")
    KEPT = "kept", _("kept")
    WITHDRAWN = "withdrawn", _("withdrawn, and the child told why")


NEXT[PromiseStatus] = {
    PromiseStatus.OPEN: frozenset({PromiseStatus.KEPT, PromiseStatus.WITHDRAWN}),
    PromiseStatus.KEPT: frozenset({PromiseStatus.OPEN}),
    PromiseStatus.WITHDRAWN: frozenset({PromiseStatus.OPEN}),
}


class ContactKind(TextChoices):
    FIRST = "first", _("first interview")
    VISIT = "visit", _("visit")
    OFFICE = "office", _("conversation in the office")
    PHONE = "phone", _("phone call")
    ONLINE = "online", _("video call or messages")


class AloneWithChild(TextChoices):
    YES = "yes", _("alone with the child")
    NO = "no", _("others were present")
    NOT_POSSIBLE = "not_possible", _("it was not possible")
    NOT_CHILD = "not_child", _("the child was not there")


class ReviewOutcome(TextChoices):
    CONTINUE = "continue", _("the plan goes on")
    CHANGE = "change", _("the plan is to be changed")
    CLOSE = "close", _("closing is proposed")


class DecisionKind(TextChoices):
    OPENING = "opening", _("opening and priority")
    PRIORITY = "priority", _("change of priority")
    PATHWAY = "pathway", _("change of path")
    CLOSING = "closing", _("closing")
    REOPENING = "reopening", _("re-opening")
    BEST_INTEREST = "best_interest", _("best interests of the child")
    DISCLOSURE = "disclosure", _("shown without consent, on a legal ground")
    CLOCK = "clock", _("stopped, restarted or longer term")
    STEP = "step", _("step done")
    PROCEDURES = "procedures", _("other versions of the procedures")


class DecisionStatus(TextChoices):
    REQUESTED = "requested", _("waits for approval")
    IN_FORCE = "in_force", _("in force")
    RETURNED = "returned", _("returned with remarks")
    WITHDRAWN = "withdrawn", _("withdrawn")


NEXT[DecisionStatus] = {
    DecisionStatus.REQUESTED: frozenset(
        {DecisionStatus.IN_FORCE, DecisionStatus.RETURNED, DecisionStatus.WITHDRAWN}
    ),
    DecisionStatus.IN_FORCE: frozenset(),
    DecisionStatus.RETURNED: frozenset(),
    DecisionStatus.WITHDRAWN: frozenset(),
}


class TransferStatus(TextChoices):
    PROPOSED = "proposed", _("waits for the receiving centre")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    DISPUTED = "disputed", _("disputed: an arbiter decides")
    WITHDRAWN = "withdrawn", _("withdrawn")


NEXT[TransferStatus] = {
    TransferStatus.PROPOSED: frozenset(
        {
            TransferStatus.ACCEPTED,
            TransferStatus.DECLINED,
            TransferStatus.DISPUTED,
            TransferStatus.WITHDRAWN,
        }
    ),
    TransferStatus.DISPUTED: frozenset(
        {TransferStatus.ACCEPTED, TransferStatus.DECLINED, TransferStatus.WITHDRAWN}
    ),
    TransferStatus.ACCEPTED: frozenset(),
    TransferStatus.DECLINED: frozenset(),
    TransferStatus.WITHDRAWN: frozenset(),
}


def check_step(now: str, then: str, kind: type[TextChoices]) -> None:
    """Raise Refused unless `then` may follow `now`."""
    code = f"{kind.__name__.lower()}.{now}_to_{then}"
    sentence = _("It stands at “%(now)s”; “%(then)s” cannot follow.")
    statuses.step(NEXT, now, kind(then), code, sentence)


# Concerns that are suspicions of a crime against the child: they end only by a decision, and
# the responsible body is told on suspicion alone (S002 L1401, L1447).
SUSPICIONS = frozenset({"early_marriage", "sexual_abuse", "smuggling_harm"})


def is_suspicion(code: str) -> bool:
    """Whether a concern is a suspicion that may not vanish; by the pack's naming."""
    return code in SUSPICIONS or code.startswith("trafficking")


# Closing for these reasons asks another person, because the child may still need help.
CLOSING_WITH_APPROVAL = frozenset(
    {"left_country", "not_contactable", "turned_18", "territory_lost", "adult_declined", "death"}
)


def closing_needs_approval(*, reason: str, priority: str, suspicions: bool) -> bool:
    """Whether a supervisor has to approve a closing."""
    return reason in CLOSING_WITH_APPROVAL or priority == Priority.IMMEDIATE or suspicions


def check_closing(
    *, open_suspicions: Collection[str], running_transfer: bool, open_promises: int
) -> None:
    """Raise Refused while something still stands in the way of closing."""
    if open_suspicions:
        raise Refused(
            "closing.suspicion_open",
            _(
                "A suspicion is not decided. Record a decision with reasons, what safety was "
                "offered and a review date first; the case stays open until then."
            ),
        )
    if running_transfer:
        raise Refused(
            "closing.transfer_running",
            _("A transfer is under way. Wait for the answer or withdraw it first."),
        )
    if open_promises:
        raise Refused(
            "closing.promise_open",
            _(
                "The child was promised something that is still open. Keep the promise, or "
                "withdraw it and tell the child why."
            ),
        )


def check_not_endangered(
    *, reasons: Collection[str], suspicions: Collection[str], suspicion_decision: str, safety: str
) -> None:
    """Raise Refused unless "not endangered, stop" is justified."""
    if not reasons:
        raise Refused(
            "triage.no_reasons", _("Say why the child is not endangered."), field="reasons"
        )
    if safety == Safety.AT_RISK:
        raise Refused(
            "triage.at_risk",
            _("The child was recorded as at risk now. Open a case, or correct the triage."),
            field="outcome",
        )
    if suspicions and not suspicion_decision.strip():
        raise Refused(
            "triage.suspicion_open",
            _(
                "A suspicion was noted. It cannot end without a decision: say who looked at it, "
                "what was found and why no case is opened."
            ),
            field="suspicion_decision",
        )


def priority_proposed(
    *, safety: str, needs: Iterable[str], suspicions: Iterable[str], accompaniment: str
) -> Priority:
    """A proposal with which the person deciding starts; never more than that."""
    if safety == Safety.AT_RISK or set(needs) & {"medical_care", "protection_now"}:
        return Priority.IMMEDIATE
    if list(suspicions) or accompaniment in ("unaccompanied", "separated"):
        return Priority.URGENT
    return Priority.REGULAR
