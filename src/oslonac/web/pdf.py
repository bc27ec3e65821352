"""Papers as PDF, typeset offline with Typst from the layouts in typst/.

Data reach a layout as one JSON text in sys.inputs, never as markup, so that nothing a person
wrote can become a command. Fonts come from the wheel pymupdf-fonts and are written once into the
data folder.
"""

import json
import os
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import Any

import pymupdf_fonts
import typst

MACHINE = frozenset({"lang", "dir", "title", "diagram"})
LAYOUTS = Path(__file__).parent / "typst"
FONTS = {
    "FiraGO-Regular.otf": "figo",
    "FiraGO-Bold.otf": "figbo",
    "NotoSans-Regular.ttf": "notos",
    "NotoSans-Bold.ttf": "notosbo",
}


def data_dir() -> Path:
    """The data folder of settings (OSLONAC_DATA), or the user's own when there is none."""
    from django.conf import settings

    if settings.configured and getattr(settings, "OSLONAC_DATA", None):
        return Path(settings.OSLONAC_DATA)
    from platformdirs import user_data_dir

    return Path(user_data_dir("oslonac"))


@lru_cache(maxsize=1)
def fonts_dir() -> Path:
    """The folder of prepared fonts: FiraGO (Latin, Cyrillic, Arabic) and Noto Sans."""
    folder = data_dir() / "cache" / "fonts"
    folder.mkdir(parents=True, exist_ok=True)
    for name, key in FONTS.items():
        path = folder / name
        if path.exists():
            continue
        handle, fresh = tempfile.mkstemp(dir=folder, suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(pymupdf_fonts.myfont(key))
        os.replace(fresh, path)
    return folder


@lru_cache(maxsize=1)
def _fonts() -> Any:
    return typst.Fonts(include_system_fonts=False, font_paths=[str(fonts_dir())])


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
    sections in that order. Raises ValueError for a name that is no layout of ours.
    """
    return _compile(template, data, format="pdf", pdf_standards=["ua-1"])


def render_png(template: str, data: dict[str, Any], *, ppi: float = 96.0) -> list[bytes]:
    """The same paper as one picture a page, for previews and tests."""
    pages = _compile(template, data, format="png", ppi=ppi)
    return pages if isinstance(pages, list) else [pages]


def isolated(data: Any) -> Any:
    """Every text in a bidi isolate of its own, as <bdi> does on a page.

    Without it a right-to-left paper would print the groups of a phone number in reverse.
    """
    if isinstance(data, str):
        return f"\u2068{data}\u2069" if data else data
    if isinstance(data, dict):
        return {key: value if key in MACHINE else isolated(value) for key, value in data.items()}
    if isinstance(data, (list, tuple)):
        return [isolated(value) for value in data]
    return data


def _compile(template: str, data: dict[str, Any], **options: Any) -> Any:
    layouts = {path.stem for path in LAYOUTS.glob("*.typ")}
    if template not in layouts:
        raise ValueError(f"no such layout: {template!r}")
    return typst.compile(
        str(LAYOUTS / f"{template}.typ"),
        root=str(LAYOUTS),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(isolated(data), ensure_ascii=False)},
        **options,
    )
