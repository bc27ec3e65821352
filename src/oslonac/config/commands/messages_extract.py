"""Update the Serbian catalogue from the texts in the code, and list what is untranslated."""

import argparse
import os
import sys


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `oslonac messages extract`."""
    parser.add_argument("--check", action="store_true", help="change nothing, say what is old")


def run(args: argparse.Namespace) -> int:
    """Exit status 1 when a message has no translation, or with --check when one is missing."""
    os.environ["OSLONAC_DEMO"] = "1"  # the demonstration's pages are texts too
    from oslonac.config import bootstrap, datafolder

    datafolder.make_folders()
    bootstrap.ensure_keys()
    bootstrap.setup_django()
    from oslonac.config import messages, messages_extract

    try:
        if args.check:
            return _check()
        catalogue = messages_extract.write()
    except messages_extract.BadMessage as problem:
        print(problem, file=sys.stderr)
        return 1
    missing = messages.untranslated(catalogue)
    for entry in missing:
        print(f"{entry.occurrences[0][0]}: {entry.msgid!r}")
    print(f"{len(catalogue)} messages, {len(missing)} without a translation.")
    return 1 if missing else 0


def _check() -> int:
    import polib

    from oslonac.config import messages, messages_extract

    found = {message.key for message in messages_extract.collect(messages_extract.sources())}
    written = {(entry.msgctxt, entry.msgid) for entry in polib.pofile(str(messages.MASTER))}
    for _, text in sorted(found - written, key=str):
        print(f"not in the catalogue: {text!r}")
    for _, text in sorted(written - found, key=str):
        print(f"no longer in the code: {text!r}")
    return 1 if found != written else 0
