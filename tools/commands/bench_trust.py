"""Measure what row-level security, sealing and auditing cost; and 10,000 names opened."""

import argparse
import json
from contextlib import ExitStack
from typing import Any

from tools.commands.bench_casework import _own_database, _prepare

DEFAULT_CASES = 2_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `oslonac bench trust`."""
    parser.add_argument("--cases", type=int, default=DEFAULT_CASES, help="(%(default)s)")
    parser.add_argument("--rounds", type=int, default=300, help="samples a page (%(default)s)")
    parser.add_argument("--workers", type=int, help="processes that build the data")
    parser.add_argument("--keep", metavar="FOLDER", help="keep the data there, or reuse it")
    parser.add_argument("--json", action="store_true", help="for programs")


def run(args: argparse.Namespace) -> int:
    """0 when every target is met."""
    with ExitStack() as stack:
        _own_database(args.keep, stack)
        from oslonac.config import bootstrap

        stack.enter_context(bootstrap.django_ready("owner"))
        _prepare(args)
        from tools.bench import trust

        report = trust.measure(rounds=args.rounds, use_role=bootstrap.use_role)
    print(json.dumps(report, indent=1) if args.json else _sentences(report))
    return 0 if all(row["met"] for row in report["targets"].values()) else 1


def _sentences(report: dict[str, Any]) -> str:
    machine = report["machine"]
    lines = [
        f"{report['cases']} cases; {machine['processor']} x{machine['processors']}, PostgreSQL "
        f"{machine['postgresql']}, load {machine['load_average']}",
        f"{'':<22}{'p50 ms':>9}{'p95 ms':>9}{'sql p50':>9}{'queries':>9}{'cost':>8}{'of sql':>8}",
    ]
    for page, found in report["pages"].items():
        for name, cost in found["cost"].items():
            row = found[name]
            lines.append(
                f"{page + ' ' + name:<22}{row['total_ms']['p50']:>9.1f}"
                f"{row['total_ms']['p95']:>9.1f}{row['sql_ms']['p50']:>9.1f}"
                f"{row['queries']['p50']:>9.0f}{cost:>8.2f}{found['cost_sql'][name]:>8.2f}"
            )
    names = report["names"]
    lines.append(
        f"{names['count']} names, keys never opened before: {names['seconds']} s; "
        f"again {names['seconds_again']} s"
    )
    for name, row in report["targets"].items():
        word = "met" if row["met"] else "MISSED"
        lines.append(f"target {name} <= {row['target']}: {row['measured']} ({word})")
    return "\n".join(lines)
