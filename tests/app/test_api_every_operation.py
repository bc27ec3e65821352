"""Walks every operation of the API: permission, foreign ids, odd input, the kept description."""

import random
import re
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.urls import get_resolver

from oslonac.access.roles import ALLOWED, Permission, Role
from oslonac.accounts.api_files import FORM
from oslonac.audit.models import Event, Outcome
from oslonac.config.api import api
from oslonac.config.commands.api_schema import schema_text
from oslonac.kit.clock import now
from tests import cast
from tests.app.api_client import ROOT, Api
from tests.routes import description

KEPT = Path(__file__).resolve().parents[2] / "docs" / "reference" / "openapi.json"


def operations() -> list[tuple[str, str, Any]]:
    """Method, path below the prefix, and what the description says of it."""
    return [
        (method.upper(), path.removeprefix(ROOT), operation)
        for path, methods in description()["paths"].items()
        for method, operation in methods.items()
    ]


@pytest.fixture
def folder(tmp_path: Path, settings: Any) -> Path:
    """Where files lie while a test lasts."""
    settings.OSLONAC_DATA = str(tmp_path)
    return tmp_path


def test_the_kept_description_is_current() -> None:
    assert KEPT.read_text("utf-8") == schema_text(), (
        "Run `oslonac api schema --output docs/reference/openapi.json`."
    )


def test_every_operation_declares_its_permission_and_says_what_it_does() -> None:
    found = [
        operation
        for bound in api._get_bound_routers()
        for view in bound.path_operations.values()
        for operation in view.operations
    ]
    assert len(found) == len(operations()) > 150
    for operation in found:
        assert isinstance(operation.view_func.permission, Permission)
        assert len(operation.auth_callbacks) == 2
        assert re.fullmatch(r"[A-Z].*[.]", operation.summary), operation.summary
        assert operation.tags
    names = [operation["operationId"] for _, _, operation in operations()]
    assert len(set(names)) == len(names)


def test_every_route_below_the_prefix_declares_a_permission() -> None:
    for pattern in get_resolver().url_patterns:
        if str(pattern.pattern) == "api/v1/":
            assert all(each.callback.permission for each in pattern.url_patterns)


def test_the_description_is_open_to_anybody(client: Any) -> None:
    answer = client.get(f"{ROOT}/openapi.json")
    assert answer.json()["paths"].keys() == description()["paths"].keys()


def test_nobody_gets_in_without_signing_in(client: Any, db: None) -> None:
    let_in = {}
    for method, path, operation in operations():
        where = re.sub(r"\{\w+\}", str(uuid4()), path)
        answer = client.generic(method, ROOT + where, b"", content_type="application/json")
        said = (answer.status_code, answer["Content-Type"])
        if said != (401, "application/problem+json"):
            let_in[operation["operationId"]] = said
    assert let_in == {}


# What the answer is when the body alone names a record: a person, an encounter, a case.
IN_BODY = {"make_person", "form_group", "open_case"}


def foreign() -> dict[str, str]:
    """Ids of real records of a centre in Vranje, by the names that paths give them."""
    ana = cast.ana()
    case = cast.case(cast.teodora(), ana, at=now())
    own = Api(ana)
    path = f"/cases/{case.pk}"
    day = str(cast.today())
    plan = own.made(f"{path}/plans", {})
    goal = own.made(
        f"{path}/plans/{plan['id']}/goals", {"domain": "safety", "outcome": "o", "indicator": "i"}
    )
    owner = str(ana.user.pk)
    member = own.made("/groups", {"members": [{"person": str(case.person_id)}]})
    return {
        "case_id": str(case.pk),
        "encounter_id": str(case.encounter_id),
        "person_id": str(case.person_id),
        "concern_id": own.made(f"{path}/concerns", {"kind": "trafficking_labour"})["id"],
        "assessment_id": own.made(f"{path}/assessments", {})["id"],
        "plan_id": plan["id"],
        "goal_id": goal["id"],
        "activity_id": own.made(
            f"{path}/goals/{goal['id']}/activities", {"what": "w", "due_on": day, "owner": owner}
        )["id"],
        "promise_id": own.made(f"{path}/promises", {"what": "w", "due_on": day, "owner": owner})[
            "id"
        ],
        "appointment_id": own.made(f"{path}/guardians", {"name": "N", "witness": "W"})["id"],
        "document_id": own.form(
            f"{path}/documents", {"kind": "finding_opinion", "title": "t"}, b"Nalaz."
        ).data["id"],
        "hold_id": Api(cast.dragan()).made(
            f"{path}/holds", {"reason": "audit", "text": "Inspection."}
        )["id"],
        "group_id": member["id"],
        "member_id": member["members"][0]["id"],
        "decision_id": own.get(f"{path}/decisions").data[0]["id"],
        "grant_id": own.get(f"{path}/grants").data[0]["id"],
    }


