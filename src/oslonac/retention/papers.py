"""Papers and tables of what was destroyed: the certificate and the report. No names in either."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from oslonac.accounts.queries import names_of
from oslonac.cases import moments
from oslonac.country import tag
from oslonac.kit.sheets import Sheet
from oslonac.retention import periods
from oslonac.retention.models import Disposal
from oslonac.retention.rules import DisposalStatus, Ground
from oslonac.vault import signing
from oslonac.vault.models import Erasure
from oslonac.web.middleware import direction
from oslonac.web.pdf import render_pdf


def certificate(row: Disposal, *, at: datetime) -> bytes:
    """The signed entry of one erasure, to print and to keep. Raises ValueError for none."""
    if row.erasure is None:
        raise ValueError("nothing was destroyed")
    names = names_of([row.proposed_by_id, row.answered_by_id])
    facts = [
        [_("Files"), ", ".join(row.numbers)],
        [_("Responsible"), str(row.organisation)],
        [_("Ground"), str(Ground(row.ground).label)],
        [_("Reference"), row.reference or "–"],
        [_("Categories"), ", ".join(map(periods.title, row.categories)) or "–"],
        [_("Proposed by"), names.get(row.proposed_by_id, "–") if row.proposed_by_id else "–"],
        [_("Decided by"), names.get(row.answered_by_id, "–") if row.answered_by_id else "–"],
        [_("Destroyed"), moments.full(row.erasure.at)],
        [_("Keys destroyed"), str(len(row.erasure.keys))],
        [_("Documents destroyed"), str(row.documents)],
        [_("Encounter notes that stay because they also speak of others"), str(row.shared_notes)],
    ]
    sections = [
        {"title": _("What was destroyed"), "empty": "", "facts": facts},
        _proof(row.erasure),
    ]
    return _paper(_("Certificate of erasure"), row.numbers[0] if row.numbers else "", sections, at)


def _proof(erasure: Erasure) -> dict[str, Any]:
    public = erasure.signature_public
    words = [
        [_("Signature (Ed25519)"), erasure.signature_value],
        [_("Public key"), public],
        [_("Fingerprint of the key"), signing.fingerprint(public)],
        [_("Keys by id"), ", ".join(map(str, erasure.keys))],
        [_("Signed entry"), signing.message("erasure", erasure.entry).decode().partition("\0")[2]],
    ]
    return {"title": _("How it can be checked"), "empty": "", "facts": words}


def report(rows: Sequence[Disposal], *, at: datetime) -> bytes:
    """The report of what was disposed, as a paper."""
    table = sheet(rows)
    section = {
        "title": _("What was destroyed, and what was decided to be kept"),
        "empty": _("Nothing was destroyed."),
        "columns": list(table.columns),
        "rows": [[str(value or "–") for value in row] for row in table.rows],
    }
    return _paper(table.title, "", [section], at)


def sheet(rows: Sequence[Disposal]) -> Sheet:
    """The report of what was disposed, as a table."""
    names = names_of([each for row in rows for each in (row.proposed_by_id, row.answered_by_id)])
    columns = [
        _("Files"),
        _("Centre"),
        _("Ground"),
        _("Reference"),
        _("Categories"),
        _("Outcome"),
        _("Proposed"),
        _("Decided"),
        _("Fingerprint of the entry"),
    ]
    body = [
        [
            ", ".join(row.numbers),
            str(row.organisation),
            str(Ground(row.ground).label),
            row.reference,
            ", ".join(map(periods.title, row.categories)),
            str(DisposalStatus(row.status).label),
            _who(row.proposed_at, names.get(row.proposed_by_id, "") if row.proposed_by_id else ""),
            _who(row.answered_at, names.get(row.answered_by_id, "") if row.answered_by_id else ""),
            row.erasure.signature_value[:16] if row.erasure else "",
        ]
        for row in rows
    ]
    return Sheet(_("Report on destroyed files"), columns, body)


def _who(moment: datetime | None, name: str) -> str:
    if moment is None:
        return ""
    return f"{date_format(localtime(moment), 'DATETIME_FORMAT')} {name}".strip()


def _paper(title: str, number: str, sections: list[dict[str, Any]], at: datetime) -> bytes:
    language = tag()
    return render_pdf(
        "case_summary",
        {
            "lang": language.split("-")[0],
            "dir": direction(language),
            "organisation": "Oslonac",
            "title": title,
            "number": number,
            "printed": _("Printed %(moment)s") % {"moment": moments.full(at)},
            "confidential": _("This contains no names of people whose file was destroyed."),
            "page": _("Page {page} of {pages}"),
            "identity": {"name": title, "other_names": [], "facts": [], "flags": []},
            "sections": sections,
        },
    )
