"""Handing out a document, streamed: opened chunk by chunk, never whole and never on disk."""

from collections.abc import Iterator
from datetime import datetime

from django.http import StreamingHttpResponse

from oslonac.access.actor import Actor
from oslonac.documents import actions, queries
from oslonac.documents.models import Document
from oslonac.documents.rules import KINDS
from oslonac.vault.streams import CHUNK, SealedReader


def hand_out(row: Document, *, actor: Actor, at: datetime) -> StreamingHttpResponse:
    """The file of a document that the actor may read, as a download. That it was read is an event
    before the first byte goes out. Raises Refused for one that is not to be had."""
    content = queries.content_of(row)
    actions.note_read(actor=actor, at=at, document=row)
    response = StreamingHttpResponse(_chunks(content), content_type=KINDS[row.format].media_type)
    name = queries.file_name(row, queries.number_of(row))
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
