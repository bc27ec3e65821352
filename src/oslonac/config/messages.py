"""Message catalogues: Serbian Latin is made from Serbian Cyrillic, and both are compiled.

Belongs here: where catalogues lie, compiling. Does not belong here: finding
the messages in the code (`messages_extract`), which needs Django; this module needs only
polib and cyrtranslit (`kit.script`), because it runs while an installation is being set up.

Cyrillic is the master: every Cyrillic letter has one Latin spelling, while the Latin "nj" may
be one letter or two. So nobody ever edits a Latin catalogue, and none is in the repository.
"""

import gettext
import os
from collections.abc import Iterable
from pathlib import Path

import polib

from oslonac.kit.script import to_latin
from oslonac.kit.wording import ENGLISH, Wording

LOCALE = Path(__file__).resolve().parents[1] / "locale"
MASTER = LOCALE / "sr" / "LC_MESSAGES" / "django.po"
DERIVED = LOCALE / "sr_Latn" / "LC_MESSAGES" / "django.mo"


def latin_catalogue(master: polib.POFile) -> polib.POFile:
    """The Serbian Latin catalogue: the same messages, each translation transliterated."""
    made = polib.POFile(wrapwidth=0)
    made.metadata = dict(master.metadata) | {"Language": "sr_Latn"}
    for entry in master:
        made.append(
            polib.POEntry(
                msgctxt=entry.msgctxt,
                msgid=entry.msgid,
                msgid_plural=entry.msgid_plural,
                msgstr=to_latin(entry.msgstr),
                msgstr_plural={n: to_latin(text) for n, text in entry.msgstr_plural.items()},
                flags=list(entry.flags),
            )
        )
    return made


def compile_all() -> list[Path]:
    """Write the compiled catalogues that Django reads; returns their paths."""
    master = polib.pofile(str(MASTER))
    targets = [(master, MASTER.with_suffix(".mo")), (latin_catalogue(master), DERIVED)]
    for catalogue, target in targets:
        target.parent.mkdir(parents=True, exist_ok=True)
        # Written beside and moved: a running server never reads half a catalogue.
        beside = target.with_suffix(f".{os.getpid()}")
        catalogue.save_as_mofile(str(beside))
        beside.replace(target)
    return [target for _, target in targets]


def wording_of(tag: str) -> Wording:
    """What pure modules say, in a language of the catalogues (`sr-Cyrl`, `sr-Latn`); else English.

    For commands that do without Django. Catalogues are compiled by setting up; without: English.
    """
    compiled = {"sr-Cyrl": MASTER.with_suffix(".mo"), "sr-Latn": DERIVED}.get(tag)
    if compiled is None or not compiled.exists():
        return ENGLISH
    with compiled.open("rb") as file:
        catalogue = gettext.GNUTranslations(file)
    return Wording(catalogue.gettext, catalogue.ngettext)


def untranslated(entries: Iterable[polib.POEntry]) -> list[polib.POEntry]:
    """Entries that would show in English: without a translation, or with one to be checked."""
    return [entry for entry in entries if not entry.obsolete and not entry.translated()]
