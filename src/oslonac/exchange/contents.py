"""What each kind of export holds, as parts with neutral names."""

import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import IO, Any
from uuid import UUID

from django.db import models
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from oslonac.access import policy
from oslonac.access.actor import Actor
from oslonac.access.opening import shown
from oslonac.access.rules import Level, Reach
from oslonac.accounts.queries import names_of
from oslonac.audit.models import Event
from oslonac.cases import queries as cases
from oslonac.cases.models import Case
from oslonac.cases.page.paper import summary
from oslonac.cases.rules import Priority
from oslonac.country import tag
from oslonac.documents import queries as documents
from oslonac.documents.rules import KINDS, DocumentStatus
from oslonac.exchange.rules import MOST_EVENTS
from oslonac.kit.clock import local_day
from oslonac.kit.errors import Refused
from oslonac.kit.rooms import exported
from oslonac.kit.sheets import Sheet, Value, to_csv, to_xlsx
from oslonac.people.queries import dossier, shown_names
from oslonac.vault.envelopes import Part
from oslonac.vault.models import SealedField
from oslonac.web.middleware import direction
from oslonac.web.pdf import render_pdf


@dataclass(frozen=True)
class Contents:
    """`rows`: how many cases or events it is about. `seen`: sealed fields that were opened."""

    parts: tuple[Part, ...]
    rows: int
    seen: tuple[str, ...] = ()

    def __str__(self) -> str:
        """The same for every making: a repeated request is told by what was asked for."""
        return "contents"


def caseload(actor: Actor, *, at: datetime) -> Contents:
    """One's own open cases as XLSX and CSV; names only where the grant shows them."""
    rows = list(cases.mine(actor, at=at))
    reaches = _reaches(actor, rows, at)
    named = [row.person for row in rows if reaches[row.pk].shows(Level.IDENTITY)]
    names = shown_names(named)
    body = [
        [
            row.number,
            names.get(row.person_id, ""),
            row.person.born_from,
            row.person.born_to,
            str(Priority(row.priority).label),
            local_day(row.opened_at),
            localtime(row.next_due_at).replace(tzinfo=None) if row.next_due_at else None,
            str(row.organisation),
        ]
        for row in rows
    ]
    columns = [
        _("Case"),
        _("Name"),
        _("Born from"),
        _("Born to"),
        _("Priority"),
        _("Opened"),
        _("Next due"),
        _("Responsible"),
    ]
    table = Sheet(_("Caseload"), columns, body)
    return Contents(
        (_part("caseload.xlsx", to_xlsx(table)), _part("caseload.csv", to_csv(table))),
        len(rows),
        ("shown_name",) if names else (),
    )


def _reaches(actor: Actor, rows: Iterable[Case], at: datetime) -> dict[UUID, Any]:
    ids = [row.pk for row in rows]
    found = policy.reaches(actor, ids, at=at)
    return {pk: found.get(pk, Reach()) for pk in ids}


def case_file(actor: Actor, case: Case, *, at: datetime) -> Contents:
    """The printed summary, the same in JSON, and the documents. `case` comes from
    `cases.queries.case`, so what the reader may not see is not in it."""
    language = tag()
    paper = summary(actor, case, at=at, language=language, direction=direction(language))
    lines = [
        line
        for line in documents.of_case(case, case.reach)
        if line.document.status == DocumentStatus.KEPT
    ]
    said = records_of(case) | {
        "documents": [
            {"file": _document_name(line), "title": line.title, "note": line.note} for line in lines
        ]
    }
    text = json.dumps(said, ensure_ascii=False, indent=1, default=_plain)
    parts = [
        _part("case.pdf", render_pdf("case_summary", paper)),
        _part("case.json", text.encode()),
        *(Part(_document_name(line), _opening(line)) for line in lines),
    ]
    return Contents(tuple(parts), 1, ("export", "documents"))


def _document_name(line: documents.DocumentLine) -> str:
    return f"document-{line.number:02d}.{KINDS[line.document.format].suffix}"


