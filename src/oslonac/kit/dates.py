"""Days and hours as people write them here, read into the form that computers write.

“30.11.2026.”, “6. 3. 2026.” and “30.11.2026 02:10” can mean one thing only. What can mean two
(03/04/2026) stays as it is, and whoever reads it refuses it.
"""

import re
import unicodedata

_LOCAL = re.compile(
    r"(\d{1,2})\.\s*(\d{1,2})\.\s*(\d{4})\.?"
    r"(?:(?:\s*,\s*|\s+(?:u\s+|у\s+)?)(\d{1,2})[:.](\d{2})(?::(\d{2}))?\s*h?)?"
)
_ISO_WITH_BLANK = re.compile(r"(\d{4}-\d{2}-\d{2})\s+(\d{1,2}:\d{2}(?::\d{2})?)")


def as_iso(text: str) -> str:
    """A day or a moment written the local way, as 2026-11-30 or 2026-11-30T02:10."""
    digits = "".join(_western(char) for char in text.strip())
    if found := _LOCAL.fullmatch(digits):
        day, month, year, hour, minute, second = found.groups()
        written = f"{year}-{month:0>2}-{day:0>2}"
        if hour is None:
            return written
        return f"{written}T{hour:0>2}:{minute}" + (f":{second}" if second else "")
    if found := _ISO_WITH_BLANK.fullmatch(digits):
        return f"{found[1]}T{found[2]:0>5}"
    return digits


def _western(char: str) -> str:
    return str(unicodedata.digit(char)) if char.isdecimal() else char
