"""Draw a procedure: SVG diagram, table "who does what, when and how", or DCR XML."""

import argparse
import sys
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="the procedure, a YAML file")
    parser.add_argument("--out", type=Path, help="where to write (default: standard output)")
    parser.add_argument("--as", dest="form", choices=["svg", "table", "xml"], default="svg")
    parser.add_argument("--language", default="en", help="of the titles")


def run(args: argparse.Namespace) -> int:
    """Exit status 0 when it was drawn, 1 when the procedure cannot be read."""
    from oslonac.config.messages import wording_of
    from oslonac.protocols.pack import load

    loaded = load(args.file)
    if loaded.protocol is None:
        for problem in loaded.problems:
            print(problem, file=sys.stderr)
        return 1
    if args.form == "svg":
        from oslonac.protocols.drawing import draw

        say = wording_of(args.language)
        content = draw(loaded.protocol, args.language, standalone=True, say=say)
    elif args.form == "xml":
        from oslonac.protocols.dcr_xml import export

        content = export(loaded.protocol, args.language)
    else:
        from oslonac.protocols.booklet import booklet

        table = booklet(loaded.protocol, args.language, wording_of(args.language))
        content = "\n".join(_lines(table)) + "\n"
    if args.out is None:
        sys.stdout.write(content)
        return 0
    try:
        args.out.write_text(content, encoding="utf-8")
    except OSError as error:
        print(f"{args.out} cannot be written: {error.strerror}.", file=sys.stderr)
        return 1
    return 0


def _lines(sections):  # type: ignore[no-untyped-def]
    """The table as Markdown."""
    for section in sections:
        yield f"## {section.title}\n\n| What | Who | When | How |\n|---|---|---|---|"
        for row in section.rows:
            when = "; ".join([*row.when, *row.after])
            who = ", ".join(role.replace("_", " ") for role in row.who)
            yield f"| {row.what} | {who} | {when} | {row.how} |"
        yield ""
