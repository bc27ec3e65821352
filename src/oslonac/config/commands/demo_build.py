"""Fill this installation's database with fictional people and staff."""

import argparse
import json
import os
import sys
import time

from oslonac.config.preparation import DEMO_CHILDREN, DEMO_SEED


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `oslonac demo build`."""
    parser.add_argument("--children", type=int, default=DEMO_CHILDREN, help="(%(default)s)")
    parser.add_argument("--seed", type=int, default=DEMO_SEED, help="the same again: same data")
    parser.add_argument("--workers", type=int, help="processes (default: one for each processor)")
    parser.add_argument("--language", help="en, sr-Latn or sr-Cyrl (default: the pack's own)")
    parser.add_argument("--json", action="store_true", help="for programs")


def run(args: argparse.Namespace) -> int:
    """Migrate, load the pack, build. An interrupted build is continued."""
    os.environ["OSLONAC_DEMO"] = "1"
    from oslonac.config import bootstrap, preparation

    if args.language:
        os.environ["OSLONAC_DEMO_LANGUAGE"] = args.language
    began = time.monotonic()
    with bootstrap.django_ready("owner"):
        preparation.migrate()
        bootstrap.use_role("app")
        preparation.load_pack()
        from oslonac import demo

        if refusal := _holds_real_data():
            print(refusal, file=sys.stderr)
            return 1
        built = demo.build(
            children=args.children,
            seed=args.seed,
            workers=args.workers,
            language=preparation.demo_language(),
        )
    took = time.monotonic() - began
    if args.json:
        print(json.dumps({"rows": built.rows, "seconds": built.seconds, "total": took}))
    elif built.rows:
        print(f"{args.children} invented children, {built.rows} rows, {took:.0f} s.")
    else:
        print("The invented children are there already; nothing was changed.")
    return 0


def _holds_real_data() -> str:
    """Invented children must never stand among real ones."""
    from oslonac.accounts.models import User

    if User.objects.filter(is_demo=False).exists():
        return (
            "This database has users who are not invented, so nothing was built. "
            "Choose another data folder with OSLONAC_DATA."
        )
    return ""
