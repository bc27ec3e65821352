"""Check this installation for problems and say what to do."""

import argparse
import json

from oslonac.config.commands.up import add_address


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `oslonac doctor`."""
    add_address(parser)
    parser.add_argument(
        "--real", action="store_true", help="also what an installation with real people needs"
    )
    parser.add_argument("--json", action="store_true", help="for programs")


def run(args: argparse.Namespace) -> int:
    """1 when something is wrong; a warning alone is 0."""
    from oslonac.config import health

    findings = health.everything(args.host, args.port)
    if args.real:
        findings += health.outside.everything()
    wrong = any(finding.level == "error" for finding in findings)
    if args.json:
        body = {"ok": not wrong, "findings": [finding.as_dict() for finding in findings]}
        print(json.dumps(body, ensure_ascii=False, indent=1))
    else:
        print("\n".join(str(finding) for finding in findings))
    return 1 if wrong else 0
