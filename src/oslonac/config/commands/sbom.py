"""Write the bill of materials (CycloneDX JSON) of what the product is installed from."""

import argparse
from pathlib import Path

REQUIREMENTS = Path(__file__).resolve().parents[4] / "requirements" / "runtime.txt"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `oslonac sbom`."""
    parser.add_argument(
        "--requirements",
        type=Path,
        default=REQUIREMENTS,
        metavar="FILE",
        help="pins to list (the product's own)",
    )
    parser.add_argument("--out", type=Path, metavar="FILE", help="where to (standard output)")


def run(args: argparse.Namespace) -> int:
    """2 when the pins cannot be read."""
    from oslonac.config import sbom

    try:
        text = sbom.text_of(args.requirements)
    except OSError as problem:
        print(f"{args.requirements} cannot be read: {problem.strerror}.")
        return 2
    if args.out:
        args.out.parent.mkdir(parents=True, exist_ok=True)
        args.out.write_text(text, encoding="utf-8")
    else:
        print(text, end="")
    return 0