def example(schema: Any, ids: dict[str, str], name: str = "") -> Any:
    """A smallest value that the schema takes."""
    schema = resolved(schema)
    if "default" in schema and schema["default"] is not None:
        return schema["default"]
    if "enum" in schema:
        return next(value for value in schema["enum"] if value != "")
    if "anyOf" in schema:
        return None
    if schema.get("format") == "uuid":
        return ids.get(f"{name}_id") or ids.get(name) or str(uuid4())
    if schema.get("format") == "date-time":
        return now().isoformat()
    if schema.get("format") == "binary":
        return ""
    if schema.get("format") == "date":
        return str(cast.today())
    if schema["type"] == "object":
        needed = schema.get("required", [])
        return {key: example(schema["properties"][key], ids, key) for key in needed}
    if schema["type"] == "array":
        return [example(schema["items"], ids)] * schema.get("minItems", 0)
    return {"integer": schema.get("minimum", 1), "boolean": False, "string": "x"}[schema["type"]]


def resolved(schema: Any) -> Any:
    if "$ref" not in schema:
        return schema
    rest = {key: value for key, value in schema.items() if key != "$ref"}
    return description()["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]] | rest


def body_schema(operation: Any) -> Any:
    content = operation.get("requestBody", {}).get("content", {})
    return next(iter(content.values()))["schema"] if content else None


def sent(api: Api, method: str, path: str, operation: Any, body: Any) -> Any:
    """Sends a body as the description says: JSON, or a form with a file."""
    if FORM not in operation.get("requestBody", {}).get("content", {}):
        return api.post(path, body, method=method, key=str(uuid4()))
    fields = body if isinstance(body, dict) else {}
    plain = {name: str(value) for name, value in fields.items() if name != "file"}
    return api.form(path, plain, b"Nalaz.", key=str(uuid4()))


def everything() -> cast.Member:
    """Somebody of another centre whose posts permit everything, and who sees nothing."""
    who = cast.jelena()
    from oslonac.access.actor import SYSTEM
    from oslonac.accounts import actions

    for role in (Role.ADMINISTRATOR, Role.AUDITOR, Role.FIELD_WORKER):
        actions.give_membership(
            actor=SYSTEM,
            at=now(),
            user=who.user,
            organisation_id=who.organisation.pk,
            role=role,
            starts_on=cast.today(),
        )
    held = frozenset().union(*(ALLOWED[role] for role in (Role.HEAD, Role.ADMINISTRATOR)))
    assert held <= who.actor(now()).permissions
    return who


@pytest.mark.django_db
def test_ids_of_another_organisation_are_unknown_in_every_operation(folder: Path) -> None:
    ids = foreign()
    other = Api(everything())
    tried = 0
    for method, path, operation in operations():
        named = set(re.findall(r"\{(\w+)\}", path))
        in_body = operation["operationId"] in IN_BODY
        if not (named & set(ids) or in_body):
            continue
        where = re.sub(r"\{(\w+)\}", lambda m: ids.get(m[1], str(uuid4())), path)
        body = (
            example(body_schema(operation), {**ids, "record_id": ids["case_id"]})
            if (body_schema(operation))
            else None
        )
        before = Event.objects.filter(outcome=Outcome.DENIED).count()
        answer = (
            other.get(where) if method == "GET" else sent(other, method, where, operation, body)
        )
        assert answer.status_code == 404, (operation["operationId"], answer.data)
        assert answer.data["code"] == "not_found"
        assert Event.objects.filter(outcome=Outcome.DENIED).count() == before + 1
        tried += 1
    assert tried > 60


ODD: list[Any] = [
    "\0",
    "a\0b",
    "\u202eabc",
    "🧒🏽" * 50,
    "د" * 100_001,
    "1387-12-30",
    "9999-12-31",
    "0001-01-01T00:00:00-23:59",
    "9999-12-31T23:59:59+23:59",
    "",
    " ",
    "null",
    -1,
    0,
    2**31,
    2**63,
    10**400,
    1e308,
    -0.5,
    True,
    None,
    [],
    {},
    [[[[[[]]]]]],
    {"a": {"b": ["c"] * 50}},
    ["x"] * 500,
    "00000000-0000-0000-0000-000000000000",
]


def odd(schema: Any, ids: dict[str, str], chance: random.Random, name: str = "") -> Any:
    """A value that nearly fits: one in three parts is odd, the others as they should be."""
    schema = resolved(schema)
    if chance.random() < 0.3:
        return chance.choice(ODD)
    if schema.get("type") == "object" and "properties" in schema:
        made = {
            key: odd(part, ids, chance, key)
            for key, part in schema["properties"].items()
            if chance.random() < 0.8
        }
        return made | ({"unknown": 1} if chance.random() < 0.05 else {})
    if "anyOf" in schema and chance.random() < 0.7:
        return odd(schema["anyOf"][0], ids, chance, name)
    if schema.get("type") == "string" and not {"enum", "format"} & set(schema):
        return chance.choice(["x", "police", "safety", "trafficking_labour", "a\0b", "د" * 90_000])
    if "enum" in schema:
        return chance.choice(schema["enum"])
    return example(schema, ids, name)


@pytest.mark.django_db
def test_odd_input_is_never_our_mistake(folder: Path) -> None:
    """Every operation, with bodies and parameters that nearly fit. The seed is fixed."""
    chance = random.Random(20_260_303)
    ids = foreign()
    who = cast.dragan()
    supervisor, all_round = Api(who), Api(everything())
    answers: dict[int, int] = {}
    for method, path, operation in operations():
        for turn in range(6):
            asker = all_round if turn == 5 or "/users" in path else supervisor
            where = re.sub(r"\{(\w+)\}", lambda m: _id(m[1], ids, chance), path)
            if method == "GET":
                answer = asker.get(where, **_query(operation, ids, chance))
            else:
                wanted = body_schema(operation)
                body = odd(wanted, ids, chance) if wanted else None
                answer = sent(asker, method, where, operation, body)
            assert answer.status_code < 500, (operation["operationId"], body_of(answer))
            answers[answer.status_code] = answers.get(answer.status_code, 0) + 1
    assert answers[422] > 50
    assert answers.get(200, 0) + answers.get(201, 0) > 20


@pytest.mark.django_db
def test_what_no_text_can_hold_is_left_out() -> None:
    """PostgreSQL has no U+0000 in texts; names come with it from badly read files."""
    case = cast.case(cast.teodora(), at=now())
    head = Api(cast.member("Milena Arsić", Role.HEAD))
    said = {"number": f"{case.number}\0", "reason": "Dete je\0 nestalo.", "minutes": 5}
    assert head.post("/emergencies", said).status_code == 409  # open to the head already
    assert head.get("/case-lists/team", order="\0number", priority="\0").status_code in (200, 422)
    assert head.raw("/encounters?outcome=%00", b"", method="GET").status_code in (200, 422)


def _id(name: str, ids: dict[str, str], chance: random.Random) -> str:
    if chance.random() < 0.15:
        return chance.choice(["1", "%00", "%F0%9F%A7%92", "x" * 400, str(UUID(int=0)), "..%2F"])
    return ids.get(name) or str(uuid4())


def _query(operation: Any, ids: dict[str, str], chance: random.Random) -> dict[str, Any]:
    found = {}
    for each in operation["parameters"]:
        if each.get("in") == "query" and chance.random() < 0.5:
            found[each["name"]] = str(odd(each["schema"], ids, chance, each["name"]))[:2000]
    return found


def body_of(answer: Any) -> Any:
    return answer.data
