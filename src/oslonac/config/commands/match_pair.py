"""Show how probable it is that two written names are one name, and why."""

import argparse
import json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("first", help="a name in any script")
    parser.add_argument("second", help="another")
    parser.add_argument("--json", action="store_true", help="for programs")


def run(args: argparse.Namespace) -> int:
    """Needs neither database nor settings."""
    from oslonac.kit.text import clean_line
    from oslonac.matching.names import compare

    found = compare(clean_line(args.first), clean_line(args.second))
    if args.json:
        answer = {"first": args.first, "second": args.second, **found.as_json()}
        print(json.dumps(answer, ensure_ascii=True, indent=1))
    else:
        print(f"{found.probability:.1%} probable that this is one name.")
        for reason in found.reasons:
            print(f"  - {reason}")
    return 0
