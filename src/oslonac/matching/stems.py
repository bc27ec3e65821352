"""What two compound words do not share: `Rahman` and `Rahim` of Abdul Rahman and Abdul Rahim.

Belongs here: beginnings and endings that many names have. Does not belong here: putting
compounds together (`parts`), comparing what is left (`words`).

A beginning or ending both words have says nothing for one name: any two patronymics in -ović
agree in half their letters. It is set aside before the rest is compared.
"""

import re
from functools import lru_cache

from oslonac.matching.known import Known, plain
from oslonac.matching.sounds import ABJAD, kind_of

_BEGINNINGS = (("abd", re.compile(r"^abd(?=..)")),)
_ENDINGS = (
    ("laH", re.compile(r"laH$")),
    ("din", re.compile(r"din$")),
    ("ovic", re.compile(r"[oe]v[iY][CcKS]$")),
    ("enko", re.compile(r"enk[oa]$")),
    ("zada", re.compile(r"z[a@]d(?:[aHEe]|aH|eH)$")),
    ("zai", re.compile(r"[zZ](?:Y|[ae]?y|ai|ej|aY)$")),
    ("pour", re.compile(r"p[uoW]r$")),
)
_LEAST = 2  # sounds that must be left
_WITHOUT_VOWELS = (  # the same in letters that leave vowels out, as `known.plain` writes them
    ("abd", re.compile(r"^عبد(?:ال)?(?P<rest>..+)$")),
    ("laH", re.compile(r"^(?P<rest>..+)الله$")),
    ("din", re.compile(r"^(?P<rest>..+)ا?لدین$")),
    ("zada", re.compile(r"^(?P<rest>..+)زاده$")),
    ("pour", re.compile(r"^(?P<rest>..+)پور$")),
    ("zai", re.compile(r"^(?P<rest>..+)ز[یئ]+$")),
)


@lru_cache(maxsize=400_000)
def taken_apart(sound: str) -> tuple[str, str, str]:
    """(what it begins with, the rest, what it ends in); empty where it has none of them."""
    for begins, pattern in _BEGINNINGS:
        found = pattern.match(sound)
        if found and len(sound) - found.end() >= _LEAST:
            return begins, sound[found.end() :], ""
    for ends, pattern in _ENDINGS:
        found = pattern.search(sound)
        if found and found.start() >= _LEAST:
            return "", sound[: found.start()], ends
    return "", sound, ""


def stem(text: str, sound: str, known: Known) -> frozenset[int]:
    """Lines of the table for what a compound has besides its beginning or ending."""
    begins, rest, ends = taken_apart(sound)
    if not (begins or ends):
        return frozenset()
    words = text.split()
    if len(words) > 1:
        return known.of(words[-1 if begins else 0]) or known.sounding(rest)
    if kind_of(text) is ABJAD:
        for kind, pattern in _WITHOUT_VOWELS:
            found = pattern.match(plain(text)) if kind in (begins, ends) else None
            if found:
                return known.of(found["rest"])
        return frozenset()
    return known.sounding(rest)


def unshared(one: str, other: str) -> tuple[str, str]:
    """Both words without the beginning or ending they share."""
    begins, rest, ends = taken_apart(one)
    if not (begins or ends):
        return one, other
    other_begins, other_rest, other_ends = taken_apart(other)
    if begins == other_begins and ends == other_ends:
        return rest, other_rest
    return one, other
