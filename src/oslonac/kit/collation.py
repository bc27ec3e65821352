"""The order of lists that people read: by the alphabets of the country, not by code points.

A letter of an alphabet may be written with two signs (Serbian “lj” stands after “l”). Letters of
no alphabet follow by their base letter, other scripts by code point; numbers count as numbers.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

Key = tuple[tuple[tuple[int, int], ...], str]

_SPACE = (0, 0)
_NUMBER = 1
_FIRST_ALPHABET = 2
_OTHER = 1000
_DIGITS = re.compile(r"\d{1,18}")


class Collation:
    """The order that some alphabets give; each is its letters in order, with blanks between."""

    def __init__(self, alphabets: Iterable[str] = ()) -> None:
        self._places: dict[str, tuple[int, int]] = {}
        for group, letters in enumerate(alphabets, start=_FIRST_ALPHABET):
            for place, letter in enumerate(unicodedata.normalize("NFC", letters).split()):
                self._places.setdefault(letter.casefold(), (group, place))
        self._longest = max(map(len, self._places), default=1)
        self.key = lru_cache(maxsize=50_000)(self._key)

    def _key(self, text: str) -> Key:
        folded = unicodedata.normalize("NFC", text).casefold()
        found: list[tuple[int, int]] = []
        at = 0
        while at < len(folded):
            places, length = self._next(folded, at)
            if places != [_SPACE] or (found and found[-1] != _SPACE):
                found += places
            at += length
        return tuple(found), text

    def _next(self, text: str, at: int) -> tuple[list[tuple[int, int]], int]:
        """The places of what stands next, and how many signs it takes."""
        for length in range(self._longest, 0, -1):
            place = self._places.get(text[at : at + length])
            if place:
                return [place], length
        if number := _DIGITS.match(text, at):
            return [(_NUMBER, int(number.group()))], len(number.group())
        char = text[at]
        if not char.isalnum():
            return ([] if unicodedata.combining(char) else [_SPACE]), 1
        letters = [c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c)]
        return [self._places.get(c, (_OTHER, ord(c))) for c in letters], 1
