"""Unusual access: found in the ledger, kept until the data-protection officer has checked it.

Every finding is a row with its pattern, who, when, how much against what is usual; the same
person and the same time give one row however often the job runs. Nothing is blocked: a person
judges (DESIGN 4.10). Searches are compared by a keyed hash of the name, never by the name.

Belongs here: looking, keeping, answering. Does not: thresholds (`rules`), who is told
(`administration`), what a page shows.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from oslonac.access.actor import SYSTEM, Actor
from oslonac.access.models import Grant
from oslonac.access.roles import Permission, archetype_of
from oslonac.access.rules import Reason
from oslonac.audit.actions import action, record
from oslonac.audit.models import Event, Outcome, Unusual
from oslonac.audit.rules import (
    LIMITS,
    USUAL_DAYS,
    WORK_AT_NIGHT,
    Pattern,
    is_night,
    is_unusual,
    usual,
)
from oslonac.kit.errors import Invalid, Refused
from oslonac.vault.models import DataKey
from oslonac.vault.sealing import seal

# Events of searches; their data hold a keyed hash of the name under "name".
SEARCHES = ("search.asked", "ledger.searched")
# Sight that comes without a duty of one's own: the team's files, and an opening in an emergency
# (which has its own review).
WITHOUT_DUTY = frozenset({Reason.TEAM.value})
_AGREED = ("emergency.opened", "emergency.reviewed")


@dataclass(frozen=True)
class Seen:
    """Something unusual, not yet kept. `usual` is None where nothing is compared."""

    pattern: Pattern
    actor_id: UUID
    role: str
    starts_at: datetime
    count: int
    usual: int | None = None
    case_id: UUID | None = None


def notice(*, at: datetime) -> list[Unusual]:
    """Look at the last day's reading; keeps and returns what is new."""
    seen: list[Seen] = []
    for look in (_many_files, _at_night, _no_duty, _one_name, _not_reviewed):
        seen += look(at)
    return [kept for kept in (_keep(each, at) for each in seen) if kept is not None]


def _keep(seen: Seen, at: datetime) -> Unusual | None:
    key = DataKey.make()
    row = Unusual(
        key=key,
        pattern=seen.pattern,
        reader_id=seen.actor_id,
        role=seen.role,
        starts_at=seen.starts_at,
        count=seen.count,
        usual=seen.usual,
        case_id=seen.case_id,
        noticed_at=at,
    )
    same = {"pattern": seen.pattern, "reader_id": seen.actor_id, "starts_at": seen.starts_at}
    if Unusual.objects.filter(**same, case_id=seen.case_id).exists():
        return None
    try:
        with transaction.atomic():
            key.save(force_insert=True)
            row.save(force_insert=True)
            told = {"pattern": seen.pattern.value, "count": seen.count}
            record("unusual.noticed", actor=SYSTEM, at=at, subject=row, data=told)
    except IntegrityError:  # another worker kept it in this very moment
        return None
    return row


@action("unusual.looked_into", Permission.LEDGER_READ)
def look_into(*, actor: Actor, at: datetime, unusual: Unusual, note: str) -> Unusual:
    """Say that somebody looked into it and what they found. Nobody answers for themselves."""
    text = note.strip()
    if not text:
        raise Invalid({"note": _("Write what you found, in a sentence.")})
    if unusual.reader_id == actor.user_id:
        raise Refused("unusual.own", _("Somebody else must check your own access."))
    seal(unusual, unusual.key, note=text)
    changed = Unusual.objects.filter(pk=unusual.pk, looked_at__isnull=True).update(
        note=unusual.note, looked_at=at, looked_by_id=actor.user_id
    )
    if not changed:
        raise Refused("unusual.done", _("Somebody has already checked this."))
    record("unusual.looked_into", actor=actor, at=at, subject=unusual, fields=["note"])
    unusual.refresh_from_db()
    return unusual


_READS = """
SELECT actor_id, min(role), date_trunc(%(unit)s, at AT TIME ZONE %(zone)s) AS slot,
       count(DISTINCT case_id)
FROM audit_event
WHERE name = 'sealed.read' AND outcome = 'read' AND at >= %(since)s AND at < %(until)s
  AND case_id IS NOT NULL AND actor_id IS NOT NULL
GROUP BY actor_id, slot
"""


@dataclass(frozen=True)
class _Count:
    actor_id: UUID
    role: str
    slot: datetime
    count: int


def _counts(unit: str, since: datetime, until: datetime) -> list[_Count]:
    """Distinct files read, by reader and local hour or day."""
    zone = ZoneInfo(settings.TIME_ZONE)
    said: dict[str, str | datetime] = {
        "unit": unit,
        "zone": settings.TIME_ZONE,
        "since": since,
        "until": until,
    }
    with connection.cursor() as cursor:
        cursor.execute(_READS, said)
        return [
            _Count(actor, role, slot.replace(tzinfo=zone), count)
            for actor, role, slot, count in cursor.fetchall()
        ]


def _many_files(at: datetime) -> Iterator[Seen]:
    counts = _counts("hour", at - timedelta(days=USUAL_DAYS + 1), at)
    yield from _compared(Pattern.MANY_FILES, counts, at - timedelta(days=1))


def _at_night(at: datetime) -> Iterator[Seen]:
    hours = _counts("hour", at - timedelta(days=USUAL_DAYS + 1), at)
    nights: dict[tuple[UUID, datetime], _Count] = {}
    for each in hours:
        if not is_night(each.slot.hour) or archetype_of(each.role) in WORK_AT_NIGHT:
            continue
        evening = (each.slot - timedelta(hours=12)).replace(hour=0)
        before = nights.get((each.actor_id, evening))
        total = each.count + (before.count if before else 0)
        nights[each.actor_id, evening] = _Count(each.actor_id, each.role, evening, total)
    yield from _compared(Pattern.AT_NIGHT, list(nights.values()), at - timedelta(days=2))


