"""Papers as PDF, typeset offline with Typst from the layouts in typst/.

Data reach a layout as one JSON text in sys.inputs, never as markup, so that nothing a person
wrote can become a command. No character stops a paper: see fonts.py.
"""

import html
import json
import logging
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import typst
from django.utils.translation import gettext as _

from oslonac.web import fonts

logger = logging.getLogger(__name__)
MACHINE = frozenset({"lang", "dir", "diagram", "fonts"})
LAYOUTS = Path(__file__).parent / "typst"
SHARP = 200.0  # dots an inch, of a diagram that becomes a picture
_SVG_TEXT = re.compile(r"(?<=>)[^<>]+(?=<)")


def render_pdf(template: str, data: dict[str, Any]) -> bytes:
    """The PDF of `typst/<template>.typ` with `data` (strings, lists, dicts; already localised).

    `case_summary` takes these keys; every text is finished, every list may be empty:

        lang, dir        "sr", "rtl" or "ltr"
        organisation, title, number, printed, confidential      texts of the header
        page             "Page {page} of {pages}"
        identity         {name, other_names: [..], facts: [[label, value], ..], flags: [..]}
        sections         list of {title, empty, columns: [..], rows: [[..], ..]} (a table)
                         or {title, empty, facts: [[label, value], ..]}
                         or {title, empty, entries: [{when, who, title, text}, ..]}

    Obligations, people, guardian, placement, plan and promises, contacts and who may see are
    sections in that order. What cannot be printed stands as its number, and the paper says so
    (`unprintable`). Raises ValueError for a name that is no layout of ours.
    """
    options: dict[str, Any] = {"format": "pdf", "pdf_standards": ["ua-1"]}
    try:
        return _compile(template, _fit(data, fonts.printable), **options)
    except typst.TypstError:
        # Nothing of the message goes into the log: it quotes the text.
        logger.exception("A paper was refused; it is set with the first font alone", exc_info=False)
        return _compile(template, _fit(data, fonts.plain), **options)


def render_png(template: str, data: dict[str, Any], *, ppi: float = 96.0) -> list[bytes]:
    """The same paper as one picture a page, for previews and tests."""
    pages = _compile(template, _fit(data, fonts.printable), format="png", ppi=ppi)
    return pages if isinstance(pages, list) else [pages]


def isolated(data: Any) -> Any:
    """Every text in a bidi isolate of its own, as <bdi> does on a page.

    Without it a right-to-left paper would print the groups of a phone number in reverse.
    """
    return _each(data, lambda text: f"\u2068{text}\u2069" if text else text)


def _each(data: Any, change: Callable[[str], str]) -> Any:
    """The data with every text for people changed."""
    if isinstance(data, str):
        return change(data)
    if isinstance(data, dict):
        return {
            key: value if key in MACHINE else _each(value, change) for key, value in data.items()
        }
    if isinstance(data, (list, tuple)):
        return [_each(value, change) for value in data]
    return data


def _fit(data: dict[str, Any], shown: Callable[[str], str]) -> dict[str, Any]:
    """The data in characters that can be printed, and the sentence that says what was not."""
    fitted = _each(data, shown)
    lost = fitted != _each(data, str)
    if "procedures" in fitted:
        fitted["procedures"] = [_drawn(row) for row in fitted["procedures"]]
    sentence = _(
        "Some characters have no picture in the fonts of this paper. Each stands as its "
        "Unicode number, such as %(example)s."
    ) % {"example": fonts.number_of("\U00010330")}
    return {**fitted, "fonts": fonts.families(), "unprintable": sentence if lost else ""}


def _drawn(procedure: dict[str, Any]) -> dict[str, Any]:
    """A procedure with its diagram; one with words outside the first font becomes a picture,
    because PDF/UA checks the letters of a drawing too and Typst sets them less well."""
    diagram = procedure["diagram"]
    if fonts.everyday(diagram):
        return procedure
    diagram = _SVG_TEXT.sub(
        lambda found: html.escape(fonts.printable(html.unescape(found.group()))), diagram
    )
    (picture,) = render_png("diagram", {"diagram": diagram}, ppi=SHARP)
    return {**procedure, "diagram": list(picture)}


def _compile(template: str, data: dict[str, Any], **options: Any) -> Any:
    layouts = {path.stem for path in LAYOUTS.glob("*.typ")}
    if template not in layouts:
        raise ValueError(f"no such layout: {template!r}")
    return typst.compile(
        str(LAYOUTS / f"{template}.typ"),
        root=str(LAYOUTS),
        font_paths=fonts.loaded(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(isolated(data), ensure_ascii=False)},
        **options,
    )