def _opening(line: documents.DocumentLine) -> Any:
    return lambda: documents.content_of(line.document)


def records_of(case: Case) -> dict[str, Any]:
    """Records of a case with open columns and opened texts, by kind (docs/reference/export.md)."""
    found: dict[str, Any] = {
        "format": "oslonac case 1",
        "case": _columns(case),
        "person": _person(case),
    }
    for model in sorted(exported(), key=lambda each: each._meta.label_lower):
        among = {_path_to_case(model): case, "key_id": case.key_id}
        rows = list(model._default_manager.filter(**among).order_by("pk"))
        found[model._meta.model_name or ""] = _opened(rows, case.reach)
    return found


def _path_to_case(model: type[models.Model]) -> str:
    """How rows of a model lead to their case: directly, or over one other record of it."""
    if _has_case(model):
        return "case"
    return next(
        f"{field.name}__case"
        for field in model._meta.concrete_fields
        if isinstance(field.related_model, type) and _has_case(field.related_model)
    )


def _has_case(model: type[models.Model]) -> bool:
    return any(field.name == "case" for field in model._meta.concrete_fields)


def _opened(rows: list[Any], reach: Reach) -> list[dict[str, Any]]:
    texts = shown(rows, reach)
    return [_columns(row) | texts[row.pk] for row in rows]


def _columns(row: models.Model) -> dict[str, Any]:
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not isinstance(field, SealedField) and field.name not in {"key", "revision"}
    }


def _person(case: Case) -> dict[str, Any]:
    file = dossier(case.person, case.reach)
    return _columns(case.person) | {
        "names": [
            {"full": line.full, "given": line.given, "family": line.family}
            | {"kind": line.name.kind, "script": line.name.script, "said_by": line.name.said_by}
            for line in file.names
        ],
        "statements": [
            _columns(line.statement) | {"detail": line.detail} for line in file.statements
        ],
    }


def ledger(actor: Actor, *, at: datetime, since: date, until: date) -> Contents:
    """Events of whole days, both included, as CSV and XLSX; without those of files that a block
    closes to the auditor. Raises Refused for too many."""
    found = Event.objects.filter(at__date__gte=since, at__date__lte=until)
    if closed := list(policy.closed_to(actor, at=at)):
        found = found.exclude(case_id__in=closed).exclude(record_id__in=closed)
    rows = list(found.order_by("at", "id")[: MOST_EVENTS + 1])
    if len(rows) > MOST_EVENTS:
        raise Refused(
            "export.too_much",
            _("These days hold more than %(n)d events. Choose fewer days.") % {"n": MOST_EVENTS},
            field="until",
        )
    names = names_of({row.actor_id for row in rows if row.actor_id})
    body: list[list[Value]] = [
        [
            localtime(row.at).replace(tzinfo=None),
            row.name,
            row.outcome,
            names.get(row.actor_id, "") if row.actor_id else "",
            row.role,
            str(row.actor_id or ""),
            str(row.organisation_id or ""),
            row.channel,
            row.record_kind,
            str(row.record_id or ""),
            str(row.case_id or ""),
            " ".join(row.fields),
            json.dumps(row.data, ensure_ascii=False, sort_keys=True),
            str(row.id),
            bytes(row.mac).hex(),
        ]
        for row in rows
    ]
    columns = [
        _("When"),
        _("What"),
        _("Outcome"),
        _("Who"),
        _("Role"),
        _("Who (id)"),
        _("Organisation"),
        _("Channel"),
        _("Record"),
        _("Record (id)"),
        _("Case (id)"),
        _("Fields"),
        _("Data"),
        _("Event (id)"),
        _("Seal"),
    ]
    table = Sheet(_("Activity log"), columns, body)
    parts = (_part("ledger.csv", to_csv(table)), _part("ledger.xlsx", to_xlsx(table)))
    return Contents(parts, len(rows))


def _part(name: str, content: bytes) -> Part:
    def opened() -> IO[bytes]:
        return io.BytesIO(content)

    return Part(name, opened)


def _plain(value: Any) -> str | list[str]:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)
