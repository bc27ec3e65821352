"""The form of an export: why, to whom, how it is sealed."""

from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from oslonac.exchange.making import checked_sealing
from oslonac.exchange.rules import PURPOSES, Form, Kind, Purpose
from oslonac.kit.errors import Invalid
from oslonac.web.fields import DayField


class ExportForm(forms.Form):
    request_key = forms.CharField(widget=forms.HiddenInput, max_length=80)
    purpose = forms.ChoiceField(label=_("What it is for"), widget=forms.RadioSelect)
    receiver = forms.CharField(
        label=_("Receiver"),
        max_length=200,
        help_text=_("Organisation and person, and the number of their request. Stored encrypted."),
    )
    note = forms.CharField(label=_("Remarks"), required=False, widget=forms.Textarea({"rows": 3}))
    since = DayField(label=_("From"))
    until = DayField(label=_("Last day"))
    form = forms.ChoiceField(
        label=_("Encryption"),
        choices=[(each.value, capfirst(str(each.label))) for each in Form],
        widget=forms.RadioSelect,
    )
    recipient = forms.CharField(
        label=_("The receiver's age key"),
        required=False,
        max_length=100,
        help_text=_(
            "It starts with age1. Ask for it through another channel than the one you use "
            "to send the file."
        ),
    )
    password = forms.CharField(
        label=_("Password"),
        required=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=_(
            "At least 14 characters. Give it to the receiver by telephone, never together "
            "with the file. Oslonac does not keep it."
        ),
    )
    again = forms.CharField(
        label=_("Password again"),
        required=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, kind: Kind, **more: Any) -> None:
        super().__init__(*args, **more)
        purpose: Any = self.fields["purpose"]
        purpose.choices = [
            (each.value, capfirst(str(each.label))) for each in Purpose if each in PURPOSES[kind]
        ]
        if kind != Kind.LEDGER:
            del self.fields["since"], self.fields["until"]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("form"):
            self._check_sealing(said)
        if said.get("since") and said.get("until") and said["since"] > said["until"]:
            self.add_error("until", _now("This day is before the first one."))
        return said

    def _check_sealing(self, said: dict[str, Any]) -> None:
        password = said.get("password", "")
        try:
            said["recipient"] = checked_sealing(
                said.get("form", ""), said.get("recipient", ""), password
            )
        except Invalid as invalid:
            for name, sentence in invalid.fields.items():
                self.add_error(name, str(sentence))
        else:
            if said.get("form") == Form.ZIP and password != said.get("again"):
                self.add_error("again", _now("The two passwords are not the same."))
