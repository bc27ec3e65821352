"""The job that sends reminders of the duties that are due for one.

It may run late, twice, or in two workers at once: rows are locked while they are looked at, and
what was said is a unique row. Each run looks only at duties that are new, were changed, or have
reached a moment of the plan.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from oslonac.access.actor import SYSTEM
from oslonac.audit.actions import record
from oslonac.country import country
from oslonac.kit.calendars import WorkCalendar
from oslonac.notices.actions import notify
from oslonac.notices.models import Notice
from oslonac.protocols.models import Obligation, Reminder, State
from oslonac.protocols.reminders import kinds
from oslonac.protocols.reminders.people import Crowd, Key, present
from oslonac.protocols.reminders.plan import Plan, Telling, Watched, moments, next_look, tell
from oslonac.protocols.reminders.table import load_plan

BATCH = 200


def plan() -> Plan:
    return load_plan(Path(settings.OSLONAC_PACK))


def calendar() -> WorkCalendar:
    return country().calendar


def remind(*, at: datetime) -> int:
    """Everything that is to be said at a moment. Returns how many people-and-duties were told."""
    close_over(at=at)
    wake_deserted(at=at)
    told = 0
    while True:
        looked, said = _batch(at)
        told += said
        if not looked:
            return told


@transaction.atomic
def _batch(at: datetime) -> tuple[int, int]:
    """Look at the next duties. How many there were, and how many people were told of one."""
    rows = Obligation.objects.filter(remind_at__lte=at).order_by("remind_at", "pk")
    duties = list(rows.select_for_update(skip_locked=True)[:BATCH])
    if not duties:
        return 0, 0
    crowd = Crowd(duties, at=at)
    said = _told_before(duties)
    new = sum(_look(duty, crowd, said[duty.case_id, duty.key], at) for duty in duties)
    # Only the moment of the next look: the trigger on the table minds the rest.
    Obligation.objects.bulk_update(duties, ["remind_at"])
    if new:
        record("reminders.sent", actor=SYSTEM, at=at, data={"count": new})
    return len(duties), new


def _told_before(duties: Sequence[Obligation]) -> dict[Key, set[tuple[str, UUID]]]:
    found: dict[Key, set[tuple[str, UUID]]] = defaultdict(set)
    due = {(duty.case_id, duty.key): duty.due_at for duty in duties}
    rows = Reminder.objects.filter(case_id__in={duty.case_id for duty in duties})
    for case_id, key, due_at, stage, user_id in rows.values_list(
        "case_id", "key", "due_at", "stage", "user_id"
    ):
        if due.get((case_id, key)) == due_at:
            found[case_id, key].add((stage, user_id))
    return found


def watched(duty: Obligation) -> Watched:
    return Watched(duty.since, duty.due_at, duty.verified, duty.state == State.OPEN)


def _look(duty: Obligation, crowd: Crowd, said: set[tuple[str, UUID]], at: datetime) -> int:
    people = crowd.of(duty)
    planned = moments(plan(), watched(duty), calendar(), deserted=people.deserted)
    mutes = crowd.mutes.get((duty.case_id, duty.key), ())
    duty.remind_at = next_look(planned, at, min((m.until for m in mutes), default=None))
    return _say(duty, tell(planned, people, said, at), at)


def _say(duty: Obligation, tellings: Sequence[Telling], at: datetime) -> int:
    rows = [_row(duty, telling, at) for telling in tellings]
    Reminder.objects.bulk_create(rows, ignore_conflicts=True)
    kept = set(Reminder.objects.filter(pk__in=[r.pk for r in rows]).values_list("pk", flat=True))
    count = 0
    for row, telling in zip(rows, tellings, strict=True):
        if telling.loud and row.pk in kept:
            count += _notify(duty, telling, row, at)
    return count


def _row(duty: Obligation, telling: Telling, at: datetime) -> Reminder:
    assert duty.due_at is not None  # noqa: S101  without a deadline nothing is told
    return Reminder(
        case_id=duty.case_id,
        key=duty.key,
        due_at=duty.due_at,
        stage=telling.moment.stage,
        user_id=telling.user,
        level=telling.moment.level,
        instead=telling.instead,
        at=at,
    )


def _notify(duty: Obligation, telling: Telling, row: Reminder, at: datetime) -> int:
    made = notify(
        telling.user,
        kinds.of(telling),
        at=at,
        key=f"reminder:{row.pk}",
        record_kind="case",
        record_id=duty.case_id,
        data={
            "obligation": duty.key,
            "activity": duty.activity,
            "due": duty.due_at.isoformat() if duty.due_at else "",
            "binding": duty.verified,
        },
        urgent=telling.moment.urgent,
    )
    if not made:
        return 0
    Reminder.objects.filter(pk=row.pk).update(notice=made[0])
    # A person has one line for a duty: the last.
    earlier = Reminder.objects.filter(
        case_id=duty.case_id, key=duty.key, user_id=telling.user, notice__isnull=False
    ).exclude(pk=row.pk)
    Notice.objects.filter(pk__in=earlier.values("notice_id"), over_at__isnull=True).update(
        over_at=at
    )
    return 1


def close_over(*, at: datetime, user_id: UUID | None = None) -> int:
    """End the notices of duties that are done, moved or gone. Of one person, when given."""
    still = Obligation.objects.filter(
        case_id=OuterRef("case_id"),
        key=OuterRef("key"),
        due_at=OuterRef("due_at"),
        state=State.OPEN,
    )
    rows = Reminder.objects.filter(~Exists(still), notice__over_at__isnull=True).exclude(
        notice__isnull=True
    )
    if user_id is not None:
        rows = rows.filter(user_id=user_id)
    return Notice.objects.filter(pk__in=rows.values("notice_id"), over_at__isnull=True).update(
        over_at=at
    )


def wake_deserted(*, at: datetime) -> int:
    """Have duties looked at again whose responsible person is not there any more, or is away."""
    soon = Obligation.objects.filter(
        state=State.OPEN, user_id__isnull=False, due_at__lte=at + plan().away_before
    ).filter(Q(remind_at__isnull=True) | Q(remind_at__gt=at))
    users = soon.order_by().values_list("user_id", flat=True).distinct()
    answering = {user for user in users if user is not None}
    gone = answering - present(answering, at=at)
    told = Reminder.objects.filter(
        case_id=OuterRef("case_id"), key=OuterRef("key"), due_at=OuterRef("due_at"), instead=True
    )
    return soon.filter(~Exists(told), user_id__in=gone).update(remind_at=at)
