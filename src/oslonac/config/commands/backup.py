"""Write the whole database into one file (the key file is not in it)."""

import argparse
from pathlib import Path

KEYS_APART = (
    "The keys are not in it, so by itself it shows no name. Keep a copy of the key file "
    "({keys}) in another safe place: without it nobody can read the sealed data."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `oslonac backup`."""
    parser.add_argument("file", type=Path, help="where to write; it must not exist yet")


def run(args: argparse.Namespace) -> int:
    """Write the backup with pg_dump; 1 with a sentence when that failed."""
    from oslonac.config import backups, datafolder

    problem = backups.write(args.file)
    if problem:
        print(problem)
        return 1
    size = args.file.stat().st_size / 1024 / 1024
    print(f"The backup is in {args.file} ({size:.1f} MB).")
    print(KEYS_APART.format(keys=datafolder.keys_dir()))
    return 0
