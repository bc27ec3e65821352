"""Backups of the database, with PostgreSQL's own programs.

Belongs here: pg_dump and pg_restore with the right role. Does not belong here: the key
file, on purpose (a backup must show no name), and the attachments in `files/`.
"""

import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from oslonac.audit.epoch import raise_epoch
from oslonac.config import bootstrap, datafolder
from oslonac.config.postgres import binaries


def write(target: Path) -> str:
    """Write a backup to `target`, mode 0600. Returns "" or a sentence that says what failed."""
    if target.exists():
        return f"{target} exists already and was left as it is. Choose another name."
    unfinished = target.with_name(f".{target.name}.unfinished")
    with bootstrap.database_running():
        try:
            with os.fdopen(
                os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb"
            ) as out:
                problem = _run("pg_dump", ["--format=custom", "--compress=6"], stdout=out)
        except OSError as error:
            return f"{target} cannot be written: {error.strerror}. Nothing was kept."
    if problem:
        unfinished.unlink(missing_ok=True)
        return f"The backup failed and nothing was kept of it: {problem}"
    unfinished.rename(target)
    return ""


def read_into_empty(source: Path) -> str:
    """Restore `source` in one transaction. Returns "" or a sentence that says what failed."""
    if not source.is_file():
        return f"There is no file {source}. Nothing was changed."
    with bootstrap.database_running():
        with psycopg.connect(datafolder.dsn("owner")) as connection:
            query = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
            row = connection.execute(query).fetchone()
        if row and row[0]:
            return (
                "The database has tables already, and a restore never overwrites. Nothing was "
                "changed. Choose an empty data folder with OSLONAC_DATA and restore there."
            )
        with source.open("rb") as backup:
            options = ["--single-transaction", "--exit-on-error", "--no-owner"]
            problem = _run("pg_restore", options, stdin=backup)
        if not problem:
            with psycopg.connect(datafolder.dsn("owner")) as owner:
                raise_epoch(owner)
    return f"The restore failed and nothing was changed: {problem}" if problem else ""


def _run(name: str, options: list[str], **streams: object) -> str:
    program = _program(name)
    if program is None:
        return f"{name} was not found. Install a PostgreSQL client or run `make setup` again."
    # The password goes through the environment: arguments are visible to every user.
    parts: dict[str, Any] = dict(conninfo_to_dict(datafolder.dsn("owner")))
    password = parts.pop("password", None)
    environment = {**os.environ, **({"PGPASSWORD": str(password)} if password else {})}
    result = subprocess.run(  # type: ignore[call-overload]  # noqa: S603 - PostgreSQL's own program
        [program, *options, f"--dbname={make_conninfo(**parts)}"],
        env=environment,
        stderr=subprocess.PIPE,
        check=False,
        **streams,
    )
    return str(result.stderr.decode(errors="replace").strip()) if result.returncode else ""


def _program(name: str) -> str | None:
    """The newest program at hand: an older pg_dump refuses a newer server."""
    if not datafolder.is_external():
        return str(datafolder.embedded_server().programs().program(name))
    found = sorted(binaries.candidates(), key=lambda one: one.major, reverse=True)
    return str(found[0].program(name)) if found else shutil.which(name)
