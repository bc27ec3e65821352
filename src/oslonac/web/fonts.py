"""The fonts of papers, and what no font of ours can show.

FiraGO writes most of what is printed here; behind it stand Noto fonts for every script that a
name may come in. PDF/UA refuses a character without a picture, so what no font holds is written
as its number: a paper is never refused for a character, and whoever reads it can look it up.
"""

import io
import os
import tempfile
import unicodedata
from functools import cache
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import Any

import pymupdf_fonts
import typst
from fontTools.ttLib import TTCollection, TTFont

# What comes packed inside pymupdf-fonts; Typst reads fonts as files.
PACKED = {
    "FiraGO-Regular.otf": "figo",
    "FiraGO-Bold.otf": "figbo",
    "NotoSansSymbols2-Regular.ttf": "symbol2",
    "NotoSansMath-Regular.ttf": "math",
}
WHEEL, LARGE = "manimgx_fonts", "manimgx_fonts_cjk"
# Scripts that no wheel brings; see README.md there.
OWN = Path(__file__).parent / "typst" / "fonts"
FIRST = ("FiraGO", "Noto Sans")
# The large collection for Chinese, Japanese and Korean: opened only for a text that needs it.
LAST = "Noto Sans CJK SC"

# Joiners, isolates, selectors of variants: they change their neighbours and have no picture.
_UNSEEN = frozenset(
    chain(
        (0x00AD, 0x034F, 0x061C),
        range(0x200B, 0x2010),
        range(0x2060, 0x2065),
        range(0x2066, 0x206A),
        range(0xFE00, 0xFE10),
        range(0xE0100, 0xE01F0),
    )
)
# PDF/UA takes none of these, whatever a font says.
_REFUSED = frozenset((0x0000, 0xFEFF, 0xFFFE))
_MARKS = ("Mn", "Mc", "Me")
_JOINER = "\u200d"


def data_dir() -> Path:
    """The data folder of settings (OSLONAC_DATA), or the user's own when there is none."""
    from django.conf import settings

    if settings.configured and getattr(settings, "OSLONAC_DATA", None):
        return Path(settings.OSLONAC_DATA)
    from platformdirs import user_data_dir

    return Path(user_data_dir("oslonac"))


def fonts_dir() -> Path:
    """The folder in the data folder with the unpacked fonts of pymupdf-fonts."""
    folder = data_dir() / "cache" / "fonts"
    folder.mkdir(parents=True, exist_ok=True)
    for name, key in PACKED.items():
        path = folder / name
        if path.exists():
            continue
        handle, fresh = tempfile.mkstemp(dir=folder, suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(pymupdf_fonts.myfont(key))
        os.replace(fresh, path)
    return folder


def loaded() -> Any:
    """The fonts as Typst takes them: none of the machine's."""
    return _opened(fonts_dir())


@cache
def _opened(unpacked: Path) -> Any:
    # Typst reads a file when it first needs it: another data folder is another collection.
    paths = (unpacked, OWN, _wheel(WHEEL), _wheel(LARGE))
    return typst.Fonts(include_system_fonts=False, font_paths=[str(path) for path in paths])


@cache
def families() -> list[str]:
    """Names of the families, in the order in which a layout looks for a character."""
    rest = [family for family in _small() if family not in FIRST]
    return [*FIRST, *rest, LAST]


def everyday(text: str) -> bool:
    """Whether the first font has every character, as it has for Latin, Cyrillic and Arabic."""
    return _main().issuperset(map(ord, text))


def printable(text: str) -> str:
    """The text with what no font holds written as its number, such as [U+10330]."""
    if everyday(text):
        return text
    return "".join(map(_shown, _clusters(text)))


def plain(text: str) -> str:
    """The text with everything outside the first font written as its number: the last resort."""
    return "".join(char if everyday(char) else number_of(char) for char in text)


def number_of(char: str) -> str:
    """How a character that cannot be printed is written."""
    return f"[U+{ord(char):04X}]"


def _wheel(name: str) -> Path:
    spec = find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"The wheel {name} (fonts) is missing: make setup")
    return Path(next(iter(spec.submodule_search_locations)))


@cache
def _small() -> dict[str, frozenset[int]]:
    """Code points by family, of the fonts that open at once."""
    files = [*sorted(OWN.glob("*.ttf")), *sorted(_wheel(WHEEL).glob("*.ttf"))]
    read = [_held(path) for path in files if "Italic" not in path.name]
    read += [_packed(key) for name, key in PACKED.items() if "Bold" not in name]
    return dict(read)


def _packed(key: str) -> tuple[str, frozenset[int]]:
    return _held(io.BytesIO(pymupdf_fonts.myfont(key)))


def _held(file: Any) -> tuple[str, frozenset[int]]:
    with TTFont(file, lazy=True) as font:
        return str(font["name"].getBestFamilyName()), frozenset(font.getBestCmap())


@cache
def _main() -> frozenset[int]:
    held = _packed(PACKED["FiraGO-Regular.otf"])[1]
    return (held | {0x09, 0x0A}) - _REFUSED


@cache
def _large() -> frozenset[int]:
    (path,) = _wheel(LARGE).glob("*.ttc")
    with TTCollection(str(path), lazy=True) as collection:
        fonts = collection.fonts
        wanted = next(font for font in fonts if font["name"].getBestFamilyName() == LAST)
        return frozenset(wanted.getBestCmap())


def _held_by_one(points: frozenset[int]) -> bool:
    """Whether one font has all of them: a mark is set by the font of its letter or not at all."""
    return any(points <= held for held in _small().values()) or points <= _large()


def _clusters(text: str) -> list[str]:
    """Letters with their marks and what is joined to them."""
    found: list[str] = []
    joined = False
    for char in text:
        marks = unicodedata.category(char) in _MARKS or ord(char) in _UNSEEN
        if found and (joined or marks):
            found[-1] += char
        else:
            found.append(char)
        joined = char == _JOINER
    return found


def _shown(cluster: str) -> str:
    points = frozenset(map(ord, cluster)) - _UNSEEN
    if not points & _REFUSED and (points <= _main() or _held_by_one(points)):
        return cluster
    first, marks = cluster[0], cluster[1:]
    if not marks:
        return number_of(first)
    return "".join(_shown(char) for char in cluster)
