"""Asking about people in records the actor cannot see: with a purpose, answered by policy.

The answer is made so that it says no more than the policy does: where offices are only told
(`relay`), the same sentence stands whether anybody was found or not, the same rows are written,
and the answer is held until the same moment (`HELD`), so that neither words nor counts nor time
tell of a record.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from oslonac.access import policy as access
from oslonac.access.actor import Actor
from oslonac.access.roles import Permission
from oslonac.access.rules import Scope as BlockScope
from oslonac.audit.actions import action, record
from oslonac.audit.models import Event
from oslonac.cases import lists
from oslonac.cases.models import Case, Encounter
from oslonac.cases.rules import CaseStatus
from oslonac.directory import codes
from oslonac.directory.models import Organisation
from oslonac.kit.clock import local_day
from oslonac.kit.errors import Invalid, Refused
from oslonac.matching.index import fingerprints, scope, service
from oslonac.matching.index.service import Question
from oslonac.people.models import Person
from oslonac.people.rules import AgeInterval, Sex
from oslonac.search import policy
from oslonac.search.asking import Asked, question
from oslonac.search.filters import Filters
from oslonac.search.policy import Rule, Told

EVENT = "search.elsewhere"
LEAST = 0.85  # of a name: what is less alike is not told at all
MOST = 5
HELD = 0.6  # seconds; several times what the search itself takes


@dataclass(frozen=True)
class Office:
    """An office that may know the person, and, in a preview, whom it may know."""

    organisation: Organisation
    previews: tuple[str, ...] = ()


@dataclass(frozen=True)
class Elsewhere:
    """What may be said. `relayed`: whether offices that may only be told are told, found or not."""

    offices: tuple[Office, ...]
    relayed: bool
    rule: Rule


@dataclass(frozen=True)
class _Known:
    """One person found elsewhere: the office that answers for them, how they are told of."""

    person: Person
    office: Organisation
    told: Told


def ask(*, actor: Actor, at: datetime, asked: Asked, filters: Filters, purpose: str) -> Elsewhere:
    """What may be said, given at the same moment whatever was found. Call it outside an action.

    Raises Invalid without a purpose or with too little to ask for, Refused to those whose role
    is told nothing and to those who asked too often.
    """
    began = time.monotonic()
    found: Elsewhere = look(actor=actor, at=at, asked=asked, filters=filters, purpose=purpose)
    time.sleep(max(0.0, HELD - (time.monotonic() - began)))
    return found


@action(EVENT, Permission.CASE_READ)
def look(*, actor: Actor, at: datetime, asked: Asked, filters: Filters, purpose: str) -> Elsewhere:
    """Find, record who asked why and what they were told of, and have offices told."""
    from oslonac.search.jobs import tell_offices

    rule = _checked(actor, asked, filters, purpose, at)
    known = _known(actor, question(asked, filters, at=at), rule, at)
    shown = [each for each in known if each.told in (Told.CONTACT, Told.PREVIEW)]
    event = record(
        EVENT,
        actor=actor,
        at=at,
        kind="search",
        data={
            "purpose": purpose,
            "query": fingerprints.of_text(asked.text),
            "name": fingerprints.of_name(asked.name),
            "told": sorted(str(each.person.pk) for each in shown),
            "relayed": sorted(str(each.person.pk) for each in known if each not in shown),
        },
    )
    # Always, so that an answer about nobody does the same work as one about somebody.
    tell_offices.defer(event_id=str(event.pk))
    return Elsewhere(_offices(shown, at), rule.relays, rule)


def _checked(actor: Actor, asked: Asked, filters: Filters, purpose: str, at: datetime) -> Rule:
    rule = policy.rule_for(actor)
    if not rule.asks:
        raise Refused(
            "search.not_yours",
            _("Your role cannot ask about records of other offices. Ask the competent centre."),
        )
    codes.check_one("search_purposes", purpose, field="purpose")
    words = len(asked.name.split())
    aged = (filters.born(local_day(at)) or asked.born) is not None
    if not (asked.phone or asked.document) and words < 2 and not aged:
        raise Invalid(
            {"q": _("To ask other offices, enter two names, a name and an age, or a full number.")}
        )
    mine = Event.objects.filter(actor_id=actor.user_id, name=EVENT)
    for most, span in ((rule.an_hour, timedelta(hours=1)), (rule.a_day, timedelta(days=1))):
        if mine.filter(at__gt=at - span).count() >= most:
            raise Refused(
                "search.too_often",
                _(
                    "You have already asked other offices %(most)d times. Try again later, or ask "
                    "your supervisor to do it."
                )
                % {"most": most},
            )
    return rule


def _known(actor: Actor, asked: Question, rule: Rule, at: datetime) -> list[_Known]:
    """People past the asker's sight, and what the asker is told of each."""
    with scope.past_sight():
        answer = service.beyond(asked, scope.of(actor, at=at))
        close = [
            each.person_id
            for each in answer.found
            if each.name_probability >= LEAST or not each.name
        ][:MOST]
        people = Person.objects.in_bulk(close)
        offices = responsible_for(close)
        kept = policy.protected(close, at=at)
        closed = set(
            access.blocks_of(actor, at=at, scope=BlockScope.ALL)
            .filter(person_id__in=close)
            .values_list("person_id", flat=True)
        )
    found = []
    for pk in close:
        if pk not in offices:
            continue
        told = rule.protected if pk in kept else rule.ordinary
        if pk in closed:  # not to be told in any case; the office should know who asked
            told = Told.RELAY
        found.append(_Known(people[pk], offices[pk], told))
    return [each for each in found if each.told != Told.NONE]


def responsible_for(person_ids: Sequence[UUID]) -> dict[UUID, Organisation]:
    """The office that answers for each person: of the open case, of the last case, of the last
    encounter."""
    found: dict[UUID, Organisation] = {}
    met = Encounter.objects.filter(person__in=person_ids).select_related("responsible")
    for encounter in met.order_by("happened_at"):
        if encounter.person_id:
            found[encounter.person_id] = encounter.responsible
    cases = Case.objects.filter(person__in=person_ids).select_related("organisation")
    for case in sorted(cases, key=lambda c: (c.status == CaseStatus.OPEN, c.opened_at)):
        found[case.person_id] = case.organisation
    return found


def _offices(shown: Sequence[_Known], at: datetime) -> tuple[Office, ...]:
    """Each office once; how many of its people are alike is not told."""
    found: dict[UUID, tuple[Organisation, list[str]]] = {}
    for each in shown:
        _office, previews = found.setdefault(each.office.pk, (each.office, []))
        if each.told == Told.PREVIEW:
            previews.append(_preview(each.person, lists.age_of(each.person, at)))
    return tuple(Office(office, tuple(previews)) for office, previews in found.values())


def _preview(person: Person, age: AgeInterval | None) -> str:
    parts = [_("%(age)s years") % {"age": age}] if age is not None else []
    if person.sex in (Sex.FEMALE, Sex.MALE):
        parts.append(str(Sex(person.sex).label))
    return ", ".join(parts) or _("sex and age are not known")
