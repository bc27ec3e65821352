"""Find each queried person in a register of names, best answers first."""

import argparse
import json
import sys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--registry",
        required=True,
        metavar="R.csv",
        help="id,name and, if known, birth_from,birth_to,sex,country",
    )
    parser.add_argument(
        "--queries", required=True, metavar="Q.csv", help="qid,name and, if known, the same columns"
    )
    parser.add_argument("--json", action="store_true", help="for programs")
    parser.add_argument("--top", type=int, default=20, help="answers for each query (20)")


def run(args: argparse.Namespace) -> int:
    """Needs neither database nor settings. Exit status 1 when a file cannot be read."""
    from oslonac.matching.files import BadTable, answers, guessed, people

    try:
        registry = people(args.registry, "id")
        queries = people(args.queries, "qid")
        for path, rows in ((args.registry, registry), (args.queries, queries)):
            if rows.encoding:
                print(guessed(path, rows.encoding), file=sys.stderr)
        for row in registry:
            if said := row.said():
                print(f"{args.registry}, {row.id}: {said}", file=sys.stderr)
        answered = answers(registry, queries, args.top)
        if args.json:
            print(json.dumps({"queries": [one.as_json() for one in answered]}, indent=1))
        else:
            for one in answered:
                print("\n".join(one.lines()))
    except BadTable as error:
        print(error, file=sys.stderr)
        return 1
    return 0
