"""The text of a table, whatever program wrote it.

Belongs here: which encoding a file is in. Does not belong here: its columns (`files`).

Spreadsheets of this region save CSV in a code page of Windows: 1250 for Latin letters, 1251 for
Serbian, Russian and Ukrainian Cyrillic, 1256 for Arabic and Persian, or in UTF-16. Such files do
not say what they are. UTF-8 is hardly ever met by chance, so whatever it can be, it is; else the
bytes between letters tell: sparse among ASCII (1250), whole words with small letters (1251),
whole words without (1256).
"""

import codecs
import re
from pathlib import Path

_WORD = re.compile(rb"[A-Za-z\x80-\xff]{2,}")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def text_of(path: Path) -> tuple[str, str]:
    """(text, encoding where it had to be guessed); raises UnicodeDecodeError, OSError."""
    content = path.read_bytes()
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding), ""
    head = content[:2000]
    for at, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        if len(head) > 3 and head[at::2].count(0) > len(head) / 4:
            return content.decode(encoding), encoding
    try:
        return content.decode("utf-8"), ""
    except UnicodeDecodeError:
        page = _page(content)
        return content.decode(page), page


def _page(content: bytes) -> str:
    words = [word for word in _WORD.findall(content) if max(word) > 0x7F]
    high = sum(byte > 0x7F for word in words for byte in word)
    if not words or high < 0.6 * sum(map(len, words)):
        return "cp1250"
    inside = [byte for word in words for byte in word[1:] if byte > 0x7F]
    large = sum(0xC0 <= byte <= 0xDF for byte in inside)
    capitals = all(byte < 0xE0 for word in words for byte in word)
    return "cp1256" if large > 0.15 * len(inside) and not capitals else "cp1251"
