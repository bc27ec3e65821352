"""Operations on documents: what is there, adding one, its content, asking the scanner, removing."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.http import StreamingHttpResponse
from ninja import Router
from pydantic import Field

from oslonac.access.roles import Permission
from oslonac.access.rules import Level
from oslonac.cases.api.base import disclosure, disclosure_of, find
from oslonac.documents import actions, queries, receiving
from oslonac.documents.handing_out import hand_out
from oslonac.documents.models import Document
from oslonac.documents.rules import KINDS, DocumentStatus
from oslonac.documents.steps import STEPS
from oslonac.steps.operations import add_operations
from oslonac.vault.scanning import Verdict
from oslonac.web.api import (
    ApiRequest,
    Code,
    Disclosure,
    Id,
    In,
    Line,
    Narrative,
    Out,
    StaffRef,
    operation,
    performed,
    read_form,
    shape_of,
    staff,
)

router = Router(tags=["Documents"])
MEDIA_TYPES = frozenset(kind.media_type for kind in KINDS.values())


class DocumentOut(Out):
    """A file about the child. A removed one keeps its entry; its file is destroyed."""

    id: UUID
    revision: int
    number: int = Field(description="Counts within the case, the same for every reader.")
    kind: str = Field(description="Code of `document_kinds`.")
    status: DocumentStatus
    title: str | None
    note: str | None
    format: str = Field(description="What the content is, told from its bytes.")
    media_type: str
    size: int = Field(description="Bytes of the content.")
    pages: int | None
    tells_where: bool = Field(description="It says where the child is.")
    scan: Verdict
    scanned_at: datetime | None
    added_by: StaffRef | None
    added_at: datetime
    removed_by: StaffRef | None
    removed_at: datetime | None
    removal_reason: str | None


class DocumentIn(In):
    """The fields beside the file."""

    kind: Annotated[Code, Field(min_length=1, description="Code of `document_kinds`.")]
    title: Annotated[Line, Field(min_length=1, description="Sealed like a name.")]
    note: Narrative = ""
    tells_where: Annotated[bool, Field(description="It shows where the person is.")] = False


def documents_out(seen: Disclosure, rows: Iterable[tuple[Document, int]]) -> list[DocumentOut]:
    """`rows`: documents that the reader may see, with their numbers."""
    listed = list(rows)
    among = [row for row, _ in listed]
    texts = seen.texts(among, "title", "note", "removal_reason")
    people = staff(pk for row in among for pk in (row.added_by_id, row.removed_by_id))
    return [
        DocumentOut(
            id=row.pk,
            revision=row.revision,
            number=number,
            kind=row.kind,
            status=DocumentStatus(row.status),
            format=row.format,
            media_type=KINDS[row.format].media_type,
            size=row.size,
            pages=row.pages,
            tells_where=row.tells_where,
            scan=Verdict(row.scan),
            scanned_at=row.scanned_at,
            added_by=people.get(row.added_by_id),
            added_at=row.added_at,
            removed_by=people.get(row.removed_by_id),
            removed_at=row.removed_at,
            **texts[row.pk],
        )
        for row, number in listed
    ]


@shape_of(Document)
def document_out(request: ApiRequest, row: Document) -> DocumentOut:
    seen = disclosure_of(request, row.case_id)
    shown = documents_out(seen, [(row, queries.number_of(row))])[0]
    seen.record(row, case_id=row.case_id)
    return shown


def _document(request: ApiRequest, case_id: UUID, document_id: UUID) -> Document:
    return queries.document(request.actor, case_id, document_id, at=request.at)


@operation(router, "GET", "/cases/{case_id}/documents", Permission.CASE_READ)
def list_documents(request: ApiRequest, case_id: Id) -> list[DocumentOut]:
    """Lists the documents of a case, newest first, removed ones included.

    Documents that show where the person is are listed only with access to the whereabouts.
    """
    case = find(request, case_id, level=Level.IDENTITY)
    seen = disclosure(request, case)
    lines = queries.of_case(case, case.reach)
    shown = documents_out(seen, [(line.document, line.number) for line in lines])
    seen.record(case, case_id=case.pk)
    return shown


@operation(router, "POST", "/cases/{case_id}/documents", actions.add, status=201, form=DocumentIn)
def add_document(request: ApiRequest, case_id: Id) -> DocumentOut:
    """Adds a file: checked, cleaned and encrypted as on the pages.

    Send `multipart/form-data` with the part `file` last. What it is, is told from its bytes, not
    from its name; pictures lose what the phone wrote into them; dangerous kinds are refused.
    """
    case = find(request, case_id, level=Level.IDENTITY)
    said, content = read_form(request, DocumentIn)
    return performed(
        request,
        receiving.add,
        case=case,
        content=content.open_clear(),
        kind=said.kind,
        title=said.title,
        note=said.note,
        tells_where=said.tells_where,
    )


@operation(
    router,
    "GET",
    "/cases/{case_id}/documents/{document_id}/content",
    Permission.CASE_READ,
    gives=MEDIA_TYPES,
)
def get_document_content(
    request: ApiRequest, case_id: Id, document_id: Id
) -> StreamingHttpResponse:
    """Returns the file.

    That it was read stands in the ledger before the first byte goes out. One that the scanner has
    not looked through, or that was removed, answers 409.
    """
    row = _document(request, case_id, document_id)
    return hand_out(row, actor=request.actor, at=request.at)


add_operations(router, STEPS)
