"""Adding, releasing and removing documents."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from oslonac.access import policy
from oslonac.access.actor import Actor
from oslonac.access.roles import Permission
from oslonac.access.rules import Level, RecordKind
from oslonac.audit.actions import action, record
from oslonac.audit.models import Outcome
from oslonac.cases.actions.base import record_event, require_case
from oslonac.cases.models import Case
from oslonac.directory import codes
from oslonac.documents.intake import TakenIn
from oslonac.documents.models import Document
from oslonac.documents.rules import NEXT, DocumentStatus
from oslonac.kit.errors import Denied
from oslonac.kit.once import Once
from oslonac.kit.revisions import swap
from oslonac.kit.statuses import step
from oslonac.people.actions import clean_line, clean_reason, clean_text
from oslonac.vault import filestore
from oslonac.vault.scanning import Verdict
from oslonac.vault.sealing import seal, sealed

# Asked before a file is destroyed; each raises Refused. A legal hold stands in the way (retention).
REMOVAL_CHECKS: list[Callable[[Document], None]] = Once()


@action("document.added", Permission.CASE_WORK)
def add(
    *,
    actor: Actor,
    at: datetime,
    case: Case,
    file: TakenIn,
    kind: str,
    title: str,
    note: str = "",
    tells_where: bool = False,
) -> Document:
    """Keep a file that was taken in (`intake.take_in`). The caller discards it on any failure."""
    require_case(actor, case, at=at, level=Level.IDENTITY)
    found = policy.require_level(actor, RecordKind.CASE, case.pk, Level.IDENTITY, at=at)
    row = Document(
        case=case,
        key=case.key,
        kind=codes.check_one("document_kinds", kind, field="kind"),
        status=DocumentStatus.QUARANTINED
        if file.scan == Verdict.UNREACHABLE
        else DocumentStatus.KEPT,
        stored=file.stored.name,
        format=file.kind.code,
        size=file.stored.size,
        pages=file.pages,
        tells_where=tells_where and found.whereabouts,
        scan=file.scan,
        scanned_at=at if file.scan == Verdict.CLEAN else None,
        added_by_id=actor.user_id,
        added_at=at,
    )
    seal(
        row,
        case.key,
        title=clean_line(title, "title", required=True),
        note=clean_text(note, "note"),
        file_key=file.stored.key.hex(),
    )
    row.save(force_insert=True)
    data = {"document": row, "kind": row.kind, "format": row.format, "size": row.size}
    _note("document.added", actor, at, row, ["title", "note", "file"], data | {"scan": row.scan})
    return row


@action("document.released", Permission.CASE_WORK)
def release(
    *, actor: Actor, at: datetime, document: Document, revision: int, file: TakenIn
) -> Document:
    """Scans a waiting file again."""
    require_case(actor, document.case, at=at, level=Level.IDENTITY, open_only=False)
    _check_step(document, DocumentStatus.KEPT)
    before = document.stored
    swap(
        document,
        revision,
        status=DocumentStatus.KEPT,
        stored=file.stored.name,
        format=file.kind.code,
        size=file.stored.size,
        pages=file.pages,
        scan=file.scan,
        scanned_at=at,
        **sealed(document, file_key=file.stored.key.hex()),
    )
    transaction.on_commit(lambda: filestore.remove(before))
    _note("document.released", actor, at, document, ["status"], {"document": document})
    return document


@action("document.removed", Permission.CASE_WORK)
def remove(
    *, actor: Actor, at: datetime, document: Document, revision: int, reason: str
) -> Document:
    """Destroys the file of a document that does not belong there. A record with the reason is kept.

    Whoever added it may, and whoever decides for the responsible centre. Not under a legal hold.
    """
    case = document.case
    require_case(actor, case, at=at, level=Level.IDENTITY)
    decides = actor.may_at(Permission.CASE_DECIDE, case.organisation_id)
    if not decides and document.added_by_id != actor.user_id:
        raise Denied("document.remove", record=case.pk)
    _check_step(document, DocumentStatus.REMOVED)
    for check in REMOVAL_CHECKS:
        check(document)
    before = document.stored
    swap(
        document,
        revision,
        status=DocumentStatus.REMOVED,
        stored="",
        file_key=None,
        removed_by_id=actor.user_id,
        removed_at=at,
        **sealed(document, removal_reason=clean_reason(reason, "reason")),
    )
    transaction.on_commit(lambda: filestore.remove(before))
    _note("document.removed", actor, at, document, ["removal_reason"], {"document": document})
    return document


def note_read(*, actor: Actor, at: datetime, document: Document) -> None:
    """A download is an event of its own."""
    record(
        "document.read",
        actor=actor,
        at=at,
        subject=document,
        case_id=document.case_id,
        fields=["file"],
        outcome=Outcome.READ,
        data={"kind": document.kind},
    )


def _check_step(document: Document, then: DocumentStatus) -> None:
    already = _("The document is already in this state.")
    step(NEXT, document.status, then, "document.status", already)


def _note(
    name: str,
    actor: Actor,
    at: datetime,
    row: Document,
    fields: list[str],
    data: dict[str, Any],
) -> None:
    record_event(name, actor=actor, at=at, case=row.case, subject=row, fields=fields, data=data)
