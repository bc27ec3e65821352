"""Names that look like another one: letters of different scripts that are drawn alike.

The pairs are those of Latin and Cyrillic (Unicode TS 39, confusables), which meet on the keyboards
of one office; any other mixture of scripts is seen by `mixes_scripts`.
"""

import unicodedata

_CYRILLIC = "асеоріјѕхуһԁԛԝ"
_LATIN = "aceopijsxyhdqw"
_TO_LATIN = str.maketrans(_CYRILLIC, _LATIN)
_TO_CYRILLIC = str.maketrans(_LATIN, _CYRILLIC)


def mixes_scripts(text: str) -> bool:
    """Whether letters of more than one script stand in a text."""
    scripts = {unicodedata.name(char, "?").split()[0] for char in text if char.isalpha()}
    return len(scripts - {"FULLWIDTH"}) > 1


def look_alikes(text: str) -> list[str]:
    """The same name as it would be written with the letters of the other script."""
    folded = text.casefold()
    written = {folded.translate(_TO_LATIN), folded.translate(_TO_CYRILLIC)} - {folded}
    return sorted(each for each in written if not mixes_scripts(each))
