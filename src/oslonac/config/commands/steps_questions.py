"""Print the questions of every step: labels in all languages, types, choices, rules."""

import argparse
import json
import sys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="for programs; else a short list")


def run(args: argparse.Namespace) -> int:
    """Needs no database."""
    from oslonac.config import bootstrap

    bootstrap.setup_django()
    import oslonac.config.api
    import oslonac.config.urls  # noqa: F401
    from oslonac.steps.questions import document

    found = document()
    if args.json:
        json.dump(found, sys.stdout, ensure_ascii=False, indent=1)
        print()
        return 0
    for step in found["steps"]:
        names = ", ".join(each["name"] for each in step["questions"]) or "no questions"
        part = f"/{step['part']}" if step["part"] else ""
        print(f"{step['on']}{part} {step['step']} ({step['permission']}): {names}")
    return 0
