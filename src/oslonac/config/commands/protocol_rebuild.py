"""Recompute the obligations of every case from the ledger."""

import argparse
import json
import sys
import time


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `oslonac protocol rebuild`."""
    parser.add_argument("--case", metavar="NUMBER", help="one case only, by its number")
    parser.add_argument("--open", action="store_true", help="open cases only")
    parser.add_argument("--json", action="store_true", help="for programs")


def run(args: argparse.Namespace) -> int:
    """Exit status 0 when nothing differed, 1 when something did and is right now, 2 when there is
    no such case."""
    from oslonac.config import bootstrap

    with bootstrap.database_running(), bootstrap.django_ready():
        from oslonac.cases.duties import reckoning
        from oslonac.cases.models import Case
        from oslonac.cases.rules import CaseStatus

        wanted = Case.objects.order_by("pk")
        if args.case:
            wanted = wanted.filter(number=args.case)
        if args.open:
            wanted = wanted.filter(status=CaseStatus.OPEN)
        ids = list(wanted.values_list("pk", flat=True))
        if args.case and not ids:
            print(f"There is no case {args.case}.", file=sys.stderr)
            return 2
        began = time.monotonic()
        done = reckoning.reckon(ids, None if args.json else _progress)
    answer = {
        "cases": done.cases,
        "differed": done.differed,
        "rows_written": done.rows,
        "seconds": round(time.monotonic() - began, 2),
    }
    print(json.dumps(answer) if args.json else _sentence(answer))
    return 1 if done.differed else 0


def _progress(done: int, total: int) -> None:
    """On a terminal a line that counts; in a log nothing until the end."""
    if sys.stderr.isatty():
        end = "\n" if done == total else ""
        print(f"\r  {done} of {total} cases", end=end, file=sys.stderr, flush=True)


def _sentence(answer: dict[str, float]) -> str:
    told = f"{answer['cases']} cases worked out again in {answer['seconds']} s; "
    if not answer["differed"]:
        return told + "everything was as the ledger says."
    return (
        told + f"{answer['differed']} differed and are right now ({answer['rows_written']} rows)."
    )
