"""Scripts and styles of every page as two files: on a slow line each request costs a round.

The sources stay as they are written, one module for one thing. Nothing is translated; comments and
blanks are left out. A module becomes a function of its own that is called once, so that names of
modules do not meet.

Belongs here: which files make a bundle, how they are put together, the finder that hands them to
Django's static files. Does not: compression and names with hashes (WhiteNoise).
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage

STATIC = Path(__file__).parent / "static"
# In the order in which they must come: rules that tie are won by the later one.
STYLES = ("tokens", "base", "layout", "components", "forms", "drawings", "find", "print")
# What each page runs; modules they import come along. The stepper first: it must not move somebody
# who has begun to type.
PAGE = (
    "stepper",
    "theme",
    "leave",
    "menus",
    "shortcuts",
    "drafts",
    "sending",
    "forms",
    "idle",
    "find",
    "busy",
    "after",
    "drawings",
)
# What a page needs on which nobody is signed in.
PLAIN = ("theme", "leave", "menus", "forms")
_IMPORT = re.compile(r'^import \{([^}]*)\} from "\./(\w+)\.js";$', re.M)
_EXPORT = re.compile(r"^export (?:async )?(?:function|const|let|class) (\w+)", re.M)
_REMARK = re.compile(r"^[ ]*(/\*\*.*?\*/[ ]*|//[^\n]*)$", re.M | re.S)
_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_BLANKS = re.compile(r"\s+")
_AROUND = re.compile(r"\s*([{};,>])\s*")


def style() -> str:
    """All stylesheets of the design system."""
    return "".join(_tight((STATIC / f"web/css/{name}.css").read_text()) for name in STYLES)


def _tight(css: str) -> str:
    found = _BLANKS.sub(" ", _COMMENT.sub("", css))
    return _AROUND.sub(r"\1", found).replace(";}", "}").strip() + "\n"


def script(names: tuple[str, ...] = PAGE) -> str:
    """All scripts of a page as one module."""
    done: list[str] = []
    return "// @ts-nocheck\n" + "".join(_module(name, done, ()) for name in names)


def _module(name: str, done: list[str], within: tuple[str, ...]) -> str:
    if name in within:
        raise ValueError(f"{name}.js imports itself by {' '.join(within)}")
    if name in done:
        return ""
    text = (STATIC / f"web/js/{name}.js").read_text()
    before = "".join(
        _module(other, done, (*within, name)) for _names, other in _IMPORT.findall(text)
    )
    done.append(name)
    exported = ", ".join(_EXPORT.findall(text))
    text = _IMPORT.sub(lambda found: f"const {{{found[1]}}} = ${found[2]};", text)
    text = _EXPORT.sub(lambda found: found[0].removeprefix("export "), text)
    if re.search(r"^(import|export)\b", text, re.M):
        raise ValueError(f"{name}.js imports or exports in a way that is not bundled")
    text = re.sub(r"\n\s*", "\n", _REMARK.sub("", text)).strip()
    return f"{before}const ${name} = (() => {{\n{text}\nreturn {{ {exported} }};\n}})();\n"


def plain_script() -> str:
    """The scripts of a page that is only a sentence or a sign-in."""
    return script(PLAIN)


BUNDLES = {"web/page.css": style, "web/page.js": script, "web/plain.js": plain_script}


class Bundles(BaseFinder):
    """Django's static files find the bundles here, written where the data of this machine lies."""

    def __init__(self, app_names: Any = None, *args: Any, **kwargs: Any) -> None:
        self.folder = Path(settings.OSLONAC_DATA) / "bundles"
        self.storage = FileSystemStorage(location=str(self.folder))

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        made = BUNDLES.get(path)
        if made is None:
            return []
        found = str(self._write(path, made()))
        return [found] if find_all else found

    def list(self, ignore_patterns: Any) -> Iterator[tuple[str, Any]]:
        for path, made in BUNDLES.items():
            self._write(path, made())
            yield path, self.storage

    def _write(self, path: str, text: str) -> Path:
        where = self.folder / path
        if not where.exists() or where.read_text() != text:
            where.parent.mkdir(parents=True, exist_ok=True)
            unfinished = where.with_name(f".{where.name}")
            unfinished.write_text(text)
            unfinished.replace(where)
        return where
