"""Serbian in two scripts: Cyrillic becomes Latin without doubt, so what was typed in Cyrillic can
be shown in both.

The way back is not certain (“nj” is one letter in *konj* and two in *konjunktura*): it is for
names one has looked at, never for what somebody typed.
"""

import re

import cyrtranslit

_WORD = re.compile(r"[Ѐ-ӿ]+")
_TWO_LETTERS = {"Lj": "LJ", "Nj": "NJ", "Dž": "DŽ"}
_SPELLINGS = re.compile("|".join(_TWO_LETTERS))
_SERBIAN = re.compile(r"[абвгдђежзијклљмнњопрстћуфхцчџш\s.'-]+", re.IGNORECASE)


def to_latin(text: str) -> str:
    """Serbian Cyrillic words in Latin letters; everything else stays as it is.

    Placeholders, tags and addresses are written in Latin letters, so they cannot change.
    """
    return _WORD.sub(lambda found: _latin_word(found.group()), text)


def _latin_word(word: str) -> str:
    latin = str(cyrtranslit.to_latin(word, "sr"))
    if len(word) > 1 and word.isupper():  # ЉУБАВ is LJUBAV, Љубав is Ljubav
        return _SPELLINGS.sub(lambda found: _TWO_LETTERS[found.group()], latin)
    return latin


def to_cyrillic(text: str) -> str:
    """A Serbian name in Cyrillic letters; a person has to know that it is one."""
    return str(cyrtranslit.to_cyrillic(text, "sr"))


def for_page(name: str, language: str) -> str:
    """A name in the script of a page: one that is typed in Serbian Cyrillic is written in Latin
    on every page that is not in Cyrillic. Foreign names stay as they were typed."""
    return name if language == "sr" or not _SERBIAN.fullmatch(name) else to_latin(name)
