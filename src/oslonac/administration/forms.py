"""Forms of administration."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext_lazy as _

from oslonac.access import roles
from oslonac.access.rules import Reason
from oslonac.accounts.models import User
from oslonac.administration.actions import REFERENCE
from oslonac.audit.models import Outcome
from oslonac.country import alphabetical
from oslonac.directory.models import Organisation
from oslonac.web.fields import DayField, NameInput


class _ByName(ModelChoiceIterator):
    """Organisations in the order of their names in the language of the page."""

    def __iter__(self) -> Iterator[tuple[Any, str]]:
        if self.field.empty_label is not None:
            yield "", str(self.field.empty_label)
        rows = [(str(row.pk), str(row)) for row in self.queryset]
        yield from sorted(rows, key=lambda pair: alphabetical(pair[1]))


class OrganisationChoice(forms.ModelChoiceField):
    """Active organisations; values are their ids."""

    iterator = _ByName

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(Organisation.objects.filter(active=True), **kwargs)


class UserFilter(forms.Form):
    """GET; what cannot be read narrows nothing."""

    q = forms.CharField(label=_("Name"), required=False, max_length=120, widget=NameInput)
    organisation = OrganisationChoice(label=_("Organisation"), required=False, empty_label=_("any"))
    role = forms.ChoiceField(
        label=_("Role"), required=False, choices=lambda: [("", _("any")), *roles.choices()]
    )
    state = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[("", _("any")), ("on", _("may sign in")), ("off", _("switched off"))],
    )


class _Once(forms.Form):
    request_key = forms.CharField(widget=forms.HiddenInput, max_length=80)


class PostForm(_Once):
    organisation = OrganisationChoice(label=_("Organisation"), empty_label=_("Choose one"))
    role = forms.ChoiceField(
        label=_("Role"), choices=lambda: [("", _("Choose one")), *roles.choices()]
    )
    starts_on = DayField(label=_("From"))
    ends_on = DayField(label=_("Last day, when known"), required=False)


class NewUserForm(PostForm):
    login = forms.CharField(
        label=_("Login name"),
        max_length=254,
        widget=NameInput,
        help_text=_("What this person types to sign in. Stored encrypted."),
    )
    name = forms.CharField(
        label=_("First and family name"),
        max_length=200,
        widget=NameInput,
        help_text=_("The name that colleagues know. It is shown beside what the person does."),
    )
    field_order = ["login", "name", "organisation", "role", "starts_on", "ends_on"]


class UserForm(_Once):
    revision = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(label=_("First and family name"), max_length=200, widget=NameInput)
    is_active = forms.BooleanField(
        label=_("May sign in"),
        required=False,
        help_text=_("Switching the account off signs it out everywhere at once."),
    )


class EndPostForm(_Once):
    revision = forms.IntegerField(widget=forms.HiddenInput)
    ends_on = DayField(label=_("Last day"))


class UserChoice(forms.ChoiceField):
    """Users by name; the caller hands over (id, name)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=[("", _("anybody"))], required=False, **kwargs)

    def offer(self, people: list[tuple[str, str]]) -> None:
        self.choices = [("", _("anybody")), *people]


class GrantFilter(forms.Form):
    case = forms.CharField(label=_("Case number"), required=False, max_length=20)
    person = UserChoice(label=_("User"))
    reason = forms.ChoiceField(
        label=_("Reason"), required=False, choices=[("", _("any")), *Reason.choices]
    )
    ended = forms.BooleanField(label=_("Ended ones too"), required=False)


class LedgerFilter(forms.Form):
    case = forms.CharField(label=_("Case number"), required=False, max_length=20)
    person = UserChoice(label=_("Who did it"))
    name = forms.ChoiceField(label=_("What"), required=False)
    outcome = forms.ChoiceField(
        label=_("Outcome"), required=False, choices=[("", _("any")), *Outcome.choices]
    )
    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("Until"), required=False)

    def __init__(
        self, data: Any, names: list[tuple[str, str]], people: list[tuple[str, str]]
    ) -> None:
        super().__init__(data)
        self.fields["name"].choices = [("", _("any")), *names]  # type: ignore[attr-defined]
        self.fields["person"].offer(people)  # type: ignore[attr-defined]


class ByNameForm(_Once):
    """A name somebody complains about; it is compared and forgotten."""

    name = forms.CharField(
        label=_("Name of the person"),
        max_length=200,
        widget=NameInput,
        help_text=_("In any script. You will not see any names from the register."),
    )
    reference = forms.RegexField(
        REFERENCE,
        strip=True,
        max_length=30,
        label=_("Number of the complaint or request"),
        help_text=_(
            "Letters, digits and / . - as in 07-12/2026. It is recorded in the activity log."
        ),
        error_messages={"invalid": _("Enter the number of the complaint or request.")},
    )

    def clean_reference(self) -> str:
        typed: str = self.cleaned_data["reference"]
        if not REFERENCE.fullmatch(typed) or not any(map(str.isdigit, typed)):
            raise forms.ValidationError(_("Enter the number of the complaint or request."))
        return typed

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # It stands on one page with the filter of the log, whose fields have the same names.
        kwargs.setdefault("auto_id", "id_by_name_%s")
        super().__init__(*args, **kwargs)


class LookedIntoForm(_Once):
    note = forms.CharField(
        label=_("What did you find?"),
        max_length=2000,
        widget=forms.Textarea({"rows": 4}),
        help_text=_("Stored encrypted, with your name and the time."),
    )


def user_values(user: User, name: str) -> dict[str, Any]:
    """What stands in the form for a user."""
    return {"name": name, "is_active": user.is_active}
