"""Operations on retention and deletion: holds, proposals and their decision, periods."""

from uuid import UUID

from ninja import Query, Router

from oslonac.access.roles import Permission
from oslonac.cases.api.base import disclosure, disclosure_of, find, values
from oslonac.directory.models import Organisation
from oslonac.kit.errors import Hidden
from oslonac.retention import actions, periods, queries
from oslonac.retention.api_shapes import (
    CategoryOut,
    CertificateOut,
    ClosedFileOut,
    DisposalAnswerIn,
    DisposalOut,
    DisposalRevisionIn,
    HoldOut,
    PeriodOut,
    categories_out,
    certificate_of,
    closed_files_out,
    disposals_out,
    holds_out,
    period_out,
)
from oslonac.retention.models import Disposal, Hold, Period
from oslonac.retention.rules import DisposalStatus
from oslonac.retention.steps import SET_PERIOD, STEPS
from oslonac.steps.operations import add_operations
from oslonac.web.api import ApiRequest, Id, Page, PageIn, operation, paged, performed, shape_of

router = Router(tags=["Keeping and destroying"])


class DisposalFilter(PageIn):
    """Which proposals."""

    status: DisposalStatus | None = None


@shape_of(Disposal)
def disposal_out(request: ApiRequest, row: Disposal) -> DisposalOut:
    return disposals_out([row])[0]


@shape_of(Hold)
def hold_out(request: ApiRequest, row: Hold) -> HoldOut:
    seen = disclosure_of(request, row.case_id)
    shown = holds_out(seen, [row])[0]
    seen.record(row, case_id=row.case_id)
    return shown


@shape_of(Period)
def period_shown(request: ApiRequest, row: Period) -> PeriodOut:
    return period_out(row)


def _disposal(request: ApiRequest, disposal_id: UUID) -> Disposal:
    return queries.disposal(request.actor, disposal_id, at=request.at)


@operation(router, "GET", "/cases/{case_id}/holds", Permission.CASE_READ)
def list_holds(request: ApiRequest, case_id: Id) -> list[HoldOut]:
    """Lists the legal holds on a case, newest first, ended ones included."""
    case = find(request, case_id)
    seen = disclosure(request, case)
    shown = holds_out(seen, case.holds.order_by("-given_at", "pk"))
    seen.record(case, case_id=case.pk)
    return shown


@operation(router, "GET", "/retention/disposals", Permission.RETENTION_READ)
def list_disposals(request: ApiRequest, filters: Query[DisposalFilter]) -> Page[DisposalOut]:
    """Lists proposals to destroy files and their outcome, newest first.

    Those of one's own centres; auditors read all. This is the report of what was disposed.
    """
    status = filters.status.value if filters.status else ""
    rows = queries.disposals(request.actor, at=request.at, status=status)
    order = ("-proposed_at", "-id")
    return paged(rows.order_by(*order), filters, disposals_out, order=order)  # type: ignore[return-value]


@operation(router, "GET", "/retention/disposals/{disposal_id}", Permission.RETENTION_READ)
def get_disposal(request: ApiRequest, disposal_id: Id) -> DisposalOut:
    """Shows one proposal."""
    return disposal_out(request, _disposal(request, disposal_id))


@operation(router, "POST", "/retention/disposals/{disposal_id}/answer", actions.answer)
def answer_disposal(request: ApiRequest, disposal_id: Id, body: DisposalAnswerIn) -> DisposalOut:
    """Decides on a proposal of somebody else. If approved, the keys are destroyed at once.

    Needs a session with a recently confirmed identity; a token is refused.
    """
    row = _disposal(request, disposal_id)
    return performed(request, actions.answer, disposal=row, **values(body))


@operation(router, "POST", "/retention/disposals/{disposal_id}/withdrawal", actions.withdraw)
def withdraw_disposal(
    request: ApiRequest, disposal_id: Id, body: DisposalRevisionIn
) -> DisposalOut:
    """Withdraws a proposal. For everybody who may propose at that centre."""
    row = _disposal(request, disposal_id)
    return performed(request, actions.withdraw, disposal=row, **values(body))


@operation(
    router, "GET", "/retention/disposals/{disposal_id}/certificate", Permission.RETENTION_READ
)
def get_certificate(request: ApiRequest, disposal_id: Id) -> CertificateOut:
    """Shows the signed entry of an erasure, to be checked elsewhere.

    `signed` is the very text that `signature` (Ed25519) is over, behind the context and a byte 0.
    """
    row = _disposal(request, disposal_id)
    if row.erasure is None:
        raise Hidden("certificate", disposal_id)
    return certificate_of(row.erasure)


@operation(router, "GET", "/retention/closed-files", Permission.RETENTION_READ)
def list_closed_files(request: ApiRequest) -> list[ClosedFileOut]:
    """Lists closed files of your centres, the earliest end of the period first."""
    lines = queries.by_need(queries.closed_files(request.actor, at=request.at))
    return closed_files_out(lines, at=request.at)


@operation(router, "GET", "/retention/periods", Permission.RETENTION_READ)
def list_periods(request: ApiRequest) -> list[CategoryOut]:
    """Lists the categories of the country pack with their periods and those of your centres."""
    centres = Organisation.objects.filter(
        pk__in=queries.centres(request.actor, Permission.RETENTION_READ)
    )
    return categories_out(periods.categories(), centres)


add_operations(router, [*STEPS, SET_PERIOD])
