"""Names made of several words, one shape for each however it is written: `Abdul Rahman`,
`Nasr ullah`, `Karim zada`.

Belongs here: what begins and closes a compound, told by its sounds so that it holds in every
script that can be read; the one shape. Does not belong here: taking a name apart (`parts`).
"""

import re
from functools import lru_cache
from pathlib import Path

from oslonac.matching.known import plain
from oslonac.matching.sounds import ABJAD, kind_of, sounds

PARTICLES = Path(__file__).with_name("tables") / "particles.tsv"


def _particles() -> dict[str, frozenset[str]]:
    lines = PARTICLES.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return {group: frozenset(map(plain, words.split())) for group, words in rows}


WORDS = _particles()
_LINKS, _SERVANT, _SUFFIXES = WORDS["links"], WORDS["servant"], WORDS["suffixes"]
_ENDING_WORDS = {"din": WORDS["ending_din"], "lah": WORDS["ending_lah"]}

# What "servant of" sounds like with its article or without, and the article by itself. A vowel
# at the end makes a name of its own: Abdi, Abdo.
_SERVANT_WORD = re.compile(r"(?:[aA@e]?bd|evd)(?:[aeouEW@]?[lrnstzSdD]|i[lr])?")
_LINK_WORD = re.compile(r"[aeiou@]?[lrnstzSd]|[aeiou]S")
_ENDINGS_HEARD = {
    "lah": re.compile(r"[aou@W]?la?[hHχħ]|ula"),
    "din": re.compile(r"(?:[uoW@]?|[ae@]l|u[dl])d[iYe]n"),
}
_SUFFIX_HEARD = re.compile(r"[zJ][a@]d(?:[aeEHo]|[ae]?[hH])|p[uoW]r|neZ?[a@]d")

_SERVANT_OF = re.compile(r"^(?:[aA@e]?bd|evd)[aeiouEW@]*([lrnstzSd]?)(.*)$")
_OF_FAITH = re.compile(r"^(.{2,}?)(?:[aeuoE]l?|l|al|au|W)[dt](?:i|Y|e)ne?$")
_OF_GOD = re.compile(r"^(.{3,}?)(?:[uo]l(?:H|ah|a|aH|aχ)|al(?:H|lah))$")
_LEAST, _LEAST_VOWELLED = 2, 3  # sounds after "servant of"


def is_servant(word: str) -> bool:
    """`Abd`, `Abdul`, `Abdur` and what other scripts write for them."""
    return plain(word) in _SERVANT or bool(_SERVANT_WORD.fullmatch(_heard(word)))


def is_link(word: str) -> bool:
    """The article between two words of a compound."""
    return plain(word) in _LINKS or (not _listed(word) and bool(_LINK_WORD.fullmatch(_heard(word))))


def closing(ahead: list[str]) -> int:
    """How many of the next words close a compound: `ullah`, `ud din`, `al-Din`; 0 for none."""
    for ending in _ENDING_WORDS:
        if ahead and _closes(ahead[0], ending):
            return 1
        if len(ahead) > 1 and is_link(ahead[0]) and _closes(ahead[1], ending):
            return 2
    return 0


def is_suffix(word: str) -> bool:
    """What makes a surname of the word before it, written apart: `zada`, `pour`."""
    if plain(word) in _SUFFIXES:
        return True
    return not _listed(word) and bool(_SUFFIX_HEARD.fullmatch(_heard(word)))


def _closes(word: str, ending: str) -> bool:
    if plain(word) in _ENDING_WORDS[ending]:
        return True
    return not _listed(word) and bool(_ENDINGS_HEARD[ending].fullmatch(_heard(word)))


def _listed(word: str) -> bool:
    """Scripts whose particles the table lists; there many a short word is a name (Edin, Ala)."""
    return any(
        char.isascii() or "\u0600" <= char <= "\u06ff" or "\u0400" <= char <= "\u04ff"
        for char in word
    )


@lru_cache(maxsize=100_000)
def _heard(word: str) -> str:
    """Sounds of a word; Indic scripts leave the sign for "no vowel" out: আবদুল is Abdul."""
    heard = sounds(word)
    indic = any("\u0900" <= char <= "\u0d7f" for char in word)
    return "abd" + heard[4:] if indic and heard.startswith("abad") else heard


def compound(text: str) -> str:
    """One shape for each compound, however its article was written or assimilated."""
    words = text.split()
    abjad = kind_of(text) is ABJAD
    apart = len(words) > 1 and is_servant(words[0])
    heard = _heard("".join(words)) if abjad else "".join(map(_heard, words))
    servant = _SERVANT_OF.match(heard)
    if servant:
        return _servant_of(heard, *servant.groups(), short=abjad or apart)
    heard = "".join(
        char for at, char in enumerate(heard) if abjad or not at or char != heard[at - 1]
    )
    for pattern, ending in ((_OF_FAITH, "din"), (_OF_GOD, "laH")):
        found = pattern.match(heard)
        if found:
            return found.group(1) + ending
    return heard


def _servant_of(heard: str, article: str, rest: str, *, short: bool) -> str:
    """`short`: whether so few sounds may follow as only a writing without vowels or a word
    apart leaves: عبدالرب, Abdul Haq."""
    if rest in (
        "ah",
        "aχ",
        "a",
        "H",
        "aH",
        "lah",
        "laχ",
        "lH",
        "@lh",
        "alh",
        "lh",
        "laħ",
        "@lH",
    ) and article in ("l", ""):
        return "abdlaH"
    if article and article != "l" and not rest.startswith(article):
        rest = article + rest
    return "abd" + rest if len(rest) >= (_LEAST if short else _LEAST_VOWELLED) else heard
