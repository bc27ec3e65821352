"""Backups: the database, with PostgreSQL's own programs, and the sealed files.

A backup is one tar archive (docs/reference/backup-file.md): the dump, the erasure list of that
moment, and the files, which are ciphertext already. Belongs here: writing and reading it with the
right role. Does not belong here: the key file, on purpose (a backup must show no name).
"""

import io
import json
import os
import re
import shutil
import subprocess
import tarfile
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from oslonac.access import session_proof
from oslonac.audit import witness
from oslonac.audit.epoch import raise_epoch
from oslonac.config import bootstrap, datafolder, secret
from oslonac.config.postgres import binaries
from oslonac.vault import erasures

MANIFEST, DUMP = "oslonac.json", "database.dump"
VERSION = 2
_FILE_NAME = re.compile(r"files/[0-9a-f]{2}/[0-9a-f]{32}")
_OLD_FORMAT = b"PGDMP"  # a bare dump, as `oslonac backup` wrote before there were files
_CHUNK = 1024 * 1024


def write(target: Path) -> str:
    """Write a backup to `target`, mode 0600. Returns "" or a sentence that says what failed."""
    if target.exists():
        return f"{target} exists already and was left as it is. Choose another name."
    unfinished = target.with_name(f".{target.name}.unfinished")
    dump = target.with_name(f".{target.name}.dump")
    try:
        with bootstrap.database_running(), _private(dump) as out:
            # Nothing of ours is a large object: one that somebody else made must stop no backup.
            # What sessions prove themselves with is put in anew by a restore.
            options = ["--format=custom", "--compress=6", "-B"]
            # What was revoked on PostgreSQL's own functions is of the server, not of our data;
            # whoever restores does not own them.
            options.append("--exclude-schema=pg_catalog")
            options.append(f"--exclude-table-data={session_proof.SCHEMA}.secret")
            problem = _run("pg_dump", options, stdout=out)
        if not problem:
            with _private(unfinished) as out:
                _pack(out, dump)
            unfinished.rename(target)
    except OSError as error:
        return f"{target} cannot be written: {error.strerror}. Nothing was kept."
    finally:
        dump.unlink(missing_ok=True)
        unfinished.unlink(missing_ok=True)
    return f"The backup failed and nothing was kept of it: {problem}" if problem else ""


def _private(path: Path) -> IO[bytes]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def _pack(out: IO[bytes], dump: Path) -> None:
    """The dump goes first and the files after it: one that the dump names was there already."""
    listed = erasures.text_of(datafolder.keys_dir()).encode()
    manifest = json.dumps({"format": "oslonac backup", "version": VERSION}).encode()
    with tarfile.open(fileobj=out, mode="w|", format=tarfile.PAX_FORMAT) as archive:
        _add(archive, MANIFEST, manifest)
        archive.add(dump, DUMP, filter=_nobody)
        _add(archive, erasures.LIST_NAME, listed)
        for path in sorted(datafolder.files_dir().glob("??/*")):
            name = f"files/{path.parent.name}/{path.name}"
            if _FILE_NAME.fullmatch(name):
                try:
                    archive.add(path, name, filter=_nobody)
                except FileNotFoundError:
                    continue  # removed meanwhile, by a decision that the next backup will show


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), 0o600
    archive.addfile(member, io.BytesIO(content))


