"""Check a country pack: all that is wrong, with file and line, and what was counted."""

import argparse
import json
import sys
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", nargs="?", type=Path, help="default: the pack settings name")
    parser.add_argument("--json", action="store_true", help="for programs")


def run(args: argparse.Namespace) -> int:
    """Exit status 0 without errors, 1 with some, 2 when there is no such folder."""
    from oslonac.config import bootstrap, datafolder
    from oslonac.config.packcheck import check_pack
    from oslonac.config.packfolder import pack_dir, taking
    from oslonac.config.packskeleton import SKELETON

    folder = args.folder or pack_dir()
    if not folder.is_dir():
        print(f"There is no folder {folder}.", file=sys.stderr)
        return 2
    # The pack that is checked may be too broken to run with.
    with taking(SKELETON):
        datafolder.make_folders()
        bootstrap.setup_django()
    result = check_pack(folder)
    if args.json:
        problems = [
            {"file": p.file, "line": p.line, "message": p.message, "warning": p.warning}
            for p in result.problems
        ]
        print(json.dumps({"problems": problems, "counts": result.counts}, ensure_ascii=False))
        return 1 if result.errors else 0
    for problem in result.problems:
        mark = "(warning) " if problem.warning else ""
        print(f"{problem.file}:{problem.line}: {mark}{problem.message}")
    print(counted(result.counts))
    warnings = len(result.problems) - len(result.errors)
    print(f"{len(result.errors)} errors, {warnings} warnings.")
    return 1 if result.errors else 0


def counted(counts: dict[str, int]) -> str:
    """What was found, in one line."""
    return ", ".join(f"{number} {what}" for what, number in counts.items()) + "."
