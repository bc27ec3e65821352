"""Any script to one alphabet of sounds: what a name would be if spelling were no matter.

Belongs here: letters and digraphs of each script, one sound a character. Does not belong
here: what sounds are alike (`transducer`), what parts of a name mean (`parts`).

The alphabet keeps what a script says and no more: an Arabic waw is `W` (w, v, u, o), not a
guess at one of them; a Latin `c` stays `c`. The learned costs know what each may stand for.
Sources: Unicode character names (Ethiopic and Indic syllables are spelled out there),
ALA-LC and BGN/PCGN romanisation tables, read as general knowledge.
"""

import unicodedata
from collections.abc import Callable
from functools import lru_cache

FULL, ABJAD = "full", "abjad"  # vowels written, or mostly left out

ABJAD_LETTERS = {
    **dict.fromkeys("اأإٱ", "@"), "آ": "a", "ب": "b", "پ": "p", "ت": "t", "ٹ": "t", "ټ": "t",
    "ث": "T", "ج": "J", "چ": "C", "ح": "ħ", "خ": "x", "ځ": "z", "څ": "s", "د": "d", "ډ": "d",
    "ڈ": "d", "ذ": "D", "ر": "r", "ړ": "r", "ڑ": "r", "ڕ": "r", "ز": "z", "ژ": "Z", "ږ": "Z",
    "س": "s", "ش": "S", "ښ": "Š", "ص": "s", "ض": "ḍ", "ط": "t", "ظ": "ẓ", "ع": "A", "غ": "G",
    "ف": "f", "ڤ": "v", "ق": "q", "ک": "k", "ك": "k", "ڪ": "k", "گ": "g", "ګ": "g", "ڭ": "g",
    "ل": "l", "ڵ": "l", "م": "m", "ن": "n", "ڼ": "n", "ں": "n", "و": "W", "ؤ": "W", "ۆ": "o",
    "ه": "h", "ہ": "h", "ھ": "h", "ۀ": "H", "ۂ": "H", "ة": "H", "ە": "E", "ي": "Y", "ی": "Y",
    "ې": "Y", "ۍ": "Y", "ئ": "Y", "ێ": "Y", "ے": "Y", "ى": "Y", "\u064e": "a", "\u064f": "u",
    "\u0650": "i", "\u0670": "a",
}  # fmt: skip
CYRILLIC_LETTERS = {
    **dict(zip("абвгдђежзијйклмнопрстћуфхцчџшщыэіїєґѓќѕөүұқғңәһ",
               "abvgdĐeZziyyklmnoprstCufχcCJSSieiieggkzouukGnaħ", strict=True)),
    "љ": "ly", "њ": "ny", "ё": "yo", "ю": "yu", "я": "ya",
}  # fmt: skip
GREEK_LETTERS = dict(zip("αβγδεζηθικλμνξοπρσςτυφχψω", "avgdeziTiklmnXoprsstifχpo", strict=True))
HEBREW_LETTERS = {
    **dict(zip("אבגדהוזחטיכלמנסעפצקרשתךםןףץ", "@bgdhWzħtYklmnsAfsqrStkmnfs", strict=True))
}
GEORGIAN_LETTERS = dict(
    zip("აბგდევზთიკლმნოპჟრსტუფქღყშჩცძწჭხჯჰ", "abgdevztiklmnopZrstupkGqSCczcCxJh", strict=True)
)
ARMENIAN_LETTERS = dict(
    zip("աբգդեզէըթժիլխծկհձղճմյնշոչպջռսվտրցւփքօֆև", "abgdezeetZilxckhzGCmynSoCpJrsvtrcvpkofe",
        strict=True)
)  # fmt: skip
GREEK_GROUPS = {"μπ": "b", "ντ": "d", "γκ": "g", "γγ": "g", "τζ": "J", "τσ": "c", "ου": "u",
                "αι": "e", "ει": "i", "οι": "i"}  # fmt: skip
