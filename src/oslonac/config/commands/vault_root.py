"""Make a root key for OSLONAC_ROOT_KEY, to be put into a secret store."""

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", help="an id for it, such as root-2026")


def run(args: argparse.Namespace) -> int:
    """Prints it, this once; it is kept nowhere."""
    from oslonac.vault.sources import environment

    if not args.name.replace("-", "").isalnum():
        print("Use letters, digits and hyphens for the id. Nothing was made.")
        return 2
    print(environment.fresh(args.name))
    return 0