def _compared(pattern: Pattern, counts: list[_Count], since: datetime) -> Iterator[Seen]:
    """Counts of late, against what the person and the role did before."""
    own: dict[UUID, list[int]] = defaultdict(list)
    role: dict[str, list[int]] = defaultdict(list)
    for each in counts:
        if each.slot < since:
            own[each.actor_id].append(each.count)
            role[each.role].append(each.count)
    for each in counts:
        if each.slot < since:
            continue
        mine, theirs = usual(own[each.actor_id]), usual(role[each.role])
        if is_unusual(pattern, each.count, own=mine, role=theirs):
            normal = mine if mine is not None else theirs
            yield Seen(pattern, each.actor_id, each.role, each.slot, each.count, normal)


def _no_duty(at: datetime) -> Iterator[Seen]:
    """Files read on a day by somebody whose sight came with no duty of their own in them, and who
    did nothing on them in the week around."""
    since = at - timedelta(days=1)
    reads = Event.objects.filter(name="sealed.read", outcome=Outcome.READ, at__gte=since, at__lt=at)
    read: dict[tuple[UUID, str], dict[UUID, datetime]] = defaultdict(dict)
    for actor_id, role, case_id, moment in reads.values_list("actor_id", "role", "case_id", "at"):
        if actor_id is not None and case_id is not None:
            read[actor_id, role].setdefault(case_id, moment)
    for (actor_id, role), files in read.items():
        outside = _outside(actor_id, files)
        if is_unusual(Pattern.NO_DUTY, len(outside), own=None, role=None):
            day = min(files[case_id] for case_id in outside)
            start = day.astimezone(ZoneInfo(settings.TIME_ZONE)).replace(
                hour=0, minute=0, second=0, microsecond=0
            )
            yield Seen(Pattern.NO_DUTY, actor_id, role, start, len(outside))


def _outside(actor_id: UUID, files: dict[UUID, datetime]) -> list[UUID]:
    """Those of the files in which the reader had no duty when they read."""
    with_duty: set[UUID] = set()
    held = Grant.objects.filter(record_id__in=files).exclude(reason__in=WITHOUT_DUTY)
    for grant in held.filter(grantee_id=actor_id):
        moment = files[grant.record_id]
        if grant.starts_at <= moment and (grant.ends_at is None or grant.ends_at > moment):
            with_duty.add(grant.record_id)
    # A grant to whoever holds a post (supervision, admission, a provider) is that post's duty.
    for record_id in held.filter(grantee__isnull=True).values_list("record_id", flat=True):
        if _through_post(actor_id, record_id):
            with_duty.add(record_id)
    first, last = min(files.values()), max(files.values())
    week = timedelta(days=7)
    worked = Event.objects.filter(
        actor_id=actor_id,
        case_id__in=files,
        outcome=Outcome.DONE,
        at__gte=first - week,
        at__lte=last + week,
    )
    with_duty |= {each for each in worked.values_list("case_id", flat=True) if each}
    return [case_id for case_id in files if case_id not in with_duty]


def _through_post(actor_id: UUID, record_id: UUID) -> bool:
    """Whether a grant by post other than the team's names a post that the reader's events show."""
    posts = (
        Event.objects.filter(actor_id=actor_id, case_id=record_id)
        .exclude(organisation_id=None)
        .values_list("role", "organisation_id")
        .distinct()
    )
    rows = Grant.objects.filter(record_id=record_id, grantee__isnull=True)
    rows = rows.exclude(reason__in=WITHOUT_DUTY)
    held = set(rows.values_list("role", "organisation_id"))
    return any(post in held for post in posts)


def _one_name(at: datetime) -> Iterator[Seen]:
    """The same name asked for again and again, by its keyed hash."""
    rows = Event.objects.filter(
        name__in=SEARCHES, at__gte=at - LIMITS[Pattern.ONE_NAME].window, at__lt=at
    )
    asked: dict[tuple[UUID, str, str], list[datetime]] = defaultdict(list)
    for actor_id, role, data, moment in rows.values_list("actor_id", "role", "data", "at"):
        if actor_id is not None and data.get("name"):
            asked[actor_id, role, str(data["name"])].append(moment)
    for (actor_id, role, _name), moments in asked.items():
        if is_unusual(Pattern.ONE_NAME, len(moments), own=None, role=None):
            yield Seen(Pattern.ONE_NAME, actor_id, role, min(moments), len(moments))


def _not_reviewed(at: datetime) -> Iterator[Seen]:
    """Emergency openings older than the window without a review."""
    opened = Event.objects.filter(
        name=_AGREED[0], outcome=Outcome.DONE, at__lt=at - LIMITS[Pattern.NOT_REVIEWED].window
    ).exclude(actor_id=None)
    reviewed = set(
        Event.objects.filter(name=_AGREED[1], outcome=Outcome.DONE).values_list(
            "record_id", flat=True
        )
    )
    for event in opened.exclude(record_id__in=_answered(reviewed)):
        assert event.actor_id is not None  # noqa: S101 - excluded above
        yield Seen(
            Pattern.NOT_REVIEWED, event.actor_id, event.role, event.at, 1, None, event.case_id
        )


def _answered(ids: Iterable[UUID | None]) -> list[UUID]:
    return [each for each in ids if each is not None]
