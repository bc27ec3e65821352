"""Running the product's own commands in processes of their own, as an operator does.

Belongs here: helpers of the runtime tests. Does not belong here: the shared test
database; these tests make and break servers of their own.
"""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
OURS = ("DATABASE_URL", "DATABASE_OWNER_URL", "OSLONAC_DB_ROLE", "OSLONAC_DEMO", "OSLONAC_KEYS")


@contextlib.contextmanager
def reachable_folder() -> Iterator[Path]:
    """A temporary folder that the database's own account may walk into.

    pytest's are closed to everybody else, and when root runs the tests the server is
    somebody else.
    """
    folder = Path(tempfile.mkdtemp(prefix="oslonac-test-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def environment(data: Path, **more: str) -> dict[str, str]:
    """The environment of an operator whose data folder is `data`."""
    kept = {name: value for name, value in os.environ.items() if name not in OURS}
    path = os.pathsep.join(filter(None, [str(ROOT / "src"), os.environ.get("PYTHONPATH", "")]))
    return kept | {"OSLONAC_DATA": str(data), "PYTHONPATH": path} | more


def oslonac(
    *words: str, data: Path, seconds: float = 120, **more: str
) -> subprocess.CompletedProcess[str]:
    """Run `oslonac` to its end."""
    return subprocess.run(
        [sys.executable, "-m", "oslonac.config.cli", *words],
        env=environment(data, **more),
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


def sentences(result: subprocess.CompletedProcess[str]) -> str:
    """Everything a command said, for assertions that show it when they fail."""
    return f"exit {result.returncode}\n{result.stdout}\n{result.stderr}"
