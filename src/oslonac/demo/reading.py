"""Who looked at what in the last two weeks: ordinary office days, and one evening worth a question.

Belongs here: reads, recorded as pages record them, so that an auditor of the demonstration finds
something to look into. Does not: any write to a case.
"""

from datetime import datetime, timedelta
from random import Random
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from oslonac.access.models import Grant
from oslonac.access.rules import RecordKind
from oslonac.audit import unusual
from oslonac.audit.actions import record_read
from oslonac.cases.models import Case
from oslonac.demo import mass
from oslonac.demo.ids import Source, seeded
from oslonac.demo.world import Staff, World

DAYS = 14
READERS = ("ana", "dragan", "teodora", "milan")
# So many files within an hour, the evening before: more than anybody of the centre ever opens.
THE_EVENING = 26
_SHOWN = ("shown_name",)


def tell(world: World, seed: int) -> None:
    """Record the reads once, then let the system notice what it would have noticed."""
    if mass.is_done("reading"):
        return
    rng = Random(f"{seed}:reading")  # noqa: S311 - repeatable on purpose
    with seeded(f"{seed}:reading") as ids, transaction.atomic():
        for code in READERS:
            reader = world.cast[code]
            _office_days(ids, reader, _open_to(reader), world, rng)
        evening = _one_evening(ids, world)
        ids.at(evening)
        unusual.notice(at=evening + timedelta(hours=1))
        ids.at(world.now)
        mass.mark_done("reading", world.now)


def _open_to(reader: Staff) -> list[UUID]:
    rows = Grant.objects.filter(
        principal__in=reader.actor.principals, record_kind=RecordKind.CASE, ends_at__isnull=True
    )
    return sorted(set(rows.values_list("record_id", flat=True)))


def _office_days(ids: Source, reader: Staff, files: list[UUID], world: World, rng: Random) -> None:
    for ago in range(DAYS, 0, -1):
        day = (world.now - timedelta(days=ago)).astimezone(ZoneInfo(settings.TIME_ZONE))
        if day.weekday() > 4 or not files:
            continue
        for case_id in rng.sample(files, min(len(files), rng.randint(2, 6))):
            moment = day.replace(hour=rng.randint(8, 14), minute=rng.randint(0, 59))
            _read(ids, reader, case_id, moment)


def _one_evening(ids: Source, world: World) -> datetime:
    """A supervisor opens file after file, as before a report, or for a worse reason. When."""
    reader = world.cast["dragan"]
    yesterday = (world.now - timedelta(days=1)).astimezone(ZoneInfo(settings.TIME_ZONE))
    evening = yesterday.replace(hour=17, minute=5, second=0, microsecond=0)
    files = Case.objects.filter(organisation_id=reader.organisation_id).order_by("pk")
    for number, case_id in enumerate(files.values_list("pk", flat=True)[:THE_EVENING]):
        _read(ids, reader, case_id, evening + timedelta(minutes=2 * number))
    return evening


def _read(ids: Source, reader: Staff, case_id: UUID, moment: datetime) -> None:
    ids.at(moment)
    case = Case(pk=case_id)
    record_read(actor=reader.actor, at=moment, subject=case, fields=_SHOWN, case_id=case_id)
