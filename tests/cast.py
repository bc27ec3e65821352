"""The one fictional cast of all tests: the same people, offices and children everywhere.

Belongs here: making users with posts, children and cases through the real actions. Does not:
assertions, and anything that only one test needs.
"""

import itertools
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.test import Client

from oslonac.access.actor import SYSTEM, Actor
from oslonac.access.roles import Role
from oslonac.accounts import actions as accounts
from oslonac.accounts.models import User
from oslonac.accounts.queries import actor_for
from oslonac.cases import actions as cases
from oslonac.cases.models import Case, Encounter
from oslonac.directory.models import Organisation
from oslonac.encounters import actions as encounters
from oslonac.kit.clock import local_day
from oslonac.people import actions as people
from oslonac.people.models import Person

_serial = itertools.count(1)
# A Tuesday at 10:00 in Belgrade, away from holidays and clock changes.
NOON = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)


def today(at: datetime | None = None) -> date:
    """The day in the country of the pack, which is not always that of UTC."""
    return local_day(at or datetime.now(UTC))


@dataclass(frozen=True)
class Member:
    """Somebody of the cast, with the actor that they are."""

    user: User
    organisation: Organisation
    role: Role

    def actor(self, at: datetime | None = None) -> Actor:
        return actor_for(self.user, at=at or datetime.now(UTC))

    def client(self) -> Client:
        """A test client signed in as this person."""
        client = Client()
        client.force_login(self.user, backend="oslonac.accounts.backends.LoginName")
        return client


def member(name: str, role: Role, office: str = "csw-vranje", since: int = 400) -> Member:
    """A user with one post, held for `since` days. `office` is the code of an organisation."""
    at = datetime.now(UTC)
    organisation = Organisation.objects.get(code=office)
    user = accounts.make_user(
        actor=SYSTEM, at=at, login=f"{name.split()[0].lower()}-{next(_serial)}", name=name
    )
    starts_on = today(min(at, NOON)) - timedelta(days=since)
    accounts.give_membership(
        actor=SYSTEM,
        at=at,
        user=user,
        organisation_id=organisation.pk,
        role=role,
        starts_on=starts_on,
    )
    return Member(user, organisation, role)


def ana() -> Member:
    return member("Ana Kostić", Role.CASE_MANAGER)


def dragan() -> Member:
    return member("Dragan Savić", Role.SUPERVISOR)


def teodora() -> Member:
    return member("Teodora Ilić", Role.FIELD_WORKER)


def milan() -> Member:
    return member("Milan Petrov", Role.GUARDIAN)


def jelena() -> Member:
    """Head of another centre."""
    return member("Jelena Marić", Role.HEAD, "csw-nis")


def encounter(by: Member, *, at: datetime, **more: Any) -> Encounter:
    """A boy met alone at night; override anything."""
    values: dict[str, Any] = {
        "happened_at": at,
        "responsible": Organisation.objects.get(code="csw-vranje"),
        "reported_by": "police",
        "present": ["nobody"],
        "narrative": "Sedeo je kraj puta, promrzao.",
    }
    return encounters.record_encounter(actor=by.actor(at), at=at, **(values | more))


def child(by: Member, met: Encounter, *, at: datetime, name: str = "Farid Rahimi") -> Person:
    """The child of an encounter, with a name and a year of birth as said."""
    actor = by.actor(at)
    person = people.make_person(
        actor=actor, at=at, kind="encounter", record_id=met.pk, is_subject=True
    )
    met.refresh_from_db()
    encounters.attach_person(
        actor=actor, at=at, encounter=met, revision=met.revision, person=person
    )
    people.add_name(actor=actor, at=at, person=person, full=name)
    people.state(
        actor=actor,
        at=at,
        person=person,
        attribute="birth",
        birth=people.birth_interval("solar_hijri", 1389, None, None),
        calendar="solar_hijri",
    )
    person.refresh_from_db()
    met.refresh_from_db()
    return person


def case(field_worker: Member, manager: Member | None = None, *, at: datetime, **more: Any) -> Case:
    """An open case of an unaccompanied boy in Vranje."""
    met = encounter(field_worker, at=at, **more.pop("encounter", {}))
    person = child(field_worker, met, at=at)
    actor = field_worker.actor(at)
    encounters.decide_triage(
        actor=actor, at=at, encounter=met, revision=met.revision, outcome="at_risk"
    )
    values: dict[str, Any] = {
        "priority": "urgent",
        "reason": "Sam, bez odrasle osobe.",
        "organisation": Organisation.objects.get(code="csw-vranje"),
        "manager": manager.user if manager else None,
    }
    return cases.open_case(actor=actor, at=at, person=person, encounter=met, **(values | more))
