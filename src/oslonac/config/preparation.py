"""What must be done in the database before the web server starts.

Belongs here: migrations, static files, the country pack, demo data, in this order and each only
when needed. Runs as a process of its own (`python -m oslonac.config.preparation`), so
that `oslonac up` itself stays small. Progress goes to stderr; the one line on stdout is
how to sign in. Does not belong here: starting or stopping anything.
"""

import argparse
import importlib
import os
import sys
import time
from collections.abc import Callable
from types import ModuleType
from typing import Any

import psycopg

from oslonac.config import bootstrap, datafolder
from oslonac.config.health import database
from oslonac.config.postgres.roles import close_doors, open_future_tables
from oslonac.country.reading import BadPack

DEMO_CHILDREN = 2000
DEMO_SEED = 20_260_101
# Any number, the same for everybody: two hosts on one database must not migrate at once.
MIGRATION_LOCK = 7_305_186_240


def main() -> int:
    """Prepare the database; 0 when the web server may start."""
    parser = argparse.ArgumentParser(prog="oslonac prepare")
    parser.add_argument("--demo", action="store_true")
    parser.add_argument("--scale", type=int, default=DEMO_CHILDREN)
    options = parser.parse_args()
    try:
        bootstrap.setup_django("owner")
    except BadPack as problem:
        raise SystemExit(f"{problem}\nSay all that is wrong: oslonac pack check") from None
    from oslonac.access import reader

    reader.become_system()
    migrated = migrate()
    keep_erased()
    if migrated:
        keep_padded()
    bootstrap.use_role("app")
    collect_static()
    load_pack()
    if options.demo:
        build_demo(options.scale)
    keep_index()
    print(sign_in(demo=options.demo))
    bootstrap.close_connections()
    return 0


def migrate() -> int:
    """Bring the tables up to this code, as the owner; returns how many migrations ran.

    Raises SystemExit with a sentence when the database is newer than the code.
    """
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    state = database.migrations()
    if state.level == "error":
        raise SystemExit(f"{state.sentence} {state.next_step}")
    if datafolder.has_two_roles():
        with psycopg.connect(datafolder.dsn("owner"), autocommit=True) as owner:
            close_doors(owner, datafolder.app_role())
    if state.level == "ok":
        enforce()
        return 0
    with psycopg.connect(datafolder.dsn("owner"), autocommit=True) as keeper:
        keeper.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        if datafolder.has_two_roles():
            open_future_tables(keeper, datafolder.app_role())
        executor = MigrationExecutor(connection)
        count = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
        _timed(f"{count} migrations", lambda: call_command("migrate", verbosity=0))
    return count


def keep_erased() -> None:
    """Destroy again what a restored backup brought back. Raises SystemExit with a sentence when
    the list beside the keys is broken: then somebody erased could come back unnoticed."""
    from oslonac.vault import erasers, erasures, sources

    try:
        again = erasers.reconcile()
    except (erasures.ListBroken, sources.SourceFailed) as problem:
        raise SystemExit(str(problem)) from problem
    if again:
        print(f"  {again} erasures were carried out again.", file=sys.stderr, flush=True)


def keep_padded() -> None:
    """What earlier versions sealed shows the length of its text; seal it anew. As the owner, after
    migrations alone: an installation that was brought up to this code has none left."""
    from oslonac.vault import padding

    _timed("Sealing anew what showed its length", padding.pad_older)


def enforce() -> None:
    """Put the row-level policies in anew where they are not those of this code. Migrations do the
    same when they are through."""
    from oslonac.access import enforcement

    if not enforcement.standing().holds:
        _timed("Row-level policies", enforcement.apply)


def collect_static() -> None:
    """Put the static files where the web server reads them, where settings say so."""
    from django.conf import settings
    from django.core.management import call_command

    if getattr(settings, "STATIC_ROOT", None) and not settings.DEBUG:
        call_command("collectstatic", interactive=False, verbosity=0)


def load_pack() -> None:
    """Load the country pack when its content changed since the last time."""
    packs = _optional("oslonac.config.packs")
    if packs is None:
        return
    from oslonac.protocols.editions import BadProtocols

    try:
        _timed("Country pack", packs.load_if_changed)
    except BadProtocols as problem:
        sentence = "The country pack was not loaded; what was loaded before stays."
        raise SystemExit(f"{sentence}\n{problem}") from None


def keep_index() -> None:
    """Everybody can be found; of a large register that needs it the worker makes the index."""
    from oslonac.matching.index.building import keep_if_small

    _timed("Index of names", keep_if_small)


def build_demo(children: int) -> None:
    """Fill an empty database with the fictional cast and its stories; the invented children
    follow behind (`filling`). Leaves a filled one alone."""
    demo = _optional("oslonac.demo")
    if demo is not None:
        language = demo_language()
        _timed(
            "Demo data",
            lambda: demo.build(
                children=children, seed=DEMO_SEED, language=language, stories_only=True
            ),
        )


def demo_language() -> str:
    """The language the demonstration is told in: OSLONAC_DEMO_LANGUAGE, else the pack's own."""
    from django.conf import settings

    from oslonac.config.packfolder import pack_dir, staff_language
    from oslonac.web.middleware import LANGUAGE_TAGS

    wanted = os.environ.get("OSLONAC_DEMO_LANGUAGE") or staff_language(pack_dir())
    codes = {tag.lower(): code for code, tag in LANGUAGE_TAGS.items()}
    code = codes.get(wanted.lower(), wanted.lower())
    return code if code in dict(settings.LANGUAGES) else "en"


def sign_in(*, demo: bool) -> str:
    """One line for the person who started the product."""
    module = _optional("oslonac.demo") if demo else None
    if module is not None and hasattr(module, "sign_in_line"):
        return str(module.sign_in_line())
    return "Sign in with the name and password you were given."


def _optional(name: str) -> ModuleType | None:
    """A part of the product that an installation may do without."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as problem:
        if problem.name and name.startswith(problem.name):
            return None
        raise


def _timed(what: str, work: Callable[[], Any]) -> None:
    began = time.monotonic()
    work()
    took = time.monotonic() - began
    if took > 0.5:
        print(f"  {what}: {took:.1f} s", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
