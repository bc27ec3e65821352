"""Migrate the database, as the role that owns the tables."""

import argparse
import json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `oslonac migrate`."""
    parser.add_argument("--json", action="store_true", help="for programs")


def run(args: argparse.Namespace) -> int:
    """Migrate when needed and say how many migrations ran."""
    from oslonac.config import bootstrap, preparation

    with bootstrap.django_ready("owner"):
        count = preparation.migrate()
    sentence = f"{count} migrations ran." if count else "The database is up to date."
    print(json.dumps({"migrations": count}) if args.json else sentence)
    return 0
