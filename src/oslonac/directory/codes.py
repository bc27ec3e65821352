"""Code lists of the pack, cached per process: titles for pages, membership for checks."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from oslonac.directory.models import CodeList, in_language
from oslonac.kit.errors import Invalid


@lru_cache(maxsize=100)
def _entries(name: str) -> dict[str, dict[str, str]]:
    rows = CodeList.objects.filter(name=name, active=True).order_by("order", "code")
    return {row.code: row.titles for row in rows}


@lru_cache(maxsize=100)
def extras(name: str) -> dict[str, dict[str, Any]]:
    """What a list says of its codes beside the title (the pack's own keys, `source` and
    `verified` among them), by code, in the pack's order."""
    rows = CodeList.objects.filter(name=name, active=True).order_by("order", "code")
    return {row.code: {"source": row.source, **row.extra} for row in rows}


@lru_cache(maxsize=100)
def _all_extras(name: str) -> dict[str, dict[str, Any]]:
    return {row.code: row.extra for row in CodeList.objects.filter(name=name)}


def property_of(name: str, code: str, key: str) -> Any:
    """What the pack says of one code under `key`; None when it says nothing. Retired codes too:
    what was recorded under one keeps its duties."""
    return _all_extras(name).get(code, {}).get(key)


def forget_cached() -> None:
    """Call after loading a pack."""
    _all_extras.cache_clear()
    _entries.cache_clear()
    extras.cache_clear()


def choices(name: str) -> list[tuple[str, str]]:
    """(code, title in the page's language), in the pack's order."""
    return [(code, in_language(titles)) for code, titles in _entries(name).items()]


def title(name: str, code: str) -> str:
    """Title of a code; the code itself when the pack no longer lists it."""
    titles = _entries(name).get(code)
    return in_language(titles) if titles else code


def check(name: str, codes: Iterable[str], *, field: str) -> list[str]:
    """The codes, each once, in the order given. Raises Invalid for one the pack does not list."""
    known = _entries(name)
    kept = list(dict.fromkeys(code for code in codes if code))
    for code in kept:
        if code not in known:
            raise Invalid({field: _("“%(code)s” is not on the list.") % {"code": code[:60]}})
    return kept


def check_one(name: str, code: str, *, field: str, required: bool = True) -> str:
    """One code of a list. An empty one passes only when not required."""
    if not code:
        if required:
            raise Invalid({field: _("Choose one.")})
        return ""
    return check(name, [code], field=field)[0]
