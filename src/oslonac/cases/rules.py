"""Statuses of casework and allowed changes. Tables and pure functions.

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
    NOT_ENDANGERED = "not_endangered", _("not endangered")
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

    TRANSIT = "transit", _("transit: short path")
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
    MONITOR = "monitor", _("watch, and review on a date")
    NOT_CONFIRMED = "not_confirmed", _("not confirmed, with reasons")
    RESOLVED = "resolved", _("resolved: the person is safe from it")


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
    BEGUN = "begun", _("started")
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
    DROPPED = "dropped", _("cancelled, with a reason")


NEXT[ActivityStatus] = {
    ActivityStatus.PLANNED: frozenset({ActivityStatus.DONE, ActivityStatus.DROPPED}),
    ActivityStatus.DONE: frozenset({ActivityStatus.PLANNED}),
    ActivityStatus.DROPPED: frozenset({ActivityStatus.PLANNED}),
}


class PromiseStatus(TextChoices):
    OPEN = "open", _("promised")
    KEPT = "kept", _("kept")
    WITHDRAWN = "withdrawn", _("withdrawn, and the person knows why")


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
    YES = "yes", _("alone with the person")
    NO = "no", _("others were present")
    NOT_POSSIBLE = "not_possible", _("it was not possible")
    NOT_CHILD = "not_child", _("the person was not there")


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
    CLOCK = "clock", _("deadline suspended, restarted or extended")
    STEP = "step", _("step done")
    PROCEDURES = "procedures", _("other versions of the procedures")


class DecisionStatus(TextChoices):
    REQUESTED = "requested", _("waiting for approval")
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
    PROPOSED = "proposed", _("waiting for the receiving centre")
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
    sentence = _("The status is “%(now)s”. It cannot change to “%(then)s”.")
    statuses.step(NEXT, now, kind(then), code, sentence)


# Closing for these reasons asks another person, because the child may still need help.
CLOSING_WITH_APPROVAL = frozenset(
    {"left_country", "not_contactable", "turned_18", "territory_lost", "adult_declined", "death"}
)


def closing_needs_approval(*, reason: str, priority: str, suspicions: bool) -> bool:
    """Whether a supervisor has to approve a closing."""
    return reason in CLOSING_WITH_APPROVAL or priority == Priority.IMMEDIATE or suspicions


def check_notified(*, untold: Collection[str], field: str = "") -> None:
    """Raise Refused while the body that identifies victims was not notified of a suspicion of
    trafficking. Every way on which a suspicion can come to an end asks this first: a decision on
    it, the stop of a triage, the closing of the case, the destruction of the file. Suspicion
    alone obliges, whatever is found later (S002 L1401)."""
    if untold:
        raise Refused(
            "suspicion.not_notified",
            _(
                "Trafficking is suspected, and the body that identifies victims was not notified. "
                "Suspicion alone is enough: notify it first. Nothing ends before that."
            ),
            field=field,
        )


def check_notified_body(*, trafficking: bool, identifies_victims: bool) -> None:
    """Raise Refused for a notification of trafficking that reaches somebody else."""
    if trafficking and not identifies_victims:
        raise Refused(
            "suspicion.other_body",
            _(
                "Of a suspicion of trafficking the body that identifies victims is notified. "
                "Choose the victims' centre; others can be told besides."
            ),
            field="body",
        )


def check_decision(*, decision: str, untold: Collection[str]) -> None:
    """Raise Refused for a decision by which an un-notified suspicion of trafficking would end, or
    be confirmed without those who confirm it. Watching it on keeps the duty to notify."""
    if decision != ConcernDecision.MONITOR:
        check_notified(untold=untold)


def check_closing(
    *,
    open_suspicions: Collection[str],
    running_transfer: bool,
    open_promises: int,
    untold: Collection[str] = (),
) -> None:
    """Raise Refused while something still stands in the way of closing."""
    if open_suspicions:
        raise Refused(
            "closing.suspicion_open",
            _(
                "There is a suspicion without a decision. Record a decision with reasons, what "
                "safety was offered and a review date first. The case stays open until then."
            ),
        )
    check_notified(untold=untold)
    if running_transfer:
        raise Refused(
            "closing.transfer_running",
            _("A transfer is waiting for an answer. Wait for it, or withdraw the transfer first."),
        )
    if open_promises:
        raise Refused(
            "closing.promise_open",
            _("A promise is still open. Keep it, or withdraw it and tell the person why."),
        )


def check_closing_reason(*, reason: str, step: str, concern: str) -> None:
    """Raise Refused while a reason of closing lacks what the pack asks for: `step` and `concern`
    are the titles of what is not on record, empty when nothing is missing. Of a child of whom it
    is only said that they left, nobody knows more than that they are missing."""
    if step:
        raise Refused(
            "closing.step_lacking",
            _(
                "“%(reason)s” needs the step “%(step)s” on record first. If nobody knows where "
                "the child is, the child is missing: raise that concern and search."
            )
            % {"reason": reason, "step": step},
            field="code",
        )
    if concern:
        raise Refused(
            "closing.concern_lacking",
            _(
                "“%(reason)s” needs the concern “%(concern)s” on record first, with what was done "
                "to find the child."
            )
            % {"reason": reason, "concern": concern},
            field="code",
        )


def check_not_endangered(
    *,
    reasons: Collection[str],
    suspicions: Collection[str],
    suspicion_decision: str,
    safety: str,
    untold: Collection[str] = (),
) -> None:
    """Raise Refused unless "not endangered, stop" is justified. `untold`: suspicions of
    trafficking, which end in a case only, where the notification is recorded."""
    if not reasons:
        raise Refused(
            "triage.no_reasons", _("Write why the person is not endangered."), field="reasons"
        )
    if safety == Safety.AT_RISK:
        raise Refused(
            "triage.at_risk",
            _("The person was recorded as at risk now. Open a case, or correct the triage."),
            field="outcome",
        )
    if untold:
        raise Refused(
            "triage.trafficking",
            _(
                "Trafficking is suspected, so this cannot stop here. Open a case: there the body "
                "that identifies victims is notified, and the suspicion is decided on."
            ),
            field="outcome",
        )
    if suspicions and not suspicion_decision.strip():
        raise Refused(
            "triage.suspicion_open",
            _(
                "A suspicion is recorded. It needs a decision: write who checked it, what was "
                "found and why no case is opened."
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
