"""Compile the message catalogues; Serbian Latin is made from Serbian Cyrillic."""

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`oslonac messages` takes no options."""


def run(args: argparse.Namespace) -> int:
    """Write the compiled catalogues. Neither the database nor Django is needed."""
    from oslonac.config import messages

    for path in messages.compile_all():
        print(f"{path.relative_to(messages.LOCALE)} written")
    return 0
