"""Everything the case page shows of one case, read in few queries, opened as far as allowed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from oslonac.access.actor import Actor, holders_of
from oslonac.access.models import Block, Grant
from oslonac.access.opening import shown
from oslonac.access.rules import Level, Scope
from oslonac.accounts.queries import memberships_in_force, names_of
from oslonac.audit.actions import record_read
from oslonac.audit.models import Event
from oslonac.cases import blocks, queries
from oslonac.cases.models import (
    Activity,
    Assessment,
    Case,
    Concern,
    Consent,
    Contact,
    Decision,
    Emergency,
    Goal,
    OwnRequest,
    Plan,
    Promise,
    Review,
    Transfer,
)
from oslonac.people.queries import Dossier, dossier
from oslonac.protocols.models import Obligation
from oslonac.vault.sealing import open_many


@dataclass
class CaseFile:
    """One case for one reader. `texts` holds only what the reader may see."""

    actor: Actor
    at: datetime
    case: Case
    concerns: list[Concern]
    decisions: list[Decision]
    transfers: list[Transfer]
    assessments: list[Assessment]
    plans: list[Plan]
    goals: list[Goal]
    activities: list[Activity]
    promises: list[Promise]
    contacts: list[Contact]
    reviews: list[Review]
    duties: list[Obligation]
    events: list[Event]
    grants: list[Grant]
    consents: list[Consent]
    emergencies: list[Emergency]
    own_requests: list[OwnRequest]
    blocks: list[Block]
    dossier: Dossier
    texts: dict[UUID, dict[str, str]] = field(default_factory=dict)
    names: dict[UUID, str] = field(default_factory=dict)
    holders: dict[UUID, list[UUID]] = field(default_factory=dict)
    # Whom of those with a grant the blocks keep away, and from what.
    kept: dict[UUID, Scope] = field(default_factory=dict)

    def shows(self, level: Level) -> bool:
        return queries.shows(self.case, level)

    def text(self, row: Any, name: str) -> str:
        return self.texts.get(row.pk, {}).get(name, "")

    def name(self, user_id: UUID | None) -> str:
        return self.names.get(user_id, "") if user_id else ""


def load(actor: Actor, case: Case, *, at: datetime) -> CaseFile:
    """The file of a case that `queries.case` returned, for a reader who reaches level CASE."""
    events = queries.events_of(case.pk)
    if case.reach.kept_off:
        events = [event for event in events if event.name not in blocks.UNTOLD]
    happened = {event.name for event in events}

    def rows(name: str, found: QuerySet[Any]) -> list[Any]:
        # Every write leaves an event in its transaction: without one there is nothing to read.
        return list(found) if name in happened else []

    activities = Activity.objects.filter(goal__plan__case=case).select_related("owner_organisation")
    on_record, closed = blocks.around(actor, case.pk, at=at)
    file = CaseFile(
        actor=actor,
        at=at,
        case=case,
        concerns=rows("concern.raised", case.concerns.select_related("notified_body")),
        decisions=list(case.decisions.all()),
        transfers=rows(
            "transfer.proposed", case.transfers.select_related("sender", "receiver", "arbiter")
        ),
        assessments=rows("assessment.begun", case.assessments.all()),
        plans=rows("plan.drafted", case.plans.all()),
        goals=rows("goal.added", Goal.objects.filter(plan__case=case)),
        activities=rows("activity.planned", activities),
        promises=rows("promise.made", case.promises.all()),
        contacts=rows("contact.made", case.contacts.all()),
        reviews=rows("plan.reviewed", case.reviews.all()),
        duties=list(Obligation.objects.filter(case_id=case.pk)),
        events=events,
        grants=queries.grants_on(case.pk, at=at),
        consents=rows("consent.recorded", case.consents.select_related("receiver")),
        emergencies=rows("emergency.opened", case.emergencies.select_related("organisation")),
        own_requests=rows("own_request.made", case.own_requests.all()),
        blocks=on_record,
        dossier=dossier(case.person, case.reach, closed),
    )
    _sort(file)
    _open(file)
    _name(file)
    _note_read(file)
    return file


def _sort(file: CaseFile) -> None:
    """Latest first; what has a date of its own, by that date. Few rows, so not the database."""
    file.concerns.sort(key=lambda row: row.raised_at, reverse=True)
    file.decisions.sort(key=lambda row: row.decided_at, reverse=True)
    file.transfers.sort(key=lambda row: row.proposed_at, reverse=True)
    file.assessments.sort(key=lambda row: row.begun_at, reverse=True)
    file.plans.sort(key=lambda row: row.made_at, reverse=True)
    file.goals.sort(key=lambda row: row.pk)
    file.activities.sort(key=lambda row: (row.due_on, row.pk))
    file.promises.sort(key=lambda row: (row.due_on, row.pk))
    file.contacts.sort(key=lambda row: row.happened_at, reverse=True)
    file.reviews.sort(key=lambda row: row.happened_at, reverse=True)
    file.consents.sort(key=lambda row: row.given_at, reverse=True)
    file.emergencies.sort(key=lambda row: row.opened_at, reverse=True)
    file.own_requests.sort(key=lambda row: row.asked_at, reverse=True)


def _open(file: CaseFile) -> None:
    """Narratives with their level; of one's own tasks at least what is to be done."""
    keys = {file.case.key_id: file.case.key}
    if file.shows(Level.NARRATIVE):
        for rows in _sealed_rows(file):
            file.texts |= shown(rows, file.case.reach, keys=keys)
        return
    tasks: list[Any] = [*file.activities, *file.promises]
    own = [row for row in tasks if row.owner_id == file.actor.user_id]
    if own:
        file.texts |= open_many(own, "what", keys=keys)


