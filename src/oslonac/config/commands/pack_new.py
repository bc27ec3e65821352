"""Make a country pack to start from: every file that is needed, with something in it."""

import argparse
import sys
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, help="a new folder, such as packs/mycountry")
    parser.add_argument("--country", default="XX", help="ISO 3166-1, two letters")
    parser.add_argument("--zone", default="UTC", help="such as Europe/Paris")


def run(args: argparse.Namespace) -> int:
    """Exit status 0 when the folder was made; 1, with a sentence, when not."""
    from oslonac.config.packskeleton import BadSkeleton, make

    try:
        made = make(args.folder, country=args.country, zone=args.zone)
    except BadSkeleton as problem:
        print(problem, file=sys.stderr)
        return 1
    print(f"Made {len(made)} files in {args.folder}.")
    print(f"Change them, and look with: oslonac pack check {args.folder}")
    return 0
