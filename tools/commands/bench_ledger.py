"""Measure the ledger at a million events: linking, roots, proof, verification."""

import argparse
import json
import os
import sys
from contextlib import ExitStack
from typing import Any

from tools.commands.bench_casework import _own_database


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `oslonac bench ledger`."""
    parser.add_argument("--events", type=int, default=1_000_000, help="(%(default)s)")
    parser.add_argument(
        "--processes",
        type=int,
        default=min(2, os.cpu_count() or 1),
        help="how many verify side by side (%(default)s)",
    )
    parser.add_argument("--keep", metavar="FOLDER", help="keep the data there, or reuse it")
    parser.add_argument("--json", action="store_true", help="for programs")


def run(args: argparse.Namespace) -> int:
    """0 when verification is as quick as it must be (or too few events to tell)."""
    with ExitStack() as stack:
        _own_database(args.keep, stack)
        from oslonac.config import bootstrap, preparation

        stack.enter_context(bootstrap.django_ready("owner"))
        preparation.migrate()
        bootstrap.use_role("app")
        from tools.bench import ledger

        print("  filling the ledger", file=sys.stderr, flush=True)
        report = ledger.measure(args.events, args.processes)
    print(json.dumps(report, indent=1) if args.json else _sentences(report))
    return 1 if report["targets"]["verify_seconds"]["met"] is False else 0


def _sentences(report: dict[str, Any]) -> str:
    steps = ("write", "link", "root", "prove", "verify", "search")
    told = ", ".join(
        f"{step} {report[f'{step}_seconds']} s" for step in steps if report[f"{step}_seconds"]
    )
    word = {True: "met", False: "MISSED", None: "not measured"}
    target = report["targets"]["verify_seconds"]
    return (
        f"{report['events']} events, {report['processes']} processes: {told}\n"
        f"target verify_seconds <= {target['target']}: {word[target['met']]}"
    )
