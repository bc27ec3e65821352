"""Write the reference pages and the map of packages from the code."""

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--check", action="store_true", help="change nothing, say what is old")


def run(args: argparse.Namespace) -> int:
    """Exit status 1 with --check when a page is not current."""
    from oslonac.config import bootstrap, datafolder, reference

    datafolder.make_folders()
    bootstrap.ensure_keys()
    bootstrap.setup_django()
    old = []
    for name, content in reference.pages().items():
        path = reference.ROOT / "docs" / name
        if not path.exists() or path.read_text() != content:
            old.append(name)
            if not args.check:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(content)
    for name in old:
        print(f"docs/{name} " + ("is not current" if args.check else "written"))
    return 1 if args.check and old else 0
