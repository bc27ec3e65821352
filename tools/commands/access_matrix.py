"""Make every request as every role in every relation, and compare with the reviewed table."""

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

SHOWN = 60


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `oslonac access matrix`."""
    parser.add_argument("--workers", type=int, help="processes that ask (one a processor)")
    parser.add_argument(
        "--every",
        type=int,
        default=1,
        metavar="N",
        help="ask only each N-th request, another one for each person (default: all)",
    )
    parser.add_argument("--role", action="append", default=[], help="only this role; repeatable")
    parser.add_argument("--json", action="store_true", help="for programs")


def run(args: argparse.Namespace) -> int:
    """0 when nothing differs from the table, 1 when something does."""
    began = time.monotonic()
    with ExitStack() as stack:
        folder = _own_database(stack)
        from oslonac.config import bootstrap

        stack.enter_context(bootstrap.django_ready("owner"))
        found = _walk(args, folder)
    report = found.as_json() | {"seconds": round(time.monotonic() - began)}
    print(json.dumps(report, indent=1) if args.json else _sentences(report))
    return 1 if report["differences"] else 0


def _own_database(stack: ExitStack) -> Path:
    """A data folder and server of its own, gone afterwards; as the product runs, not as
    its demonstration does."""
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "OSLONAC_KEYS", "OSLONAC_DEMO"):
        os.environ.pop(name, None)
    folder = Path(tempfile.mkdtemp(prefix="oslonac-proof-"))
    folder.chmod(0o711)  # the database's own account walks through
    stack.callback(shutil.rmtree, folder, ignore_errors=True)
    os.environ["OSLONAC_DATA"] = str(folder)
    return folder


def _walk(args: argparse.Namespace, folder: Path) -> Any:
    """Build the world, ask in several processes, put the answers together."""
    from oslonac.access.roles import Role
    from tools.access_matrix import workers
    from tools.access_matrix.matrix import Matrix
    from tools.access_matrix.relations import Relation

    walk = _prepared()
    roles = [Role(each) for each in args.role] or list(Role)
    tasks = [workers.NOBODY, workers.FOREIGN]
    tasks += [(role.value, relation.value) for role in roles for relation in Relation]
    found, count = Matrix(), args.workers or workers.default_workers()
    asked = workers.ask_all(walk, tasks, folder / "proof", count, args.every)
    for done, part in enumerate(asked, 1):
        found += part
        _say(f"{done} of {len(tasks)} people asked, {len(found.differences)} differences")
    walk.check_lines(found)
    if args.every == 1 and not args.role:
        walk.check_reached(found)
    return found


def _prepared() -> Any:
    """Tables, pack, static files, the world, and what is sent with each request."""
    import logging

    import psycopg
    from django.db import transaction

    from oslonac.config import bootstrap, datafolder, preparation
    from oslonac.config.api import api
    from oslonac.kit.clock import now
    from tools.access_matrix.asking import papers_as_text
    from tools.access_matrix.expected import load
    from tools.access_matrix.matrix import Walk
    from tools.access_matrix.world import build

    preparation.migrate()
    bootstrap.use_role("app")
    preparation.collect_static()
    preparation.load_pack()
    logging.disable(logging.ERROR)
    _say("building the world that is asked about")
    with transaction.atomic():
        world = build(now())
    with psycopg.connect(datafolder.dsn("owner"), autocommit=True) as owner:
        owner.execute("VACUUM (ANALYZE)")
    walk = Walk(world, load(), json.loads(json.dumps(api.get_openapi_schema())))
    _say("reading the forms that will be sent")
    with papers_as_text():
        walk.sending.prepare()
    return walk


def _say(sentence: str) -> None:
    print(f"  {sentence}", file=sys.stderr, flush=True)


def _sentences(report: dict[str, Any]) -> str:
    lines = [
        f"{report['combinations']} combinations in {report['seconds']} s, "
        f"{len(report['differences'])} differences",
        *(f"  {answer}: {count}" for answer, count in report["answers"].items()),
    ]
    for each in report["differences"][:SHOWN]:
        who = f" [{each['role']}, {each['relation']}]" if each["role"] else ""
        lines.append(
            f"{each['request']}{who}: expected {each['expected']}; observed {each['observed']}"
        )
    if len(report["differences"]) > SHOWN:
        lines.append("(more with --json)")
    return "\n".join(lines)
