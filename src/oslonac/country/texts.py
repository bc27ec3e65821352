"""Texts of a pack are maps from language tag (en, sr-Latn, ...) to text; a page shows one."""

from collections.abc import Mapping

from django.utils.translation import get_language

from oslonac.kit.translations import tag_of


def tag() -> str:
    """The language of the page as packs name it: en, sr-Latn, sr-Cyrl, ..."""
    return tag_of(get_language() or "en")


def in_language(texts: Mapping[str, str]) -> str:
    """The text in the language of the page, else in English, else in any."""
    return texts.get(tag()) or texts.get("en") or next(iter(texts.values()), "")
