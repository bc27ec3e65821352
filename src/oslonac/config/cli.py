"""The `oslonac` command: finds commands by their file names and runs one.

Belongs here: the registry and what every command shares (help, errors as sentences, exit
codes). Does not belong here: any command; each is a file in `commands/` with

    '''One line of help.'''
    def add_arguments(parser): ...
    def run(args) -> int: ...

`commands/audit_verify.py` is `oslonac audit verify`. Only the command that runs is
imported, so a broken one cannot take the others with it; help reads first lines only.

Measurements and proofs do not ship: their commands are files in `tools/commands/` of the
checkout, found in the same way where that folder is there.
"""

import argparse
import ast
import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from types import ModuleType

COMMANDS = Path(__file__).with_name("commands")
PACKAGE = "oslonac.config.commands"
CHECKOUT = Path(__file__).resolve().parents[3]
TOOLS, TOOLS_PACKAGE = CHECKOUT / "tools" / "commands", "tools.commands"
# What the tools begin with: told apart from a mistyped command where they are absent.
OF_TOOLS = ("bench", "access matrix", "match scale")
USAGE_ERROR = 2
INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command that `argv` names; returns the exit code (0 means all is well)."""
    words = list(sys.argv[1:] if argv is None else argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oslonac.config.settings")
    if not words or words[0] in {"-h", "--help", "help"}:
        print(overview())
        return 0 if words else USAGE_ERROR
    name, rest = resolve(words)
    if name is None and not TOOLS.is_dir() and " ".join(words).startswith(OF_TOOLS):
        print(
            "This command belongs to the sources of Oslonac, not to an installation. "
            "Run it in a checkout, where the folder tools/ is.",
            file=sys.stderr,
        )
        return USAGE_ERROR
    if name is None:
        print(f"There is no command `oslonac {words[0]}`.\n\n{overview()}", file=sys.stderr)
        return USAGE_ERROR
    return _run(name, rest)


def names() -> list[str]:
    """Every command's module name, such as `audit_verify`."""
    return sorted(path.stem for folder in (COMMANDS, TOOLS) for path in folder.glob("[!_]*.py"))


def _file(name: str) -> Path:
    own = COMMANDS / f"{name}.py"
    return own if own.exists() else TOOLS / f"{name}.py"


def _module(name: str) -> ModuleType:
    if _file(name).parent == COMMANDS:
        return importlib.import_module(f"{PACKAGE}.{name}")
    if str(CHECKOUT) not in sys.path:
        sys.path.append(str(CHECKOUT))
    return importlib.import_module(f"{TOOLS_PACKAGE}.{name}")


def resolve(words: Sequence[str]) -> tuple[str | None, list[str]]:
    """The module of the longest command name that `words` begin with, and the rest."""
    known = set(names())
    for length in range(min(len(words), 4), 0, -1):
        candidate = "_".join(words[:length]).replace("-", "_")
        if candidate in known:
            return candidate, list(words[length:])
    return None, list(words)


def overview() -> str:
    """The list of commands with their one line of help."""
    lines = ["Usage: oslonac COMMAND [options]   (COMMAND --help tells the options)", ""]
    lines += [f"  {name.replace('_', ' '):<20} {_first_line(name)}" for name in names()]
    return "\n".join(lines)


def _first_line(name: str) -> str:
    source = _file(name).read_text(encoding="utf-8")
    try:
        docstring = ast.get_docstring(ast.parse(source)) or ""
    except SyntaxError:
        return "(this command's file cannot be read)"
    return docstring.split("\n", 1)[0]


def _run(name: str, rest: list[str]) -> int:
    from oslonac.config.datafolder import BadDatabaseUrl
    from oslonac.config.health.keys import KeysMissing
    from oslonac.config.outgoing import BadMailAddress
    from oslonac.config.postgres import DatabaseStartError
    from oslonac.country.reading import BadPack
    from oslonac.vault.erasures import ListBroken
    from oslonac.vault.sources import SourceFailed

    module = _module(name)
    parser = argparse.ArgumentParser(
        f"oslonac {name.replace('_', ' ')}", description=module.__doc__
    )
    module.add_arguments(parser)
    try:
        return int(module.run(parser.parse_args(rest)) or 0)
    except (
        DatabaseStartError,
        BadDatabaseUrl,
        BadMailAddress,
        KeysMissing,
        SourceFailed,
        ListBroken,
        BadPack,
    ) as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
