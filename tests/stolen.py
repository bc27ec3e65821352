"""Looking for names in what a thief may carry away, in every form that bytes can take.

Belongs here: encodings of a text and the search for them. Does not: what is searched.
"""

import base64
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

SHORTEST = 8  # shorter texts occur anywhere by chance
_EMPTY = b"\0" * 1024


def forms(text: str) -> set[bytes]:
    """A text as UTF-8, UTF-16 in both orders, hexadecimal, base64 at each of its three offsets,
    percent-encoded, and as JSON and Python escape it."""
    plain = text.encode()
    found = {plain, text.upper().encode(), text.lower().encode()}
    found |= {text.encode("utf-16-le"), text.encode("utf-16-be")}
    found |= {plain.hex().encode(), plain.hex().upper().encode()}
    found |= {quote(text).encode(), quote(text).lower().encode()}
    found |= {json.dumps(text)[1:-1].encode(), repr(plain)[2:-1].encode()}
    for offset in range(3):
        coded = base64.b64encode(b"\0" * offset + plain)
        # The first and last group depend on what stands around the text.
        found.add(coded[4 if offset else 0 : -4])
    return {each for each in found if len(each) >= SHORTEST}


class Thief:
    """Searches for many texts at once. `known`: bytes of public texts, in which nothing counts."""

    def __init__(self, texts: Iterable[str], known: bytes = b"") -> None:
        self.wanted: dict[bytes, str] = {}
        for text in texts:
            if len(text) >= SHORTEST:
                self.wanted |= {form: text for form in forms(text) if form not in known}

    def finds(self, content: bytes) -> set[str]:
        """Texts that occur in some form."""
        content = content.replace(_EMPTY, b"")  # pages of a database that hold nothing yet
        return {text for form, text in self.wanted.items() if form in content}

    def searches(self, *places: Path, without: Iterable[Path] = ()) -> dict[str, set[str]]:
        """What is found under folders, by file."""
        left_out = tuple(without)
        found = {}
        for path in _files(places):
            if not any(path.is_relative_to(each) for each in left_out):
                try:
                    names = self.finds(path.read_bytes())
                except OSError:
                    continue  # a socket, or gone meanwhile
                if names:
                    found[str(path)] = names
        return found


def _files(places: Iterable[Path]) -> Iterator[Path]:
    for place in places:
        yield from (path for path in place.rglob("*") if path.is_file() and not path.is_symlink())
