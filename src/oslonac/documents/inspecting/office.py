"""Office documents: ZIP files whose list of parts says what they are and what hides in them.

Accepted: DOCX, XLSX (ECMA-376), ODT, ODS (ISO/IEC 26300). Refused: macros, controls, embedded
objects, templates fetched from elsewhere, locked files, and archives that are no such document.
"""

import zipfile
from typing import IO

from django.utils.translation import gettext as _

from oslonac.documents.rules import ARCHIVE, KINDS, MOST_UNPACKED_BYTES, Kind
from oslonac.kit.errors import Refused

_BY_PART = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx"}
_BY_MIMETYPE = {KINDS[code].media_type: code for code in ("odt", "ods")}
_MOST_PARTS = 5_000
_HIDING = (
    "vbaproject",
    "vbadata",
    "activex",
    "/embeddings/",
    "oleobject",
    "macrosheets",
    "dialogsheets",
    "basic/",
    "scripts/",
    "objectreplacements",
    "externallinks",
)
_FETCHED = (b"attachedtemplate", b"/oleobject", b"/frame", b"/subdocument", b"/externallink")


def kind_of(content: IO[bytes]) -> Kind:
    """Which office format a ZIP is. Raises Refused for any other archive."""
    with _opened(content) as archive:
        names = set(archive.namelist())
        for part, code in _BY_PART.items():
            if part in names and "[Content_Types].xml" in names:
                return KINDS[code]
        if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
            said = archive.read("mimetype").decode("ascii", "replace").strip()
            if said in _BY_MIMETYPE:
                return KINDS[_BY_MIMETYPE[said]]
    raise Refused("document.type", str(ARCHIVE), field="file")


def check(content: IO[bytes]) -> None:
    """Raise Refused for what acts, hides or bursts."""
    with _opened(content) as archive:
        parts = archive.infolist()
        size = sum(part.file_size for part in parts)
        if len(parts) > _MOST_PARTS or size > MOST_UNPACKED_BYTES:
            raise _active()
        for part in parts:
            name = part.filename.lower()
            if part.flag_bits & 1 or any(mark in f"/{name}" for mark in _HIDING):
                raise _active()
            if name.endswith((".rels", "manifest.xml")) and _fetches(archive, part):
                raise _active()


def _fetches(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    """Whether a list of relations names something to be fetched or run when it is opened."""
    if part.file_size > 4 * 1024 * 1024:
        return True
    said = archive.read(part).lower()
    if b"<!entity" in said or b"manifest:encryption-data" in said:
        return True
    each = said.split(b"<relationship ")[1:]
    return any(
        b'targetmode="external"' in one and any(kind in one for kind in _FETCHED) for one in each
    )


def _opened(content: IO[bytes]) -> zipfile.ZipFile:
    content.seek(0)
    try:
        return zipfile.ZipFile(content)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as problem:
        raise Refused(
            "document.broken",
            _("This file is damaged and cannot be opened. It was not saved."),
            field="file",
        ) from problem


def _active() -> Refused:
    return Refused(
        "document.active",
        _(
            "This document contains macros, an embedded object or a password. It was not "
            "saved. Save it as PDF and add the PDF."
        ),
        field="file",
    )
