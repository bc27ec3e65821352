"""Checking a file before it is saved, and rewriting it where that removes something.

Belongs here: one module for each family of files. `clean` reads a clear stream that can be sought
in, chunk by chunk, and gives the stream to keep. Does not: sealing, scanning for malware.
"""

from dataclasses import dataclass
from typing import IO

from oslonac.documents.inspecting import office, pdfs, pictures, texts
from oslonac.documents.rules import HEAD_BYTES, Family, Kind, judge
from oslonac.kit.errors import Refused

FIELD = "file"


@dataclass(frozen=True)
class Clean:
    """What to keep. `pages` where the format counts them."""

    kind: Kind
    content: IO[bytes]
    pages: int | None = None


def kind_of(content: IO[bytes]) -> Kind:
    """The kind of a file by its content alone. Raises Refused with a sentence."""
    content.seek(0)
    found = judge(content.read(HEAD_BYTES))
    content.seek(0)
    if found is None:
        return office.kind_of(content)
    if isinstance(found, str):
        raise Refused("document.type", found, field=FIELD)
    return found


def clean(content: IO[bytes]) -> Clean:
    """Look through a file; pictures are made anew. Raises Refused with a sentence."""
    kind = kind_of(content)
    if kind.family == Family.PICTURE:
        made, pages = pictures.made_anew(content, kind)
        return Clean(kind, made, pages)
    if kind.family == Family.PDF:
        return Clean(kind, content, pdfs.check(content))
    if kind.family == Family.OFFICE:
        office.check(content)
    else:
        texts.check(content)
    content.seek(0)
    return Clean(kind, content)
