"""The API keeps to its own description, whatever is sent: schemathesis over every operation.

Belongs here: requests made from the description, with ids of real records (own, foreign,
destroyed), by several roles in a browser session. Does not: hand-written attacks
(`app/test_attacks`), logic.
"""

import contextlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi import checks as conformance

from oslonac.access import reader
from oslonac.config.commands.api_schema import schema_text
from oslonac.config.wsgi import application
from oslonac.kit.clock import now
from tests import cast, folders
from tests.fuzzing import canaries, stage
from tests.fuzzing.listening import insides, leaks, listening
from tests.stolen import Thief

UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
CSRF = "c" * 32
CHECKS = [
    schemathesis.checks.not_a_server_error,
    conformance.status_code_conformance,
    conformance.content_type_conformance,
    conformance.response_headers_conformance,
    conformance.response_schema_conformance,
    conformance.negative_data_rejection,
]


@pytest.fixture(scope="module")
def world(
    database_server: Any,
    database_template: str,
    django_db_setup: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[stage.Stage, Path]]:
    folder = tmp_path_factory.mktemp("data")
    committed = folders.world(database_server, database_template, folder)
    with django_db_blocker.unblock(), committed, reader.system():
        yield stage.build(), folder


def described() -> Any:
    """The description without its ways to sign in: the test signs in itself."""
    raw = json.loads(schema_text())
    raw["components"].pop("securitySchemes")
    for methods in raw["paths"].values():
        for operation in methods.values():
            operation.pop("security", None)
    return schemathesis.openapi.from_dict(raw)


def _named() -> set[str]:
    """Every parameter that an address of the API has."""
    return set(re.findall(r"\{(\w+)\}", " ".join(json.loads(schema_text())["paths"])))


class Caller:
    """Sends what schemathesis made up, with real ids and codes put in, as one of the readers."""

    def __init__(self, staged: stage.Stage) -> None:
        self.readers = staged.readers
        self.cookies = {}
        for name, member in staged.readers.items():
            client = stage.signed_in(member)
            self.cookies[name] = client.cookies["sessionid"].value
        self.may = {name: who.actor(now()).permissions for name, who in self.readers.items()}
        self.ids = staged.ids()
        assert not (missing := sorted(_named() - {k for k, rows in self.ids.items() if rows})), (
            f"the stage holds nothing that {missing} could name"
        )
        self.any_id = sorted(
            {pk for rows in self.ids.values() for pk in rows if UUID.fullmatch(pk)}
        )
        self.of_cases, self.own = staged.of_cases(), str(staged.own.pk)
        self.codes = stage.codes()
        self.answers: Counter[str] = Counter()
        self.faults: dict[str, str] = {}

    def askers(self, permission: str) -> list[str]:
        """Mostly those whose posts permit it."""
        permitted = [name for name, held in self.may.items() if permission in held]
        return permitted * 6 + list(self.readers)

    def put_in(self, case: Any, chance: Random) -> None:
        """Real ids into the address and the body, revisions, codes and moments that may fit."""
        named = dict(case.path_parameters or {})
        inside: dict[str, list[str]] = {}
        if "case_id" in named and chance.random() < 0.7:
            inside = self.of_cases.get(self.own, {}) | {"case_id": [self.own]}
        for name in named:
            if chance.random() < 0.9 and (rows := inside.get(name) or self.ids.get(name)):
                named[name] = chance.choice(rows)
        if named:
            case.path_parameters = named
        if isinstance(case.body, dict | list) and chance.random() < 0.9:
            case.body = self._put(case.body, "", chance)

    def _put(self, value: Any, name: str, chance: Random) -> Any:
        if isinstance(value, dict):
            return {key: self._put(part, key, chance) for key, part in value.items()}
        if isinstance(value, list):
            return [self._put(part, name, chance) for part in value]
        if name == "revision" and isinstance(value, int) and chance.random() < 0.8:
            return chance.randint(1, 3)
        if not isinstance(value, str) or chance.random() < 0.25:
            return value
        if UUID.fullmatch(value):
            rows = self.ids.get(f"{name}_id") or self.ids.get(_SAME.get(name, "")) or self.any_id
            return chance.choice(rows)
        if re.match(r"\d{4}-\d\d-\d\dT", value):
            return now().isoformat()
        if re.fullmatch(r"\d{4}-\d\d-\d\d", value):
            return str(cast.today())
        if name in self.codes:
            return chance.choice(self.codes[name])
        return value if name in _CHOICES else chance.choice(canaries.TYPED)

    def send(self, case: Any, who: str) -> None:
        label = case.operation.label
        try:
            answer = case.call(
                app=application,
                headers={"X-CSRFToken": CSRF},
                cookies={"sessionid": self.cookies[who], "csrftoken": CSRF},
            )
            self.answers[f"{answer.status_code // 100}xx"] += 1
            self._look(case, answer)
            case.validate_response(answer, checks=CHECKS)
        except FailureGroup as group:
            self.fault(label, who, "\n".join(str(each) for each in group.exceptions))
        except Exception as error:
            self.fault(label, who, f"{type(error).__name__}: {error}")

    def _look(self, case: Any, answer: Any) -> None:
        if answer.status_code < 400:
            return
        text = answer.content.decode()
        if shown := insides(text):
            self.fault(case.operation.label, "", f"shows its inside: {shown}")
        said = json.loads(text)
        if not said["detail"].strip():
            self.fault(case.operation.label, "", "refuses without a sentence")
        if answer.status_code != 409 and (back := [t for t in canaries.TYPED if t in text]):
            self.fault(case.operation.label, "", f"repeats what was sent: {back}")

    def fault(self, label: str, who: str, text: str) -> None:
        self.faults.setdefault(f"{label} {text[:90]}", f"{who}: {text[:900]}")


