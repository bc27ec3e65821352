"""What holds of every step, made from the list of steps: a new one is covered without a new test.

Each is taken as somebody who may, with the page's own form, on the files of the proof; which record
it needs and what cannot be guessed stands in the reviewed table of access. Every test is undone.
"""

import contextlib
import inspect
import json
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.db.models import F

from oslonac.access import reader
from oslonac.audit.models import Answered
from oslonac.cases.models import Concern
from oslonac.cases.steps.registry import CASE
from oslonac.config.api import api
from oslonac.country.values import Task
from oslonac.directory import kinds
from oslonac.directory.models import Organisation
from oslonac.kit.clock import now
from oslonac.steps.questions import asked, languages, step_questions
from oslonac.steps.step import NO_ANSWERS, Step, all_steps
from tests import folders
from tools.access_matrix import walk
from tools.access_matrix.asking import Asker, _watching, _with_files, papers_as_text
from tools.access_matrix.bodies import named
from tools.access_matrix.expected import Answer, Line, load
from tools.access_matrix.forms import Form, forms_of
from tools.access_matrix.matrix import Walk
from tools.access_matrix.relations import Relation
from tools.access_matrix.sending import OFFERED
from tools.access_matrix.walk import Request
from tools.access_matrix.world import build

DESCRIPTION = json.loads(json.dumps(api.get_openapi_schema()))
ROUTES = {view.step: path for path, view in walk.routes() if hasattr(view, "step")}
STEPS = all_steps()


def name_of(step: Step) -> str:
    part = "" if step.part is None else f".{step.part._meta.model_name}"
    return f"{step.on.name}{part}:{step.slug}"


def route_of(step: Step) -> str:
    """The address of its page, as the table of access writes it."""
    if step.on.name != CASE.name:
        return ROUTES[step]
    return f"/cases/{{case_id}}/do/{step.slug}/" + ("" if step.part is None else "{subject_id}/")


@pytest.mark.parametrize("step", STEPS, ids=name_of)
def test_every_field_says_its_question(step: Step) -> None:
    said = step_questions(step)
    assert all(said["title"].get(each) for each in languages()), "no title in some language"
    for question in said["questions"]:
        assert question["type"], question["name"]
        assert all(question["label"].get(each) for each in languages()), question["name"]
    json.dumps(said)


@pytest.mark.parametrize("step", [each for each in STEPS if each.rest], ids=name_of)
def test_the_api_takes_what_the_page_asks(step: Step) -> None:
    rest = step.rest
    assert rest is not None
    path = "/api/v1" + f"{step.on.rest}{rest.path}".removesuffix("/")
    operation = DESCRIPTION["paths"][path][rest.method.lower()]
    assert operation["operationId"] == rest.name
    content = operation.get("requestBody", {}).get("content", {}).get("application/json")
    taken: set[str] = set()
    if content:
        reference = content["schema"]["$ref"].rsplit("/", 1)[1]
        taken = set(DESCRIPTION["components"]["schemas"][reference]["properties"])
    assert taken - {"revision"} == {name for name, _field in asked(step)}
    assert ("revision" in taken) == step.revised


@pytest.mark.parametrize("step", STEPS, ids=name_of)
def test_what_is_asked_is_what_the_action_takes(step: Step) -> None:
    """Where nothing of its own is done in between."""
    if step.run is not None:
        assert callable(step.run)
        return
    taken = set(inspect.signature(step.action).parameters)
    # A form may put one answer in the place of another (a login name becomes a user).
    assert {name for name, _field in asked(step)} - {"login"} <= taken


@pytest.fixture(scope="module")
def there(
    database_server: Any,
    database_template: str,
    django_db_setup: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Walk]:
    """The files of two centres, really committed. Made once: every step is undone."""
    clone = folders.world(database_server, database_template, tmp_path_factory.mktemp("steps"))
    with django_db_blocker.unblock(), clone, reader.system():
        with transaction.atomic():
            world = build(now())
        yield Walk(world, load(), DESCRIPTION)


@pytest.fixture
def walked(there: Walk, db: None) -> Iterator[Walk]:
    with papers_as_text():
        yield copy(there)


@dataclass
class Taken:
    """A step about to be taken by somebody who may, with what the page's form would send."""

    step: Step
    asker: Asker
    address: str
    sent: dict[str, Any]
    record: Any

    def post(self, **other: Any) -> Any:
        self.asker.client.cookies.update(self.asker.saved)
        return self.asker.client.post(self.address, _with_files(self.sent | other))

    def form(self, response: Any) -> Form:
        """The form that an answer holds."""
        forms = forms_of(response.content.decode())
        return next(each for each in forms if "request_key" in each.fields)


def begin(walked: Walk, step: Step) -> Taken:
    """Find somebody who may take the step. Skips what the table says nobody of the matrix may."""
    path = route_of(step)
    lines = walked.table.lines.get(f"POST {path}", ())
    assert lines, f"the table of access has no line for POST {path}"
    line = lines[0]
    if line.refused or line.answers != Answer.LET_IN:
        pytest.skip(line.refused or f"nobody of the matrix may: {line.answers}")
    request = Request(walk.WRITES, path, step.permission.value, step)
    for role in OFFERED:
        user = walked.world.people[role, Relation.OWN]
        asker = Asker(user, walked.world.records, walked.world.own[user.pk])
        found = _offered(walked, step, request, line, asker)
        if found is not None:
            return found
    pytest.skip("no file of the proof stands where this step begins")


