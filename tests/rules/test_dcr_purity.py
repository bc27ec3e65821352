"""The engine is pure: it imports the standard library, `kit` and itself, and nothing else."""

import ast
import sys
from pathlib import Path

import oslonac.protocols.dcr

FOLDER = Path(oslonac.protocols.dcr.__file__).parent
ALLOWED = ("oslonac.kit.", "oslonac.protocols.dcr")


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


def test_the_engine_imports_the_standard_library_and_kit_only() -> None:
    for path in FOLDER.glob("*.py"):
        for name in imported(path):
            assert name.split(".")[0] in sys.stdlib_module_names or name.startswith(ALLOWED), path


def test_the_engine_asks_no_clock_and_no_chance() -> None:
    for path in FOLDER.glob("*.py"):
        text = path.read_text("utf-8")
        for word in (".now(", ".today(", "import random", "import os", "open("):
            assert word not in text, (path.name, word)
        assert not imported(path) & {"time", "random", "os", "uuid"}, path.name
