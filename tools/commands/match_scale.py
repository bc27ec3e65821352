"""Find duplicates on a cluster: make the keyed table for Spark, judge the pairs it found."""

import argparse
import json
import os
import secrets
import sys
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("step", choices=("prepare", "judge"))
    parser.add_argument("--registry", required=True, metavar="R.csv", help="as for `match dedupe`")
    parser.add_argument("--table", type=Path, metavar="T.csv", help="prepare: the keyed table")
    parser.add_argument(
        "--secret", type=Path, metavar="FILE", help="prepare: key file, for parts of one register"
    )
    parser.add_argument("--pairs", type=Path, metavar="P.csv", help="judge: pairs from the job")
    parser.add_argument("--at", type=float, default=0.9, help="least probability (0.9)")
    parser.add_argument(
        "--expected", type=float, default=0.1, help="second records, as a share of all (0.1)"
    )
    parser.add_argument("--json", action="store_true", help="for programs")


def run(args: argparse.Namespace) -> int:
    """Needs neither database nor settings, nor Spark. Exit status 1 when a file is no good."""
    from oslonac.matching.files import BadTable

    try:
        return _prepare(args) if args.step == "prepare" else _judge(args)
    except BadTable as error:
        print(error, file=sys.stderr)
    except OSError as error:
        print(f"{error.filename} cannot be used: {error.strerror}.", file=sys.stderr)
    return 1


def _prepare(args: argparse.Namespace) -> int:
    from oslonac.matching.files import people
    from tools.scale import prepare

    if args.table is None:
        print("--table says where the keyed table goes.", file=sys.stderr)
        return 2
    rows = people(args.registry, "id")
    handle = os.open(args.table, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
        count = prepare.write(rows, _secret(args.secret), file)
    note = {"table": str(args.table), "records": count}
    print(json.dumps(note) if args.json else f"{count:,} records in {args.table}, no name in it.")
    return 0


def _secret(path: Path | None) -> bytes:
    """Read, or made and kept where several parts must share it; else for this run alone."""
    if path is None:
        return secrets.token_bytes(32)
    if not path.exists():
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(32))
    return path.read_bytes()


def _judge(args: argparse.Namespace) -> int:
    from oslonac.matching import dedupe
    from tools.scale.judge import judged

    if args.pairs is None:
        print("--pairs names the file the job wrote.", file=sys.stderr)
        return 2
    answer = judged(
        dedupe.of_file(args.registry)[0], args.pairs, at=args.at, expected=args.expected
    )
    sys.stdout.writelines(answer.as_json() if args.json else answer.lines())
    return 0
