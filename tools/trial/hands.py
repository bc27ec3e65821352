"""How different hands write one name: English, French, German, Serbian, Turkish, Cyrillic.

Belongs here: spelling rules of each hand and slips of the pen. Does not belong here: who is
written about (`people`).
"""

import random

RULES: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "en": (("dj", ("j",)), ("ou", ("oo", "u", "ou")), ("i", ("i", "i", "i", "ee"))),
    "fr": (
        ("sh", ("ch",)),
        ("oo", ("ou",)),
        ("ee", ("i",)),
        ("w", ("ou", "w")),
        ("j", ("dj", "j")),
        ("kh", ("kh",)),
        ("y", ("y", "i")),
    ),
    "de": (
        ("sh", ("sch", "sh")),
        ("j", ("dsch", "j", "dj")),
        ("y", ("j", "y")),
        ("oo", ("u",)),
        ("ee", ("i",)),
        ("kh", ("ch", "kh")),
        ("z", ("s", "z")),
        ("ch", ("tsch", "ch")),
    ),
    "sr": (
        ("sh", ("š", "s")),
        ("ch", ("č", "c", "ć")),
        ("j", ("dž", "dz", "đ")),
        ("y", ("j",)),
        ("w", ("v",)),
        ("kh", ("h",)),
        ("gh", ("g",)),
        ("q", ("k",)),
        ("th", ("t",)),
        ("oo", ("u",)),
        ("ou", ("u",)),
        ("ee", ("i",)),
        ("x", ("ks",)),
        ("zh", ("ž",)),
    ),
    "tr": (
        ("sh", ("ş", "s")),
        ("ch", ("ç", "c")),
        ("j", ("c",)),
        ("w", ("v",)),
        ("kh", ("h",)),
        ("gh", ("g", "ğ")),
        ("q", ("k",)),
        ("th", ("t",)),
        ("oo", ("u",)),
        ("ee", ("i",)),
        ("u", ("u", "ü")),
    ),
}
HANDS = tuple(RULES)
NATIVE_LATIN = frozenset("srt")  # origins whose own hand is Latin or Serbian: no foreign rules
_TO_CYRILLIC = (
    ("dž", "џ"),
    ("dz", "џ"),
    ("lj", "љ"),
    ("nj", "њ"),
    ("đ", "ђ"),
    ("ž", "ж"),
    ("č", "ч"),
    ("ć", "ћ"),
    ("š", "ш"),
    ("ks", "кс"),
    *zip("abcdefghijklmnopqrstuvwxyz", "абцдефгхијклмнопкрстуввсиз", strict=True),
)
_TO_RUSSIAN = (
    ("shch", "щ"),
    ("kh", "х"),
    ("sh", "ш"),
    ("ch", "ч"),
    ("zh", "ж"),
    ("gh", "г"),
    ("th", "т"),
    ("ya", "я"),
    ("yu", "ю"),
    ("oo", "у"),
    ("ou", "у"),
    ("ee", "и"),
    ("j", "дж"),
    ("ts", "ц"),
    *zip("abcdefghiklmnopqrstuvwxyz", "абкдефгхиклмнопкрстуввкйз", strict=True),
)


def by_hand(word: str, hand: str, chance: random.Random) -> str:
    """`word`, in plain English romanisation, as another hand writes it."""
    out, at = [], 0
    rules = RULES[hand]
    while at < len(word):
        for pattern, forms in rules:
            if word.startswith(pattern, at):
                out.append(chance.choice(forms))
                at += len(pattern)
                break
        else:
            out.append(word[at])
            at += 1
    return "".join(out)


def cyrillic(word: str, russian: bool, chance: random.Random) -> str:
    """A plain Latin writing put into Serbian or Russian letters."""
    text = word.lower() if russian else by_hand(word.lower(), "sr", chance)
    for latin, letter in _TO_RUSSIAN if russian else _TO_CYRILLIC:
        text = text.replace(latin, letter)
    return "".join(char for char in text if not char.isascii() or char == " ")


def slip(word: str, chance: random.Random) -> str:
    """One slip of the pen: a letter lost, doubled, swapped, or a vowel heard otherwise."""
    if len(word) < 4:
        return word
    at = chance.randrange(1, len(word) - 1)
    kind = chance.random()
    if kind < 0.25:
        return word[:at] + word[at + 1 :]
    if kind < 0.4:
        return word[:at] + word[at] + word[at:]
    if kind < 0.55:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    vowels = [i for i, char in enumerate(word) if char in "aeiou"]
    if not vowels:
        return word
    at = chance.choice(vowels)
    return word[:at] + chance.choice("aeiou") + word[at + 1 :]


def arabic(word: str, chance: random.Random) -> str:
    """The same word on another keyboard: hamza left out, Persian or Arabic letters."""
    if chance.random() < 0.4:
        word = word.translate(str.maketrans("أإآ", "ااا"))
    table: dict[str, str] = chance.choice(
        ({"ی": "ي", "ک": "ك"}, {"ي": "ی", "ك": "ک"}, {"ة": "ه"}, {})
    )
    return "".join(table.get(char, char) for char in word)
