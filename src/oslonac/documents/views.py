"""The page of a document: the file itself."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest

from oslonac.access.roles import Permission
from oslonac.accounts.guards import permitted
from oslonac.documents import queries
from oslonac.documents.handing_out import hand_out


@permitted(Permission.CASE_READ)
def open_document(request: HttpRequest, case_id: UUID, document_id: UUID) -> Any:
    """The file as a download."""
    actor, at = request.actor, request.at  # type: ignore[attr-defined]
    row = queries.document(actor, case_id, document_id, at=at)
    return hand_out(row, actor=actor, at=at)
