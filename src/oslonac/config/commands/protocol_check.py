"""Check procedures: words, translations, unreachable steps, duties that cannot be met."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from oslonac.protocols.checking import Report
    from oslonac.protocols.reading import Problem


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="*", type=Path, help="files or folders (default: the pack)")
    parser.add_argument("--json", action="store_true", help="for programs")


def run(args: argparse.Namespace) -> int:
    """Exit status 0 without errors, 1 with some, 2 when there is nothing to check."""
    from oslonac.config import bootstrap, datafolder
    from oslonac.config.packfolder import pack_dir
    from oslonac.protocols.checking import check_paths

    datafolder.make_folders()
    bootstrap.setup_django()  # the rooms declare the events that procedures may name
    reports = check_paths(args.paths or [pack_dir() / "protocols"])
    if args.json:
        answer = {"protocols": [_as_json(r) for r in reports]}
        print(json.dumps(answer, ensure_ascii=False, indent=1))
    else:
        for report in reports:
            _print(report)
    if not reports:
        return 2
    return 1 if any(report.errors for report in reports) else 0


def _as_json(report: "Report") -> dict[str, Any]:
    return {
        "id": report.id,
        "version": report.version,
        "file": report.file,
        "errors": [_problem(p) for p in report.errors],
        "warnings": [_problem(p) for p in report.warnings],
    }


def _problem(problem: "Problem") -> dict[str, Any]:
    return {
        "file": problem.file,
        "line": problem.line,
        "code": problem.code,
        "message": problem.message,
        "trace": list(problem.trace),
    }


def _print(report: "Report") -> None:
    for problem in report.errors:
        print(problem)
    for problem in report.warnings:
        print(f"{problem.file}:{problem.line}: (warning) {problem.message}")
    state = "can run" if not report.errors else "cannot be trusted"
    print(
        f"{report.id} {report.version}: {state}; "
        f"{len(report.errors)} errors, {len(report.warnings)} warnings."
    )
