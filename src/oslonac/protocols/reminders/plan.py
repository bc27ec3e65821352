"""Whom to remind of a duty and when: a table by the length of the deadline, and its functions.

Pure: imports the standard library and `kit`. Three promises, tested with made-up duties: nobody
is told the same stage of the same deadline twice; a person higher up is never told before
somebody below was asked first or is not there; a run that comes late tells the last stage only.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from oslonac.kit.calendars import WorkCalendar


class Level(StrEnum):
    """The chain, from below."""

    RESPONSIBLE = "responsible"
    SUPERVISOR = "supervisor"
    HEAD = "head"


CHAIN = tuple(Level)
AWAY = "away"


@dataclass(frozen=True)
class Stage:
    """One reminder of the table, counted from the deadline; negative lies before it.

    Either `hours`, elapsed; or `days`, in the morning of the local day that lies so many days
    (`working`: working days) from the day of the deadline.
    """

    id: str
    to: Level
    hours: int | None = None
    days: int | None = None
    working: bool = False


@dataclass(frozen=True)
class Term:
    """Stages for duties whose term is at most `up_to` long (None: any). `norm` for what a verified
    norm sets, `guidance` for the rest. `round_the_clock`: quiet hours do not hold."""

    up_to: timedelta | None
    norm: tuple[Stage, ...]
    guidance: tuple[Stage, ...] = ()
    round_the_clock: bool = False


@dataclass(frozen=True)
class Plan:
    """`away_before`: when nobody responsible is there, the one above hears of it so long before
    the deadline, at once when it is nearer. `longest_mute`: a person's own silence at most."""

    terms: tuple[Term, ...]
    morning: time = time(8)
    away_before: timedelta = timedelta(days=7)
    longest_mute: timedelta = timedelta(days=14)

    def term(self, length: timedelta) -> Term | None:
        """The first term that is long enough; None when the table has no row for it."""
        for term in self.terms:
            if term.up_to is None or length <= term.up_to:
                return term
        return None


@dataclass(frozen=True)
class Watched:
    """A duty as far as reminders go. `binding`: a verified norm sets it. No `due`: nothing to
    remind of, or a suspended clock."""

    since: datetime
    due: datetime | None
    binding: bool
    open: bool = True


@dataclass(frozen=True)
class Moment:
    """A stage with its time, in UTC."""

    stage: str
    level: Level
    at: datetime
    urgent: bool


@dataclass(frozen=True)
class People:
    """Who stands where for one duty, who of them is there, and who wants no reminders of it."""

    chain: Mapping[Level, Sequence[UUID]]
    there: Collection[UUID]
    muted: Collection[UUID] = frozenset()

    @property
    def deserted(self) -> bool:
        """Nobody who is responsible is there."""
        return not any(each in self.there for each in self.chain.get(Level.RESPONSIBLE, ()))

    def asked(self, level: Level) -> list[UUID]:
        """Whom a stage of a level goes to: those there, else those of the next level above.

        A supervisor who is responsible in person is not above themself: the head is.
        """
        own = set(self.chain.get(Level.RESPONSIBLE, ())) if level is not Level.RESPONSIBLE else ()
        for above in CHAIN[CHAIN.index(level) :]:
            found = [
                each
                for each in dict.fromkeys(self.chain.get(above, ()))
                if each in self.there and each not in own
            ]
            if found:
                return found
        return []


@dataclass(frozen=True)
class Telling:
    """One reminder. Several stages that reach a person in one run are one: the last is `loud`,
    the others are only written down. `instead`: for a responsible person who is not there."""

    user: UUID
    moment: Moment
    loud: bool = field(default=True, compare=False)
    instead: bool = False


def moments(
    plan: Plan, watched: Watched, calendar: WorkCalendar, *, deserted: bool = False
) -> list[Moment]:
    """All stages of a duty in order of time; none when it is done, silent or has no deadline.

    A level is never reached before the one below it. What would lie before the duty began is left
    out. `deserted` adds the stage at which the one above hears that nobody is there.
    """
    if not watched.open or watched.due is None:
        return []
    term = plan.term(watched.due - watched.since)
    if term is None:
        return []
    found: list[Moment] = []
    if deserted:
        first = max(watched.since, watched.due - plan.away_before)
        found.append(Moment(AWAY, Level.RESPONSIBLE, first, term.round_the_clock))
    floor: datetime | None = None
    for level in CHAIN:
        stages = [s for s in (term.norm if watched.binding else term.guidance) if s.to is level]
        times = [(moment_of(s, watched.due, calendar, plan.morning), s) for s in stages]
        own = [
            Moment(s.id, level, max(at, floor or at), term.round_the_clock)
            for at, s in times
            if at > watched.since or at >= watched.due
        ]
        own.sort(key=lambda m: m.at)
        found += own
        floor = own[0].at if own else floor
    return sorted(found, key=lambda m: (m.at, CHAIN.index(m.level)))


def moment_of(stage: Stage, due: datetime, calendar: WorkCalendar, morning: time) -> datetime:
    """When a stage falls, in UTC."""
    if stage.days is None:
        return due.astimezone(UTC) + timedelta(hours=stage.hours or 0)
    zone = ZoneInfo(calendar.zone)
    day = due.astimezone(zone).date()
    shifted = _shift(day, stage.days, calendar) if stage.working else day + _days(stage.days)
    at = datetime.combine(shifted, morning, zone).astimezone(UTC)
    # On the day itself the reminder comes no later than the deadline.
    return min(at, due.astimezone(UTC)) if stage.days == 0 else at


def _days(count: int) -> timedelta:
    return timedelta(days=count)


def _shift(day: date, count: int, calendar: WorkCalendar) -> date:
    """`count` working days before (negative) or after a day."""
    step = _days(1 if count > 0 else -1)
    while count:
        day += step
        if calendar.is_working_day(day):
            count += 1 if count < 0 else -1
    return day


def tell(
    planned: Sequence[Moment], people: People, told: Collection[tuple[str, UUID]], now: datetime
) -> list[Telling]:
    """Who has to be told now. `told`: (stage, user) of what was said about this deadline before.

    Of each level only the last stage that has passed counts: whoever was not told the earlier
    ones in time is not told them late.
    """
    found: list[Telling] = []
    for level in CHAIN:
        passed = [m for m in planned if m.level is level and m.at <= now]
        if not passed:
            continue
        instead = level is Level.RESPONSIBLE and people.deserted
        for user in people.asked(level):
            silent = level is Level.RESPONSIBLE and not instead and user in people.muted
            if not silent and (passed[-1].stage, user) not in told:
                found.append(Telling(user, passed[-1], instead=instead))
    last = {telling.user: telling for telling in found}
    return [Telling(t.user, t.moment, loud=last[t.user] is t, instead=t.instead) for t in found]


def next_look(
    planned: Sequence[Moment], now: datetime, unmuted_at: datetime | None = None
) -> datetime | None:
    """When this duty has to be looked at again; None: not until something about it changes."""
    later = [m.at for m in planned if m.at > now]
    if unmuted_at is not None and unmuted_at > now and planned:
        later.append(unmuted_at)
    return min(later, default=None)
