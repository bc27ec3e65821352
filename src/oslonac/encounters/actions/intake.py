"""Intake in one transaction: the encounter, the person, others who were met; and afterwards the
decision “at risk” with the case. Composed of the single actions, so that each records its own
event."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from oslonac.access import policy
from oslonac.access.actor import Actor
from oslonac.access.roles import Permission
from oslonac.access.rules import Level, RecordKind
from oslonac.accounts.models import User
from oslonac.audit.actions import action, record
from oslonac.cases.actions.opening import open_case
from oslonac.cases.models import Case, Encounter
from oslonac.cases.rules import EncounterOutcome
from oslonac.directory.models import Organisation
from oslonac.encounters.actions.encounters import attach_person, decide_triage, record_encounter
from oslonac.kit.births import AFTER_MET, CONTRADICTS
from oslonac.kit.errors import Invalid, Refused
from oslonac.kit.revisions import unchanged
from oslonac.matching.index.actions import say_distinct
from oslonac.people import actions as people
from oslonac.people.merging import landing
from oslonac.people.models import Person
from oslonac.people.queries import names_of_person, reach
from oslonac.people.rules import Attribute, GroupRole, LanguageLevel

OLDEST_SAID = 120


@dataclass(frozen=True)
class Birth:
    """When somebody was born, as said: the days it may be, the calendar used, the words."""

    first: date
    last: date
    calendar: str = ""
    words: str = ""


@dataclass(frozen=True)
class Said:
    """What was said of one person. Empty means not asked; nothing is made up for it.

    `known`: the person of the register it is, where whoever writes knows; `not_same`: people it
    is not, though they are alike.
    """

    names: tuple[str, ...] = ()
    births: tuple[Birth, ...] = ()
    sex: str = ""
    citizenship: str = ""
    languages: tuple[str, ...] = ()
    known: UUID | None = None
    not_same: tuple[UUID, ...] = ()

    def __bool__(self) -> bool:
        said = self.names or self.births or self.sex or self.citizenship or self.languages
        return bool(said or self.known)


@dataclass(frozen=True)
class MetToo:
    """Somebody met together with the child. `relation`: what they say they are to the child."""

    said: Said
    relation: str = ""
    present: bool = True
    leads: bool = False


def birth_by_age(age: int, on: date, words: str = "") -> Birth:
    """The two calendar years in which somebody who says this age may be born.

    Wider than the arithmetic of birthdays on purpose: an age is often said by the year.
    Raises Invalid.
    """
    if not 0 <= age <= OLDEST_SAID:
        raise Invalid({"age": _("Enter an age from 0 to 120 years.")})
    last = min(date(on.year - age, 12, 31), on)
    return Birth(date(on.year - age - 1, 1, 1), last, words=words)


def contradict(births: Sequence[Birth]) -> bool:
    """Whether no day of birth agrees with all that was said at once."""
    return bool(births) and max(b.first for b in births) > min(b.last for b in births)


@action("intake.recorded", Permission.ENCOUNTER_RECORD)
def record_intake(
    *,
    actor: Actor,
    at: datetime,
    child: Said | None = None,
    others: Sequence[MetToo] = (),
    travel_together: bool = False,
    group_label: str = "",
    **met: Any,
) -> Encounter:
    """Record an encounter (`met`: what `record_encounter` takes) with the people in it.

    Recording people needs the permission to write about persons; the encounter alone does not.
    """
    encounter = record_encounter(actor=actor, at=at, **met)
    if child or others:
        subject = _person(actor, at, encounter, child or Said(), is_subject=True)
        attach_person(
            actor=actor, at=at, encounter=encounter, revision=encounter.revision, person=subject
        )
        members = [(subject, GroupRole.MEMBER.value)]
        for other in others:
            met_too = _met_too(actor, at, encounter, subject, other)
            members.append((met_too, GroupRole.LEADER if other.leads else GroupRole.MEMBER))
        if travel_together and len(members) > 1:
            people.form_group(actor=actor, at=at, label=group_label, members=members)
    record(
        "intake.recorded",
        actor=actor,
        at=at,
        subject=encounter,
        data={"people": 1 + len(others) if child or others else 0},
    )
    return encounter


@action("intake.person", Permission.PERSON_WRITE)
def add_child(
    *, actor: Actor, at: datetime, encounter: Encounter, revision: int, child: Said
) -> Encounter:
    """Say afterwards who the child met is."""
    # First of all: whether somebody wrote this down already is not for everybody to know.
    policy.require_level(actor, RecordKind.ENCOUNTER, encounter.pk, Level.CASE, at=at)
    unchanged(encounter, revision)
    if encounter.person_id is not None:
        raise Refused("intake.person_known", _("Somebody has already recorded who this is."))
    subject = _person(actor, at, encounter, child, is_subject=True)
    return attach_person(actor=actor, at=at, encounter=encounter, revision=revision, person=subject)


@action("triage.to_case", Permission.CASE_OPEN)
def open_from_encounter(
    *,
    actor: Actor,
    at: datetime,
    encounter: Encounter,
    revision: int,
    organisation: Organisation,
    priority: str,
    pathway: str,
    reason: str,
    person: Person | None = None,
    manager: User | None = None,
    reporter_told: bool = False,
) -> Case:
    """At risk: decide the triage if nobody did, and open a case for one child of the encounter.

    A child of whom nothing was said yet is written down as a person without a name.
    """
    if manager is not None and manager.pk != actor.user_id:
        policy.require(actor, Permission.CASE_ASSIGN)
    policy.require_level(actor, RecordKind.ENCOUNTER, encounter.pk, Level.CASE, at=at)
    # Also where nothing is left to decide: a colleague may have opened the same case meanwhile.
    unchanged(encounter, revision)
    person = person or encounter.person
    if person is None:
        add_child(actor=actor, at=at, encounter=encounter, revision=revision, child=Said())
        person, revision = encounter.person, encounter.revision
    _found_at_risk(actor, at, encounter, revision, reporter_told)
    return open_case(
        actor=actor,
        at=at,
        person=person,
        organisation=organisation,
        priority=priority,
        pathway=pathway,
        reason=reason,
        encounter=encounter,
        manager=manager,
    )


def _person(
    actor: Actor, at: datetime, encounter: Encounter, said: Said, *, is_subject: bool = False
) -> Person:
    """A person of the encounter with everything said of them, each as a claim of their own."""
    if said.known is not None:
        person = _known(actor, at, encounter, said.known, is_subject=is_subject)
    else:
        person = people.make_person(
            actor=actor,
            at=at,
            kind=RecordKind.ENCOUNTER,
            record_id=encounter.pk,
            is_subject=is_subject,
        )
    met = localdate(encounter.happened_at)
    if any(birth.first > met for birth in said.births):
        raise Invalid({"births": AFTER_MET})
    if contradict(said.births):
        raise Invalid({"births": CONTRADICTS})
    _write_down(actor, at, person, said)
    _keep_apart(actor, at, person, said.not_same)
    return person


def _known(
    actor: Actor, at: datetime, encounter: Encounter, person_id: UUID, *, is_subject: bool
) -> Person:
    """Somebody of the register met again. Only whom the actor may see can be named so."""
    person = Person.objects.filter(pk=person_id).first()
    if person is None or not reach(actor, person_id, at=at).shows(Level.CASE):
        raise Invalid({"known": _("You do not have access to this person. Record them as new.")})
    person = landing(actor, person, at=at)
    people.appear(person, kind=RecordKind.ENCOUNTER, record_id=encounter.pk, is_subject=is_subject)
    record(
        "person.met_again",
        actor=actor,
        at=at,
        subject=person,
        data={"encounter": encounter},
    )
    return person


def _write_down(actor: Actor, at: datetime, person: Person, said: Said) -> None:
    about: dict[str, Any] = {"actor": actor, "at": at, "person": person}
    written = {name.casefold() for name in names_of_person(person)} if said.known else set()
    for name in said.names:
        if name.casefold() not in written:
            people.add_name(full=name, **about)
    for birth in said.births:
        people.state(
            attribute=Attribute.BIRTH,
            birth=(birth.first, birth.last),
            calendar=birth.calendar,
            detail=birth.words,
            **about,
        )
    if said.sex:
        people.state(attribute=Attribute.SEX, code=said.sex, **about)
    if said.citizenship:
        people.state(attribute=Attribute.CITIZENSHIP, code=said.citizenship, **about)
    for place, language in enumerate(said.languages):
        level = LanguageLevel.FIRST if place == 0 else LanguageLevel.FLUENT
        people.state(attribute=Attribute.LANGUAGE, code=language, level=level, **about)


def _keep_apart(actor: Actor, at: datetime, person: Person, others: Sequence[UUID]) -> None:
    """Those who are alike and were said to be others are not proposed again."""
    for other in Person.objects.filter(pk__in=others).exclude(pk=person.pk).order_by("pk"):
        if reach(actor, other.pk, at=at).shows(Level.CASE):
            say_distinct(actor=actor, at=at, person=person, other=other)


def _met_too(
    actor: Actor, at: datetime, encounter: Encounter, subject: Person, other: MetToo
) -> Person:
    person = _person(actor, at, encounter, other.said)
    if other.relation:
        people.relate(
            actor=actor,
            at=at,
            from_person=subject,
            to_person=person,
            kind=other.relation,
            present=other.present,
        )
    return person


def _found_at_risk(
    actor: Actor, at: datetime, encounter: Encounter, revision: int, reporter_told: bool
) -> None:
    if encounter.outcome != EncounterOutcome.AT_RISK:
        decide_triage(
            actor=actor,
            at=at,
            encounter=encounter,
            revision=revision,
            outcome=EncounterOutcome.AT_RISK,
            reporter_told=reporter_told,
        )