ARMENIAN_GROUPS = {"ու": "u", "և": "ev"}
SYRIAC_LETTERS = dict(zip("ܐܒܓܕܗܘܙܚܛܝܟܠܡܢܣܥܦܨܩܪܫܬ", "@bgdhWzħtYklmnsAfsqrSt", strict=True))
THAANA_LETTERS = dict(zip("ހށނރބޅކއވމފދތލގޏސޑޒޓޔޕޖޗޘޙޚޛޜޝޞޟޠޡޢޣޤޥަާިީުޫެޭޮޯ",
    "hSnrblk\0vmfdtlgnsdztypJCTħxDZSsḍtẓAGqwaaiiuueeoo", strict=True)) | {"އ": ""}  # fmt: skip
LATIN_LETTERS = {
    "š": "S", "ś": "S", "ş": "S", "ș": "S", "ṣ": "s", "č": "C", "ć": "C", "ç": "C", "ž": "Z",
    "ź": "Z", "ż": "Z", "đ": "Đ", "ǰ": "J", "ǧ": "J", "ġ": "G", "ğ": "G", "ḥ": "ħ", "ḫ": "x",
    "ẖ": "x", "ḍ": "ḍ", "ẓ": "ẓ", "ṭ": "t", "ṯ": "T", "ḏ": "D", "þ": "T", "ð": "D", "ı": "i",
    "ł": "l", "ø": "o", "æ": "e", "œ": "o", "ß": "s", "ə": "a", "x": "X", "ʿ": "A", "ʻ": "A",
    "ʕ": "A", "ŋ": "n", "ě": "ye", "ū": "u", "q": "q",
}  # fmt: skip
LATIN_GROUPS = {  # longest first; a hand's way of writing one sound
    "dsch": "J", "tsch": "C", "tch": "C", "sch": "S", "dzh": "J", "kch": "x",
    "dj": "J", "dž": "J", "dź": "J", "dz": "J", "xh": "J", "gj": "J", "sh": "S", "kh": "x",
    "gh": "G", "th": "T", "dh": "D", "zh": "Z", "ch": "K", "ph": "f", "ck": "k", "ou": "u",
    "oo": "u", "ee": "i", "aa": "a", "ii": "i", "uu": "u", "ie": "i",
    "eh$": "H", "ah$": "H", "que$": "k", "rh": "r", "bh": "b", "ts": "c", "tz": "c",
    "gue": "ge", "gui": "gi",
}  # fmt: skip
CYRILLIC_GROUPS = {  # longest first; letters of another alphabet taken one by one, too
    "ксх": "J",
    "ддх": "D",
    "гдж": "J",
    "гџ": "J",
    "дж": "J",
    "дз": "J",
    "гј": "J",
    "кх": "x",
    "гх": "G",
    "тх": "T",
    "дх": "D",
    "пх": "f",
    "тс": "c",
    "ий": "i",
    "ье": "ye",
}
VOWELS = frozenset("aeiouEH@WYy")
LONGEST_TOKEN = 40

_ETHIOPIC = {
    "H": "h", "L": "l", "HH": "ħ", "M": "m", "SZ": "s", "R": "r", "S": "s", "SH": "S", "Q": "q",
    "QH": "q", "B": "b", "V": "v", "T": "t", "C": "C", "X": "x", "N": "n", "NY": "ny", "K": "k",
    "KX": "x", "W": "w", "PHARYNGEAL": "A", "Z": "z", "ZH": "Z", "Y": "y", "D": "d", "DD": "d",
    "J": "J", "G": "g", "GG": "g", "TH": "t", "CH": "C", "PH": "p", "TS": "c", "TZ": "c",
    "F": "f", "P": "p", "GLOTTAL": "", "": "",
}  # fmt: skip
_ETHIOPIC_VOWELS = {
    "A": "a", "U": "u", "I": "i", "AA": "a", "EE": "e", "E": "", "O": "o", "WA": "wa",
    "WAA": "wa", "WE": "we", "WEE": "we", "WI": "wi", "OA": "o",
}  # fmt: skip
_INDIC = {
    "K": "k", "KH": "x", "G": "g", "GH": "G", "NG": "n", "C": "C", "CH": "C", "J": "J", "JH": "J",
    "NY": "n", "TT": "t", "TTH": "t", "DD": "d", "DDH": "d", "NN": "n", "T": "t", "TH": "t",
    "D": "d", "DH": "d", "N": "n", "P": "p", "PH": "f", "B": "b", "BH": "b", "M": "m", "Y": "y",
    "R": "r", "L": "l", "LL": "l", "V": "v", "SH": "S", "SS": "S", "S": "s", "H": "h", "RR": "r",
    "RH": "r", "YY": "y", "Z": "z", "F": "f", "Q": "q", "KHH": "x", "GHH": "G", "DDDH": "r",
    "RA": "r",
}  # fmt: skip
_INDIC_VOWELS = {
    "A": "a", "AA": "a", "I": "i", "II": "i", "U": "u", "UU": "u", "E": "e", "EE": "e", "AI": "ay",
    "O": "o", "OO": "o", "AU": "ou", "VOCALIC R": "ri",
}  # fmt: skip


