"""Restore a lost key file from a recovery copy and enough sheets."""

import argparse
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("copy", help="the recovery copy")


def run(args: argparse.Namespace) -> int:
    """Never overwrites a key file."""
    from oslonac.config import datafolder
    from oslonac.config.commands.vault_rehearse import read_sheets
    from oslonac.vault import recovery

    try:
        path = recovery.restore(Path(args.copy), read_sheets(), datafolder.keys_dir())
    except (recovery.BadSheets, FileExistsError, FileNotFoundError) as error:
        print(f"Nothing was written: {error}.")
        return 1
    print(f"The key file is back at {path}, and the erasure list beside it.")
    return 0