_SAME = {
    "owner": "user_id",
    "manager": "user_id",
    "guardian": "user_id",
    "receiver": "organisation_id",
}
_CHOICES = {"status", "order", "sort", "form", "basis", "level", "outcome", "side"}


def fuzz(caller: Caller, operation: Any, examples: int) -> None:
    """Some requests to one operation: two in three by its description, others that break it."""
    askers = caller.askers(operation.definition.raw["x-permission"])
    for mode, share in ((GenerationMode.POSITIVE, 2), (GenerationMode.NEGATIVE, 1)):

        @settings(
            max_examples=max(1, examples * share // 3),
            phases=[Phase.generate],
            derandomize=True,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(
            case=operation.as_strategy(generation_mode=mode),
            who=st.sampled_from(askers),
            chance=st.randoms(use_true_random=False),
        )
        def one(case: Any, who: str, chance: Random) -> None:
            caller.put_in(case, chance)
            caller.send(case, who)

        with contextlib.suppress(Unsatisfiable):  # nothing to be sent that goes against it
            one()


def go(staged: stage.Stage, folder: Path, examples: int, streams: Any) -> Counter[str]:
    """Everything at every operation; the answers by class of status."""
    caller = Caller(staged)
    thief = Thief(canaries.sealed_texts() | set(canaries.TYPED))
    streams.readouterr()
    with listening() as heard:
        for found in described().get_all_operations():
            fuzz(caller, found.ok(), examples)
    assert not caller.faults, "\n\n".join(f"{k}\n   {v}" for k, v in caller.faults.items())
    assert leaks(thief, heard, "".join(streams.readouterr()), folder) == {}
    return caller.answers


@pytest.fixture
def asked_again(settings: Any) -> None:
    """Steps that guard much want a proof of who acts, as in the product."""
    settings.OSLONAC_STEP_UP = True
    settings.OSLONAC_STEP_UP_MINUTES = 600


@pytest.mark.long
@pytest.mark.usefixtures("asked_again")
def test_every_operation_keeps_to_its_description(
    world: tuple[stage.Stage, Path], capfd: Any
) -> None:
    answers = go(*world, 2, capfd)
    assert min(answers["2xx"], answers["4xx"]) >= 40, answers


@pytest.mark.long
@pytest.mark.usefixtures("asked_again")
def test_the_same_for_long(world: tuple[stage.Stage, Path], request: Any, capfd: Any) -> None:
    examples = request.config.getoption("examples")
    answers = go(*world, examples, capfd)
    assert min(answers["2xx"], answers["4xx"]) >= 15 * examples, answers
