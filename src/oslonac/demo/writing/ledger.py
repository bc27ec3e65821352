"""What every verb in bulk shares: whose step it is, its events, its grants, its identifiers."""

import functools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db import models

from oslonac.access.actor import holders_of
from oslonac.access.models import Grant
from oslonac.access.roles import Permission
from oslonac.access.rules import Basis, Level, Reason, RecordKind
from oslonac.audit.actions import compose
from oslonac.audit.models import Event
from oslonac.cases.models import Case
from oslonac.demo.ids import Source
from oslonac.demo.world import Staff
from oslonac.demo.writing.copying import Batch
from oslonac.people.models import Appearance, Person
from oslonac.vault.models import DataKey

R = TypeVar("R")


def verb(action: Callable[..., Any]) -> Callable[[Callable[..., R]], Callable[..., R]]:
    """The bulk twin of an action: the same permission, hence the same post in its events."""

    def wrap(method: Callable[..., R]) -> Callable[..., R]:
        @functools.wraps(method)
        def step(self: "Ledger", *records: Any, by: Staff, at: datetime, **more: Any) -> R:
            self.by, self.at = by, at
            self.permission = action.permission  # type: ignore[attr-defined]
            self.ids.at(at)
            return method(self, *records, **more)

        return step

    return wrap


class Ledger:
    """Rows of a few related children, kept in memory until `Batch.copy`."""

    by: Staff
    at: datetime
    permission: Permission

    def __init__(self, ids: Source, batch: Batch, numbers: Iterator[int]) -> None:
        self.ids = ids
        self.batch = batch
        self.numbers = numbers
        self.people: dict[UUID, Person] = {}
        self.cases: dict[UUID, Case] = {}
        self.events: dict[UUID, list[Event]] = defaultdict(list)
        self.grants: dict[UUID, list[Grant]] = defaultdict(list)
        self.appearances: set[tuple[UUID, UUID]] = set()

    def new_key(self) -> DataKey:
        key: DataKey = self.batch.add(DataKey.make())
        return key

    def event(
        self,
        name: str,
        subject: models.Model,
        *,
        case: Case | None = None,
        fields: Iterable[str] = (),
        data: Mapping[str, Any] | None = None,
    ) -> None:
        """The event that the action would record."""
        made = compose(
            name,
            permission=self.permission,
            actor=self.by.actor,
            at=self.at,
            subject=subject,
            case_id=case.pk if case is not None else None,
            fields=fields,
            data=data,
        )
        self.batch.add(made)
        if case is not None:
            self.events[case.pk].append(made)

    def appear(
        self, person: Person, kind: RecordKind, record_id: UUID, *, is_subject: bool = False
    ) -> None:
        """Once per person and record, as `people.actions.appear`."""
        if (person.pk, record_id) not in self.appearances:
            self.appearances.add((person.pk, record_id))
            self.batch.add(
                Appearance(
                    person=person, record_kind=kind, record_id=record_id, is_subject=is_subject
                )
            )

    def grant(
        self,
        kind: RecordKind,
        record_id: UUID,
        level: Level,
        reason: Reason,
        *,
        user_id: UUID | None = None,
        organisation_id: UUID | None = None,
        role: str = "",
        whereabouts: bool = False,
        until: datetime | None = None,
        acts_for: UUID | None = None,
    ) -> None:
        """To a person, or to whoever holds a role, as `access.actions`."""
        whoever = holders_of(role, organisation_id) if organisation_id else None
        row = Grant(
            record_kind=kind,
            record_id=record_id,
            principal=whoever or user_id,  # type: ignore[misc]
            grantee_id=user_id,
            organisation_id=organisation_id,
            role=role,
            level=level,
            whereabouts=whereabouts,
            reason=reason,
            basis=Basis.LEGAL_DUTY,
            acts_for=acts_for,
            given_by_id=self.by.actor.user_id,
            starts_at=self.at,
            ends_at=until,
        )
        self.grants[record_id].append(self.batch.add(row))

    def end_grants(
        self,
        record_id: UUID,
        *reasons: Reason,
        user_id: UUID | None = None,
        organisation_id: UUID | None = None,
    ) -> None:
        """As `access.actions.end_grants`."""
        for row in self.grants[record_id]:
            running = row.ends_at is None or row.ends_at > self.at
            if not running or row.reason not in reasons:
                continue
            if user_id is not None and row.grantee_id != user_id:
                continue
            if organisation_id is not None and row.organisation_id != organisation_id:
                continue
            row.ends_at, row.ended_by_id = self.at, self.by.actor.user_id

    def has_grant(self, record_id: UUID, user_id: UUID) -> bool:
        return any(
            row.principal == user_id
            and row.starts_at <= self.at
            and (row.ends_at is None or row.ends_at > self.at)
            for row in self.grants[record_id]
        )
