"""Prove that an event belongs to the signed root of its day, or check such a proof."""

import argparse
import json
import sys
from pathlib import Path
from uuid import UUID

SENTENCES = {
    "": "The event stands under the signed root of its day.",
    "not_yet": "The event is in the ledger; its day is not over, so there is no root yet.",
    "leaf": "The event in the proof is not the one that was hashed, or not at that place.",
    "path": "The proof does not lead to the root.",
    "changed": "The root in the proof was changed after it was signed.",
    "wrong_key": "The root in the proof is signed with a key that is not ours.",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `oslonac audit prove`."""
    parser.add_argument("event", help="the event's id, or with --check a file with a proof")
    parser.add_argument("--check", action="store_true", help="check a proof made earlier")
    parser.add_argument("--json", action="store_true", help="print the proof (default) or verdict")


def run(args: argparse.Namespace) -> int:
    """0 when the proof holds, 1 when not, 2 when the argument cannot be read."""
    return _check(args) if args.check else _prove(args)


def _prove(args: argparse.Namespace) -> int:
    from oslonac.config import bootstrap

    try:
        event_id = UUID(args.event)
    except ValueError:
        print(f"{args.event} is not the id of an event.", file=sys.stderr)
        return 2
    with bootstrap.database_running(), bootstrap.django_ready():
        from oslonac.audit import roots
        from oslonac.kit.errors import Hidden

        try:
            proof = roots.prove(event_id)
        except Hidden:
            print(f"There is no event {event_id}.", file=sys.stderr)
            return 1
        print(json.dumps(proof, indent=1))
        return 0 if roots.check_proof(proof) in ("", "not_yet") else 1


def _check(args: argparse.Namespace) -> int:
    from oslonac.config import bootstrap

    bootstrap.setup_django()
    from oslonac.audit import roots

    try:
        code = roots.check_proof(json.loads(Path(args.event).read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError):
        print(f"{args.event} cannot be read as a proof.", file=sys.stderr)
        return 2
    print(json.dumps({"holds": code == "", "code": code}) if args.json else SENTENCES[code])
    return 0 if code == "" else 1
