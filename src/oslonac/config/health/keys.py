"""Checks of the key file: present, and not readable by others.

Belongs here: looking at the file and at whether anything was sealed. Does not belong
here: making or reading keys (`vault.keyring`).
"""

import os
import stat

import psycopg

from oslonac.config import datafolder
from oslonac.config.health.finding import Finding, error, ok, warning
from oslonac.vault import erasures, keyfile, sources
from oslonac.vault.keyfile import FILE_NAME

KEY_TABLE = "vault_datakey"


class KeysMissing(RuntimeError):
    """The key file is gone although the database holds sealed data."""


def permissions() -> Finding:
    """Whether the key file, if there is one, is ours alone."""
    path = datafolder.keys_dir() / FILE_NAME
    if not path.exists():
        return ok("keys", "There is no key file yet; the first start makes one.")
    # Every secret in the folder: who reads the signing secret can sign in as anybody.
    for place in (path.parent, *sorted(path.parent.iterdir())):
        wanted = 0o700 if place.is_dir() else 0o600
        found = place.stat()
        if found.st_uid != os.geteuid():
            return error(
                "keys",
                f"{place} belongs to user number {found.st_uid}, not to you.",
                "Run the command as its owner.",
            )
        if stat.S_IMODE(found.st_mode) & 0o077:
            return error(
                "keys",
                f"Other users of this machine may open {place}, and with it what it protects.",
                f"Run `chmod {wanted:o} '{place}'`, and ask who could have read it.",
            )
    return ok("keys", f"The key file is in {path.parent} and closed to others.")


def source() -> Finding:
    """Where the root key lies that seals the key file, whether it answers and opens the file."""
    folder = datafolder.keys_dir()
    try:
        chosen = sources.configured()
        told = chosen.describe()
        if not (folder / FILE_NAME).exists():
            return ok("key-source", told)
        keyfile.read(folder)
    except (sources.SourceFailed, ValueError, KeyError) as problem:
        return error(
            "key-source",
            str(problem),
            "Processes that run go on with the keys they read; until it is mended none can start.",
        )
    if (now := keyfile.sealed_by(folder)) != chosen.name:
        return warning(
            "key-source",
            f"The key file is still in the form of the source {now}, not yet of {chosen.name}.",
            "Run `oslonac vault rotate`, which writes it anew.",
        )
    return ok("key-source", told)


def erasure_list() -> Finding:
    """Whether the list of erasures beside the keys is whole."""
    folder = datafolder.keys_dir()
    try:
        lines = erasures.read(folder)
    except erasures.ListBroken as problem:
        return error("erasures", str(problem), "")
    except sources.SourceFailed:
        return warning("erasures", "The erasure list cannot be checked without the keys.", "")
    return ok("erasures", f"The erasure list is whole ({len(lines)} entries).")


def missing_keys() -> Finding | None:
    """A finding when there is no key file but something was sealed (asks the database)."""
    path = datafolder.keys_dir() / FILE_NAME
    if path.exists() or not _anything_sealed():
        return None
    return error(
        "keys",
        f"The key file {path} is missing, and the database holds names sealed with it.",
        "Put the file back from its own safe copy. Without it those names cannot be read by "
        "anybody; the rest of the data is untouched.",
    )


def _anything_sealed() -> bool:
    try:
        with psycopg.connect(datafolder.dsn("owner")) as connection:
            there = connection.execute("SELECT to_regclass(%s)", [KEY_TABLE]).fetchone()
            if not there or there[0] is None:
                return False
            query = f"SELECT 1 FROM {KEY_TABLE} LIMIT 1"  # noqa: S608 - a constant
            return connection.execute(query).fetchone() is not None
    except psycopg.OperationalError:
        return False
