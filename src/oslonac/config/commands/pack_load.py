"""Load the country pack again, even if it has not changed."""

import argparse
import sys
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--folder", help="another pack than the one settings name")


def run(args: argparse.Namespace) -> int:
    from oslonac.config import bootstrap

    with bootstrap.database_running(), bootstrap.django_ready():
        from django.conf import settings

        from oslonac.config.commands.pack_check import counted
        from oslonac.directory.loading import load
        from oslonac.protocols.editions import BadProtocols

        try:
            counts = load(Path(args.folder or settings.OSLONAC_PACK))
        except BadProtocols as problem:
            print(f"Nothing was loaded; what was loaded before stays.\n{problem}", file=sys.stderr)
            return 1
    print(f"Loaded {counted(counts)}")
    return 0
