"""Find records of one person in a whole register: groups with reasons; nothing is merged."""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from oslonac.matching.dedupe import Answer, Person


def add_arguments(parser: argparse.ArgumentParser) -> None:
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument(
        "--registry",
        metavar="R.csv",
        help="id,name and, if known, birth_from,birth_to,sex,country,languages,father,mother,"
        "group,phone,document (several values in a cell: set apart by semicolons)",
    )
    source.add_argument(
        "--database",
        action="store_true",
        help="the persons of this installation; the answer holds ids",
    )
    parser.add_argument("--json", action="store_true", help="for programs")
    parser.add_argument(
        "--output",
        type=Path,
        metavar="FILE",
        help="write the answer there instead of on the screen",
    )
    parser.add_argument(
        "--at",
        type=float,
        default=0.9,
        metavar="P",
        help="least probability of a pair, 0.5 to 1 (0.9)",
    )
    parser.add_argument(
        "--expected",
        type=float,
        default=0.1,
        metavar="SHARE",
        help="second records of somebody, as a share of all (0.1)",
    )
    parser.add_argument(
        "--state",
        type=Path,
        metavar="FILE",
        help="remember progress there; called again, goes on from it",
    )
    parser.add_argument(
        "--workers",
        type=int,
        default=os.cpu_count() or 1,
        metavar="N",
        help="processes that compare (one a processor)",
    )
    parser.add_argument("--quiet", action="store_true", help="no progress on standard error")


def run(args: argparse.Namespace) -> int:
    """A CSV needs neither database nor settings. Exit status 1 when something cannot be read."""
    from oslonac.matching import dedupe
    from oslonac.matching.batch import OtherRegister
    from oslonac.matching.files import BadTable

    if not 0.5 <= args.at <= 1.0 or not 0.0 < args.expected < 1.0:
        print("--at lies between 0.5 and 1, --expected between 0 and 1.", file=sys.stderr)
        return 2
    try:
        people, said = (_persons(), []) if args.database else dedupe.of_file(args.registry)
        for line in said:
            print(line, file=sys.stderr)
        if not args.quiet:
            print(f"{len(people):,} records read", file=sys.stderr, flush=True)
        answer = dedupe.find(
            people,
            at=args.at,
            expected=args.expected,
            state=args.state,
            workers=args.workers,
            tell=None if args.quiet else _tell,
        )
        _write(answer, args)
    except (BadTable, OtherRegister) as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{error.filename or 'A file'} cannot be written: {error.strerror}.", file=sys.stderr)
        return 1
    return 0


def _persons() -> "list[Person]":
    from datetime import UTC, datetime

    from oslonac.config import bootstrap

    with bootstrap.django_ready("owner"):
        from oslonac.matching.registered import all_records

        return all_records(at=datetime.now(UTC))


def _tell(done: int, total: int, pairs: int) -> None:
    share = done / (total or 1)
    print(f"{done:,} of {total:,} records ({share:.0%}), {pairs:,} pairs", file=sys.stderr)


def _write(answer: "Answer", args: argparse.Namespace) -> None:
    pieces = answer.as_json(args.database) if args.json else answer.lines(args.database)
    if args.output is None:
        sys.stdout.writelines(pieces)
        return
    with args.output.open("w", encoding="utf-8") as file:
        file.writelines(pieces)
    note = {"output": str(args.output), **answer.summary()}
    print(json.dumps(note) if args.json else f"{len(answer.found.clusters):,} groups written.")
