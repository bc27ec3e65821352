"""Forms of the notification settings."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from oslonac.web.fields import DayField


class _Once(forms.Form):
    request_key = forms.CharField(widget=forms.HiddenInput, max_length=80)


class EmailForm(_Once):
    by_email = forms.BooleanField(
        label=_("Send me an e-mail when I have a notice"),
        required=False,
        help_text=_(
            "The e-mail says only that you have a notice. It contains no names and no cases."
        ),
    )
    email = forms.CharField(
        label=_("My e-mail address"),
        required=False,
        max_length=254,
        widget=forms.EmailInput({"autocomplete": "email", "dir": "ltr"}),
    )


class SubscriptionForm(_Once):
    """What the Push API of a browser hands over; filled in by a script."""

    endpoint = forms.CharField(max_length=1000, widget=forms.HiddenInput)
    p256dh = forms.CharField(max_length=200, widget=forms.HiddenInput)
    auth = forms.CharField(max_length=60, widget=forms.HiddenInput)
    label = forms.CharField(max_length=60, widget=forms.HiddenInput)


class AbsenceForm(_Once):
    """`people`: those whose absence this reader may record, (id, name); the first is oneself."""

    user = forms.ChoiceField(label=_("Person who is away"))
    starts_on = DayField(label=_("First day"))
    ends_on = DayField(label=_("Last day"))

    def __init__(self, *args: Any, people: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        chooser: Any = self.fields["user"]
        chooser.choices = people
        if len(people) == 1:
            chooser.widget = forms.HiddenInput()
            chooser.initial = people[0][0]
