"""Draw a procedure: SVG diagram, table "who does what, when and how", or DCR XML."""

import argparse
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from oslonac.kit.wording import Wording
    from oslonac.protocols.booklet import Section


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="the procedure, a YAML file")
    parser.add_argument("--out", type=Path, help="where to write (default: standard output)")
    parser.add_argument("--as", dest="form", choices=["svg", "table", "xml"], default="svg")
    parser.add_argument("--language", default="en", help="of the titles")


def run(args: argparse.Namespace) -> int:
    """Exit status 0 when it was drawn, 1 when the procedure cannot be read."""
    from oslonac.config import bootstrap, datafolder
    from oslonac.config.messages import wording_of
    from oslonac.protocols.pack import load

    datafolder.make_folders()
    bootstrap.setup_django()  # facts and their values are named in the catalogue
    loaded = load(args.file)
    if loaded.protocol is None:
        for problem in loaded.problems:
            print(problem, file=sys.stderr)
        return 1
    say, role = wording_of(args.language), _roles(args.file, args.language)
    if args.form == "svg":
        from oslonac.protocols.drawing import draw

        content = draw(loaded.protocol, args.language, standalone=True, say=say, role=role)
    elif args.form == "xml":
        from oslonac.protocols.dcr_xml import export

        content = export(loaded.protocol, args.language)
    else:
        from oslonac.protocols.booklet import booklet

        table = booklet(loaded.protocol, args.language, say, _names(args.language))
        content = "\n".join(_lines(table, say, role)) + "\n"
    if args.out is None:
        sys.stdout.write(content)
        return 0
    try:
        args.out.write_text(content, encoding="utf-8")
    except OSError as error:
        print(f"{args.out} cannot be written: {error.strerror}.", file=sys.stderr)
        return 1
    return 0


def _names(language: str) -> Callable[[str], str]:
    """Facts and their values as people of a language call them."""
    from django.conf import settings
    from django.utils import translation

    from oslonac.kit.translations import code_of
    from oslonac.protocols import wording

    code = code_of(language)

    def named(name: str) -> str:
        with translation.override(code if code in dict(settings.LANGUAGES) else "en"):
            return wording.name(name)

    return named


def _roles(file: Path, language: str) -> Callable[[str], str]:
    """Roles as the pack around the file calls them."""
    from oslonac.access.roles import of_country
    from oslonac.config.packfolder import pack_around
    from oslonac.country.reading import BadPack, read_country
    from oslonac.protocols.drawing import plain_role
    from oslonac.protocols.protocol import text_in

    try:
        known = of_country(read_country(pack_around(file)))
    except BadPack:
        known = {}

    def named(code: str) -> str:
        return (text_in(known[code].title, language) if code in known else "") or plain_role(code)

    return named


def _lines(
    sections: "Sequence[Section]", say: "Wording", role: Callable[[str], str]
) -> Iterator[str]:
    """The table as Markdown."""
    from oslonac.kit.wording import mark

    columns = [say(each) for each in (mark("What"), mark("Who"), mark("When"), mark("How"))]
    for section in sections:
        yield f"## {_plain(section.title)}\n"
        yield _line([*columns, say(mark("Sources"))])
        yield "|---|---|---|---|---|"
        for row in section.rows:
            terms = (
                term.text if term.verified else say(mark("%(when)s (guidance)"), when=term.text)
                for term in row.when
            )
            who = ", ".join(map(role, row.who))
            when = "; ".join([*terms, *row.after])
            yield _line([row.what, who, when, row.how, "; ".join(row.sources)])
        yield ""


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(map(_plain, cells))} |"


def _plain(text: str) -> str:
    """A text that Markdown takes for nothing but a text: no new column or line, no tag, link or
    emphasis, and no character that turns the direction of what follows."""
    shown = " ".join("".join(c for c in text if c.isprintable() or c.isspace()).split())
    shown = shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*_\[\]|#~])", r"\\\1", shown)
