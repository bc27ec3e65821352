"""The auditor's queries of the ledger: filters, one page of events, the lines of a table or file.

An auditor sees who did what to which record, never whose record it is: cases by their number.
A name that somebody complains about is compared with the register without showing any name
back; the question is an event, with a reference instead of the name.

Belongs here: reading. Does not: HTTP (`ledger`), the chain (`audit`).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from oslonac.access import policy, reader, roles
from oslonac.access.actor import Actor
from oslonac.accounts.queries import names_of
from oslonac.administration import queries
from oslonac.audit.events import kind_title, title_of
from oslonac.audit.models import Event, Outcome
from oslonac.cases.models import Case
from oslonac.directory.models import Organisation
from oslonac.vault.row_policy import Bypass

# Whose looks are told of a name: beyond so many people the question was too wide.
MOST_PEOPLE = 5
SURE_ENOUGH = 0.8


@dataclass(frozen=True)
class Asked:
    """What is asked of the ledger; empty parts narrow nothing. Days are local, both included."""

    records: tuple[UUID, ...] | None = None
    person: str = ""
    name: str = ""
    outcome: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Line:
    """An event in words."""

    event: Event
    when: datetime
    who: str
    post: str
    what: str
    details: str
    record: str
    number: str
    outcome: str


def events(asked: Asked) -> QuerySet[Event]:
    """Events, the latest first."""
    rows = Event.objects.all()
    if asked.records is not None:
        ids = list(asked.records)
        rows = rows.filter(Q(case_id__in=ids) | Q(record_id__in=ids))
    if asked.person:
        rows = rows.filter(actor_id=asked.person)
    if asked.name:
        rows = rows.filter(name=asked.name)
    if asked.outcome:
        rows = rows.filter(outcome=asked.outcome)
    if asked.since:
        rows = rows.filter(at__gte=day_start(asked.since))
    if asked.until:
        rows = rows.filter(at__lt=day_start(asked.until + timedelta(days=1)))
    return rows.order_by("-at", "-pk")


def open_to(rows: QuerySet[Event], actor: Actor, *, at: datetime) -> QuerySet[Event]:
    """Without the records that a block closes to whoever reads: an auditor's own family."""
    closed = list(policy.closed_to(actor, at=at))
    if not closed:
        return rows
    return rows.exclude(case_id__in=closed).exclude(record_id__in=closed)


def before(rows: QuerySet[Event], mark: str) -> QuerySet[Event]:
    """Events earlier than a mark of `mark_of`; an unreadable mark narrows nothing. One comparison
    of a pair, so that an index is entered at the mark instead of counted up to it."""
    moment, _sign, event_id = mark.partition("_")
    try:
        at, pk = datetime.fromisoformat(moment), UUID(event_id)
    except ValueError:
        return rows
    if at.tzinfo is None:
        return rows
    return rows.filter(at__lte=at).exclude(Q(at=at) & Q(pk__gte=pk))


def mark_of(event: Event) -> str:
    """Where the next page goes on from."""
    return f"{event.at.astimezone(ZoneInfo('UTC')).isoformat()}_{event.pk}"


def day_start(day: date) -> datetime:
    """The beginning of a local day; the next is 23 or 25 hours away when clocks change."""
    return datetime.combine(day, time(), ZoneInfo(settings.TIME_ZONE))


def records_of_case(case: Case) -> tuple[UUID, ...]:
    """Everything that looking at "this child" can have meant: case, person, encounters, and the
    person's other cases."""
    return records_of_people([case.person_id])


def records_of_people(people: Iterable[UUID]) -> tuple[UUID, ...]:
    """The same for people whose names were asked for."""
    ids = list(people)
    found = set(ids)
    cases = Case.objects.filter(person_id__in=ids)
    with reader.bypass(Bypass.NUMBERS):
        for case_id, encounter_id in cases.values_list("pk", "encounter_id"):
            found |= {case_id, encounter_id} - {None}
    return tuple(sorted(found))


def people_called(name: str) -> list[UUID]:
    """People of the register whose name is as good as this one, in any script."""
    from oslonac.matching.index import scope, service

    answer = service.beyond(
        service.Question(text=name), scope.Scope(ids=frozenset()), top=MOST_PEOPLE + 1
    )
    close = [each for each in answer.found if each.name_probability >= SURE_ENOUGH]
    return [each.person_id for each in close]


def lines(rows: list[Event]) -> list[Line]:
    """Events in words; one query for each kind of thing they name."""
    names = names_of(row.actor_id for row in rows)
    offices = Organisation.objects.in_bulk({row.organisation_id for row in rows} - {None})
    numbers = queries.case_numbers([row.case_id for row in rows] + [row.record_id for row in rows])
    return [_line(row, names, offices, numbers) for row in rows]


def _line(row: Event, names: Any, offices: Any, numbers: Any) -> Line:
    who = names.get(row.actor_id, "") or (
        _("the system") if row.channel == "system" else _("nobody signed in")
    )
    role = roles.label(row.role)
    office = str(offices.get(row.organisation_id, ""))
    number = numbers.get(row.case_id) or numbers.get(row.record_id) or ""
    kind = kind_title(row.record_kind) if row.record_kind != "case" else ""
    short = str(row.record_id)[-8:] if row.record_id and not number else ""
    return Line(
        event=row,
        when=localtime(row.at),
        who=who,
        post=", ".join(filter(None, [role, office])),
        what=title_of(row.name),
        details=details(row),
        record=" ".join(filter(None, [kind, short])),
        number=number,
        outcome=str(Outcome(row.outcome).label),
    )


def details(row: Event) -> str:
    """Field names and codes; an event holds nothing else."""
    said = [", ".join(row.fields)] if row.fields else []
    said += [f"{key}: {queries.as_plain(value)}" for key, value in row.data.items()]
    return " · ".join(said)