def _offered(walked: Walk, step: Step, request: Request, line: Line, asker: Asker) -> Taken | None:
    address = asker.address(request, line.use)
    given = named(line.send, walked.world.records)
    record = _record(step, asker, request, line)
    if step.press:
        sent = {"revision": getattr(record, "revision", 0), "request_key": str(uuid4()), **given}
        done: list[str] = []
        with undone(), _watching(done):
            asker.client.post(address, sent)
        return Taken(step, asker, address, sent, record) if done else None
    page = asker.client.get(address)
    if page.status_code != 200:
        return None
    forms = [each for each in forms_of(page.content.decode()) if "request_key" in each.fields]
    return Taken(step, asker, address, forms[0].filled(walked.world.at, given), record)


def _record(step: Step, asker: Asker, request: Request, line: Line) -> Any:
    """The record whose revision counts."""
    name = walk.NAMED.findall(request.path)[-1:] or [""]
    pk = asker.record(request, name[0], line.use) if name[0] else None
    model = step.part or step.on.model
    return None if model is None else model._default_manager.filter(pk=pk).first()


@contextlib.contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.parametrize("step", STEPS, ids=name_of)
def test_a_step_loses_nothing(walked: Walk, step: Step) -> None:
    """Pressed twice it is taken once; with a used key it can still be saved; after a lost race
    nothing is saved before somebody saw what the other wrote."""
    taken = begin(walked, step)
    if step.slug == "concern-decision":  # no suspicion of trafficking ends before the notice
        body = Organisation.objects.filter(kind__in=kinds.doing(Task.IDENTIFIES_VICTIMS)).first()
        Concern.objects.update(notified_at=walked.world.at, notified_body=body)
    with undone():
        pressed_twice(taken)
    with undone():
        saved_before(taken)
    if step.revised and taken.record is not None:
        with undone():
            lost_a_race(taken)


def pressed_twice(taken: Taken) -> None:
    done: list[str] = []
    with _watching(done):
        first, again = taken.post(), taken.post()
    assert first.status_code == 302, _words(first)
    # One may have closed the record to oneself, or what could be chosen is chosen already.
    assert again.status_code in (302, 403, 404, 422), _words(again)
    name = taken.step.action.action_name  # type: ignore[attr-defined]
    others = {"assessment.completed", name}
    assert sum(each in others for each in done) == 1, done


def saved_before(taken: Taken) -> None:
    """Somebody went back to a page that was saved, and changed what was typed."""
    Answered.objects.create(
        actor_id=taken.asker.user.pk,
        key=taken.sent["request_key"],
        action="something.else",
        fingerprint=b"other",
        answered_at=now(),
    )
    answer = taken.post()
    if taken.step.press:
        assert answer.status_code == 302
        return
    assert answer.status_code == 422, answer.status_code
    form = taken.form(answer)
    fresh = form.fields["request_key"][0]
    assert fresh and fresh != taken.sent["request_key"]
    saved = taken.post(request_key=fresh)
    assert saved.status_code == 302, _words(saved)


def lost_a_race(taken: Taken) -> None:
    rows = type(taken.record)._default_manager.filter(pk=taken.record.pk)
    rows.update(revision=F("revision") + 1)
    answer = taken.post()
    assert answer.status_code == 409, answer.status_code
    rows.get(revision=taken.record.revision + 1)  # nothing was written
    form = taken.form(answer)
    assert form.fields["revision"] == [str(taken.record.revision + 1)]
    assert form.fields["request_key"] != [taken.sent["request_key"]]
    chosen = {name: values[-1] for name, values in form.choices.items()}  # one's own version
    kept = {name: values[0] for name, values in form.fields.items()}
    taken.asker.client.cookies.update(taken.asker.saved)
    files = {name: said for name, said in taken.sent.items() if said == "=file"}
    saved = taken.asker.client.post(taken.address, _with_files(kept | chosen | files))
    assert saved.status_code == 302, _words(saved)


def _words(response: Any) -> str:
    text = response.content.decode()
    start = text.find('role="alert"')
    return f"{response.status_code} {text[start : start + 700]}"


def test_both_versions_stand_beside_each_other(walked: Walk) -> None:
    """What a colleague found meanwhile is shown before one's own may follow it."""
    step = next(each for each in STEPS if each.slug == "check-seeker")
    taken = begin(walked, step)
    theirs = {"outcome": "unsure", "note": "He hesitated.", "request_key": str(uuid4())}
    assert taken.post(**theirs).status_code == 302
    answer = taken.post(outcome="confirmed", note="Both knew the village.")
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "He hesitated." in text and "Both knew the village." in text


def test_no_answer_has_a_name_that_steps_use_themselves() -> None:
    for step in STEPS:
        own = set(step.form.declared_fields) & NO_ANSWERS - {"request_key", "revision"}
        assert not own, name_of(step)
