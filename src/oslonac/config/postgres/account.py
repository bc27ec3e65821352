"""The system user the embedded server runs as.

Belongs here: choosing that user and running a program as it. PostgreSQL refuses to run as
root, and a database reachable from the web should not. Does not belong here: database
roles (`roles`).
"""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oslonac.config.postgres.errors import DatabaseStartError

OWN_NAME = "oslonac"
# Ours first; a machine with PostgreSQL has the second. "nobody" is shared by others and
# is only the last resort of a machine where no user can be added.
PREFERRED = (OWN_NAME, "postgres")
LAST_RESORT = "nobody"


@dataclass(frozen=True)
class Account:
    """A system user, and whether we have to switch to it (only root has to)."""

    name: str
    uid: int
    gid: int
    switches: bool

    def popen_options(self) -> dict[str, Any]:
        """Keyword arguments that make `subprocess` run a program as this user."""
        if not self.switches:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def run(self, command: Sequence[str | Path], **options: Any) -> subprocess.CompletedProcess:
        """Run `command` as this user from `/`, capturing its text output."""
        return subprocess.run(  # noqa: S603 - only our own PostgreSQL binaries come here
            [str(part) for part in command],
            cwd="/",
            text=True,
            capture_output=True,
            check=False,
            **self.popen_options(),
            **options,
        )

    def can_reach(self, folder: Path) -> bool:
        """Whether this user may walk down to `folder` (asked of the kernel, as that user)."""
        if not self.switches:
            return os.access(folder, os.X_OK)
        return self.run(["/bin/sh", "-c", 'cd -- "$1"', "sh", folder]).returncode == 0


def choose(existing: Path) -> Account:
    """The account for the cluster at `existing`, or for a new one when there is none.

    The owner of a cluster stays its account for good. Raises `DatabaseStartError` when an
    ordinary user meets somebody else's cluster, or root finds no user to run as.
    """
    if os.geteuid() != 0:
        return _ordinary(existing)
    if existing.exists() and existing.stat().st_uid != 0:
        return _account(pwd.getpwuid(existing.stat().st_uid), switches=True)
    for name in PREFERRED:
        if (found := _lookup(name)) is not None:
            return found
    return _create() or _lookup(LAST_RESORT) or _nobody_left()


def _ordinary(existing: Path) -> Account:
    if existing.exists() and existing.stat().st_uid != os.geteuid():
        owner = existing.stat().st_uid
        raise DatabaseStartError(
            f"The database in {existing} belongs to user number {owner}, not to you. Nothing was "
            "changed. Run the command as that user (as root if root made it), or choose another "
            "data folder with OSLONAC_DATA."
        )
    uid = os.geteuid()
    try:
        name = pwd.getpwuid(uid).pw_name
    except KeyError as error:
        raise DatabaseStartError(
            f"User number {uid} has no name on this machine, and PostgreSQL needs one. Give the "
            "user an entry in the password database, or set DATABASE_URL to a server elsewhere."
        ) from error
    return Account(name, uid, os.getegid(), switches=False)


def _lookup(name: str) -> Account | None:
    try:
        found = pwd.getpwnam(name)
    except KeyError:
        return None
    return _account(found, switches=True) if found.pw_uid != 0 else None


def _account(found: pwd.struct_passwd, *, switches: bool) -> Account:
    return Account(found.pw_name, found.pw_uid, found.pw_gid, switches)


def _create() -> Account | None:
    program = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if program is None:
        return None
    command = [program, "--system", "--user-group", "--no-create-home"]
    command += ["--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", OWN_NAME]
    subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - fixed words
    return _lookup(OWN_NAME)


def _nobody_left() -> Account:
    raise DatabaseStartError(
        "PostgreSQL does not run as root, and this machine has no other user it could run as. "
        "Add a system user named oslonac, or set DATABASE_URL to a server elsewhere."
    )
