"""The languages that pages of the product are written in, and who has checked them.

Belongs here: the list of catalogues, and reading one line of a compiled one. Does not belong here:
making catalogues (`config.messages`), choosing a language (`web.middleware`).
"""

import gettext
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

LOCALE = Path(__file__).resolve().parents[1] / "locale"


@dataclass(frozen=True)
class Catalogue:
    """A language of pages: Django's code, its name in itself, the folder of its texts."""

    code: str
    name: str
    folder: str = ""  # English is the source and has none


# By the tag that browsers, screen readers and packs use.
CATALOGUES = {
    "en": Catalogue("en", "English"),
    "sr-Latn": Catalogue("sr-latn", "Srpski", "sr_Latn"),
    "sr-Cyrl": Catalogue("sr", "Српски", "sr"),
}
_TAGS = {catalogue.code: tag for tag, catalogue in CATALOGUES.items()}


def tag_of(code: str) -> str:
    """The tag of a language that Django names by its code."""
    return _TAGS.get(code, code)


def code_of(tag: str) -> str:
    """Django's code of the language of a tag; English where pages are not translated into it."""
    return CATALOGUES[tag].code if tag in CATALOGUES else "en"


@lru_cache(maxsize=10)
def translation_checked(language: str) -> bool:
    """Whether a native speaker has checked this language; English is what was written."""
    known = CATALOGUES.get(tag_of(language))
    if known is None or not known.folder:
        return True
    try:
        catalogue = gettext.translation("django", str(LOCALE), [known.folder])
    except OSError:  # not compiled yet: the page is shown in English
        return True
    return bool(catalogue.info().get("x-checked-by", "").strip())
