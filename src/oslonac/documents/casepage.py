"""What the case page, its timeline and the printed summary say of documents."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oslonac.access.rules import Level, Reach
from oslonac.cases import moments
from oslonac.cases.extensions import Given
from oslonac.cases.models import Case
from oslonac.directory import codes
from oslonac.documents import queries
from oslonac.documents.models import Document
from oslonac.documents.queries import DocumentLine
from oslonac.documents.rules import KINDS, DocumentStatus
from oslonac.vault.scanning import Verdict


@dataclass(frozen=True)
class Shown:
    """One entry of the panel. `url` is empty where there is nothing to open."""

    line: DocumentLine
    words: str
    flag: str
    flag_kind: str
    url: str


def reads(case_id: UUID, person_id: UUID) -> Mapping[str, QuerySet[Any]]:
    return {"documents": queries.rows_of(case_id)}


def context(case: Case, found: Reach, given: Given) -> Mapping[str, Any] | None:
    """The panel; None below the level of names and documents."""
    if not found.shows(Level.IDENTITY):
        return None
    lines = queries.of_case(case, found, given.rows.get("documents"))
    return {"shown": [_shown(case, line, given.names) for line in lines], "count": len(lines)}


def _shown(case: Case, line: DocumentLine, people: Mapping[UUID, str]) -> Shown:
    row = line.document
    flag, kind = "", "calm"
    if row.status == DocumentStatus.REMOVED:
        flag = _("removed")
    elif row.status == DocumentStatus.QUARANTINED:
        flag, kind = _("waiting for the scanner"), "warn"
    elif row.tells_where:
        flag, kind = _("shows where the person is"), "warn"
    url = ""
    if row.status == DocumentStatus.KEPT:
        url = reverse("documents:open", args=[case.pk, row.pk])
    return Shown(line, _words(row, people), flag, kind, url)


def _words(row: Document, people: Mapping[UUID, str]) -> str:
    pages = row.pages and ngettext("%(n)d page", "%(n)d pages", row.pages) % {"n": row.pages}
    removed = ""
    if row.removed_at:
        removed = _("removed %(day)s by %(name)s") % {
            "day": moments.day(row.removed_at),
            "name": moments.isolated(_name(people, row.removed_by_id)),
        }
    parts = (
        codes.title("document_kinds", row.kind),
        KINDS[row.format].suffix.upper(),
        pages,
        filesizeformat(row.size),
        _("added %(day)s by %(name)s")
        % {
            "day": moments.day(row.added_at),
            "name": moments.isolated(_name(people, row.added_by_id)),
        },
        _scanned(row),
        removed,
    )
    return " · ".join(str(part) for part in parts if part)


def _name(people: Mapping[UUID, str], user_id: UUID | None) -> str:
    return people.get(user_id, "") if user_id else _("the system")


def _scanned(row: Document) -> str:
    if row.scan == Verdict.CLEAN:
        return _("scanned")
    return _("not scanned: no scanner is set up") if row.scan == Verdict.NOT_SCANNED else ""


def texts(context: Mapping[str, Any]) -> Mapping[UUID, str]:
    return {each.line.document.pk: each.line.title for each in context["shown"]}


def paper(context: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "title": _("Documents"),
        "empty": _("There are no documents."),
        "columns": [_("No."), _("Document"), _("Details")],
        "rows": [
            [
                str(each.line.number),
                each.line.title,
                " · ".join(part for part in (each.flag, each.words, each.line.note) if part),
            ]
            for each in context["shown"]
        ],
    }
