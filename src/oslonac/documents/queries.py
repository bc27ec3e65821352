"""Reading documents of a case that the caller has been shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from oslonac.access import reader
from oslonac.access.actor import Actor
from oslonac.access.opening import shown
from oslonac.access.rules import Level, Reach
from oslonac.cases import queries as cases
from oslonac.cases.models import Case
from oslonac.documents.models import Document
from oslonac.documents.rules import KINDS, DocumentStatus
from oslonac.kit.errors import Hidden, Refused
from oslonac.vault import filestore
from oslonac.vault.row_policy import Bypass
from oslonac.vault.sealing import open_one
from oslonac.vault.streams import SealedReader


@dataclass
class DocumentLine:
    """A document with its opened texts; `number` counts within the case, removed ones included."""

    document: Document
    number: int
    title: str
    note: str
    reason: str


def rows_of(case_id: UUID) -> QuerySet[Document]:
    """The documents of a case."""
    return Document.objects.filter(case=case_id)


def of_case(case: Case, found: Reach, read: Sequence[Document] | None = None) -> list[DocumentLine]:
    """Documents, the latest first. Needs the level of names and documents; what says where the
    child is needs the whereabouts too. `read`: what the caller read already."""
    if not found.shows(Level.IDENTITY):
        return []
    listed = rows_of(case.pk).order_by("added_at", "pk")
    rows = sorted(listed if read is None else read, key=lambda row: (row.added_at, row.pk))
    everything = [row.pk for row in rows]
    if not found.whereabouts:  # a number is the same for every reader
        with reader.bypass(Bypass.PROJECTION):
            everything = list(listed.values_list("pk", flat=True))
    numbered = {pk: number for number, pk in enumerate(everything, 1)}
    listed_for = [row for row in rows if found.whereabouts or not row.tells_where]
    fields = ("title", "note", "removal_reason")
    texts = shown(listed_for, found, *fields, keys={case.key_id: case.key})
    return [
        DocumentLine(
            row,
            numbered[row.pk],
            texts[row.pk]["title"],
            texts[row.pk]["note"],
            texts[row.pk]["removal_reason"],
        )
        for row in reversed(listed_for)
    ]


def document(actor: Actor, case_id: Any, document_id: UUID, *, at: datetime) -> Document:
    """One document that the actor may read. Raises Hidden, or Denied below the level."""
    case = cases.case(actor, case_id, at=at, level=Level.IDENTITY)
    row: Document = cases.part(case, Document, document_id)
    if row.tells_where and not case.reach.whereabouts:
        raise Hidden("document", document_id)
    row.case = case
    return row


def number_of(row: Document) -> int:
    """Its number within the case, the same for every reader."""
    with reader.bypass(Bypass.PROJECTION):
        among = Document.objects.filter(case_id=row.case_id).order_by("added_at", "pk")
        return list(among.values_list("pk", flat=True)).index(row.pk) + 1


def content_of(row: Document) -> SealedReader:
    """The clear content, chunk by chunk. Raises Refused for one that is not to be had."""
    from django.utils.translation import gettext as _

    if row.status == DocumentStatus.QUARANTINED:
        raise Refused(
            "document.quarantined",
            _("The scanner has not checked this file yet, so you cannot open it."),
        )
    if row.status == DocumentStatus.REMOVED:
        raise Refused("document.removed", _("This document was removed; its file is destroyed."))
    return stored_content(row)


def stored_content(row: Document) -> SealedReader:
    """The clear content whatever its status; for looking through it. Raises Refused."""
    from django.utils.translation import gettext as _

    try:
        return filestore.read(row.stored, bytes.fromhex(open_one(row, "file_key")))
    except (FileNotFoundError, ValueError) as problem:
        raise Refused(
            "document.lost",
            _("The file of this document is missing. Tell the person who runs the system."),
        ) from problem


def file_name(row: Document, number: int | str) -> str:
    """A neutral name for a download: downloads lie about on shared computers."""
    return f"{row.case.number}-{number}.{KINDS[row.format].suffix}"
