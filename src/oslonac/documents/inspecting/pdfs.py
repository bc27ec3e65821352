"""PDF files: refused if they contain scripts or other active content (ISO 32000-2).

Refused: JavaScript (12.6.4.17), launching programs (12.6.4.6), forms of XFA and forms that send
(12.7.6), files inside (7.11.4), rich media (13.6, 13.7), a password (7.6: nothing can be checked).
Links are let through: nothing happens until somebody presses one.
"""

from collections.abc import Iterator
from typing import IO, Any, BinaryIO, cast

import pikepdf
from django.utils.translation import gettext as _

from oslonac.kit.errors import Refused

MOST_OBJECTS = 300_000
DEEPEST = 40
_KEYS = {"/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/XFA", "/RichMedia", "/RichMediaContent"}
_ACTIONS = {
    "/JavaScript",
    "/Launch",
    "/ImportData",
    "/SubmitForm",
    "/GoToE",
    "/Rendition",
    "/Movie",
    "/RichMediaExecute",
    "/Sound",
}
_TYPES = {"/EmbeddedFile", "/RichMedia", "/3D"}


def check(content: IO[bytes]) -> int:
    """How many pages there are. Raises Refused with a sentence."""
    content.seek(0)
    try:
        with pikepdf.open(cast(BinaryIO, content), access_mode=pikepdf.AccessMode.stream) as pdf:
            if pdf.is_encrypted:
                raise _locked()
            if len(pdf.objects) > MOST_OBJECTS:
                raise _broken()
            for found in pdf.objects:
                if _acts(found):
                    raise _active()
            if _acts(pdf.trailer):
                raise _active()
            pages = len(pdf.pages)
    except pikepdf.PasswordError as problem:
        raise _locked() from problem
    except (pikepdf.PdfError, ValueError, RuntimeError, RecursionError, OSError) as problem:
        raise _broken() from problem
    content.seek(0)
    return pages


def _acts(found: Any) -> bool:
    return any(_dangerous(each) for each in _direct(found, 0))


def _dangerous(found: Any) -> bool:
    keys = set(found.keys())
    if keys & _KEYS:
        return True
    return str(found.get("/S", "")) in _ACTIONS or str(found.get("/Type", "")) in _TYPES


def _direct(found: Any, depth: int) -> Iterator[Any]:
    """The dictionaries of an object that stand in it directly; others come on their own turn."""
    if depth > DEEPEST:
        raise ValueError("nested too deeply")
    if isinstance(found, (pikepdf.Dictionary, pikepdf.Stream)):
        yield found
        parts = [found.get(key) for key in list(found.keys())]
    elif isinstance(found, pikepdf.Array):
        parts = list(found)
    else:
        return
    for part in parts:
        if isinstance(part, pikepdf.Object) and not part.is_indirect:
            yield from _direct(part, depth + 1)


def _active() -> Refused:
    return Refused(
        "document.active",
        _(
            "This PDF contains a script, a form that sends data or an attachment. It was "
            "not saved. Print it to a new PDF and add that."
        ),
        field="file",
    )


def _locked() -> Refused:
    return Refused(
        "document.locked",
        _(
            "This PDF has a password, so it cannot be scanned. It was not saved. Save it "
            "without the password and add it again; Oslonac encrypts it anyway."
        ),
        field="file",
    )


def _broken() -> Refused:
    return Refused(
        "document.broken",
        _("This PDF is damaged and cannot be opened. It was not saved."),
        field="file",
    )
