"""Which files are accepted, told from their first bytes; a name or a browser's word is no proof.

Tables and pure functions. Signatures: the formats' own specifications (PDF: ISO 32000-2 7.5.2;
PNG: W3C PNG 5.2; JPEG: ITU-T T.81 B.1.1.3; TIFF 6.0; WebP: RFC 9649; ZIP: PKWARE APPNOTE 4.3.7).
"""

from dataclasses import dataclass

from oslonac.kit.choices import TextChoices
from oslonac.kit.choices import lazy as _
from oslonac.kit.statuses import Tables

HEAD_BYTES = 4096
MOST_PIXELS = 60_000_000
MOST_PAGES = 60  # of a picture with several pages
MOST_UNPACKED_BYTES = 300 * 1024 * 1024

NEXT: Tables = {}


class DocumentStatus(TextChoices):
    KEPT = "kept", _("kept")
    QUARANTINED = "quarantined", _("not scanned yet")
    REMOVED = "removed", _("removed")


NEXT[DocumentStatus] = {
    DocumentStatus.KEPT: frozenset({DocumentStatus.REMOVED}),
    DocumentStatus.QUARANTINED: frozenset({DocumentStatus.KEPT, DocumentStatus.REMOVED}),
    DocumentStatus.REMOVED: frozenset(),
}


class Family(TextChoices):
    """What is done to a file: made anew, looked through, looked into."""

    PICTURE = "picture", _("picture")
    PDF = "pdf", _("PDF")
    OFFICE = "office", _("office document")
    TEXT = "text", _("text")


@dataclass(frozen=True)
class Kind:
    """`media_type` and `suffix` are what a download says of itself."""

    code: str
    family: Family
    media_type: str
    suffix: str


_OOXML = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"
KINDS = {
    kind.code: kind
    for kind in (
        Kind("pdf", Family.PDF, "application/pdf", "pdf"),
        Kind("jpeg", Family.PICTURE, "image/jpeg", "jpg"),
        Kind("png", Family.PICTURE, "image/png", "png"),
        Kind("webp", Family.PICTURE, "image/webp", "webp"),
        Kind("tiff", Family.PICTURE, "image/tiff", "tif"),
        Kind("docx", Family.OFFICE, f"{_OOXML}.wordprocessingml.document", "docx"),
        Kind("xlsx", Family.OFFICE, f"{_OOXML}.spreadsheetml.sheet", "xlsx"),
        Kind("odt", Family.OFFICE, f"{_ODF}.text", "odt"),
        Kind("ods", Family.OFFICE, f"{_ODF}.spreadsheet", "ods"),
        Kind("text", Family.TEXT, "text/plain; charset=utf-8", "txt"),
    )
}

PROGRAM = _(
    "This file is a program or a script, whatever its name says. It was not saved. "
    "If it came from somebody you do not know, tell your IT support."
)
PAGE = _(
    "This file is a web page or a drawing that can run scripts. It was not saved. "
    "Print it to a PDF and add that."
)
ARCHIVE = _(
    "This file is an archive with other files in it. It was not saved. Add the files one by one."
)
OLD_OFFICE = _(
    "Old office files (.doc, .xls, .ppt, .msg) may contain hidden programs. The "
    "file was not saved. Save it as PDF and add the PDF."
)
OTHER_PICTURE = _(
    "Pictures of this kind may contain data about the phone and the place that "
    "cannot be removed. It was not saved. Save it as JPEG or PNG and add that."
)
EMPTY = _("This file is empty. It was not saved. Choose the file again, or make it anew.")
SOUND = _(
    "Recordings of voice or video are not accepted yet. It was not saved. Write down what was "
    "said, and keep the recording where your rules allow it."
)
ENCODING = _(
    "This text is not written in UTF-8, so letters like č and ж could be lost. It was not saved. "
    "Save it as plain text in UTF-8, or as PDF, and add that."
)
UNKNOWN = _(
    "This kind of file is not accepted. It was not saved. Use PDF, JPEG, PNG, "
    "WebP, TIFF, DOCX, XLSX, ODT, ODS or plain text."
)

_ACCEPTED = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
)
_REFUSED = (
    (b"MZ", PROGRAM),
    (b"\x7fELF", PROGRAM),
    (b"#!", PROGRAM),
    (b"\xca\xfe\xba\xbe", PROGRAM),
    (b"\xfe\xed\xfa\xce", PROGRAM),
    (b"\xfe\xed\xfa\xcf", PROGRAM),
    (b"\xce\xfa\xed\xfe", PROGRAM),
    (b"\xcf\xfa\xed\xfe", PROGRAM),
    (b"dex\n", PROGRAM),
    (b"L\0\0\0\x01\x14\x02\0", PROGRAM),
    (b"@echo", PROGRAM),
    (b"\xd0\xcf\x11\xe0", OLD_OFFICE),
    (b"{\\rtf", OLD_OFFICE),
    (b"Rar!", ARCHIVE),
    (b"7z\xbc\xaf", ARCHIVE),
    (b"\x1f\x8b", ARCHIVE),
    (b"BZh", ARCHIVE),
    (b"\xfd7zXZ", ARCHIVE),
    (b"\x28\xb5\x2f\xfd", ARCHIVE),
    (b"MSCF", ARCHIVE),
    (b"GIF8", OTHER_PICTURE),
    (b"BM", OTHER_PICTURE),
    (b"%!PS", PROGRAM),
)
_SOUNDS = (b"ID3", b"OggS", b"fLaC", b"#!AMR", b"\x1aE\xdf\xa3", b"\xff\xf1", b"\xff\xf9", b"MThd")
_LAYER_3 = (b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")
# ISO base media files (ISO/IEC 14496-12): brands of pictures; every other brand is sound or film.
_PICTURE_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1", b"avif", b"avis")
_WIDE = (b"\xff\xfe", b"\xfe\xff")  # UTF-16
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_SCRIPTED = (b"<html", b"<!doctype", b"<?xml", b"<svg", b"<script", b"<?php", b"<hta:", b"<body")
_CONTROL = frozenset(range(32)) - {9, 10, 12, 13}


def judge(head: bytes) -> "Kind | str | None":
    """What a file is, by its first HEAD_BYTES: a kind, a sentence why it is refused, or None for
    a ZIP, which only its content list tells apart (`inspecting.office`)."""
    if head.startswith(_ZIP):
        return None
    if b"%PDF-" in head[:1024]:  # readers accept it anywhere there, so we must look for it there
        return KINDS["pdf"]
    for begin, code in _ACCEPTED:
        if head.startswith(begin):
            return KINDS[code]
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return KINDS["webp"]
    if not head:
        return str(EMPTY)
    if head.startswith((*_SOUNDS, *_LAYER_3)) or (head[:4] == b"RIFF" and head[8:12] != b"WEBP"):
        return str(SOUND)
    for begin, sentence in _REFUSED:
        if head[: len(begin)].lower() == begin.lower():
            return str(sentence)
    if head[4:8] == b"ftyp":
        return str(OTHER_PICTURE if head[8:12].lower() in _PICTURE_BRANDS else SOUND)
    if any(mark in head.lower() for mark in _SCRIPTED):
        return str(PAGE)
    if _is_text(head):
        return KINDS["text"]
    return str(ENCODING if head.startswith(_WIDE) or is_plain(head) else UNKNOWN)


def is_plain(part: bytes) -> bool:
    """Whether bytes hold no control characters but those of lines."""
    return not set(part) & _CONTROL


def _is_text(head: bytes) -> bool:
    if not is_plain(head):
        return False
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as problem:
        return problem.start > len(head) - 4  # a letter cut in two at the end
    return True
