"""Measure casework at scale: lists, case page, updates, log, space."""

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from oslonac.config.preparation import DEMO_SEED

DEFAULT_CASES = 150_000
# Of a hundred children who are met, so many get a case.
CASES_OF_A_HUNDRED = 88


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `oslonac bench casework`."""
    parser.add_argument("--cases", type=int, default=DEFAULT_CASES, help="(%(default)s)")
    parser.add_argument("--rounds", type=int, default=300, help="samples a page (%(default)s)")
    parser.add_argument("--updates", type=int, default=250, help="samples an update (%(default)s)")
    parser.add_argument("--workers", type=int, help="processes that build the data")
    parser.add_argument("--keep", metavar="FOLDER", help="keep the data there, or reuse it")
    parser.add_argument("--json", action="store_true", help="for programs")


def run(args: argparse.Namespace) -> int:
    """0 when every target that was measured is met."""
    with ExitStack() as stack:
        _own_database(args.keep, stack)
        from oslonac.config import bootstrap

        stack.enter_context(bootstrap.django_ready("owner"))
        seconds = _prepare(args)
        from tools.bench import casework

        report = casework.measure(
            rounds=args.rounds, updates=args.updates, checkpoint=_checkpoint()
        )
    report["build_seconds"] = seconds
    print(json.dumps(report, indent=1) if args.json else _sentences(report))
    return 0 if all(row["met"] is not False for row in report["targets"].values()) else 1


def _own_database(keep: str | None, stack: ExitStack) -> None:
    """A data folder and server of the benchmark's own; the installation's is never touched."""
    os.environ.pop("DATABASE_URL", None)
    os.environ.pop("DATABASE_OWNER_URL", None)
    os.environ.pop("OSLONAC_KEYS", None)
    os.environ["OSLONAC_DEMO"] = "1"
    if keep:
        folder = Path(keep).expanduser().resolve()
    else:
        folder = Path(tempfile.mkdtemp(prefix="oslonac-bench-"))
        folder.chmod(0o711)  # the database's own account walks through
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
    os.environ["OSLONAC_DATA"] = str(folder)


def _prepare(args: argparse.Namespace) -> float:
    """Tables, pack, static files, children; seconds that the children took."""
    from oslonac.config import bootstrap, datafolder, preparation

    preparation.migrate()
    bootstrap.use_role("app")
    preparation.collect_static()
    preparation.load_pack()
    from oslonac import demo

    began = time.monotonic()
    children = args.cases * 100 // CASES_OF_A_HUNDRED
    demo.build(children=children, seed=DEMO_SEED, workers=args.workers)
    took = time.monotonic() - began
    print("  tidying up (VACUUM, ANALYZE)", file=sys.stderr, flush=True)
    import psycopg

    with psycopg.connect(datafolder.dsn("owner"), autocommit=True) as owner:
        owner.execute("VACUUM (ANALYZE)")
    return took


def _checkpoint() -> Callable[[], None]:
    from oslonac.config import datafolder

    superuser = datafolder.embedded_server().dsn("superuser")

    def checkpoint() -> None:
        import psycopg

        with psycopg.connect(superuser, autocommit=True) as connection:
            connection.execute("CHECKPOINT")

    return checkpoint


def _calibrated(when: str, found: dict[str, Any]) -> str:
    return (
        f"calibration {when}: Python {found['python_ms']['p50']:.1f} ms, "
        f"SQL {found['sql_ms']['p50']:.1f} ms"
    )


def _sentences(report: dict[str, Any]) -> str:
    machine = report["machine"]
    lines = [
        f"{report['cases']} cases, {report['open_cases']} open; caseload p50 "
        f"{report['caseload']['p50']:.0f}; {machine['processor']} x{machine['processors']}, "
        f"PostgreSQL {machine['postgresql']}, load {machine['load_average']}",
        _calibrated("before", machine["calibration"]),
        _calibrated("after", report["calibration_after"]),
        f"{'':<22}{'p50 ms':>9}{'p95 ms':>9}{'sql p50':>9}{'sql p95':>9}{'queries':>9}",
    ]
    for part in ("queries", "pages", "updates"):
        for name, row in report[part].items():
            if row is None:
                lines.append(f"{part[:-1] + ' ' + name:<22}  (no such page yet)")
                continue
            lines.append(
                f"{part[:-1] + ' ' + name:<22}{row['total_ms']['p50']:>9.1f}"
                f"{row['total_ms']['p95']:>9.1f}{row['sql_ms']['p50']:>9.1f}"
                f"{row['sql_ms']['p95']:>9.1f}{row['queries']['p50']:>9.0f}"
            )
            if "wal_bytes" in row:
                first = row.get("wal_bytes_first_touch", {}).get("p50")
                lines.append(
                    f"  log per update: median {row['wal_bytes']['p50']:.0f} bytes"
                    + (f", first touch {first:.0f}" if first else "")
                )
    space = report["space"]
    lines.append(
        f"a case: {space['table_bytes_per_case']} bytes of tables, "
        f"{space['index_bytes_per_case']} of indexes"
    )
    for name, row in report["targets"].items():
        word = {True: "met", False: "MISSED", None: "not measured"}[row["met"]]
        lines.append(f"target {name} <= {row['target']}: {row['measured']} ({word})")
    return "\n".join(lines)
