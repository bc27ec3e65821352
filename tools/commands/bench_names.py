"""Measure name comparison against its rivals, on the same made-up registers."""

import argparse
import json
import sys
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="for programs")
    parser.add_argument(
        "--sizes",
        type=int,
        nargs="+",
        default=[10_000, 100_000, 1_000_000],
        help="people in the register (10000 100000 1000000)",
    )
    parser.add_argument("--queries", type=int, default=300, help="questions for each size (300)")
    parser.add_argument(
        "--pairs",
        type=Path,
        metavar="FOLDER",
        help="folder with ar2en-train.txt and ar2en-eval.txt",
    )
    parser.add_argument(
        "--rivals",
        type=Path,
        metavar="FOLDER",
        help="environment of the rivals; made there when absent",
    )
    parser.add_argument("--without-rivals", action="store_true", help="only our own")
    parser.add_argument("--unseen", action="store_true", help="only names nothing was learned from")
    parser.add_argument(
        "--learn", action="store_true", help="relearn and write the weights before measuring"
    )


def run(args: argparse.Namespace) -> int:
    """Needs neither database nor settings."""
    from tools.trial import bench

    if args.learn:
        from tools.trial import relearn

        for line in relearn.everything(args.pairs):
            print(line, file=sys.stderr)
        print("Weights written; run again without --learn to measure with them.")
        return 0
    rivals = None if args.without_rivals else bench.environment(args.rivals)
    report = bench.report(args.sizes, args.queries, args.pairs, rivals, unseen=args.unseen)
    if args.json:
        print(json.dumps(report, indent=1))
    else:
        print("\n".join(bench.lines(report)))
    return 0
