"""Operations on exports: the list, and making one, encrypted for its receiver."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import StreamingHttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import Field

from oslonac.access.roles import Permission
from oslonac.access.rules import Level
from oslonac.cases.api.base import disclosure, find
from oslonac.cases.models import Case
from oslonac.exchange import actions, making, queries
from oslonac.exchange.models import Export
from oslonac.exchange.rules import Form, Kind, Purpose
from oslonac.kit.errors import Denied, Invalid, NotFresh
from oslonac.web.api import (
    ApiRequest,
    Day,
    Id,
    In,
    Line,
    Narrative,
    Out,
    Page,
    PageIn,
    StaffRef,
    operation,
    paged,
    staff,
)

router = Router(tags=["Exports"])


class ExportOut(Out):
    """Something that was taken out: what, for whom, why. The file itself is kept nowhere."""

    id: UUID
    kind: Kind
    case: UUID | None
    purpose: Purpose
    form: Form
    receiver: str | None = Field(description="Null where the case is not open any more.")
    note: str | None
    recipient: str = Field(description="The age key that it was sealed to.")
    parts: int = Field(description="Files in it.")
    rows: int = Field(description="Cases or events that it is about.")
    made_by: StaffRef | None
    made_at: datetime


class ExportIn(In):
    purpose: Purpose
    receiver: Annotated[
        Line, Field(min_length=1, max_length=200, description="Body, person, number of request.")
    ]
    note: Narrative = ""
    form: Form
    recipient: Annotated[
        str, Field(max_length=100, description="For `age`: the receiver's public key.")
    ] = ""
    password: Annotated[
        str, Field(max_length=200, description="For `zip`: at least 14 characters. Never kept.")
    ] = ""


class LedgerExportIn(ExportIn):
    since: Day
    until: Annotated[Day, Field(description="This day included.")]


def exports_out(request: ApiRequest, rows: Iterable[Export]) -> list[ExportOut]:
    listed = list(rows)
    texts = queries.texts_of(request.actor, listed, at=request.at)
    people = staff(row.made_by_id for row in listed)
    return [
        ExportOut(
            id=row.pk,
            kind=Kind(row.kind),
            case=row.case_id,
            purpose=Purpose(row.purpose),
            form=Form(row.form),
            recipient=row.recipient,
            parts=row.parts,
            rows=row.rows,
            made_by=people.get(row.made_by_id),
            made_at=row.made_at,
            **texts[row.pk],
        )
        for row in listed
    ]


def _send(request: ApiRequest, kind: Kind, case: Case | None, body: ExportIn) -> Any:
    """Whoever must prove again who they are is told before anything is put together."""
    actions.require_export(request.actor, kind, case, at=request.at)
    if request.actor.stale:
        raise NotFresh("export.made")
    said = body.model_dump() | {"purpose": body.purpose.value, "form": body.form.value}
    return making.send(
        actor=request.actor,
        at=request.at,
        kind=kind,
        case=case,
        said=said,
        request_key=request.request_key,
    )


@operation(router, "GET", "/exports", Permission.SIGNED_IN)
def list_exports(request: ApiRequest, page: Query[PageIn]) -> Page[ExportOut]:
    """Lists your exports, newest first."""
    if not request.actor.permissions & {Permission.EXPORT_MAKE, Permission.LEDGER_READ}:
        raise Denied(Permission.EXPORT_MAKE.value)
    order = ("-made_at", "-id")
    rows = queries.own(request.actor)
    return paged(rows, page, lambda found: list(exports_out(request, found)), order=order)  # type: ignore[return-value]


@operation(router, "GET", "/cases/{case_id}/exports", Permission.CASE_READ)
def list_case_exports(request: ApiRequest, case_id: Id) -> list[ExportOut]:
    """Lists the exports of a case, for whom and why, newest first."""
    case = find(request, case_id, level=Level.IDENTITY)
    rows = list(queries.of_case(case))
    seen = disclosure(request, case)
    seen.opened |= {"receiver", "note"} if rows else set()
    seen.record(case, case_id=case.pk)
    return exports_out(request, rows)


@operation(
    router, "POST", "/cases/{case_id}/exports", Permission.EXPORT_MAKE, gives=[making.MEDIA_TYPE]
)
def export_case(request: ApiRequest, case_id: Id, body: ExportIn) -> StreamingHttpResponse:
    """Exports one case file with its documents, encrypted for its receiver.

    Needs a session with a recently confirmed identity; a token is refused. The export is
    recorded before the first byte is sent. The file is not kept: a repeated Idempotency-Key is
    refused (`export.sent`).
    """
    return _send(request, Kind.CASE, find(request, case_id, level=Level.EXISTENCE), body)


@operation(router, "POST", "/exports/caseload", Permission.EXPORT_MAKE, gives=[making.MEDIA_TYPE])
def export_caseload(request: ApiRequest, body: ExportIn) -> StreamingHttpResponse:
    """Exports your caseload as a table, encrypted for its receiver. As for a case file."""
    return _send(request, Kind.CASELOAD, None, body)


@operation(router, "POST", "/exports/ledger", Permission.LEDGER_READ, gives=[making.MEDIA_TYPE])
def export_ledger(request: ApiRequest, body: LedgerExportIn) -> StreamingHttpResponse:
    """Exports the ledger of some days, encrypted for its receiver. As for a case file."""
    if body.since > body.until:
        raise Invalid({"until": _("This day is before the first one.")})
    return _send(request, Kind.LEDGER, None, body)
