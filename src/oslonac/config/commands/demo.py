"""Start everything with fictional data: the same as `oslonac up --demo`."""

import argparse

from oslonac.config.commands import up


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `oslonac demo`."""
    up.add_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Run until Ctrl-C or SIGTERM."""
    args.demo = True
    return up.run(args)