def _nobody(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member


def read_into_empty(source: Path) -> str:
    """Restore `source`, the database in one transaction. Returns "" or a sentence that says what
    failed. Keys on the erasure list, the backup's or the one here, are destroyed again."""
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
        try:
            problem = _unpack(source)
        except (tarfile.TarError, erasures.ListBroken, OSError) as error:
            problem = str(error)
        if not problem:
            with psycopg.connect(datafolder.dsn("owner")) as owner:
                raise_epoch(owner)
                if session_proof.is_made(owner):
                    key = secret.secret_key(datafolder.keys_dir())
                    session_proof.install(owner, session_proof.derived(key))
                _erase_again(owner)
            # The ledger goes on from the backup's end; what was noted of a later one is put aside.
            mark = f"before-restore-{datetime.now(UTC):%Y%m%dT%H%M%S}"
            witness.set_aside(datafolder.data_dir() / "ledger", mark)
    return (
        f"The restore failed: {problem} Empty the data folder before the next try."
        if problem
        else ""
    )


def _unpack(source: Path) -> str:
    with source.open("rb") as backup:
        old = backup.read(len(_OLD_FORMAT)) == _OLD_FORMAT
        backup.seek(0)
        if old:
            return _restore_database(backup)
        with tarfile.open(fileobj=backup, mode="r|") as archive:
            return _unpack_members(archive)


def _unpack_members(archive: tarfile.TarFile) -> str:
    """In the order of the archive; the first failure ends it."""
    datafolder.make_folders()
    for member in archive:
        content = archive.extractfile(member) if member.isreg() else None
        if content is None or member.name == MANIFEST:
            continue
        if member.name == DUMP:
            if problem := _restore_database(content):
                return problem
        elif member.name == erasures.LIST_NAME:
            erasures.merge(datafolder.keys_dir(), content.read().decode())
        elif _FILE_NAME.fullmatch(member.name):
            _put(datafolder.files_dir() / member.name.removeprefix("files/"), content)
        else:
            return f"the archive holds {member.name!r}, which no backup of ours does"
    return ""


def _put(path: Path, content: IO[bytes]) -> None:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with _private(path) as out:
        shutil.copyfileobj(content, out, _CHUNK)


def _restore_database(dump: IO[bytes]) -> str:
    options = ["--single-transaction", "--exit-on-error", "--no-owner"]
    return _run("pg_restore", options, feed=dump)


def _erase_again(owner: psycopg.Connection[Any]) -> None:
    """What the list names is destroyed before anybody can read it; what was derived from it goes
    at the next start, when code and tables agree (`preparation.keep_erased`)."""
    lines = erasures.read(datafolder.keys_dir())
    for line in lines:
        owner.execute(
            "UPDATE vault_datakey SET wrapped = NULL, destroyed_at = %s "
            "WHERE id = ANY(%s) AND wrapped IS NOT NULL",
            [line.entry["at"], list(line.keys)],
        )


def _run(
    name: str, options: list[str], *, stdout: Any = None, feed: IO[bytes] | None = None
) -> str:
    program = _program(name)
    if program is None:
        return f"{name} was not found. Install a PostgreSQL client or run `make setup` again."
    # The password goes through the environment: arguments are visible to every user.
    parts: dict[str, Any] = dict(conninfo_to_dict(datafolder.dsn("owner")))
    password = parts.pop("password", None)
    environment = {**os.environ, **({"PGPASSWORD": str(password)} if password else {})}
    with subprocess.Popen(  # noqa: S603 - PostgreSQL's own program
        [program, *options, f"--dbname={make_conninfo(**parts)}"],
        env=environment,
        stdin=subprocess.PIPE if feed is not None else subprocess.DEVNULL,
        stdout=stdout,
        stderr=subprocess.PIPE,
    ) as process:
        if feed is not None:
            _pour(feed, process)
        _, said = process.communicate()
    return said.decode(errors="replace").strip() or name if process.returncode else ""


def _pour(feed: IO[bytes], process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None  # noqa: S101  (asked for above)
    try:
        shutil.copyfileobj(feed, process.stdin, _CHUNK)
    except BrokenPipeError:
        return  # it ended early and says why


def _program(name: str) -> str | None:
    """The newest program at hand: an older pg_dump refuses a newer server."""
    if not datafolder.is_external():
        return str(datafolder.embedded_server().programs().program(name))
    found = sorted(binaries.candidates(), key=lambda one: one.major, reverse=True)
    return str(found[0].program(name)) if found else shutil.which(name)
