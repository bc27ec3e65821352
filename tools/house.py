"""Figures of the house: how much there is, where it lies, what is longer than it should be.

    .venv/bin/python -m tools.house                     JSON, then a table in Markdown
    .venv/bin/python -m tools.house --json              JSON only
    .venv/bin/python -m tools.house --markdown          the table only
    .venv/bin/python -m tools.house --compare REV       the same of another commit beside it

Belongs here: counting what the sources say, without running them. Does not belong here: judging;
what the figures mean stands in `docs/reference/house.md`. Lines are physical lines, blank ones
and comments included, so that anybody gets the same figures with `wc -l`.
"""

import argparse
import ast
import io
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
LONG_FILE, LONG_FUNCTION = 400, 60
KINDS = {"Python": ".py", "templates": ".html", "CSS": ".css", "JavaScript": ".js"}
MIGRATIONS = "migrations"  # written by Django, not by hand
Figures = dict[str, Any]


def figures(root: Path) -> Figures:
    """All figures of the checkout in `root`."""
    src = root / "src" / "oslonac"
    files = {kind: list(_files(src, ending)) for kind, ending in KINDS.items()}
    lines = {kind: sum(map(_count, found)) for kind, found in files.items()}
    packages = _packages(src, files["Python"])
    largest = max(packages, key=lambda name: packages[name])
    functions = [
        (f"{path.relative_to(root)}:{name}", length)
        for path in files["Python"]
        if MIGRATIONS not in path.parts
        for name, length in _functions(path)
    ]
    return {
        "lines of src": lines,
        "lines of tests (Python)": sum(map(_count, _files(root / "tests", ".py"))),
        "lines of tools (Python)": sum(map(_count, _files(root / "tools", ".py"))),
        "lines of packages": packages,
        "largest package": {"name": largest, "share": _share(packages[largest], packages)},
        "files of Python": len(files["Python"]),
        f"files over {LONG_FILE} lines": {
            str(path.relative_to(root)): count
            for kind in files.values()
            for path in kind
            if MIGRATIONS not in path.parts and (count := _count(path)) > LONG_FILE
        },
        f"functions over {LONG_FUNCTION} lines": {
            name: length for name, length in functions if length > LONG_FUNCTION
        },
        "fmt: skip": sum(len(re.findall(r"#\s*fmt:\s*skip", _text(p))) for p in files["Python"]),
        "longest line of a template": _longest(files["templates"], root),
        "longest line of CSS": _longest(files["CSS"], root),
        "test functions": _tests(root / "tests"),
    }


def _files(folder: Path, ending: str) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob(f"*{ending}")) if "__pycache__" not in path.parts)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _count(path: Path) -> int:
    return _text(path).count("\n")


# Features that have a folder of their own inside a package, with their own rules, actions, pages.
FEATURES = {("cases", "duties"), ("cases", "trust")}


def _packages(src: Path, python: Iterable[Path]) -> dict[str, int]:
    """Lines of Python of each package, the largest first; features apart from the package they
    belong to, migrations left out, loose files as `oslonac`."""
    found: Counter[str] = Counter()
    for path in python:
        parts = path.relative_to(src).parts
        if "migrations" in parts:
            continue
        name = "/".join(parts[:2]) if parts[:2] in FEATURES else parts[0]
        found[name if len(parts) > 1 else "oslonac"] += _count(path)
    return dict(found.most_common())


def _share(lines: int, packages: dict[str, int]) -> float:
    return round(lines / (sum(packages.values()) or 1), 3)


def _functions(path: Path) -> Iterator[tuple[str, int]]:
    """(name, lines from `def` to the last), decorators left out."""
    for node in ast.walk(ast.parse(_text(path))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def _longest(files: Iterable[Path], root: Path) -> dict[str, Any]:
    lengths = [
        (len(line), f"{path.relative_to(root)}:{number}")
        for path in files
        for number, line in enumerate(_text(path).splitlines(), 1)
    ]
    length, where = max(lengths, default=(0, ""))
    return {"length": length, "where": where}


def _tests(folder: Path) -> int:
    """Functions that pytest collects; a parametrised one counts once."""
    return sum(
        name.startswith("test_")
        for path in _files(folder, ".py")
        if path.name.startswith("test_")
        for name, _length in _functions(path)
    )


@contextmanager
def checked_out(revision: str) -> Iterator[Path]:
    """The files of another commit in a folder that is gone afterwards."""
    packed = subprocess.run(  # noqa: S603 - typed by whoever runs this on their own checkout
        ["git", "archive", "--format=tar", "--", revision],  # noqa: S607 - git as on the path
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout
    with tempfile.TemporaryDirectory(prefix="oslonac-house-") as folder:
        with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
            archive.extractall(folder, filter="data")
        yield Path(folder)


def rows(found: Figures) -> dict[str, str]:
    """The figures as cells of one column."""
    made: dict[str, str] = {}
    for name, value in found.items():
        if name == "lines of src":
            made |= {f"lines of src, {kind}": f"{count:,}" for kind, count in value.items()}
        elif name == "lines of packages":
            whole = value
            made |= {
                f"`{package}`": f"{count:,} ({_share(count, whole):.1%})"
                for package, count in value.items()
            }
        elif name == "largest package":
            made[name] = f"`{value['name']}`, {value['share']:.1%}"
        elif isinstance(value, dict) and "length" in value:
            made[name] = str(value["length"])
        else:
            made[name] = f"{len(value) if isinstance(value, dict) else value:,}"
    return made


def markdown(columns: dict[str, Figures]) -> str:
    """One row for each figure, one column for each commit."""
    cells = {title: rows(found) for title, found in columns.items()}
    names = list(dict.fromkeys(name for column in cells.values() for name in column))
    lines = [f"| | {' | '.join(cells)} |", "|---|" + "---:|" * len(cells)]
    lines += [
        f"| {name} | {' | '.join(column.get(name, '–') for column in cells.values())} |"
        for name in names
    ]
    return "\n".join(lines)


def main(words: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--compare", metavar="REV", help="another commit, in a column beside")
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--json", action="store_true", help="JSON only")
    only.add_argument("--markdown", action="store_true", help="the table only")
    args = parser.parse_args(words)
    columns: dict[str, Figures] = {}
    if args.compare:
        try:
            with checked_out(args.compare) as folder:
                columns[args.compare] = figures(folder)
        except subprocess.CalledProcessError as error:
            print(error.stderr.decode().strip(), file=sys.stderr)
            return 2
    columns["now"] = figures(ROOT)
    if not args.markdown:
        print(json.dumps(columns if args.compare else columns["now"], indent=1))
    if not args.json:
        print(markdown(columns))
    return 0


if __name__ == "__main__":
    sys.exit(main())
