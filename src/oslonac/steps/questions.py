"""The questions of every step, for programs that ask them elsewhere: a field application, a form
tool. Made from the same fields as the page and the API, so none of the three can lag behind.

What a record offers (which colleagues, which house) is not here: that is asked of the API.
"""

import inspect
from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.utils import translation
from django.utils.text import capfirst

from oslonac.steps.step import NO_ANSWERS, Step, all_steps
from oslonac.web.fields import CalendarDateField

VERSION = 1
# What Django's own fields ask for; our own say it themselves. The first that fits counts.
_BUILT_IN: tuple[tuple[type[forms.Field], str], ...] = (
    (forms.BooleanField, "yes_no"),
    (forms.IntegerField, "integer"),
    (forms.FileField, "file"),
    (CalendarDateField, "calendar_date"),
    (forms.MultipleChoiceField, "choices"),
    (forms.ChoiceField, "choice"),
    (forms.CharField, "line"),
)


def languages() -> list[str]:
    return [code for code, _name in settings.LANGUAGES]


def in_languages(text: Any) -> dict[str, str]:
    """A text of the interface in every language; empty when there is none."""
    found = {}
    for code in languages():
        with translation.override(code):
            found[code] = capfirst(str(text or ""))
    return found if any(found.values()) else {}


def document() -> dict[str, Any]:
    """The whole list."""
    steps = sorted(all_steps(), key=lambda step: (step.on.name, step.slug, step.part is not None))
    return {
        "version": VERSION,
        "languages": languages(),
        "steps": [step_questions(step) for step in steps],
    }


def step_questions(step: Step) -> dict[str, Any]:
    """What one step asks, and where its answers are sent."""
    return {
        "step": step.slug,
        "on": step.on.name,
        "part": "" if step.part is None else str(step.part._meta.model_name),
        "action": step.action.action_name,  # type: ignore[attr-defined]
        "permission": step.permission.value,
        "title": in_languages(step.title),
        "help": in_languages(step.help),
        "rest": _rest(step),
        "revision": step.revised,
        "questions": [_question(step, name, field) for name, field in asked(step)],
    }


def _rest(step: Step) -> dict[str, str] | None:
    if step.rest is None:
        return None
    path = f"{step.on.rest}{step.rest.path}".removesuffix("/")
    return {"method": step.rest.method, "path": path, "operation": step.rest.name}


def asked(step: Step) -> Iterable[tuple[str, forms.Field]]:
    """The fields of a step, without what every form carries."""
    fields: dict[str, forms.Field] = step.form.base_fields
    return [(name, field) for name, field in fields.items() if name not in NO_ANSWERS]


def _question(step: Step, name: str, field: forms.Field) -> dict[str, Any]:
    taken = inspect.signature(step.action).parameters.get(name)
    said = spec_of(field)
    found = {
        "name": name,
        "type": said.pop("type"),
        # The page may want more than the action does: what it asks for there, it asks for here.
        "required": field.required,
        "label": in_languages(field.label),
        "help": in_languages(field.help_text),
        "in_api": taken is not None and step.rest is not None,
    }
    if "choices" in said:
        found["choices"] = [_choice(each) for each in said.pop("choices")]
    return found | said


def _choice(each: Any) -> dict[str, Any]:
    value, label = each if isinstance(each, tuple) else (each.value, each.label)
    return {"value": value, "label": in_languages(label)}


def spec_of(field: forms.Field) -> dict[str, Any]:
    """Type, choices and rules of a field. Raises TypeError for a kind that says nothing of it."""
    own = getattr(field, "spec", None)
    if own is not None:
        return dict(own())
    kind = next((name for cls, name in _BUILT_IN if isinstance(field, cls)), None)
    if kind is None:
        raise TypeError(f"{type(field).__name__} says no `spec`")
    rules = {
        "min": getattr(field, "min_value", None),
        "max": getattr(field, "max_value", None),
        "max_length": getattr(field, "max_length", None),
    }
    found: dict[str, Any] = {"type": kind}
    found |= {name: value for name, value in rules.items() if value is not None}
    if kind in ("choice", "choices"):
        found |= _offered(field)
    return found


def _offered(field: Any) -> dict[str, Any]:
    """Fixed choices; for those that depend on the record, that they do."""
    if callable(getattr(field, "prepare", None)) or not field.choices:
        return {"of_the_record": True}
    return {"choices": [each for each in field.choices if each[0] != ""]}
