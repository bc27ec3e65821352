"""Which questions there are, by the files as they stand.

Each kind answers: what is shared, by which people. Rows are brought in line with that: a new
question is asked, an answered one is asked anew when it is about others, one that is open and no
longer stands goes. Records joined as one person count once. All of it reads past sight.

Belongs here: finding and keeping questions. Does not: who is shown them (`queries`).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from oslonac.access import reader
from oslonac.access.actor import SYSTEM
from oslonac.access.rules import RecordKind
from oslonac.audit.actions import record
from oslonac.cases.models import Case, Encounter
from oslonac.country import country
from oslonac.country.values import Task
from oslonac.directory import codes, kinds
from oslonac.guardianship.models import Appointment
from oslonac.guardianship.rules import AppointmentStatus
from oslonac.kit.clock import now
from oslonac.links import marks, rules
from oslonac.links.models import Part, PhoneMark, Signal
from oslonac.links.rules import Register, SignalKind, SignalStatus
from oslonac.people import merging
from oslonac.people.models import Appearance, GroupMember, Person
from oslonac.people.rules import GroupRole
from oslonac.placements.models import Placement
from oslonac.vault.erasers import Erased
from oslonac.vault.models import DataKey
from oslonac.vault.row_policy import Bypass


@dataclass(frozen=True)
class Shared:
    """Something shared: by its keyed value, by which people; with what the question needs."""

    mark: str
    people: frozenset[UUID]
    about: tuple[str, ...] = ()
    guardian: UUID | None = None


def current() -> rules.Rules:
    return rules.rules_of(codes.extras("signal_rules"))


@reader.bypass(Bypass.SIGNALS)
def after_change(person: Person) -> None:
    """At writing: a number noted just now may stand in another file. Called by `people.changes`."""
    found = marks.keep(person)
    least = current().phone
    if found and least is not None:
        _keep(SignalKind.PHONE, _phones(least, found), only=found, at=None)


def compute(*, at: datetime) -> int:
    """All kinds, over everybody; as the system. How many questions are new or asked anew."""
    asked = current()
    marks.keep_all()
    new = 0
    for kind, found in (
        (SignalKind.PHONE, _phones(asked.phone) if asked.phone else []),
        (SignalKind.GUARDIAN, _guardians(asked.guardian) if asked.guardian else []),
        (SignalKind.LEADER, _leaders(asked.leader) if asked.leader else []),
        (SignalKind.REGISTERS, _registers(asked, at) if asked.after_days is not None else []),
    ):
        with transaction.atomic():
            new += _keep(kind, found, only=None, at=at)
    return new


def _keep(
    kind: SignalKind, found: Iterable[Shared], *, only: Collection[str] | None, at: datetime | None
) -> int:
    """Bring the rows of a kind in line; `only`: with these marks. How many are new or back."""
    moment = at or now()
    wanted = {each.mark: each for each in found}
    rows = Signal.objects.select_for_update().filter(kind=kind).order_by("pk")
    held = {row.mark: row for row in (rows.filter(mark__in=only) if only is not None else rows)}
    new = 0
    for gone in held.keys() - wanted.keys():
        if held[gone].status == SignalStatus.OPEN:
            _drop(held[gone], moment)
    for each in wanted.values():
        row = held.get(each.mark)
        new += _ask(kind, each, moment) if row is None else _renew(row, each, moment)
    return new


def _ask(kind: SignalKind, shared: Shared, at: datetime) -> bool:
    key = DataKey.make()
    key.save(force_insert=True)
    row = Signal.objects.create(
        key=key,
        kind=kind,
        mark=shared.mark,
        about=list(shared.about),
        guardian_id=shared.guardian,
        parts=len(shared.people),
        found_at=at,
    )
    Part.objects.bulk_create([Part(signal=row, person_id=pk) for pk in sorted(shared.people)])
    _tell("signal.found", row, at)
    return True


def _renew(row: Signal, shared: Shared, at: datetime) -> bool:
    """The people a question is about, as they are now; answered ones come back for others."""
    held = set(row.people.values_list("person_id", flat=True))
    if held == shared.people:
        return False
    row.people.exclude(person__in=shared.people).delete()
    Part.objects.bulk_create(
        [Part(signal=row, person_id=pk) for pk in sorted(shared.people - held)]
    )
    row.parts, row.revision = len(shared.people), row.revision + 1
    back = row.status != SignalStatus.OPEN and not shared.people <= set(row.answered_parts)
    if back:
        row.status, row.returned = SignalStatus.OPEN, True
    row.save()
    if back:
        _tell("signal.returned", row, at)
    return back


def _drop(row: Signal, at: datetime) -> None:
    _tell("signal.gone", row, at)
    key = row.key_id
    row.delete()
    DataKey.objects.filter(pk=key).delete()


def _tell(event: str, row: Signal, at: datetime) -> None:
    record(event, actor=SYSTEM, at=at, subject=row, data={"kind": row.kind, "parts": row.parts})


def _as_people(rows: Mapping[str, set[UUID]], least: int) -> list[tuple[str, frozenset[UUID]]]:
    """Those shared by enough people, records joined as one person counted once."""
    wide = {mark: ids for mark, ids in rows.items() if len(ids) >= least}
    groups = merging.groups({pk for ids in wide.values() for pk in ids})
    return [
        (mark, frozenset(ids))
        for mark, ids in wide.items()
        if len({groups[pk][0] for pk in ids}) >= least
    ]


def _phones(least: int, only: Collection[str] | None = None) -> list[Shared]:
    rows = PhoneMark.objects.all() if only is None else PhoneMark.objects.filter(mark__in=only)
    found: dict[str, set[UUID]] = defaultdict(set)
    for mark, person_id in rows.values_list("mark", "person_id"):
        found[mark].add(person_id)
    return [Shared(mark, ids) for mark, ids in _as_people(found, least)]


def _guardians(least: int) -> list[Shared]:
    running = Appointment.objects.filter(
        status__in=(AppointmentStatus.ORAL, AppointmentStatus.WRITTEN), guardian__isnull=False
    )
    found: dict[str, set[UUID]] = defaultdict(set)
    who: dict[str, UUID] = {}
    for guardian, child in running.values_list("guardian_id", "case__person_id"):
        mark = marks.mark("guardian", str(guardian))
        found[mark].add(child)
        who[mark] = guardian
    return [Shared(m, ids, guardian=who[m]) for m, ids in _as_people(found, least)]


def _leaders(least: int) -> list[Shared]:
    """Everybody of the groups that one person led: a journey is its people."""
    led = list(GroupMember.objects.filter(role=GroupRole.LEADER).values_list("person", "group"))
    groups = merging.groups({person for person, _group in led})
    journeys: dict[UUID, set[UUID]] = defaultdict(set)
    for person, group in led:
        journeys[groups[person][0]].add(group)
    wide = {leader: ids for leader, ids in journeys.items() if len(ids) >= least}
    among: dict[UUID, set[UUID]] = defaultdict(set)
    rows = GroupMember.objects.filter(group__in={pk for ids in wide.values() for pk in ids})
    for person, group in rows.values_list("person", "group"):
        among[group].add(person)
    return [
        Shared(
            marks.mark("leader", str(leader)),
            frozenset({leader}.union(*(among[group] for group in ids))),
        )
        for leader, ids in wide.items()
    ]


def _registers(asked: rules.Rules, at: datetime) -> list[Shared]:
    """Children of open work who stand in one register and, days later, not in the other."""
    since = _standing()
    groups = merging.groups(since)
    found = []
    for root in {groups[pk][0] for pk in since}:
        parts = [since[pk] for pk in groups.get(root, (root,)) if pk in since]
        first: dict[Register, datetime] = {}
        for part in parts:
            for register, moment in part.items():
                first[register] = min(moment, first.get(register, moment))
        for present, absent in asked.compare:
            late = at - timedelta(days=asked.after_days or 0)
            if present in first and absent not in first and first[present] <= late:
                mark = marks.mark("registers", f"{root}:{present}:{absent}")
                people = frozenset(pk for pk in groups.get(root, (root,)) if pk in since)
                found.append(Shared(mark, people, (present.value, absent.value)))
    return found


def _standing() -> dict[UUID, dict[Register, datetime]]:
    """By child: in which registers it stands, and since when. Children are subjects of records."""
    found: dict[UUID, dict[Register, datetime]] = defaultdict(dict)

    def stands(child: UUID | None, register: Register, moment: datetime) -> None:
        if child is not None:
            found[child][register] = min(moment, found[child].get(register, moment))

    for child, opened in Case.objects.values_list("person_id", "opened_at"):
        stands(child, Register.CENTRE, opened)
    subjects = dict(
        Appearance.objects.filter(record_kind=RecordKind.ENCOUNTER, is_subject=True).values_list(
            "record_id", "person_id"
        )
    )
    listed = codes.extras("referral_sources")
    stood_for = {code: entry.get("register") for code, entry in listed.items()}
    police, reception = kinds.doing(Task.POLICE), kinds.doing(Task.RECEPTION)
    met = Encounter.objects.values_list("pk", "happened_at", "reported_by", "organisation__kind")
    for pk, moment, reported_by, kind in met:
        if stood_for.get(reported_by) == Register.POLICE or kind in police:
            stands(subjects.get(pk), Register.POLICE, moment)
        if stood_for.get(reported_by) == Register.RECEPTION or kind in reception:
            stands(subjects.get(pk), Register.RECEPTION, moment)
    housed = Placement.objects.filter(kind__in=country().placements.with_mark("reception"))
    for child, moment in housed.values_list("case__person_id", "from_at"):
        stands(child, Register.RECEPTION, moment)
    return found


@reader.bypass(Bypass.SIGNALS)
def erase(erased: Erased) -> None:
    """Nothing may say of an erased person with whom they shared something. Safe to repeat."""
    gone = Person.objects.filter(key_id__in=erased.key_ids)
    PhoneMark.objects.filter(person__in=gone).delete()
    about = list(Signal.objects.filter(people__person__in=gone).distinct())
    Signal.objects.filter(pk__in=[row.pk for row in about]).delete()
    DataKey.objects.filter(pk__in=[row.key_id for row in about]).delete()
