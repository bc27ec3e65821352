"""The JSON API: one NinjaAPI made of the rooms' routers, and its OpenAPI description.

Belongs here: what is the same for all of them in the description.
Does not: operations (each room's `api`), mechanics (`accounts.api_*`).
"""

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, re_path
from ninja import NinjaAPI
from ninja.responses import Response

from oslonac.access.roles import Permission
from oslonac.accounts.api_files import FORM
from oslonac.accounts.api_operations import READING, AlreadyRead
from oslonac.accounts.api_problems import PROBLEMS, ProblemOut, install, problem
from oslonac.accounts.guards import public
from oslonac.kit import rooms

PREFIX = "/api/v1/"
DESCRIPTION = (
    "The same actions and reads as the pages. Errors are problem details (RFC 9457); writes "
    "take an Idempotency-Key and, on versioned records, the `revision` they change from."
)
View = Callable[..., HttpResponse]


class OslonacApi(NinjaAPI):
    """Answers everything below its prefix with JSON, unknown addresses and methods included."""

    def create_response(self, request: HttpRequest, data: Any, **more: Any) -> HttpResponse:
        response = super().create_response(request, data, **more)
        if getattr(request, "replayed", False):
            response["Idempotency-Replayed"] = "true"
        return response

    def _get_urls(self) -> list[URLPattern | URLResolver]:
        declared = self._declared()
        found = [each for each in super()._get_urls() if isinstance(each, URLPattern)]
        taken: dict[str, set[Permission]] = {}
        for pattern in found:
            if pattern.name in declared:
                taken.setdefault(str(pattern.pattern), set()).add(declared[pattern.name])
        for pattern in found:
            if pattern.name in declared:
                pattern.callback = _in_json(pattern.callback, taken[str(pattern.pattern)])
            else:
                pattern.callback = public(_describe if pattern.name == "openapi-json" else _nothing)
        return [*found, re_path(r"^.*$", public(_nothing))]

    def _declared(self) -> dict[str, Permission]:
        """The permission of every operation, by its name."""
        return {
            operation.view_func.__name__: operation.view_func.permission  # type: ignore[attr-defined]
            for bound in self._get_bound_routers()
            for view in bound.path_operations.values()
            for operation in view.operations
        }

    def get_openapi_schema(self, **options: Any) -> Any:
        schema = super().get_openapi_schema(**{"path_prefix": PREFIX, **options})
        return _described(schema)


def _in_json(view: View, permissions: set[Permission]) -> View:
    """A method that an address does not offer answers with a problem as well.

    `permissions` are those of the operations at the address, for the walk over all routes.
    """

    @functools.wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code == 405:
            refused = problem("no-such-method")
            refused["Allow"] = response["Allow"]
            return refused
        return response

    one = len(permissions) == 1
    answer.permission = next(iter(permissions)) if one else Permission.SIGNED_IN  # type: ignore[attr-defined]
    answer.permissions = frozenset(permissions)  # type: ignore[attr-defined]
    answer.csrf_exempt = True  # type: ignore[attr-defined]
    return answer


def _nothing(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    return problem("not-found")


_nothing.csrf_exempt = True  # type: ignore[attr-defined]


@functools.cache
def _schema() -> dict[str, Any]:
    return dict(api.get_openapi_schema())


def _describe(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    if request.method not in READING:
        return problem("no-such-method")
    return Response(_schema())


_ALWAYS = ("unauthenticated", "denied", "not-found", "invalid", "too-fast")
_ON_WRITES = ("bad-json", "stale", "too-large", "not-json")
_ON_FORMS = ("bad-form", "stale", "too-large", "not-form")


def _described(schema: dict[str, Any]) -> dict[str, Any]:
    """Add what every operation shares: problems, the request key, the header of a repetition."""
    components = schema["components"]
    problem_schema = ProblemOut.model_json_schema(mode="serialization")
    components["schemas"]["Problem"] = problem_schema
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    components["responses"] = {
        _name(kind): {"description": f"{PROBLEMS[kind][1]}.", "content": content}
        for kind in dict.fromkeys((*_ALWAYS, *_ON_WRITES, *_ON_FORMS))
    }
    components["parameters"] = {
        "IdempotencyKey": {
            "name": "Idempotency-Key",
            "in": "header",
            "required": False,
            "description": "A key of your own; repeating the request with it changes nothing.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 80},
        }
    }
    for methods in schema["paths"].values():
        for method, operation in methods.items():
            _share(method.upper(), operation)
    return schema


def _share(method: str, operation: dict[str, Any]) -> None:
    form = FORM in operation.get("requestBody", {}).get("content", {})
    written = _ON_FORMS if form else _ON_WRITES
    kinds = _ALWAYS if method in READING else (*_ALWAYS, *written)
    for kind in kinds:
        reference = {"$ref": f"#/components/responses/{_name(kind)}"}
        operation["responses"][str(PROBLEMS[kind][0])] = reference
    if method in READING:
        return
    operation["parameters"].append({"$ref": "#/components/parameters/IdempotencyKey"})
    replayed = {
        "description": "Present when the request was a repetition and changed nothing.",
        "schema": {"type": "string", "enum": ["true"]},
    }
    for status, answer in operation["responses"].items():
        if str(status).startswith("2"):
            answer["headers"] = {"Idempotency-Replayed": replayed}


def _name(kind: str) -> str:
    return "".join(part.title() for part in kind.split("-"))


api = OslonacApi(
    title="Oslonac",
    version="1",
    description=DESCRIPTION,
    urls_namespace="api",
    docs_url=None,  # the usual page would load its script from elsewhere
    parser=AlreadyRead(),
)
install(api)
for router in rooms.routers():
    api.add_router("", router)
