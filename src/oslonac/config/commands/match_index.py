"""Build, check or re-key the index by which people are found, while the system runs."""

import argparse
import dataclasses
import json
import sys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `oslonac match index`."""
    parser.add_argument("--check", action="store_true", help="only look, change nothing")
    parser.add_argument("--rotate", action="store_true", help="make it anew under a new key")
    parser.add_argument("--anew", action="store_true", help="make it anew under the same key")
    parser.add_argument(
        "--arrange",
        action="store_true",
        help="also lay the entries in order now; searches wait, under a minute for a million",
    )
    parser.add_argument("--json", action="store_true", help="for programs")


def run(args: argparse.Namespace) -> int:
    """0 when everybody can be found. An interrupted run is carried on by the next one."""
    from oslonac.config import bootstrap

    def tell(done: int, of: int) -> None:
        print(f"  {done} of {of} people", file=sys.stderr, flush=True)

    with bootstrap.django_ready():
        from oslonac.matching.index import arranging, building

        done, arranged = 0, False
        if not args.check:
            done = building.keep(rotate=args.rotate, anew=args.anew, progress=tell)
            arranged = args.arrange and arranging.arrange()
        found = building.check()
    report = {
        "written": done,
        "arranged": arranged,
        **dataclasses.asdict(found),
        "good": found.good,
    }
    if args.arrange and not arranged:
        print("The entries were not laid in order: they were in use. Ask again.", file=sys.stderr)
    print(json.dumps(report, indent=1) if args.json else _sentences(report))
    return 0 if found.good else 1


def _sentences(report: dict[str, object]) -> str:
    lines = [
        f"{report['written']} entries written; {report['persons']} people of whom something is "
        f"known, {report['missing']} missing in the index.",
        f"Of {report['looked_at']} entries looked at, {report['wrong']} differ from what the "
        "names give today.",
    ]
    if not report["recipe_current"]:
        lines.append("The index follows an older recipe. Run `oslonac match index`.")
    if not report["good"]:
        lines.append("Not everybody can be found. Run `oslonac match index` without --check.")
    return "\n".join(lines)
