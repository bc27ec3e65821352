"""Check every event, link and signed root of the ledger, and report what is wrong."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `oslonac audit verify`."""
    parser.add_argument("--json", action="store_true", help="for programs")
    parser.add_argument(
        "--roots",
        type=Path,
        metavar="FILE",
        help="also compare with roots kept elsewhere (made by `oslonac audit roots --json`)",
    )
    parser.add_argument("--processes", type=int, help="how many check side by side (one a core)")


def run(args: argparse.Namespace) -> int:
    """Exit status 0 when the ledger is whole, 1 when it is not, 2 for an unreadable file."""
    from oslonac.config import bootstrap

    try:
        kept = read_roots(args.roots) if args.roots else []
    except (OSError, ValueError, KeyError, TypeError):
        print(f"{args.roots} cannot be read as a file of roots.", file=sys.stderr)
        return 2
    with bootstrap.database_running(), bootstrap.django_ready():
        from oslonac.audit import chain, verification

        while chain.seal_pending():
            pass
        verdict = verification.verify_here(kept, args.processes)
        return _tell(verdict, as_json=args.json)


def read_roots(path: Path) -> list[dict[str, Any]]:
    """Roots of a publication. Raises OSError, ValueError, KeyError, TypeError."""
    from oslonac.audit.rules import PUBLICATION

    content = json.loads(path.read_text(encoding="utf-8"))
    if content["format"] != PUBLICATION:
        raise ValueError(content["format"])
    return [dict(each) for each in content["roots"]]


def _tell(verdict: Any, *, as_json: bool) -> int:
    if as_json:
        print(json.dumps(verdict.as_json(), indent=1))
        return 0 if verdict.intact else 1
    print(
        f"{verdict.linked} events linked, {verdict.unlinked} waiting, {verdict.events} in all; "
        f"{verdict.roots} signed roots checked; noted outside up to number {verdict.witnessed}."
    )
    for found in verdict.breaks:
        print(f"BROKEN: {found.message}")
    if verdict.found > len(verdict.breaks):
        print(f"... and {verdict.found - len(verdict.breaks)} more.")
    print("The ledger is whole." if verdict.intact else "The ledger is not whole.")
    return 0 if verdict.intact else 1
