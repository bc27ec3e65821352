"""Forms of retention and deletion."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from oslonac.retention import periods
from oslonac.retention.rules import LONGEST_YEARS


class PeriodForm(forms.Form):
    request_key = forms.CharField(widget=forms.HiddenInput, max_length=80)
    organisation = forms.ChoiceField(label=_("Centre"))
    category = forms.ChoiceField(label=_("Category"))
    years = forms.IntegerField(
        label=_("Years"),
        min_value=1,
        max_value=LONGEST_YEARS,
        widget=forms.TextInput({"inputmode": "numeric", "size": "4"}),
    )
    document = forms.CharField(
        label=_("Where it is written"),
        max_length=200,
        help_text=_("The centre's list of categories: number, day, approval of the archive."),
    )

    def __init__(self, *args: Any, centres: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        own: Any = self.fields["organisation"]
        own.choices = centres
        known: Any = self.fields["category"]
        known.choices = [(each.code, periods.title(each.code)) for each in periods.categories()]
