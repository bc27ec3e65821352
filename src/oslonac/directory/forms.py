"""Forms of the directory: looking up, correcting."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from oslonac.country import alphabetical, country
from oslonac.directory import codes, kinds
from oslonac.directory.labels import CONTACTS, STATUSES, language_name, status_word
from oslonac.directory.models import ContactPoint, Organisation
from oslonac.directory.queries import PlaceTree, Wanted
from oslonac.kit.text import clean_line
from oslonac.web.fields import NameInput


class SearchForm(forms.Form):
    """GET; whatever cannot be read is left out rather than refused."""

    q = forms.CharField(label=_("Name or place"), required=False, max_length=120, widget=NameInput)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    area = forms.ChoiceField(label=_("District"), required=False)
    city = forms.ChoiceField(label=_("City or municipality"), required=False)
    service = forms.ChoiceField(label=_("Service"), required=False)

    def __init__(self, data: Any, tree: PlaceTree, cities: list[Any]) -> None:
        super().__init__(data)
        anything = [("", _("any"))]
        self.fields["kind"].choices = anything + sorted(  # type: ignore[attr-defined]
            kinds.choices(), key=lambda choice: alphabetical(choice[1])
        )
        self.fields["area"].choices = anything + [  # type: ignore[attr-defined]
            (place.code, str(place)) for place in tree.areas()
        ]
        self.fields["city"].choices = anything + [  # type: ignore[attr-defined]
            (place.code, str(place)) for place in cities
        ]
        self.fields["service"].choices = anything + codes.choices("services")  # type: ignore[attr-defined]

    def wanted(self) -> Wanted:
        self.is_valid()
        said = self.cleaned_data
        return Wanted(
            text=clean_line(said.get("q", "")),
            kind=said.get("kind", ""),
            area=said.get("area", ""),
            city=said.get("city", ""),
            service=said.get("service", ""),
        )


class _Sourced(forms.Form):
    request_key = forms.CharField(widget=forms.HiddenInput, max_length=80)
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    source = forms.CharField(
        label=_("Source"),
        max_length=300,
        help_text=_(
            "For example a call to the duty office, the website of the institution, a letter."
        ),
    )
    as_of = forms.CharField(
        label=_("As of"),
        max_length=10,
        help_text=_("The day or year when this was true, for example 2026-03-05 or 2026."),
    )
    verified = forms.BooleanField(label=_("I checked this with the source"), required=False)


class OrganisationForm(_Sourced):
    status = forms.ChoiceField(label=_("Status"), required=False)
    active = forms.BooleanField(label=_("Shown in the directory"), required=False)
    field_order = ["status", "active", "source", "as_of"]

    def __init__(self, *args: Any, status: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field, tag in name_fields().items():
            label = _("Name, %(language)s") % {"language": language_name(tag)}
            self.fields[field] = forms.CharField(
                label=label, required=False, max_length=300, widget=NameInput
            )
        self.order_fields([*name_fields(), *self.field_order])
        choices = [("", _("not stated")), *STATUSES.items()]
        choices += [pair for pair in codes.choices("service_status") if pair[0] not in STATUSES]
        if status and status not in dict(choices):
            choices.append((status, status_word(status)))
        self.fields["status"].choices = choices  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """Arguments of the action."""
        said = self.cleaned_data
        names = {tag: said[field] for field, tag in name_fields().items()}
        kept = ("status", "active", "source", "as_of", "verified")
        return {"names": names, **{name: said[name] for name in kept}}


def name_fields() -> dict[str, str]:
    """A field for the name in each language of the country's staff, with its tag."""
    tags = dict.fromkeys(["en", *country().languages])
    return {f"name_{tag.lower().replace('-', '_')}": tag for tag in tags}


def organisation_values(row: Organisation) -> dict[str, Any]:
    """What stands in the form for a record."""
    names = {field: row.names.get(tag, "") for field, tag in name_fields().items()}
    return names | {
        "status": row.status,
        "active": row.active,
        "source": row.source,
        "as_of": row.as_of,
        "verified": row.verified,
    }


class ContactForm(_Sourced):
    kind = forms.ChoiceField(label=_("Kind"), choices=list(CONTACTS.items()))
    value = forms.CharField(label=_("Number or address"), max_length=300)
    hours = forms.CharField(label=_("Opening hours"), required=False, max_length=120)
    field_order = ["kind", "value", "hours", "source", "as_of", "verified"]

    def values(self) -> dict[str, Any]:
        """Arguments of the action."""
        names = ("kind", "value", "hours", "source", "as_of", "verified")
        return {name: self.cleaned_data[name] for name in names}


def contact_values(row: ContactPoint) -> dict[str, Any]:
    """What stands in the form for a record."""
    names = ("kind", "value", "hours", "source", "as_of", "verified")
    return {name: getattr(row, name) for name in names}
