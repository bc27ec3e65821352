"""The print-out for the person: as a page to read together, and as paper."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from oslonac.access.roles import Permission
from oslonac.access.rules import Level
from oslonac.accounts.guards import permitted
from oslonac.audit.actions import record_read
from oslonac.cases import queries
from oslonac.cases.models import Case, OwnRequest
from oslonac.cases.steps import registry
from oslonac.directory import codes
from oslonac.kit.errors import Hidden
from oslonac.kit.translations import CATALOGUES
from oslonac.own_file import sheet, texts
from oslonac.web.pdf import render_pdf
from oslonac.web.shapes import Link


@permitted(Permission.CASE_READ)
def page(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The sheet on the screen, in a language of the person's; from here it is printed."""
    case = _case(request, case_id)
    say, discreet = _chosen(request, case)
    made = sheet.compose(case, say, at=_at(request), discreet=discreet)
    _note(request, case, case, "own_file")
    step = registry.button("own", request.actor, case, kind="quiet")  # type: ignore[attr-defined]
    context = {
        "page_title": _("Print-out for the person"),
        "crumbs": [_back(case), Link(_("Print-out for the person"))],
        "sheet": made,
        "number": case.number,
        "own_languages": _languages(say.tag),
        "discreet": discreet,
        "paper_url": _paper(case, say.tag, discreet),
        "missing": _missing(case),
        "own_step": step,
    }
    return render(request, "own_file/page.html", context)


@permitted(Permission.CASE_READ)
def paper(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """The sheet as a PDF. Its name says nothing."""
    case = _case(request, case_id)
    say, discreet = _chosen(request, case)
    made = sheet.compose(case, say, at=_at(request), discreet=discreet)
    _note(request, case, case, "own_file.pdf")
    return _pdf(made)


@permitted(Permission.CASE_READ)
def answer(request: HttpRequest, case_id: UUID, request_id: UUID) -> HttpResponse:
    """The answer to what the person asked, as a PDF in the language they wanted."""
    case = _case(request, case_id)
    asked: OwnRequest = queries.part(case, OwnRequest, request_id)
    if asked.decided_at is None:
        raise Hidden("own_answer", request_id)
    asked.case = case
    say = texts.of(request.GET.get("lang") or asked.language)
    made = sheet.answer(asked, say, at=_at(request))
    _note(request, case, asked, "answer")
    return _pdf(made)


def _case(request: HttpRequest, case_id: UUID) -> Case:
    return queries.case(request.actor, case_id, at=_at(request), level=Level.IDENTITY)  # type: ignore[attr-defined]


def _at(request: HttpRequest) -> Any:
    return request.at  # type: ignore[attr-defined]


def _chosen(request: HttpRequest, case: Case) -> tuple[texts.Texts, bool]:
    wanted = request.GET.get("lang", "")
    tag = wanted if wanted in texts.offered() else texts.nearest(case.person.languages)
    return texts.of(tag), request.GET.get("discreet") == "1"


def _note(request: HttpRequest, case: Case, subject: Any, field: str) -> None:
    record_read(
        actor=request.actor,  # type: ignore[attr-defined]
        at=_at(request),
        subject=subject,
        fields=[field, "names"],
        case_id=case.pk,
    )


def _pdf(made: sheet.Sheet) -> HttpResponse:
    response = HttpResponse(render_pdf("own_file", made.data()), content_type="application/pdf")
    response["Content-Disposition"] = 'inline; filename="paper.pdf"'
    return response


def _back(case: Case) -> Link:
    return Link(
        _("Case %(number)s") % {"number": case.number}, reverse("cases:case", args=[case.pk])
    )


def _languages(current: str) -> list[tuple[str, str, str, bool]]:
    """Tag, own name, direction, and whether it is the one shown."""
    native = codes.extras("languages")
    return [
        (
            tag,
            CATALOGUES[tag].name
            if tag in CATALOGUES
            else str(native.get(tag, {}).get("native") or tag),
            texts.of(tag).direction,
            tag == current,
        )
        for tag in texts.offered()
    ]


def _missing(case: Case) -> list[str]:
    """Languages of the person there are no texts in: an interpreter has to read it out."""
    known = set(texts.offered())
    return [
        codes.title("languages", tag)
        for tag in case.person.languages
        if tag not in known and tag.split("-")[0] not in known
    ]


def _paper(case: Case, tag: str, discreet: bool) -> str:
    query = {"lang": tag} | ({"discreet": "1"} if discreet else {})
    return f"{reverse('own_file:paper', args=[case.pk])}?{urlencode(query)}"
