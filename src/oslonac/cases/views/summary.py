"""The printed summary of a case."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from oslonac.access.roles import Permission
from oslonac.access.rules import Level
from oslonac.accounts.guards import permitted
from oslonac.audit.actions import record_read
from oslonac.cases import queries
from oslonac.cases.page.paper import summary
from oslonac.cases.views.case import page_language
from oslonac.web.middleware import direction
from oslonac.web.pdf import render_pdf


@permitted(Permission.CASE_READ)
def paper(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """A PDF in the page's language; printing is an event of its own in the ledger."""
    actor, at = request.actor, request.at  # type: ignore[attr-defined]
    case = queries.case(actor, case_id, at=at, level=Level.CASE)
    language = page_language()
    data = summary(actor, case, at=at, language=language, direction=direction(language))
    pdf = render_pdf("case_summary", data)
    record_read(actor=actor, at=at, subject=case, fields=["summary.pdf"], case_id=case.pk)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{case.number}.pdf"'
    return response
