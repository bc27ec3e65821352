"""Procedures of a case: what may be done, what must wait, steps done, clocks, versions."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from ninja import Router
from pydantic import Field

from oslonac.access.roles import Permission
from oslonac.audit.models import Event
from oslonac.cases import actions, queries
from oslonac.cases.api.base import find, values
from oslonac.cases.duties import moving
from oslonac.cases.models import Case, Decision
from oslonac.cases.situation import Standing, has_own_form, situation
from oslonac.kit.calendars import Unit
from oslonac.kit.errors import Hidden
from oslonac.protocols import catalogue, editions
from oslonac.protocols.models import Obligation
from oslonac.web.api import (
    ApiRequest,
    Id,
    In,
    Moment,
    Narrative,
    Out,
    Revision,
    operation,
    perform,
)

router = Router(tags=["Procedures"])
Reason = Annotated[Narrative, Field(min_length=1, description="With whose authority it is done.")]


class EditionOut(Out):
    """A procedure in the version the case runs on."""

    protocol: str
    version: str
    title: str
    current: bool = Field(description="False: new cases begin on a later one.")


class MoveOut(Out):
    """Something that may be done now, or must wait."""

    activity: str
    title: str
    protocol: str
    subject: str | None = Field(description="What it is about, such as a placement.")
    role: str
    step: str = Field(description="The form that fulfils it; empty: recorded with its evidence.")
    missing: str = Field(description="What has to happen first; empty when it may be done.")


class ProceduresOut(Out):
    """Where a case stands in its procedures. What is owed: the obligations of the case."""

    at: datetime
    versions: list[EditionOut]
    possible: list[MoveOut]
    blocked: list[MoveOut]


class ChangeOut(Out):
    """One difference that moving to the current versions makes."""

    protocol: str
    kind: str = Field(
        description="added, removed, due, standing, responsible, ground, possible or blocked"
    )
    activity: str
    title: str
    subject: str | None
    before: str
    after: str


class DecidedOut(Out):
    """A recorded decision on the procedures of a case."""

    id: UUID
    kind: str
    activity: str
    decided_at: datetime
    overridden: list[str] = Field(
        default=[], description="Steps that were open when this one was done all the same."
    )


class StepIn(In):
    activity: Annotated[str, Field(min_length=1, max_length=60)]
    subject: Annotated[str, Field(max_length=60)] = ""
    happened_at: Moment
    evidence: Annotated[Narrative, Field(min_length=1)]
    outcome: Annotated[
        str,
        Field(max_length=35, description="How else it ended: an outcome that the procedure names."),
    ] = ""
    all_the_same: Annotated[
        bool, Field(description="It was done though the procedure says that it must wait.")
    ] = False


class ReasonIn(In):
    reason: Reason


class ExtensionIn(In):
    reason: Reason
    amount: Annotated[int, Field(ge=1)] | None = None
    unit: Unit | None = None
    until: Annotated[date | None, Field(description="A new last day, instead of an amount.")] = None


class MoveIn(In):
    revision: Revision
    reason: Reason


def decided_out(row: Decision) -> DecidedOut:
    event = Event.objects.filter(record_id=row.pk, name=queries.STEP_DONE).first()
    return DecidedOut(
        id=row.pk,
        kind=row.kind,
        activity=row.code,
        decided_at=row.decided_at,
        overridden=event.data.get("overridden", []) if event else [],
    )


@operation(router, "GET", "/cases/{case_id}/procedures", Permission.CASE_READ)
def get_procedures(request: ApiRequest, case_id: Id) -> ProceduresOut:
    """Tells the versions a case runs on, what may be done now, and what must wait for what."""
    case = find(request, case_id)
    found = situation(case, request.at)
    return ProceduresOut(
        at=request.at,
        versions=_versions(case),
        possible=_moves(found.possible()),
        blocked=_moves(found.blocked()),
    )


def _versions(case: Case) -> list[EditionOut]:
    current = set(editions.current().editions)
    return [
        EditionOut(
            protocol=row.protocol,
            version=row.version,
            title=catalogue.in_language(editions.protocol_of(row.pk).title),
            current=row.pk in current,
        )
        for row in editions.editions_of(case.procedures_id)
    ]


def _moves(found: Sequence[Standing]) -> list[MoveOut]:
    return [
        MoveOut(
            activity=each.step.id,
            title=catalogue.in_language(each.step.title),
            protocol=each.protocol.id,
            subject=each.subject or None,
            role=each.step.who,
            step=each.step.form if has_own_form(each.step) else "",
            missing=catalogue.missing(each.missing),
        )
        for each in found
    ]


@operation(router, "GET", "/cases/{case_id}/procedures/changes", Permission.CASE_READ)
def list_version_changes(request: ApiRequest, case_id: Id) -> list[ChangeOut]:
    """Lists what moving the case to the current versions of its procedures would change."""
    return [
        ChangeOut(
            protocol=move.protocol,
            kind=change.kind.value,
            activity=change.activity,
            title=catalogue.title(change.activity),
            subject=change.subject or None,
            before=change.before,
            after=change.after,
        )
        for move in moving.moves(find(request, case_id), request.at)
        for change in move.changes
    ]


@operation(router, "POST", "/cases/{case_id}/procedures/move", actions.move_procedures)
def move_procedures(request: ApiRequest, case_id: Id, body: MoveIn) -> DecidedOut:
    """Moves the case to the current versions of its procedures, with the reasons."""
    case = find(request, case_id)
    return decided_out(perform(request, actions.move_procedures, case=case, **values(body)))


@operation(router, "POST", "/cases/{case_id}/steps", actions.record_step, status=201)
def record_step(request: ApiRequest, case_id: Id, body: StepIn) -> DecidedOut:
    """Records that a step without a form of its own was done, with what shows it."""
    return decided_out(
        perform(request, actions.record_step, case=find(request, case_id), **values(body))
    )


@operation(
    router, "POST", "/cases/{case_id}/obligations/{obligation_id}/suspension", actions.suspend_clock
)
def suspend_clock(
    request: ApiRequest, case_id: Id, obligation_id: Id, body: ReasonIn
) -> DecidedOut:
    """Stops the clock of an obligation; as much time is left when it is restarted."""
    case, obligation = _clock(request, case_id, obligation_id)
    return decided_out(
        perform(
            request, actions.suspend_clock, case=case, obligation=obligation, reason=body.reason
        )
    )


@operation(
    router, "POST", "/cases/{case_id}/obligations/{obligation_id}/resumption", actions.resume_clock
)
def resume_clock(request: ApiRequest, case_id: Id, obligation_id: Id, body: ReasonIn) -> DecidedOut:
    """Restarts a stopped clock."""
    case, obligation = _clock(request, case_id, obligation_id)
    return decided_out(
        perform(request, actions.resume_clock, case=case, obligation=obligation, reason=body.reason)
    )


@operation(
    router, "POST", "/cases/{case_id}/obligations/{obligation_id}/extension", actions.extend_clock
)
def extend_clock(
    request: ApiRequest, case_id: Id, obligation_id: Id, body: ExtensionIn
) -> DecidedOut:
    """Gives an obligation more time: an amount on top, or a new last day."""
    case, obligation = _clock(request, case_id, obligation_id)
    more = values(body) | {"unit": body.unit.value if body.unit else ""}
    return decided_out(
        perform(request, actions.extend_clock, case=case, obligation=obligation, **more)
    )


def _clock(request: ApiRequest, case_id: UUID, obligation_id: UUID) -> tuple[Case, Obligation]:
    case = find(request, case_id)
    found = Obligation.objects.filter(case_id=case.pk, pk=obligation_id).first()
    if found is None:
        raise Hidden("obligation", obligation_id)
    return case, found
