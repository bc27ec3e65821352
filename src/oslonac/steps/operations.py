"""Operations of the API made from steps: the body from the form, the answer from the record.

A field stands in the body when the action takes an argument of its name; it may be left out where
the action has a standard for it. Belongs here: what follows from the step. Does not: operations
that do something of their own; they may take `body_of` for their body.
"""

import inspect
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Annotated, Any, get_type_hints

from django import forms
from ninja import Router
from pydantic import BaseModel, Field, create_model

from oslonac.accounts.api_problems import SHAPES
from oslonac.steps.step import Doing, Rest, Step, hints_of
from oslonac.web.api import ApiRequest, Id, In, Out, Revision, operation, performed


def _built_in(field: forms.Field) -> Any:
    """The type of a field of Django's own."""
    if isinstance(field, forms.IntegerField):
        least: Any = field.min_value
        most: Any = field.max_value
        return Annotated[int, Field(ge=least, le=most)]
    if isinstance(field, forms.BooleanField):
        return bool
    raise TypeError(f"{type(field).__name__} says no `api_type`")


# By name: operations that take the same share it.
_bodies: dict[str, type[In]] = {}


def values(body: BaseModel, *leave_out: str) -> dict[str, Any]:
    """The fields of a body as arguments of an action; choices as their codes."""
    return {
        name: value.value if hasattr(value, "value") else value
        for name, value in body.model_dump(exclude=set(leave_out)).items()
    }


def body_of(step: Step, name: str, module: str, **more: Any) -> type[In] | None:
    """The shape of what the operation of a step takes; None when it takes nothing. `more`: fields
    that only the API has, as pydantic takes them."""
    taken = inspect.signature(step.action).parameters
    fields: dict[str, Any] = {"revision": (Revision, ...)} if step.revised else {}
    for each, field in step.form.base_fields.items():
        if each in taken and each not in fields and each != "request_key":
            kind, standard = _typed(field, taken[each].default)
            fields[each] = (_described(kind, step.rest, each), standard)
    fields |= more
    if not fields:
        return None
    if name not in _bodies:
        _bodies[name] = create_model(name, __base__=In, __module__=module, **fields)
    return _bodies[name]


def _typed(field: forms.Field, standard: Any) -> tuple[Any, Any]:
    """The type of a field and what it is when it is left out."""
    own = getattr(field, "api_type", None)
    kind: Any = own() if own is not None else _built_in(field)
    if standard is not inspect.Parameter.empty:
        empty_choice = standard == "" and isinstance(field, forms.ChoiceField)
        if hasattr(field, "api_empty"):
            return kind, field.api_empty
        if standard is None or (empty_choice and inspect.isclass(kind)):
            return kind | None, None
        return kind, standard
    if isinstance(field, forms.CharField) and field.required and kind is not Any:
        return Annotated[kind, Field(min_length=1)], ...
    return kind, ...


def _described(kind: Any, rest: Rest | None, name: str) -> Any:
    words = rest.words.get(name, "") if rest is not None else ""
    return Annotated[kind, Field(description=words)] if words else kind


def arguments_of(step: Step, body: BaseModel | None) -> dict[str, Any]:
    """What came in, as the action takes it. Raises Invalid for what is not in the register."""
    found: dict[str, Any] = {} if body is None else values(body)
    for name, field in step.form.base_fields.items():
        read = getattr(field, "from_api", None)
        if name in found and read is not None:
            found[name] = read(found[name], name)
        elif name in found and found[name] is None and isinstance(field, forms.ChoiceField):
            found[name] = ""
    return found


def add_operations(router: Router, steps: Iterable[Step]) -> None:
    """An operation for every step that says its address in the API."""
    for step in steps:
        if step.rest is not None:
            _add(router, step)


def _add(router: Router, step: Step) -> None:
    rest = step.rest
    assert rest is not None  # noqa: S101  (asked by `add_operations`)
    body = body_of(
        step, rest.body or f"{rest.name.title().replace('_', '')}In", step.form.__module__
    )
    path = f"{step.on.rest}{rest.path}".removesuffix("/")
    status = rest.status or (200 if step.revised or step.part else 201)
    view = _view(step, path, body)
    view.__name__ = view.__qualname__ = rest.name
    view.__doc__ = inspect.getdoc(step.action)
    view.__module__ = step.form.__module__
    operation(router, rest.method, path, step.action, status=status)(view)


def _view(step: Step, path: str, body: type[In] | None) -> Callable[..., Any]:
    ids = [part[1:-1] for part in path.split("/") if part.startswith("{")]

    def view(request: ApiRequest, **sent: Any) -> Any:
        begun = _begun(step, request, [sent[name] for name in ids])
        found = arguments_of(step, sent.get("body"))

        def take(*, actor: Any, at: Any, request_key: str) -> Any:
            revision = found.pop("revision", 0)
            return step.take(replace(begun, request_key=request_key, revision=revision), found)

        return performed(request, take)

    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    taken = [inspect.Parameter("request", kind, annotation=ApiRequest)]
    taken += [inspect.Parameter(name, kind, annotation=Id) for name in ids]
    if body is not None:
        taken.append(inspect.Parameter("body", kind, annotation=body))
    view.__signature__ = inspect.Signature(taken, return_annotation=_answer(step))  # type: ignore[attr-defined]
    return view


def _begun(step: Step, request: ApiRequest, ids: list[Any]) -> Doing:
    record_id, part_id = [*ids, None, None][:2]
    return step.on.begin(
        request.actor, request.at, record_id, part_id, slug=step.slug, level=step.level
    )


def _answer(step: Step) -> type[Out]:
    """The shape of what the action returns, as its room registered it."""
    shape = SHAPES[hints_of(step.action)["return"]]
    found: type[Out] = get_type_hints(shape)["return"]
    return found
