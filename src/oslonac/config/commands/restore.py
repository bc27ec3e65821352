"""Restore a backup into an empty database."""

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `oslonac restore`."""
    parser.add_argument("file", type=Path, help="a file written by `oslonac backup`")


def run(args: argparse.Namespace) -> int:
    """Restore with pg_restore, all or nothing; 1 with a sentence when that failed."""
    from oslonac.config import backups, datafolder

    problem = backups.read_into_empty(args.file)
    if problem:
        print(problem)
        return 1
    print(
        f"{args.file} was restored. Put the key file of that time into {datafolder.keys_dir()}, "
        "then run `oslonac doctor`."
    )
    return 0
