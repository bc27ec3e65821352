"""Walk the ledger's hash chain and say where it breaks."""

import argparse
import json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="for programs")


def run(args: argparse.Namespace) -> int:
    """Exit status 0 when the chain is whole, 1 when it is broken."""
    from oslonac.config import bootstrap

    with bootstrap.database_running(), bootstrap.django_ready():
        from oslonac.audit import chain

        while chain.seal_pending():
            pass
        verdict = chain.verify()
    if args.json:
        print(json.dumps(verdict.as_json(), indent=1))
    else:
        print(
            f"{verdict.linked} events linked, {verdict.unlinked} waiting, {verdict.events} in all."
        )
        for found in verdict.breaks:
            print(f"BROKEN: {found.message}")
        print("The chain is whole." if verdict.intact else "The chain is broken.")
    return 0 if verdict.intact else 1
