"""The page after a stale write: what differs between a form and the record as it stands now."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from oslonac.web.shapes import Conflict, Difference


def conflict_of(
    form: forms.Form,
    current: Mapping[str, Any],
    *,
    what: str,
    by: str,
    when: str,
    url: str,
    hidden: Mapping[str, str],
    cancel_url: str,
) -> Conflict:
    """`current` holds the record's value for each visible field of the bound, valid form.

    `hidden` are the new revision and request key; fields that agree are sent along unchanged.
    """
    rows, agreed = [], {}
    for bound in form.visible_fields():
        yours, theirs = form.cleaned_data[bound.name], current[bound.name]
        if yours == theirs:
            agreed[bound.name] = _value(yours)
        else:
            rows.append(
                Difference(
                    bound.name,
                    str(bound.label),
                    _shown(bound.field, theirs),
                    _shown(bound.field, yours),
                    _value(theirs),
                    _value(yours),
                )
            )
    return Conflict(what, by, when, url, rows, {**agreed, **hidden}, cancel_url)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _shown(field: forms.Field, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    for code, label in getattr(field, "choices", ()):
        if str(code) == _value(value):
            return str(label)
    return _value(value)
