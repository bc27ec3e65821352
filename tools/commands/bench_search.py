"""Measure the search in an encrypted register: time and recall."""

import argparse
import json
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from tools.commands.bench_casework import _own_database

DEFAULT_PEOPLE = 1_000_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `oslonac bench search`."""
    parser.add_argument("--people", type=int, default=DEFAULT_PEOPLE, help="(%(default)s)")
    parser.add_argument("--questions", type=int, default=300, help="(%(default)s)")
    parser.add_argument("--pairs", metavar="FOLDER", help="rare names from ar2en-eval.txt")
    parser.add_argument(
        "--exhaustive", action="store_true", help="also compare everybody in memory (minutes)"
    )
    parser.add_argument("--keep", metavar="FOLDER", help="keep the register there, or reuse it")
    parser.add_argument("--json", action="store_true", help="for programs")


def run(args: argparse.Namespace) -> int:
    """0 when the targets are met."""
    with ExitStack() as stack:
        _own_database(args.keep, stack)
        from oslonac.config import bootstrap

        stack.enter_context(bootstrap.django_ready("owner"))
        made = _made_up(args)
        _prepare(made)
        from tools.bench import search

        report = search.measure(made, exhaustive=args.exhaustive)
    print(json.dumps(report, indent=1) if args.json else _sentences(report))
    return 0 if all(row["met"] for row in report["targets"].values()) else 1


def _made_up(args: argparse.Namespace) -> Any:
    from oslonac.matching.known import entries
    from tools.trial.registers import make, tail_of

    tail = tail_of(Path(args.pairs) if args.pairs else None)
    return make(entries(), args.people, args.questions, 5, tail)


def _prepare(made: Any) -> None:
    """Tables, pack, people. A kept register of the same people is used as it is, its index made
    anew where this code would give them other keys."""
    from oslonac.config import bootstrap, preparation

    preparation.migrate()
    bootstrap.use_role("app")
    preparation.load_pack()
    from oslonac.matching.index import arranging, building, generations
    from tools.bench import register

    began = time.monotonic()

    def tell(done: int, of: int) -> None:
        if done % 100_000 < register.CHUNK:
            print(
                f"  {done} of {of} people, {time.monotonic() - began:.0f} s",
                file=sys.stderr,
                flush=True,
            )

    if register.holds(made):
        if generations.searched() is not None and building.check().good:
            if arranging.due():
                _arranged()
            return
        print("  the index is made anew", file=sys.stderr, flush=True)
        building.keep(anew=True, progress=tell)
    else:
        # COPY is not for a role that row-level security holds; the owner of the tables may.
        bootstrap.use_role("owner")
        try:
            register.write(made, tell)
        finally:
            bootstrap.use_role("app")
    _arranged()
    _tidied_up()


def _arranged() -> None:
    """As the night after would do it."""
    from oslonac.matching.index import arranging

    began = time.monotonic()
    arranging.arrange()
    print(f"  entries laid in order in {time.monotonic() - began:.0f} s", file=sys.stderr)


def _tidied_up() -> None:
    import psycopg

    from oslonac.config import datafolder

    print("  tidying up (VACUUM, ANALYZE)", file=sys.stderr, flush=True)

    with psycopg.connect(datafolder.dsn("owner"), autocommit=True) as owner:
        owner.execute("VACUUM (ANALYZE)")


def _sentences(report: dict[str, Any]) -> str:
    machine = report["machine"]
    space = report["space"]
    lines = [
        f"{report['people']} people, {report['questions']} questions in another script; "
        f"{machine['processor']} x{machine['processors']}, PostgreSQL {machine['postgresql']}, "
        f"load {machine['load_average']}",
        f"entries: {space['table_bytes'] // 2**20} MB and {space['index_bytes'] // 2**20} MB "
        "of indexes",
        f"{'':<28}{'p50 ms':>9}{'p95 ms':>9}{'max':>9}{'sql p50':>9}{'sql p95':>9}"
        f"{'cpu p50':>9}{'cpu p95':>9}",
    ]
    rows = {f"by name, {name}": row for name, row in report["by_name"].items()}
    rows |= {
        "with sex and birth": report["with_sex_and_birth"],
        "common names": report["common_names"],
    }
    for name, row in rows.items():
        total, sql, processor = row["total_ms"], row["sql_ms"], row["processor_ms"]
        lines.append(
            f"{name:<28}{total['p50']:>9.1f}{total['p95']:>9.1f}{total['max']:>9.1f}"
            f"{sql['p50']:>9.1f}{sql['p95']:>9.1f}"
            f"{processor['p50']:>9.1f}{processor['p95']:>9.1f}"
        )
    for name, row in report["found"].items():
        lines.append(name + ": " + ", ".join(f"{key} {value:.3f}" for key, value in row.items()))
    odd = report["odd"]
    lines.append(
        f"{odd['questions']} questions that are no names: {odd['slowest_ms']} ms at most, "
        f"{odd['neither']} with neither answer nor reason"
    )
    if "against_everybody_compared" in report:
        lines.append(str(report["against_everybody_compared"]))
    for name, row in report["targets"].items():
        word = "met" if row["met"] else "MISSED"
        lines.append(f"target {name} <= {row['target']}: {row['measured']} ({word})")
    return "\n".join(lines)
