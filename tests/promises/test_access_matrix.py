"""The access matrix: what the reviewed table says is what HTTP answers.

The whole of it is `oslonac access matrix` (marked long here); every run asks a fixed sample of
people everything that needs no form of a page, and tries another centre's ids everywhere.
"""

import dataclasses
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from copy import copy
from typing import Any

import psycopg
import pytest
from django.db import transaction

from oslonac.access import reader
from oslonac.access.roles import ALLOWED, Permission, Role
from oslonac.kit.clock import now
from tests import folders
from tests.routes import description
from tools.access_matrix import foreign, walk
from tools.access_matrix.asking import papers_as_text
from tools.access_matrix.expected import Answer, BadTable, load
from tools.access_matrix.matrix import Matrix, Walk
from tools.access_matrix.relations import Relation
from tools.access_matrix.world import build

# Whoever decides, whoever works beside them, whoever leads, and who must see nothing.
PEOPLE = [
    (Role.CASE_MANAGER, Relation.OWN),
    (Role.CASE_MANAGER, Relation.BLOCKED),
    (Role.NGO_WORKER, Relation.TEAM),
    (Role.POLICE, Relation.REFERRED),
    (Role.SUPERVISOR, Relation.EXPIRED),
    (Role.HEAD, Relation.NONE),
    (Role.AUDITOR, Relation.OWN),
    (Role.ADMINISTRATOR, Relation.OWN),
]
EVERY = 4


@pytest.fixture(scope="module")
def there(
    database_server: Any,
    database_template: str,
    django_db_setup: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Walk]:
    """A world really committed to, with the statistics that plans are made by. Made once: every
    request is undone."""
    clone = folders.world(database_server, database_template, tmp_path_factory.mktemp("matrix"))
    with django_db_blocker.unblock(), clone as name, reader.system():
        with transaction.atomic():
            world = build(now())
        with psycopg.connect(database_server.dsn("owner", name), autocommit=True) as owner:
            owner.execute("ANALYZE")
        made = Walk(world, load(), description())
        with papers_as_text():
            made.sending.prepare(forms=False)
        yield made


@pytest.fixture
def walked(there: Walk, db: None) -> Walk:
    return copy(there)


def test_every_route_has_a_reviewed_line_and_every_line_a_route() -> None:
    lines = load().lines
    paths = {name.split(" ", 1)[1] for name in lines}
    asked = walk.requests(description())
    assert {each.path for each in asked} - paths == set()
    assert set(lines) - {each.name for each in asked} == set()


def test_the_table_and_the_roles_agree_on_who_holds_what() -> None:
    held = load().held
    for permission in Permission:
        able = {role for role in Role if permission in ALLOWED[role]}
        assert held.get(permission.value, frozenset()) == able, permission


def test_nobody_without_a_duty_is_let_in_by_the_table() -> None:
    """What no review may let through: blocks win, an ended grant is none, offices that watch open
    no case."""
    table = load()
    records = ("case", "encounter", "person", "request")
    for line in (each for lines in table.lines.values() for each in lines if each.record):
        for role in Role:
            ended, none = (
                table.answer(line, role, how) for how in (Relation.EXPIRED, Relation.NONE)
            )
            assert ended == none, line.title
            if line.record in records:
                assert none in (Answer.HIDDEN, Answer.FORBIDDEN), line.title
                blocked = table.answer(line, role, Relation.BLOCKED)
                assert blocked in (Answer.HIDDEN, Answer.FORBIDDEN), line.title
    for role in (Role.ADMINISTRATOR, Role.AUDITOR, Role.ANALYST, Role.INTERPRETER):
        assert table.widest(role, Relation.OWN) is None


def test_a_line_that_cannot_be_read_is_named(tmp_path: Any) -> None:
    broken = tmp_path / "access.yaml"
    start = "permissions: {}\nduties: {}\nleads: []\ngroups:\n- {takes: signed_in, about: A, "
    for words in (
        "requests: [GET /]}",
        "level: everything, requests: [GET /]}",
        "wat: 1, requests: [GET /]}",
    ):
        broken.write_text(start + words)
        with pytest.raises(BadTable, match="GET /"):
            load.__wrapped__(broken)


def test_a_sample_of_people_is_answered_as_the_table_says(walked: Walk) -> None:
    found = Matrix()
    with papers_as_text():
        for role, relation in PEOPLE:
            walked.ask_as(role, relation, found, EVERY)
    assert found.differences == []
    assert found.combinations > 1_000
    assert found.answers["let in"] > 100
    assert found.answers["hidden"] > 100
    assert found.answers["forbidden"] > 100


def test_a_table_that_says_otherwise_is_found_out(walked: Walk) -> None:
    """The proof can fail: a looser line, a stricter one, and an event that was not written."""
    name = "GET /cases/{case_id}/"
    (line,) = walked.table.lines[name]
    request = next(each for each, _line in walked.pairs if each.name == name)
    changed = [
        dataclasses.replace(line, answers=Answer.FORBIDDEN),
        dataclasses.replace(line, takes=("users.manage",)),
    ]
    walked.pairs = [(request, each) for each in changed]
    walked.others = []
    found = Matrix()
    walked.ask_as(Role.CASE_MANAGER, Relation.OWN, found)
    assert [each["observed"] for each in found.differences] == ["let in (200)"] * 2


def test_ids_of_another_centre_are_hidden_on_every_route_and_leave_an_event(walked: Walk) -> None:
    found = Matrix()
    with papers_as_text():
        foreign.ask(walked, found)
    assert found.differences == []
    assert found.combinations > 250


@pytest.mark.long
def test_the_whole_matrix_has_no_difference() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "oslonac.config.cli", "access", "matrix", "--json"],
        capture_output=True,
        check=False,
        env={name: value for name, value in os.environ.items() if "OSLONAC" not in name},
    )
    report = json.loads(run.stdout)
    assert report["differences"] == []
    assert report["combinations"] >= 10_000
    assert run.returncode == 0