@lru_cache(maxsize=400_000)
def sounds(token: str) -> str:
    """The sounds of one word in any script; empty when it has no letter we can read."""
    token = fold(token)[:LONGEST_TOKEN]
    if not token:
        return ""
    if token.isascii():
        return _squeeze(_latin(token))
    out = []
    for script, run in _runs(token):
        heard = _READERS.get(script, _latin)(run)
        out.append(_squeeze(heard, _WRITTEN_TWICE if script == "ARABIC" else ""))
    return "".join(out)


def kind_of(token: str) -> str:
    """Whether the script of the word leaves short vowels out; Thaana, among such, does not."""
    return ABJAD if any(map(_vowelless, token)) else FULL


def _vowelless(char: str) -> bool:
    return ("\u0590" <= char <= "\u08ff" and not "\u0780" <= char <= "\u07bf") or char >= "\ufb1d"


def other_ends(token: str) -> str:
    """Letters the last one may be meant for: a final ى is an a in Arabic, an i on keyboards that
    have no other dotless letter (Egypt, Iran, Afghanistan)."""
    return "ی" if token.endswith("ى") and len(token) > 2 else ""


def fold(token: str) -> str:
    """Lower case, compatibility forms undone (Arabic ligatures, full width), joiners gone."""
    token = unicodedata.normalize("NFKC", token).replace("İ", "i").lower()
    if token.isascii():
        return token
    return "".join(char for char in token if unicodedata.category(char) not in ("Cf", "Lm"))


def _runs(token: str) -> list[tuple[str, str]]:
    runs: list[tuple[str, str]] = []
    for char in token:
        script = _script(char)
        if runs and (runs[-1][0] == script or not script):
            runs[-1] = (runs[-1][0], runs[-1][1] + char)
        else:
            runs.append((script, char))
    return runs


@lru_cache(maxsize=4096)
def _script(char: str) -> str:
    if char.isascii():
        return "LATIN"
    if not char.isalpha():
        return ""
    return unicodedata.name(char, "").split(" ", 1)[0]


def _latin(text: str) -> str:
    out, at, end = [], 0, len(text)
    if text[:2] == "ou" and text[2:3] and text[2] in "aeiouy":  # Ouahiba: a French hand's w
        out, at = ["w"], 2
    while at < end:
        for size in (4, 3, 2):
            group = text[at : at + size]
            found = LATIN_GROUPS.get(group) if len(group) == size else None
            if found is None and at + size == end and at > 0:
                found = LATIN_GROUPS.get(group + "$")
            if found is not None:
                out.append(found)
                at += size
                break
        else:
            out.append(_latin_letter(text[at]))
            at += 1
    return "".join(out)


@lru_cache(maxsize=4096)
def _latin_letter(char: str) -> str:
    if char in LATIN_LETTERS:
        return LATIN_LETTERS[char]
    base = unicodedata.normalize("NFD", char)[0]
    return base if "a" <= base <= "z" else ""


def _abjad(text: str) -> str:
    out = []
    last = len(text) - 1
    for at, char in enumerate(text):
        sound = ABJAD_LETTERS.get(char, "")
        if char == "ا" and at:
            sound = "a"
        elif at == last and at > 1 and char in "هہھ":
            sound = "h" if text[at - 1] in "اآ" else "H"  # Shah, Panah: no ending but a letter
        elif at == last and char == "ى":
            sound = "a" if at > 1 else "Y"
        out.append(sound)
    return "".join(out)


