"""Where a test keeps what the product keeps outside its database: files, keys, noted heads.

All of it outlives the database it speaks of, and the next test has another one. Belongs here:
folders. Does not belong here: databases (`database`).
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests import database


@contextmanager
def in_use(folder: Path) -> Iterator[None]:
    """Inside the block the product works in this empty folder, with the keys of the run: what a
    test adds to them or forgets of them touches no other test, also not in another worker."""
    from django.conf import settings

    shared = database.cache_folder()
    shutil.copytree(shared / "keys", folder / "keys")
    (shared / "cache").mkdir(exist_ok=True)
    (folder / "cache").symlink_to(shared / "cache")  # fonts: dear to unpack, alike for everybody
    with pytest.MonkeyPatch.context() as patch:
        for name, place in (("DATA", folder), ("KEYS", folder / "keys")):
            patch.setenv(f"OSLONAC_{name}", str(place))
            patch.setattr(settings, f"OSLONAC_{name}", str(place))
        patch.setattr(settings, "OSLONAC_WITNESS", str(folder / "ledger"))
        yield


@contextmanager
def world(server: database.TestServer, template: str, folder: Path) -> Iterator[str]:
    """A database and a folder for the tests of one module, to make their world in once; the name
    of the database."""
    with in_use(folder), database.clone_in_use(server, template) as clone:
        yield clone
