"""Forms of the pages of pairs. What they demand beyond a shape, the actions say."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from oslonac.cases.steps.fields import Pick, Words
from oslonac.duplicates.rules import Apart, FoundBy, Undone
from oslonac.kit.ids import uuid7


class PairForm(forms.Form):
    """`once`: one token a rendering; `revision`: what the form was filled from."""

    request_key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=70)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, data: Any = None, *, revision: int = 0, **more: Any) -> None:
        initial = {"request_key": str(uuid7()), "revision": revision} | more.pop("initial", {})
        super().__init__(data, initial=initial, **more)


class ApartForm(PairForm):
    apart = Pick(Apart, label=_("Why they are two people"))
    why = Words(rows=3, label=_("Evidence"), help_text=_("Stored with the pair, encrypted."))


class AskForm(PairForm):
    question = Words(rows=3, label=_("What you want to know"))


class AnswerForm(PairForm):
    text = Words(rows=3, label=_("What you know"))


class JoinForm(PairForm):
    """`survivor`: which record goes on; the choices are named by whoever shows the form."""

    survivor = forms.ChoiceField(
        widget=forms.RadioSelect,
        label=_("Which record to continue with"),
        help_text=_("Both records keep their content. The address of the other record leads here."),
    )
    why = Words(rows=3, label=_("Evidence that they are one person"))
    sight_read = forms.BooleanField(
        required=False, label=_("I have read who sees which record, before and after")
    )

    def __init__(
        self, data: Any = None, *, sides: list[tuple[str, str]], revision: int = 0, **more: Any
    ) -> None:
        super().__init__(data, revision=revision, **more)
        self.fields["survivor"].choices = sides  # type: ignore[attr-defined]

    def clean_survivor(self) -> UUID:
        return UUID(self.cleaned_data["survivor"])


class ConfirmForm(PairForm):
    sight_read = forms.BooleanField(
        required=False, label=_("I have read who sees which record, before and after")
    )


class RefuseForm(PairForm):
    why = Words(rows=3, label=_("Why you do not agree"))


class SeparateForm(PairForm):
    why = Words(rows=3, label=_("Why they are separated again"))
    then = Pick(Undone, label=_("Your assessment now"))


class PlainForm(PairForm):
    """A step that asks nothing but the button."""


class NarrowForm(forms.Form):
    """What the list is narrowed to; empty means everything."""

    found = forms.ChoiceField(required=False, label=_("Found"))
    least = forms.ChoiceField(required=False, label=_("How similar"))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["found"].choices = [("", _("in any way")), *FoundBy.choices]  # type: ignore[attr-defined]
        self.fields["least"].choices = [  # type: ignore[attr-defined]
            ("", _("all")),
            ("0.7", _("probably one")),
            ("0.9", _("very probably one")),
        ]
