"""Texts for the person in their own language, from the pack's `portal/own_file/<tag>.yaml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from django.conf import settings

FALLBACK = "en"


@dataclass(frozen=True)
class Texts:
    """One language: its tag, direction, whether a native speaker checked it, and the texts."""

    tag: str
    direction: str
    checked: bool
    texts: Mapping[str, str]

    def __call__(self, key: str, **values: Any) -> str:
        """A text; the English one where this language lacks it."""
        text = self.texts.get(key) or of(FALLBACK).texts.get(key, key)
        for name, value in values.items():
            text = text.replace(f"{{{name}}}", str(value))
        return text


@lru_cache(maxsize=1)
def _all() -> dict[str, Texts]:
    found = {}
    for path in sorted((Path(settings.OSLONAC_PACK) / "portal" / "own_file").glob("*.yaml")):
        content = yaml.safe_load(path.read_text("utf-8"))
        tag = content["language"]
        found[tag] = Texts(tag, content["direction"], content["checked"] is True, content["texts"])
    return found


def offered() -> list[str]:
    """Tags of the languages there are texts in."""
    return list(_all())


def of(tag: str) -> Texts:
    """The texts of a language or the nearest: Dari falls back to Persian, all to English."""
    known = _all()
    for wanted in (tag, tag.split("-")[0], FALLBACK):
        if wanted in known:
            return known[wanted]
    return Texts(FALLBACK, "ltr", True, {})


def nearest(tags: list[str]) -> str:
    """The first of a person's languages there are texts in."""
    known = _all()
    found = (wanted for tag in tags for wanted in (tag, tag.split("-")[0]) if wanted in known)
    return next(found, FALLBACK)
