"""Forms on people met: what a child says of itself, who else was there. Every answer may be
missing; what was said becomes claims, never facts."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oslonac.directory import codes
from oslonac.encounters.actions import Birth, MetToo, Said, birth_by_age, contradict
from oslonac.kit.births import CONTRADICTS
from oslonac.kit.clock import local_day
from oslonac.kit.text import clean_line
from oslonac.people.rules import RelationKind, Sex
from oslonac.web.fields import CalendarDateField, NameInput, SaidDate

ASKED = gettext_lazy("not asked")


def choices_or_none(name: str) -> list[tuple[str, str]]:
    """A code list with an empty first entry."""
    return [("", "\u2014"), *codes.choices(name)]


class ChildForm(forms.Form):
    """What the child says about itself; every answer may be missing."""

    name = forms.CharField(
        label=gettext_lazy("Name, as the person says or writes it"),
        help_text=gettext_lazy("In any script."),
        widget=NameInput,
        required=False,
    )
    name_2 = forms.CharField(
        label=gettext_lazy("The same name in another script"), widget=NameInput, required=False
    )
    name_3 = forms.CharField(
        label=gettext_lazy("Another name or nickname"), widget=NameInput, required=False
    )
    sex = forms.ChoiceField(
        label=gettext_lazy("Girl or boy"),
        choices=[("", ASKED), *(c for c in Sex.choices if c[0] != Sex.NOT_ASKED)],
        required=False,
    )
    born = CalendarDateField(
        label=gettext_lazy("When was the person born, as they say?"),
        help_text=gettext_lazy("A year alone is enough. Keep the calendar the person used."),
        required=False,
    )
    age = forms.IntegerField(
        label=gettext_lazy("Or the age in years, as said"),
        required=False,
        min_value=0,
        max_value=120,
    )
    citizenship = forms.ChoiceField(label=gettext_lazy("Citizenship, as they say"), required=False)
    first_language = forms.ChoiceField(label=gettext_lazy("First language"), required=False)
    other_language = forms.ChoiceField(label=gettext_lazy("Also speaks"), required=False)

    def __init__(self, *args: Any, at: datetime, **more: Any) -> None:
        super().__init__(*args, **more)
        self.at = at
        offer: Any = self.fields
        offer["citizenship"].choices = choices_or_none("citizenships")
        offer["first_language"].choices = choices_or_none("languages")
        offer["other_language"].choices = choices_or_none("languages")

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if contradict(births(given.get("born"), given.get("age"), self.at)):
            self.add_error("age", str(CONTRADICTS))
        return given

    def said(self) -> Said:
        """The answers as statements; a birth and an age stand side by side."""
        given = self.cleaned_data
        names = [clean_line(given[name]) for name in ("name", "name_2", "name_3")]
        languages = [given["first_language"], given["other_language"]]
        return Said(
            names=tuple(dict.fromkeys(name for name in names if name)),
            births=births(given["born"], given["age"], self.at),
            sex=given["sex"],
            citizenship=given["citizenship"],
            languages=tuple(dict.fromkeys(code for code in languages if code)),
            **chosen_of(self),
        )


def chosen_of(form: forms.Form) -> dict[str, Any]:
    """What was said of people who may be known already: it is this one, it is not those."""
    sent: Any = form.data
    other = sent.getlist(form.add_prefix("other")) if hasattr(sent, "getlist") else []
    return {
        "known": _id(sent.get(form.add_prefix("known"), "")),
        "not_same": tuple(pk for pk in map(_id, other) if pk is not None),
    }


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def births(born: SaidDate | None, age: int | None, at: datetime) -> tuple[Birth, ...]:
    """What was said of the birth: a date in its calendar, an age, or both."""
    found = []
    if born is not None:
        parts = (born.year, born.month, born.day)
        words = "-".join(f"{part:02d}" for part in parts if part)
        found.append(Birth(born.first, born.last, born.calendar.value, words))
    if age is not None:
        words = _("Age said: %(age)d") % {"age": age}
        found.append(birth_by_age(age, local_day(at), words))
    return tuple(found)


class MetTooForm(forms.Form):
    """One person met together with the child; an empty row is nobody."""

    panel: dict[str, Any] | None = None  # who may be known already, where that was asked for

    name = forms.CharField(label=gettext_lazy("Name"), widget=NameInput, required=False)
    age = forms.IntegerField(
        label=gettext_lazy("Age, as they say"), required=False, min_value=0, max_value=120
    )
    relation = forms.ChoiceField(
        label=gettext_lazy("Relation to the person"),
        choices=[("", ASKED), *RelationKind.choices],
        required=False,
    )
    present = forms.BooleanField(label=gettext_lazy("is here"), required=False, initial=True)
    leads = forms.BooleanField(label=gettext_lazy("leads the group"), required=False)

    def __init__(self, *args: Any, at: datetime, **more: Any) -> None:
        super().__init__(*args, **more)
        self.at = at

    @property
    def field_start(self) -> str:
        """How names of this row's fields begin."""
        return f"{self.prefix}-"

    def met(self) -> MetToo | None:
        """The person, or None for an empty row. A tick alone makes nobody."""
        given = self.cleaned_data
        name = clean_line(given.get("name", ""))
        chosen = chosen_of(self)
        asked = given.get("age") is not None or given.get("relation") or chosen["known"]
        if not name and not asked:
            return None
        said = Said(
            names=(name,) if name else (), births=births(None, given.get("age"), self.at), **chosen
        )
        return MetToo(said, given.get("relation", ""), given["present"], given["leads"])


class GroupForm(forms.Form):
    """Whether those met together travel together."""

    travel_together = forms.BooleanField(
        label=gettext_lazy("They travel together as a group"), required=False
    )
    group_label = forms.CharField(
        label=gettext_lazy("Name for the group"),
        help_text=gettext_lazy("For example “seven boys, Miratovac road”. Stored encrypted."),
        widget=NameInput,
        required=False,
    )
