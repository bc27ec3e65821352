"""The base of all step forms: request key and revision."""

from typing import Any

from django import forms

from oslonac.cases.steps.registry import Doing
from oslonac.kit.ids import uuid7


class StepForm(forms.Form):
    """`once` is one token per rendering, so a double click makes one record."""

    request_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=70)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, data: Any = None, *, doing: Doing, **more: Any) -> None:
        initial = {
            "request_key": str(uuid7()),
            "revision": getattr(doing.record, "revision", 0),
        } | more.pop("initial", {})
        super().__init__(data, initial=initial, **more)
        self.doing = doing
        for field in self.fields.values():
            prepare = getattr(field, "prepare", None)
            if prepare is not None:
                prepare(doing)
        self.shape(doing)

    def shape(self, doing: Doing) -> None:
        """Leave out or relabel what this case does not need; for forms that must."""

    def drop(self, *names: str) -> None:
        for name in names:
            self.fields.pop(name, None)


class NoQuestions(StepForm):
    """A step that asks nothing but the button."""