def _cyrillic(text: str) -> str:
    if text.endswith("куе"):  # Siddique, letter by letter
        text = text[:-2]
    for group, sound in CYRILLIC_GROUPS.items():
        text = text.replace(group, sound)
    return "".join(char if char.isascii() else CYRILLIC_LETTERS.get(char, "") for char in text)


def _ethiopic(text: str) -> str:
    out = []
    for char in text:
        name = unicodedata.name(char, "").rsplit(" ", 1)[-1]
        long = unicodedata.name(char, "")
        if "PHARYNGEAL" in long or "GLOTTAL" in long:
            consonant = "A" if "PHARYNGEAL" in long else ""
            out.append(consonant + (_ETHIOPIC_VOWELS.get(name, "") or "e"))
            continue
        cut = next((i for i, letter in enumerate(name) if letter in "AEIOU"), len(name))
        if name[cut - 1 : cut] == "W" and cut > 1:
            cut -= 1
        out.append(_ETHIOPIC.get(name[:cut], "") + _ETHIOPIC_VOWELS.get(name[cut:], ""))
    return "".join(out)


def _indic(text: str) -> str:
    out: list[str] = []
    open_vowel = False
    for char in text:
        name = unicodedata.name(char, "")
        if "VOWEL SIGN" in name:
            out.append(_INDIC_VOWELS.get(name.split("VOWEL SIGN ")[1], ""))
            open_vowel = False
        elif "SIGN VIRAMA" in name:
            open_vowel = False
        elif " LETTER " in name:
            letter = name.split(" LETTER ")[1].removeprefix("CHILLU ")
            out.append("a" if open_vowel else "")
            vowel = _INDIC_VOWELS.get(letter)
            out.append(vowel if vowel is not None else _INDIC.get(letter.rstrip("A"), ""))
            open_vowel = vowel is None
        elif "ANUSVARA" in name or "CANDRABINDU" in name or "TIPPI" in name:
            out.append("an" if open_vowel else "n")
            open_vowel = False
    return "".join(out)


def _table(letters: dict[str, str], groups: dict[str, str] | None = None) -> Callable[[str], str]:
    plain = {**letters, **{sound: sound for sound in (groups or {}).values() if len(sound) == 1}}

    def read(text: str) -> str:
        decomposed = unicodedata.normalize("NFD", text).replace("\u0301", "")
        for group, sound in (groups or {}).items():
            decomposed = decomposed.replace(group, sound)
        return "".join(plain.get(char, "") for char in decomposed)

    return read


_READERS = {
    "LATIN": _latin, "ARABIC": _abjad, "CYRILLIC": _cyrillic, "ETHIOPIC": _ethiopic,
    "BENGALI": _indic, "DEVANAGARI": _indic, "GURMUKHI": _indic, "GUJARATI": _indic,
    "ORIYA": _indic, "TELUGU": _indic, "KANNADA": _indic, "MALAYALAM": _indic, "TAMIL": _indic,
    "GREEK": _table(GREEK_LETTERS, GREEK_GROUPS), "HEBREW": _table(HEBREW_LETTERS),
    "GEORGIAN": _table(GEORGIAN_LETTERS), "ARMENIAN": _table(ARMENIAN_LETTERS, ARMENIAN_GROUPS),
    "SYRIAC": _table(SYRIAC_LETTERS), "THAANA": _table(THAANA_LETTERS),
}  # fmt: skip


def _squeeze(text: str, kept: str = "") -> str:
    """One of each doubled sound: gemination is written or not as the hand likes."""
    return "".join(
        char for at, char in enumerate(text) if not at or char != text[at - 1] or char in kept
    )


# Arabic letters are doubled where a vowel stands between them, never for length; but for the l of
# an article, and long vowels.
_WRITTEN_TWICE = "bptTJCħxzsdrZSŠḍẓAGfvqkgmnDh"
