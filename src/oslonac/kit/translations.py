"""Which translations a native speaker has checked.

Belongs here: reading that one line of a compiled catalogue. Does not belong here: making
catalogues (`config.messages`), or choosing a language (`web.middleware`).
"""

import gettext
from functools import lru_cache
from pathlib import Path

LOCALE = Path(__file__).resolve().parents[1] / "locale"
FOLDERS = {"sr": "sr", "sr-latn": "sr_Latn"}
"""Django's language code → folder of its catalogue. English is the source and has none."""


@lru_cache(maxsize=10)
def translation_checked(language: str) -> bool:
    """Whether a native speaker has checked this language; English is what was written."""
    folder = FOLDERS.get(language)
    if folder is None:
        return True
    try:
        catalogue = gettext.translation("django", str(LOCALE), [folder])
    except OSError:  # not compiled yet: the page is shown in English
        return True
    return bool(catalogue.info().get("x-checked-by", "").strip())
