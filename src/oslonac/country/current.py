"""The country of this installation: that of the pack which the settings name."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from oslonac.country.reading import read_country
from oslonac.country.values import Country
from oslonac.kit.collation import Key


def country() -> Country:
    """The country this process works for; its files are read once."""
    return of_folder(str(settings.OSLONAC_PACK))


@lru_cache(maxsize=8)
def of_folder(folder: str) -> Country:
    """The country of a pack. Raises BadPack."""
    return read_country(Path(folder))


def alphabetical(text: object) -> Key:
    """What a list that people read is sorted by: `sorted(names, key=alphabetical)`."""
    return country().collation.key(str(text))


def forget_cached() -> None:
    """Call after the files of a pack changed."""
    of_folder.cache_clear()
