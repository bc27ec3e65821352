"""Encrypt every person's key with a new key, while the system runs."""

import argparse
import sys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No options."""


def run(args: argparse.Namespace) -> int:
    """Readers and writers go on meanwhile; an interrupted rotation is carried on by the next."""
    from oslonac.config import bootstrap, datafolder

    def tell(done: int) -> None:
        print(f"  {done} keys", file=sys.stderr, flush=True)

    with bootstrap.database_running(), bootstrap.django_ready():
        from oslonac.vault.rotation import rotate

        done = rotate(datafolder.keys_dir(), progress=tell)
    print(f"{done} keys are wrapped with a fresh key. Copy the new recovery copy to the backups.")
    return 0
