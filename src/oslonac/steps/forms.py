"""The base of all step forms: request key and revision."""

from typing import Any

from django import forms

from oslonac.kit.ids import uuid7


class StepForm(forms.Form):
    """`request_key` is one token per rendering, so a double click makes one record."""

    request_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=70)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    # What the page sends beside its fields, and is kept while somebody chooses between versions.
    carried: tuple[str, ...] = ()

    def __init__(self, data: Any = None, *, doing: Any, **more: Any) -> None:
        initial = {
            "request_key": str(uuid7()),
            "revision": doing.standing,
        } | more.pop("initial", {})
        super().__init__(self._unfolded(data), initial=initial, **more)
        self.doing = doing
        for field in self.fields.values():
            prepare = getattr(field, "prepare", None)
            if prepare is not None:
                prepare(doing)
        self.shape(doing)

    def _unfolded(self, data: Any) -> Any:
        """As sent; a choice between two versions sends each list in one value."""
        if not data or data.get("flat") != "1":
            return data
        sent = data.copy()
        lists = [
            name
            for name, field in self.base_fields.items()
            if isinstance(field, forms.MultipleChoiceField)
        ]
        for name in (*lists, *self.carried):
            sent.setlist(name, [each for each in sent.get(name, "").split(",") if each])
        del sent["flat"]
        return sent

    def shape(self, doing: Any) -> None:
        """Leave out or relabel what this record does not need; for forms that must."""

    def drop(self, *names: str) -> None:
        for name in names:
            self.fields.pop(name, None)


class NoQuestions(StepForm):
    """A step that asks nothing but the button."""
