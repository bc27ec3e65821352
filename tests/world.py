"""A small world in which everything exists at least once, and what a reach shows of its rows.

`expected` is written against the words of `access.rules` and the pages, not against the
declarations of the models: it is what the policies of the database are compared with.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models

from oslonac.access import policy
from oslonac.access.actor import Actor
from oslonac.access.roles import Permission
from oslonac.access.rules import Level, Reach
from oslonac.people import queries as people

Rule = Callable[["Eyes", Any], bool]


@dataclass
class Eyes:
    """What an actor reaches at a moment, by the Python scopes; asked once an id."""

    actor: Actor
    at: datetime
    _records: dict[UUID, Reach] = field(default_factory=dict)
    _people: dict[UUID, Reach] = field(default_factory=dict)

    def record(self, pk: UUID | None) -> Reach:
        if pk is None:
            return Reach()
        if pk not in self._records:
            self._records[pk] = policy.reach(self.actor, pk, at=self.at)
        return self._records[pk]

    def person(self, pk: UUID) -> Reach:
        if pk not in self._people:
            self._people[pk] = people.reach(self.actor, pk, at=self.at)
        return self._people[pk]

    def closed(self, *records: UUID | None) -> bool:
        """Whether a block closes one of these records to the actor."""
        return bool(set(policy.closed_to(self.actor, at=self.at)) & set(records))

    def checks(self) -> bool:
        return Permission.LEDGER_READ in self.actor.permissions


def _case(path: str = "case_id") -> Rule:
    def shown(eyes: Eyes, row: Any) -> bool:
        found: Any = row
        for name in path.split("."):
            found = getattr(found, name)
        return eyes.record(found).shows(Level.CASE)

    return shown


def _statement(eyes: Eyes, row: Any) -> bool:
    reach = eyes.person(row.person_id)
    if row.attribute == "address" and not reach.whereabouts:
        return False
    identifying = row.attribute in ("document", "phone", "address")
    return reach.shows(Level.IDENTITY if identifying else Level.CASE)


def _key(eyes: Eyes, row: Any) -> bool:
    """Keys of colleagues are shown to colleagues, others from level CASE of what they seal."""
    get = apps.get_model
    if get("accounts.User").objects.filter(key=row).exists():
        return True
    if any(
        eyes.record(pk).shows(Level.CASE)
        for pk in get("cases.Encounter").objects.filter(key=row).values_list("pk", flat=True)
    ):
        return True
    persons = get("people.Person").objects.filter(key=row).values_list("pk", flat=True)
    if any(eyes.person(pk).shows(Level.CASE) for pk in persons):
        return True
    for asked in get("signals.Signal").objects.filter(key=row):
        parts = asked.people.values_list("person_id", flat=True)
        if all(eyes.person(pk).shows(Level.IDENTITY) for pk in parts):
            return True
    members = get("people.GroupMember").objects.filter(group__key=row)
    return any(eyes.person(each.person_id).shows(Level.CASE) for each in members)


EXPECTED: dict[str, Rule] = {
    "access.Grant": lambda eyes, row: (
        bool(eyes.record(row.record_id).level)
        or (
            (row.principal in eyes.actor.principals or eyes.checks())
            and not eyes.closed(row.record_id)
        )
    ),
    "access.Block": lambda eyes, row: (
        eyes.record(row.record_id).shows(Level.CASE)
        or row.principal in eyes.actor.principals
        or eyes.checks()
    ),
    "access.Tie": lambda eyes, row: row.user_id == eyes.actor.user_id or eyes.checks(),
    "audit.Event": lambda eyes, row: (
        (
            eyes.record(row.case_id).shows(Level.CASE)
            or eyes.record(row.record_id).shows(Level.CASE)
            or row.actor_id == eyes.actor.user_id
            or eyes.checks()
        )
        and not eyes.closed(row.case_id, row.record_id)
    ),
    "audit.Answered": lambda eyes, row: row.actor_id == eyes.actor.user_id,
    "notices.Notice": lambda eyes, row: row.user_id == eyes.actor.user_id,
    "protocols.Obligation": lambda eyes, row: (
        eyes.record(row.case_id).shows(Level.CASE) or row.principal in eyes.actor.principals
    ),
    "protocols.Reminder": _case(),
    "protocols.Mute": _case(),
    "people.Appearance": lambda eyes, row: bool(eyes.record(row.record_id).level),
    "people.Person": lambda eyes, row: bool(eyes.person(row.pk).level),
    "people.PersonName": lambda eyes, row: eyes.person(row.person_id).shows(Level.IDENTITY),
    "people.Statement": _statement,
    "people.Relation": lambda eyes, row: (
        eyes.person(row.from_person_id).shows(Level.CASE)
        and eyes.person(row.to_person_id).shows(Level.CASE)
    ),
    "people.GroupMember": lambda eyes, row: bool(eyes.person(row.person_id).level),
    "duplicates.Pair": lambda eyes, row: (
        eyes.person(row.one_id).shows(Level.IDENTITY)
        and eyes.person(row.other_id).shows(Level.IDENTITY)
    ),
    "duplicates.Remark": lambda eyes, row: (
        eyes.person(row.pair.one_id).shows(Level.IDENTITY)
        and eyes.person(row.pair.other_id).shows(Level.IDENTITY)
    ),
    "duplicates.Looked": lambda eyes, row: bool(eyes.person(row.person_id).level),
    "signals.Signal": lambda eyes, row: all(
        eyes.person(pk).shows(Level.IDENTITY)
        for pk in row.people.values_list("person_id", flat=True)
    ),
    "signals.Part": lambda eyes, row: all(
        eyes.person(pk).shows(Level.IDENTITY)
        for pk in row.signal.people.values_list("person_id", flat=True)
    ),
    "signals.PhoneMark": lambda eyes, row: eyes.person(row.person_id).shows(Level.IDENTITY),
    "people.Merge": lambda eyes, row: (
        bool(eyes.person(row.survivor_id).level) and bool(eyes.person(row.merged_id).level)
    ),
    "people.TravelGroup": lambda eyes, row: any(
        eyes.person(pk).level for pk in row.members.values_list("person_id", flat=True)
    ),
    "matching.Entry": lambda eyes, row: eyes.person(row.person_id).shows(Level.IDENTITY),
    "cases.Encounter": lambda eyes, row: bool(eyes.record(row.pk).level),
    "cases.Case": lambda eyes, row: bool(eyes.record(row.pk).level),
    "matching.Distinct": lambda eyes, row: (
        bool(eyes.person(row.one_id).level) and bool(eyes.person(row.other_id).level)
    ),
    "documents.Document": lambda eyes, row: (
        eyes.record(row.case_id).shows(Level.IDENTITY)
        and (not row.tells_where or eyes.record(row.case_id).whereabouts)
    ),
    "tracing.TracingRequest": lambda eyes, row: bool(eyes.record(row.pk).level),
    "tracing.Trace": lambda eyes, row: eyes.record(row.request_id).shows(Level.IDENTITY),
    "tracing.Candidate": lambda eyes, row: (
        eyes.record(row.trace.request_id).shows(Level.IDENTITY)
        or eyes.record(row.case_id).shows(Level.IDENTITY)
    ),
    "retention.Disposal": lambda eyes, row: (
        (
            eyes.record(row.case_id).shows(Level.CASE)
            or eyes.checks()
            or (
                Permission.RETENTION_READ in eyes.actor.permissions
                and row.organisation_id in eyes.actor.organisation_ids
            )
        )
        and not eyes.closed(row.case_id)
    ),
    "exchange.Export": lambda eyes, row: (
        eyes.record(row.case_id).shows(Level.CASE) or row.made_by_id == eyes.actor.user_id
    ),
    "cases.Emergency": lambda eyes, row: (
        eyes.record(row.case_id).shows(Level.CASE)
        or ((row.user_id == eyes.actor.user_id or eyes.checks()) and not eyes.closed(row.case_id))
    ),
    "placements.Placement": lambda eyes, row: (
        eyes.record(row.case_id).shows(Level.CASE)
        and eyes.record(row.case_id).tells_where(row.case.whereabouts_restricted)
    ),
    "audit.Unusual": lambda eyes, row: eyes.checks(),
    "cases.Goal": _case("plan.case_id"),
    "cases.Activity": _case("goal.plan.case_id"),
    "vault.DataKey": _key,
}


def expected(model: type[models.Model], eyes: Eyes) -> set[str]:
    """Primary keys of the rows this actor may see. Call with the system's sight."""
    rule = EXPECTED.get(model._meta.label) or _case()
    return {str(row.pk) for row in model._default_manager.all() if rule(eyes, row)}
