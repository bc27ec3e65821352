"""The interim procedure itself: pure functions from events and facts to duties."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from oslonac.cases.clocks.table import BEGIN_INITIAL, CLOCKS
from oslonac.cases.rules import Pathway, Priority
from oslonac.kit.calendars import Amount, WorkCalendar
from oslonac.people.rules import Accompaniment
from oslonac.protocols.rules import CaseEvent, Duty, Facts


class _Ledger:
    """The events of one case in the order they happened, with the ways duties look at them."""

    def __init__(self, events: Sequence[CaseEvent], facts: Facts, calendar: WorkCalendar) -> None:
        self.events = sorted(events, key=lambda e: (e.at, e.id))
        self.facts = facts
        self.calendar = calendar
        self.organisation: UUID | None = facts.get("organisation_id")
        self.manager: UUID | None = facts.get("manager_id")

    def named(self, *names: str) -> list[CaseEvent]:
        return [event for event in self.events if event.name in names]

    def last(self, *names: str) -> CaseEvent | None:
        found = self.named(*names)
        return found[-1] if found else None

    def after(self, moment: datetime, *names: str, **data: Any) -> CaseEvent | None:
        """The first event not before `moment`, with the given data."""
        for event in self.named(*names):
            if event.at >= moment and all(event.data.get(k) == v for k, v in data.items()):
                return event
        return None

    def duty(
        self,
        key: str,
        activity: str,
        start: CaseEvent,
        *,
        since: datetime | None = None,
        due_at: datetime | None = None,
        amount: Amount | None = None,
        done: CaseEvent | None = None,
        **more: Any,
    ) -> Duty:
        """A duty of a clock, from an event; the responsible person is the case manager unless
        `more` names another person, role or office."""
        clock = CLOCKS[activity]
        since = since or start.at
        length = amount or clock.amount
        if due_at is None and length is not None:
            due_at = self.calendar.deadline(since, length)
        if clock.role == "case_manager":
            more.setdefault("user_id", self.manager)
        return Duty(
            key=key,
            activity=activity,
            role=more.pop(
                "role", clock.role if self.manager or clock.role != "case_manager" else "supervisor"
            ),
            since=since,
            due_at=due_at,
            source=clock.source,
            verified=more.pop("verified", clock.verified),
            why=(start.id,),
            organisation_id=more.pop("organisation_id", self.organisation),
            done_at=done.at if done else None,
            **more,
        )


def obligations(events: Sequence[CaseEvent], facts: Facts, calendar: WorkCalendar) -> list[Duty]:
    """Everything that must be, or was to be, done in a case. Pure; order of arrival is
    irrelevant. On a closed case nothing stays open."""
    ledger = _Ledger(events, facts, calendar)
    opened = ledger.last("case.opened", "case.reopened")
    if opened is None:
        return []
    duties: list[Duty] = []
    for part in _PARTS:
        duties += part(ledger, opened)
    closed = ledger.last("case.closed")
    if facts.get("closed"):
        return [_ended(duty) for duty in duties]
    if closed is not None:
        # What the closing left behind does not come back with a re-opening.
        return [_ended(duty) if duty.since < closed.at else duty for duty in duties]
    return duties


def _ended(duty: Duty) -> Duty:
    return duty if duty.done_at else replace(duty, void=True)


def _start(ledger: _Ledger, opened: CaseEvent) -> list[Duty]:
    """Assignment, intervention and the begin of the initial assessment, by priority."""
    informed = ledger.facts["informed_at"]
    if opened.name == "case.reopened":
        informed = opened.at
    priority = ledger.facts["priority"]
    begun = ledger.after(informed, "assessment.begun", kind="initial")
    duties = [
        ledger.duty(
            f"begin_initial:{opened.id}",
            "begin_initial",
            opened,
            since=informed,
            done=begun,
            amount=BEGIN_INITIAL[priority],
            verified=priority != Priority.IMMEDIATE,
        ),
    ]
    if opened.name == "case.opened" or ledger.manager is None:
        assigned = ledger.after(opened.at, "case.assigned")
        duties.append(ledger.duty(f"assign:{opened.id}", "assign", opened, done=assigned))
    if priority == Priority.IMMEDIATE:
        acted = ledger.after(informed, "contact.made", "placement.made", "intervention.made")
        duties.append(
            ledger.duty(f"intervene:{opened.id}", "intervene", opened, since=informed, done=acted)
        )
    if begun is not None:
        done = ledger.after(begun.at, "assessment.completed", kind="initial")
        duties.append(
            ledger.duty(f"complete_initial:{begun.id}", "complete_initial", begun, done=done)
        )
    return duties


def _pathway(ledger: _Ledger, opened: CaseEvent) -> list[Duty]:
    """A child in transit: look again after two days. Done by growing the path or closing."""
    was_transit = opened.data.get("pathway") == Pathway.TRANSIT
    if not was_transit:
        return []
    grown = ledger.after(opened.at, "pathway.changed")
    return [ledger.duty(f"choose_pathway:{opened.id}", "choose_pathway", opened, done=grown)]


def _guardian(ledger: _Ledger, opened: CaseEvent) -> list[Duty]:
    """Appointment for a child alone, the written decision after an oral one, handovers."""
    duties: list[Duty] = []
    appointed = ledger.named("guardian.appointed")
    if ledger.facts["accompaniment"] in (Accompaniment.UNACCOMPANIED, Accompaniment.SEPARATED):
        # The closing released the guardian; a child alone whose case re-opens needs one again.
        again = opened.name == "case.reopened"
        since = opened.at if again else ledger.facts["informed_at"]
        first = [event for event in appointed if not again or event.at >= opened.at]
        duties.append(
            ledger.duty(
                f"appoint_guardian:{opened.id}",
                "appoint_guardian",
                opened,
                since=since,
                done=first[0] if first else None,
            )
        )
    for event in appointed:
        subject = _uuid(event.data.get("appointment"))
        if event.data.get("form") == "oral":
            done = ledger.after(event.at, "guardian.written", appointment=str(subject))
            duties.append(
                ledger.duty(
                    f"write_guardian:{subject}",
                    "write_guardian",
                    event,
                    done=done,
                    subject_id=subject,
                )
            )
        if event.data.get("previous"):
            done = ledger.after(event.at, "guardian.handed_over", appointment=str(subject))
            duties.append(
                ledger.duty(
                    f"hand_over_guardian:{subject}",
                    "hand_over_guardian",
                    event,
                    done=done,
                    subject_id=subject,
                )
            )
    return duties


def _placement(ledger: _Ledger, opened: CaseEvent) -> list[Duty]:
    """Emergency places are for three weeks at most; a placed child is seen in a month."""
    duties: list[Duty] = []
    for event in ledger.named("placement.made"):
        subject = _uuid(event.data.get("placement"))
        later = ledger.after(event.at, "placement.ended", placement=str(subject))
        if event.data.get("emergency"):
            decided = ledger.after(event.at, "placement.made", emergency=False) or later
            duties.append(
                ledger.duty(
                    f"decide_placement:{subject}",
                    "decide_placement",
                    event,
                    done=decided,
                    subject_id=subject,
                )
            )
        if ledger.facts["pathway"] == Pathway.FULL:
            seen = ledger.after(event.at, "contact.made", in_person=True) or later
            duties.append(
                ledger.duty(
                    f"visit_placed:{subject}", "visit_placed", event, done=seen, subject_id=subject
                )
            )
    return duties


def _plan(ledger: _Ledger, opened: CaseEvent) -> list[Duty]:
    """Plan after the assessment, contact every two months, review every six."""
    if ledger.facts["pathway"] != Pathway.FULL:
        return []
    duties: list[Duty] = []
    assessed = ledger.after(opened.at, "assessment.completed", kind="initial")
    if assessed is not None:
        done = ledger.after(assessed.at, "plan.in_force")
        duties.append(ledger.duty(f"make_plan:{assessed.id}", "make_plan", assessed, done=done))
    duties += _recurring(ledger, "keep_contact", [opened, *ledger.named("contact.made")])
    plans = ledger.named("plan.in_force")
    if plans:
        duties += _recurring(ledger, "review_plan", [*plans, *ledger.named("plan.reviewed")])
    return duties


def _recurring(ledger: _Ledger, activity: str, marks: list[CaseEvent]) -> list[Duty]:
    """The open interval since the last mark, and the last one fulfilled."""
    marks = sorted(marks, key=lambda e: (e.at, e.id))
    duties = []
    if len(marks) > 1:
        start, end = marks[-2], marks[-1]
        duties.append(ledger.duty(f"{activity}:{start.id}", activity, start, done=end))
    return [*duties, ledger.duty(f"{activity}:{marks[-1].id}", activity, marks[-1])]


def _suspicions(ledger: _Ledger, opened: CaseEvent) -> list[Duty]:
    """A suspicion is notified, decided, and looked at again on the day the decision names."""
    duties: list[Duty] = []
    for event in ledger.named("concern.raised"):
        if not event.data.get("suspicion"):
            continue
        concern = event.data["concern"]
        about = _uuid(concern)
        notified = ledger.after(event.at, "concern.notified", concern=concern)
        decisions = [e for e in ledger.named("concern.decided") if e.data["concern"] == concern]
        if event.data.get("trafficking"):
            duties.append(
                ledger.duty(
                    f"notify_suspicion:{concern}",
                    "notify_suspicion",
                    event,
                    done=notified,
                    subject_id=about,
                )
            )
        first = decisions[0] if decisions else None
        duties.append(
            ledger.duty(
                f"decide_suspicion:{concern}",
                "decide_suspicion",
                event,
                done=first,
                subject_id=about,
            )
        )
        for index, decision in enumerate(decisions):
            if decision.data.get("review_on"):
                following = decisions[index + 1] if index + 1 < len(decisions) else None
                duties.append(
                    ledger.duty(
                        f"review_suspicion:{decision.id}",
                        "review_suspicion",
                        decision,
                        due_at=_end_of(decision.data["review_on"], ledger.calendar),
                        done=following,
                        subject_id=about,
                    )
                )
    return duties


def _own_dates(ledger: _Ledger, opened: CaseEvent) -> list[Duty]:
    """Activities of the plan and promises bring their own dates and owners."""
    duties: list[Duty] = []
    for made, ended, changed, activity, name in (
        ("activity.planned", "activity.ended", "activity.reopened", "do_activity", "activity"),
        ("promise.made", "promise.ended", "promise.reopened", "keep_promise", "promise"),
    ):
        for event in ledger.named(made):
            subject = event.data[name]
            moves = [e for e in ledger.named(ended, changed) if e.data[name] == subject]
            done = moves[-1] if moves and moves[-1].name == ended else None
            owner = _uuid(event.data.get("owner"))
            office = _uuid(event.data.get("owner_organisation"))
            more: dict[str, Any] = {"user_id": owner} if owner else {}
            if office and not owner:
                more = {"user_id": None, "organisation_id": office, "role": "supervisor"}
            duties.append(
                ledger.duty(
                    f"{activity}:{subject}",
                    activity,
                    event,
                    due_at=_end_of(event.data["due_on"], ledger.calendar),
                    done=done,
                    subject_id=_uuid(subject),
                    **more,
                )
            )
    return duties


def _answers(ledger: _Ledger, opened: CaseEvent) -> list[Duty]:
    """What others must answer: transfers by the receiver, closings by a supervisor."""
    duties: list[Duty] = []
    for event in ledger.named("transfer.proposed"):
        transfer = event.data["transfer"]
        answered = ledger.after(
            event.at, "transfer.answered", "transfer.disputed", transfer=transfer
        )
        duties.append(
            ledger.duty(
                f"answer_transfer:{transfer}",
                "answer_transfer",
                event,
                done=answered,
                organisation_id=_uuid(event.data["receiver"]),
                subject_id=_uuid(transfer),
            )
        )
    for event in ledger.named("transfer.disputed"):
        transfer = event.data["transfer"]
        settled = ledger.after(event.at, "transfer.answered", transfer=transfer)
        duties.append(
            ledger.duty(
                f"settle_transfer:{transfer}",
                "answer_transfer",
                event,
                done=settled,
                organisation_id=_uuid(event.data.get("arbiter")),
                subject_id=_uuid(transfer),
            )
        )
    for event in ledger.named("closing.requested"):
        decision = event.data["decision"]
        answered = ledger.after(event.at, "closing.answered", decision=decision)
        duties.append(
            ledger.duty(
                f"approve_closing:{decision}",
                "approve_closing",
                event,
                done=answered,
                subject_id=_uuid(decision),
            )
        )
    return duties


_PARTS: tuple[Callable[[_Ledger, CaseEvent], list[Duty]], ...] = (
    _start,
    _pathway,
    _guardian,
    _placement,
    _plan,
    _suspicions,
    _own_dates,
    _answers,
)


def _uuid(value: Any) -> UUID | None:
    return UUID(str(value)) if value else None


def _end_of(day: Any, calendar: WorkCalendar) -> datetime:
    """Last minute of a local day, in UTC."""
    parsed = day if isinstance(day, date) else date.fromisoformat(str(day))
    return datetime.combine(parsed, time(23, 59), ZoneInfo(calendar.zone)).astimezone(UTC)
