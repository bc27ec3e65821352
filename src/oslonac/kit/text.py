"""Text as people paste it: any script, any length, stray control characters."""

import re
import unicodedata

# Tab, line feed and carriage return are ordinary; every other C0/C1 control is noise, and
# PostgreSQL refuses NUL outright.
_KEPT_CONTROLS = frozenset("\t\n\r")
# Isolates and marks are needed for mixed-direction names; embeddings and overrides can make
# text read as something else ("Trojan Source", CVE-2021-42574), so they are dropped.
_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e")
_UNSEEN = ("Cc", "Cf", "Cn", "Cs", "Zl", "Zp", "Zs")
_DRAWN_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufe0e\ufe0f")
LONGEST_NARRATIVE = 100_000
LONGEST_LINE = 500
SHORT_WORD = 3  # letters


def clean(value: str) -> str:
    """NFC text without control characters, lone surrogates and direction overrides; empty when
    nobody can see anything of it."""
    kept = []
    for char in unicodedata.normalize("NFC", value):
        if char in _KEPT_CONTROLS:
            kept.append(char)
        elif char in _OVERRIDES or unicodedata.category(char) in ("Cc", "Cs"):
            continue
        else:
            kept.append(char)
    text = "".join(kept).replace("\r\n", "\n").strip()
    return text if any(map(_can_be_seen, text)) else ""


def _can_be_seen(char: str) -> bool:
    """Whether a reader sees something: not a joiner, a blank, or a letter drawn as a blank."""
    return unicodedata.category(char) not in _UNSEEN and char not in _DRAWN_BLANK


def clean_line(value: str) -> str:
    """One line of text: cleaned, inner white space folded to single spaces."""
    return " ".join(clean(value).split())


def says_something(value: str) -> bool:
    """Whether a text holds more than a mark or one short word, said once or again: "ok", ".",
    "da da" say nothing."""
    words = {word.casefold() for word in re.findall(r"\w+", value)}
    return len(words) > 1 or any(len(word) > SHORT_WORD for word in words)


def day_and_hour(day: str, hour: str) -> str:
    """“6 Mar 2026, 16:05”: the full stop that ends a Serbian date gives way to the comma."""
    return f"{day.removesuffix('.')}, {hour}"


def dominant_script(value: str) -> str:
    """ISO 15924 code of the script most letters belong to; `Zyyy` when there are none."""
    counts: dict[str, int] = {}
    for char in value:
        if char.isalpha():
            code = _SCRIPTS.get(unicodedata.name(char, "").split(" ")[0], "Zzzz")
            counts[code] = counts.get(code, 0) + 1
    return max(counts, key=lambda code: counts[code]) if counts else "Zyyy"


_SCRIPTS = {
    "LATIN": "Latn",
    "CYRILLIC": "Cyrl",
    "ARABIC": "Arab",
    "ETHIOPIC": "Ethi",
    "BENGALI": "Beng",
    "GREEK": "Grek",
    "HEBREW": "Hebr",
    "DEVANAGARI": "Deva",
    "GURMUKHI": "Guru",
    "CJK": "Hani",
    "GEORGIAN": "Geor",
    "ARMENIAN": "Armn",
}
