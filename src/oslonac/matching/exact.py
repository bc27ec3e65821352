"""Whoever is written exactly as was asked comes first among all whose names may be that name.

Belongs here: what counts as the same writing, and the order it gives. Does not belong here: what
candidates weigh otherwise (`ranking`).

Sums of weights cannot promise it: another script's writing of a name may weigh a hair more. What
else is known (birth, sex) still decides between the two.
"""

import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from oslonac.matching.known import plain

AHEAD = 0.01  # nats, for each grade of sameness


def in_order(asked: str, names: Sequence[str], by_name: Sequence[float]) -> list[float]:
    """What each name weighs for its writing, raised above all others where it is the one asked."""
    most = max(by_name, default=0.0)
    return [
        max(weight, most + AHEAD * grade) if (grade := _grade(asked, name)) else weight
        for name, weight in zip(names, by_name, strict=True)
    ]


def _grade(asked: str, name: str) -> int:
    """3: letter by letter; 2: but for capitals and marks between; 1: but for marks on letters."""
    if asked == name:
        return 3
    if _words(asked) == _words(name):
        return 2
    one, other = _plain(asked), _plain(name)
    return int(one == other and any(one))


@lru_cache(maxsize=100_000)
def _words(text: str) -> tuple[str, ...]:
    text = unicodedata.normalize("NFC", text).casefold()
    return tuple(
        "".join(
            char if char.isalnum() or unicodedata.category(char)[0] == "M" else " " for char in text
        ).split()
    )


@lru_cache(maxsize=100_000)
def _plain(text: str) -> tuple[str, ...]:
    return tuple(map(plain, _words(text)))