def _sealed_rows(file: CaseFile) -> Sequence[list[Any]]:
    return (
        file.concerns,
        file.decisions,
        file.transfers,
        file.assessments,
        file.plans,
        file.goals,
        file.activities,
        file.promises,
        file.contacts,
        file.reviews,
        file.consents,
        file.emergencies,
        file.own_requests,
    )


STAFF = (
    "actor_id",
    "by_id",
    "decided_by_id",
    "answered_by_id",
    "raised_by_id",
    "begun_by_id",
    "completed_by_id",
    "made_by_id",
    "owner_id",
    "proposed_by_id",
    "grantee_id",
    "user_id",
    "manager_id",
    "recorded_by_id",
    "written_by_id",
    "given_by_id",
    "withdrawal_recorded_by_id",
    "reviewed_by_id",
)


def _name(file: CaseFile) -> None:
    """Names of all staff on the page, in one go."""
    ids: set[UUID] = set()
    stated = [line.statement for line in file.dossier.statements]
    groups = (
        *_sealed_rows(file),
        file.duties,
        file.events,
        file.grants,
        file.blocks,
        [file.case],
        stated,
    )
    for rows in groups:
        for row in rows:
            ids |= {value for attr in STAFF if (value := row.__dict__.get(attr))}
    file.holders = _holders(file.grants, file.at)
    for held in file.holders.values():
        ids |= set(held)
    file.kept = blocks.kept(file.blocks, ids, at=file.at)
    file.names = names_of(ids)


def _holders(grants: Sequence[Grant], at: datetime) -> dict[UUID, list[UUID]]:
    """Who holds the roles that grants name, by principal."""
    wanted = Q(pk__in=[])
    for grant in grants:
        if grant.organisation_id:
            wanted |= Q(organisation_id=grant.organisation_id, role=grant.role)
    found: dict[UUID, list[UUID]] = {}
    rows = memberships_in_force(at).filter(wanted).order_by("starts_on", "pk")
    for organisation_id, role, user_id in rows.values_list("organisation_id", "role", "user_id"):
        found.setdefault(holders_of(role, organisation_id), []).append(user_id)
    return found


def _note_read(file: CaseFile) -> None:
    """One event for everything sealed that this page shows."""
    fields = {name for texts in file.texts.values() for name, text in texts.items() if text}
    if file.shows(Level.IDENTITY):
        fields |= {"names"}
    if file.dossier.statements and file.shows(Level.NARRATIVE):
        fields |= {"statements"}
    if fields:
        record_read(
            actor=file.actor,
            at=file.at,
            subject=file.case,
            fields=sorted(fields),
            case_id=file.case.pk,
        )
