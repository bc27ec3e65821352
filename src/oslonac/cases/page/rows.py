"""Everything the case page shows of one case, read in few queries, decrypted as far as allowed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from oslonac.access.actor import Actor
from oslonac.access.models import Block, Grant
from oslonac.access.opening import shown
from oslonac.access.roles import codes_of
from oslonac.access.rules import Level, Scope
from oslonac.accounts.queries import memberships_in_force, names_of
from oslonac.audit.actions import record_read
from oslonac.audit.models import Event
from oslonac.cases import queries
from oslonac.cases.extensions import Given, Panel
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
from oslonac.cases.page import reading
from oslonac.cases.page.reading import EVERYTHING, Needs
from oslonac.cases.trust import blocks
from oslonac.people.queries import Dossier, closed_to, dossier
from oslonac.protocols.models import Obligation
from oslonac.vault.sealing import open_many


@dataclass
class CaseFile:
    """One case for one reader. `texts` holds only what the reader may see; lists that the tab
    does not need are empty."""

    actor: Actor
    at: datetime
    case: Case
    dossier: Dossier
    concerns: list[Concern] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    transfers: list[Transfer] = field(default_factory=list)
    assessments: list[Assessment] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)
    goals: list[Goal] = field(default_factory=list)
    activities: list[Activity] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    duties: list[Obligation] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    grants: list[Grant] = field(default_factory=list)
    consents: list[Consent] = field(default_factory=list)
    emergencies: list[Emergency] = field(default_factory=list)
    own_requests: list[OwnRequest] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    # Mutes and reminders, and what panels of rooms above read, as they came.
    rows: dict[str, list[Any]] = field(default_factory=dict)
    texts: dict[UUID, dict[str, str]] = field(default_factory=dict)
    names: dict[UUID, str] = field(default_factory=dict)
    holders: dict[UUID, list[UUID]] = field(default_factory=dict)
    # Whom of those with a grant the blocks keep away, and from what.
    kept: dict[UUID, Scope] = field(default_factory=dict)

    def shows(self, level: Level) -> bool:
        return queries.shows(self.case, level)

    def given(self, panel: Panel) -> Given:
        """What was read for a panel of a room above."""
        return Given(reading.given(self.rows, panel), self.names)

    def text(self, row: Any, name: str) -> str:
        return self.texts.get(row.pk, {}).get(name, "")

    def name(self, user_id: UUID | None) -> str:
        return self.names.get(user_id, "") if user_id else ""


# Parts that fill a list of the file of the same name.
OWN = frozenset(CaseFile.__dataclass_fields__) & frozenset(reading.PARTS)


def load(
    actor: Actor,
    case: Case,
    *,
    at: datetime,
    needs: Needs = EVERYTHING,
    panels: tuple[Panel, ...] = (),
) -> CaseFile:
    """The file of a case that `queries.case` returned, for a reader who reaches level CASE: as
    much of it as a tab and the panels on it need."""
    if not case.reach.whereabouts or not case.reach.shows(Level.IDENTITY):
        needs |= Needs(known=frozenset({"grants"}))  # on what the reader's access rests
    rows = reading.read(case, needs, panels, at=at)
    around = {n.partition(".")[2]: found for n, found in rows.items() if n.startswith("person.")}
    others = around.get("relations") or around.get("members")
    file = CaseFile(
        actor=actor,
        at=at,
        case=case,
        dossier=dossier(
            case.person, case.reach, set(closed_to(actor, at=at)) if others else (), around
        ),
        rows=rows,
    )
    for name in OWN & rows.keys():
        setattr(file, name, rows[name])
    if case.reach.kept_off:
        file.events = [event for event in file.events if event.name not in blocks.UNTOLD]
    _sort(file)
    _link_goals(file)
    _open(file, needs)
    _name(file)
    _note_read(file)
    return file


def _link_goals(file: CaseFile) -> None:
    """Whether a goal may be changed depends on its plan, which was read with it."""
    plans = {plan.pk: plan for plan in file.plans}
    for plan in file.plans:
        plan.case = file.case
    for goal in file.goals:
        if goal.plan_id in plans:
            goal.plan = plans[goal.plan_id]


def _sort(file: CaseFile) -> None:
    """Latest first; what has a date of its own, by that date. Few rows, so not the database."""
    file.events.sort(key=lambda row: (row.at, row.pk))
    file.blocks.sort(key=lambda row: (row.starts_at, row.pk), reverse=True)
    file.grants = queries.nearest_first(file.grants)
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


def _open(file: CaseFile, needs: Needs) -> None:
    """Narratives with their level; of one's own tasks at least what is to be done."""
    keys = {file.case.key_id: file.case.key}
    if file.shows(Level.NARRATIVE):
        for name, rows in _sealed_rows(file).items():
            if name in needs.shown:  # of the others the texts were not read
                file.texts |= shown(rows, file.case.reach, keys=keys)
        return
    tasks: list[Any] = [*file.activities, *file.promises]
    own = [row for row in tasks if row.owner_id == file.actor.user_id]
    if own:
        file.texts |= open_many(own, "what", keys=keys)


def _sealed_rows(file: CaseFile) -> dict[str, list[Any]]:
    return {
        "concerns": file.concerns,
        "decisions": file.decisions,
        "transfers": file.transfers,
        "assessments": file.assessments,
        "plans": file.plans,
        "goals": file.goals,
        "activities": file.activities,
        "promises": file.promises,
        "contacts": file.contacts,
        "reviews": file.reviews,
        "consents": file.consents,
        "emergencies": file.emergencies,
        "own_requests": file.own_requests,
    }


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
    "guardian_id",
    "added_by_id",
    "removed_by_id",
)


def _name(file: CaseFile) -> None:
    """Names of all staff on the page, in one go."""
    ids: set[UUID] = set()
    stated = [line.statement for line in file.dossier.statements]
    for rows in (*file.rows.values(), stated, [file.case]):
        for row in rows:
            ids |= {value for attr in STAFF if (value := row.__dict__.get(attr))}
    if file.rows.get("blocks") is not None:  # the tab that says who may see
        file.holders = _holders(file.grants, file.at)
        for held in file.holders.values():
            ids |= set(held)
        file.kept = blocks.kept(file.blocks, ids, at=file.at)
    file.names = names_of(ids)


def _holders(grants: Sequence[Grant], at: datetime) -> dict[UUID, list[UUID]]:
    """Who holds the roles that grants name, by principal."""
    posts = [
        (g.principal, g.organisation_id, codes_of(g.role)) for g in grants if g.organisation_id
    ]
    wanted = Q(pk__in=[])
    for _principal, office, codes in posts:
        wanted |= Q(organisation_id=office, role__in=codes)
    rows = memberships_in_force(at).filter(wanted).order_by("starts_on", "pk")
    held = list(rows.values_list("organisation_id", "role", "user_id"))
    return {
        principal: [who for where, code, who in held if where == office and code in codes]
        for principal, office, codes in posts
    }


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
