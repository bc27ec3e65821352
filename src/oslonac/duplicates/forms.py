"""Forms of the pages of pairs. What they demand beyond a shape, the actions say."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from oslonac.duplicates.models import Pair
from oslonac.duplicates.rules import Apart, FoundBy, Undone
from oslonac.people.queries import shown_names
from oslonac.steps.fields import Pick, Words
from oslonac.steps.forms import StepForm
from oslonac.steps.step import Doing
from oslonac.web import moments


def older(pair: Pair) -> UUID:
    """The record proposed to go on: the one that was there first."""
    return min((pair.one, pair.other), key=lambda each: (each.made_at, each.pk)).pk


class Survivor(forms.ChoiceField):
    """Which of the two records of a pair goes on."""

    def prepare(self, doing: Doing) -> None:
        both = (doing.of.one, doing.of.other)
        names = shown_names(list(both))
        words = _now("%(name)s, recorded on %(day)s")
        self.choices = [
            (
                str(each.pk),
                words
                % {
                    "name": moments.isolated(names[each.pk] or _now("no name yet")),
                    "day": moments.short(each.made_at),
                },
            )
            for each in both
        ]

    def clean(self, value: Any) -> UUID:
        return UUID(super().clean(value))

    def api_type(self) -> Any:
        return UUID

    def spec(self) -> dict[str, Any]:
        return {"type": "record"}


class ApartForm(StepForm):
    apart = Pick(Apart, label=_("Why they are two people"))
    why = Words(rows=3, label=_("Evidence"), help_text=_("Stored with the pair, encrypted."))


class AskForm(StepForm):
    question = Words(rows=3, label=_("What you want to know"))


class AnswerForm(StepForm):
    text = Words(rows=3, label=_("What you know"))


class JoinForm(StepForm):
    survivor = Survivor(
        widget=forms.RadioSelect,
        label=_("Which record to continue with"),
        help_text=_("Both records keep their content. The address of the other record leads here."),
    )
    why = Words(rows=3, label=_("Evidence that they are one person"))
    sight_read = forms.BooleanField(
        required=False, label=_("I have read who sees which record, before and after")
    )


class ConfirmForm(StepForm):
    sight_read = forms.BooleanField(
        required=False, label=_("I have read who sees which record, before and after")
    )


class RefuseForm(StepForm):
    why = Words(rows=3, label=_("Why you do not agree"))


class SeparateForm(StepForm):
    why = Words(rows=3, label=_("Why they are separated again"))
    then = Pick(Undone, label=_("Your assessment now"))


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
