"""Folders and file names of the embedded server.

Belongs here: names and paths as pure functions, and the one folder decision that touches
the disk (where the cluster lies when its owner may not walk to the data folder).
Does not belong here: starting anything.
"""

import hashlib
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from oslonac.config.postgres.account import Account
from oslonac.config.postgres.errors import DatabaseStartError

DATABASE = "oslonac"
OWNER_ROLE = "oslonac_owner"
APP_ROLE = "oslonac_app"
SUPERUSER = "postgres"
# Only a part of the socket's file name: the server never listens on TCP.
PORT = 5432

# sun_path holds 108 bytes with its closing zero on Linux and 104 on BSD and macOS; the
# longest name PostgreSQL makes beside the socket is its lock file.
SOCKET_PATH_LIMIT = 103
_LONGEST_NAME = f"/.s.PGSQL.{PORT}.lock"
# Root's databases move here when their owner may not walk into the data folder.
SYSTEM_FOLDER = Path("/var/lib/oslonac")


@dataclass(frozen=True)
class Layout:
    """The paths of one embedded server. `home` is the only folder its account owns."""

    data_dir: Path

    @property
    def home(self) -> Path:
        """The server's own folder; it may be a link out of an unreadable parent."""
        return self.data_dir / "postgres"

    @property
    def cluster(self) -> Path:
        """PGDATA, as an absolute path without links, as the server itself reports it."""
        return self.home.resolve() / "data"

    @property
    def log(self) -> Path:
        """The server's log; opened by us and handed over, so its folder may be private."""
        return self.data_dir / "log" / "postgres.log"

    @property
    def start_lock(self) -> Path:
        """Held exclusively while somebody starts, repairs or stops the server."""
        return self.data_dir / "run" / "postgres.lock"

    @property
    def users_lock(self) -> Path:
        """Held shared by everybody who needs the server; the last one out stops it."""
        return self.data_dir / "run" / "postgres.users"

    def socket_dir(self) -> Path:
        """The folder of the unix socket: always the same answer for the same data folder."""
        plain = self.home.resolve() / "socket"
        if len(os.fsencode(f"{plain}{_LONGEST_NAME}")) <= SOCKET_PATH_LIMIT:
            return plain
        digest = hashlib.sha256(os.fsencode(self.data_dir.resolve())).hexdigest()[:12]
        # /run belongs to root alone, so nobody can lie in wait there; the fixed /tmp and
        # not $TMPDIR, because every process must find the same folder.
        parent = Path("/run") if os.geteuid() == 0 and Path("/run").is_dir() else Path("/tmp")  # noqa: S108
        return parent / f"oslonac-{os.geteuid()}-{digest}"


def make_private(folder: Path, account: Account) -> None:
    """Make `folder` with mode 0700 for `account`, or prove that it already is so.

    Raises `DatabaseStartError` when the name is taken by a link, a file or another user:
    a socket in a folder of somebody else's would hand them our connections.
    """
    try:
        folder.mkdir(mode=0o700)
        if account.switches:
            os.chown(folder, account.uid, account.gid)
    except FileExistsError:
        pass
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {account.uid, os.geteuid()}:
        raise DatabaseStartError(
            f"The folder {folder} must belong to {account.name}, but it belongs to another user "
            "or is not a folder. Nothing was started. Move it away and try again."
        )
    if account.switches and found.st_uid != account.uid:
        os.chown(folder, account.uid, account.gid)
    if stat.S_IMODE(found.st_mode) != 0o700:
        folder.chmod(0o700)


def make_home(layout: Layout, account: Account) -> None:
    """Make the server's own folder, outside the data folder where it has to be.

    Started as root, the server runs as another user, who cannot reach a data folder below,
    say, root's home. Then the home lies in /var/lib and a link stands in its place.
    """
    if layout.home.is_symlink() and not layout.home.exists():
        raise DatabaseStartError(
            f"{layout.home} points to {os.readlink(layout.home)}, which is gone. Nothing was "
            "changed. Put that folder back, or remove the link to begin with an empty database."
        )
    if not layout.home.exists() and not account.can_reach(layout.data_dir):
        SYSTEM_FOLDER.mkdir(mode=0o755, parents=True, exist_ok=True)
        target = Path(tempfile.mkdtemp(prefix="database-", dir=SYSTEM_FOLDER))
        layout.home.symlink_to(target)
    make_private(layout.home.resolve(), account)
