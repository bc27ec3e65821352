"""Handing out a document, streamed: opened chunk by chunk, never whole and never on disk."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.http import HttpRequest, StreamingHttpResponse

from oslonac.access.roles import Permission
from oslonac.accounts.guards import permitted
from oslonac.documents import actions, queries
from oslonac.documents.rules import KINDS
from oslonac.vault.streams import CHUNK, SealedReader


@permitted(Permission.CASE_READ)
def open_document(request: HttpRequest, case_id: UUID, document_id: UUID) -> Any:
    """The file as a download. That it was read is an event before the first byte goes out."""
    actor, at = request.actor, request.at  # type: ignore[attr-defined]
    row = queries.document(actor, case_id, document_id, at=at)
    content = queries.content_of(row)
    actions.note_read(actor=actor, at=at, document=row)
    number = row.case.documents.filter(added_at__lte=row.added_at).count()
    response = StreamingHttpResponse(_chunks(content), content_type=KINDS[row.format].media_type)
    name = queries.file_name(row, number)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Content-Length"] = str(content.size)
    # Should a browser show it after all, nothing in it runs and nothing is fetched.
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response


def _chunks(content: SealedReader) -> Iterator[bytes]:
    with content:
        while chunk := content.read(CHUNK):
            yield chunk
