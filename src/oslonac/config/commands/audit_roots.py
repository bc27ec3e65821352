"""Print the signed day roots of the ledger, to publish or to keep elsewhere."""

import argparse
import json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `oslonac audit roots`."""
    parser.add_argument("--json", action="store_true", help="for programs, and to be kept")
    parser.add_argument("--since", metavar="DAY", help="from this day on, as in 2026-03-01")


def run(args: argparse.Namespace) -> int:
    """Makes the roots of days that are over first. 2 for an unreadable day."""
    from datetime import date

    from oslonac.config import bootstrap

    try:
        since = date.fromisoformat(args.since) if args.since else date.min
    except ValueError:
        print(f"{args.since} is not a day; write it as in 2026-03-01.")
        return 2
    with bootstrap.database_running(), bootstrap.django_ready():
        from oslonac.audit import chain, keeping, roots
        from oslonac.audit.models import Root
        from oslonac.vault.signing import fingerprint

        while chain.seal_pending():
            pass
        keeping.close_days()
        rows = list(Root.objects.filter(day__gte=since).order_by("day"))
        if args.json:
            print(json.dumps(roots.publication(rows), indent=1))
            return 0
        for row in rows:
            print(f"{row.day}  {row.first:>9} to {row.last:>9}  {bytes(row.root).hex()}")
        for public in sorted({row.signature["public"] for row in rows}):
            print(f"Signed with the key {fingerprint(public)}")
        if not rows:
            print("No day is over yet.")
    return 0
