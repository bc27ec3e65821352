"""Check that the recovery sheets restore the keys in use; changes nothing."""

import argparse
import json
import sys
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--copy", help="the recovery copy (default: beside the key file)")
    parser.add_argument("--json", action="store_true", help="for programs")


def run(args: argparse.Namespace) -> int:
    """Reads one sheet a line from standard input; an empty line or its end closes the list."""
    from oslonac.config import datafolder
    from oslonac.vault import recovery

    folder = datafolder.keys_dir()
    copy = Path(args.copy) if args.copy else folder / recovery.COPY_NAME
    if not copy.exists():
        print(f"There is no recovery copy at {copy}. Make one with: oslonac vault recovery")
        return 1
    sheets = read_sheets()
    try:
        found = recovery.rehearse(folder, copy, sheets)
    except recovery.BadSheets as error:
        print(f"The sheets do not open the copy: {error}. Nothing was changed.")
        return 1
    if args.json:
        said = {"keys": found.keys, "same": found.same, "erased": found.erased}
        print(json.dumps(said))
    elif not found.erased:
        print("The copy opens, but it does not know of every erasure: keys that come back with it")
        print("could bring the erased back. Destroy it, and copy the new one from")
        print(f"{folder / recovery.COPY_NAME} to where the backups lie.")
    elif found.same:
        print(f"The sheets bring back all {found.keys} keys in use. Put them away again.")
    else:
        print("The copy opens, but it holds older keys than those in use. Copy the new one from")
        print(f"{folder / recovery.COPY_NAME} to where the backups lie.")
    return 0 if found.same and found.erased else 1


def read_sheets() -> list[str]:
    """Sheets typed or piped in, one a line."""
    if sys.stdin.isatty():
        print("Type the words of each sheet on one line; an empty line ends.", file=sys.stderr)
    sheets = []
    for line in sys.stdin:
        if not line.strip():
            break
        sheets.append(line.strip())
    return sheets
