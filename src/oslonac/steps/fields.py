"""Form fields of the steps: moments in local time, code lists, staff, organisations, places.

Each field that offers something of the record has `prepare(doing)`, called when a form is made.
`api_type` is its type in the API, `from_api` makes the action's argument of what came in there, and
`spec` says of it what another program has to know to ask the question (`steps.questions`).
"""

from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field

from oslonac.accounts import api_types
from oslonac.accounts.models import User
from oslonac.country import alphabetical
from oslonac.directory import codes
from oslonac.directory.models import Organisation, Place
from oslonac.kit.choices import TextChoices
from oslonac.kit.errors import Invalid
from oslonac.web.fields import DayField, LongText, MomentField, NameInput

CHOOSE = gettext_lazy("Choose one.")
FAR_AWAY = gettext_lazy("This year cannot be right.")
EARLIEST, LATEST = 1900, 2200
RADIOS = 7
LONGEST_LINE, LONGEST_TEXT = 500, 100_000


def choices_of(kind: Any, *left_out: Any) -> list[tuple[Any, str]]:
    """Choices with a capital letter, for cards and lists."""
    return [(c.value, capfirst(str(c.label))) for c in kind if c.value not in left_out]


class Pick(forms.ChoiceField):
    """One of an enumeration: cards while they are few, a list when there are many."""

    def __init__(self, kind: type[TextChoices], *left_out: str, **more: Any) -> None:
        self._kind, self._left_out = kind, left_out
        many = len(kind) - len(left_out) > RADIOS
        more.setdefault("widget", forms.Select if many else forms.RadioSelect)
        more.setdefault("error_messages", {"required": CHOOSE, "invalid_choice": CHOOSE})
        super().__init__(choices=self._offer, **more)

    def _offer(self) -> list[tuple[str, str]]:
        own = choices_of(self._kind, *self._left_out)
        empty = isinstance(self.widget, forms.Select) and type(self.widget) is forms.Select
        return [("", _("Choose")), *own] if empty else own

    def api_type(self) -> Any:
        return self._kind

    def spec(self) -> dict[str, Any]:
        return {"type": "choice", "choices": [c for c in self._kind if c not in self._left_out]}


class Coded(forms.ChoiceField):
    """One code of a list of the pack."""

    def __init__(self, name: str, **more: Any) -> None:
        self._name = name
        more.setdefault("error_messages", {"required": CHOOSE, "invalid_choice": CHOOSE})
        super().__init__(choices=self._offer, **more)

    def _offer(self) -> list[tuple[str, str]]:
        return [("", _("Choose")), *codes.choices(self._name)]

    def api_type(self) -> Any:
        words = f"A code of the list `{self._name}`."
        return Annotated[api_types.Code, Field(description=words)]

    def spec(self) -> dict[str, Any]:
        return {"type": "code", "list": self._name}


class CodedMany(forms.MultipleChoiceField):
    """Several codes of a list of the pack."""

    def __init__(self, name: str, **more: Any) -> None:
        self._name = name
        more.setdefault("widget", forms.CheckboxSelectMultiple)
        super().__init__(choices=lambda: codes.choices(name), **more)

    def spec(self) -> dict[str, Any]:
        return {"type": "codes", "list": self._name}


class Words(forms.CharField):
    """A narrative. Whether it is required, and how long it may be, the action says."""

    def __init__(self, *, rows: int = 4, **more: Any) -> None:
        super().__init__(widget=LongText(rows=rows), **more)

    def api_type(self) -> Any:
        return api_types.Narrative

    def spec(self) -> dict[str, Any]:
        return {"type": "text", "max_length": self.max_length or LONGEST_TEXT}


class Line(forms.CharField):
    """One line in any script."""

    def __init__(self, **more: Any) -> None:
        more.setdefault("widget", NameInput)
        super().__init__(**more)

    def api_type(self) -> Any:
        if self.max_length:
            return Annotated[str, Field(max_length=self.max_length)]
        return api_types.Line

    def spec(self) -> dict[str, Any]:
        return {"type": "line", "max_length": self.max_length or LONGEST_LINE}


class Day(DayField):
    """A day, with the browser's own calendar."""

    def __init__(self, **more: Any) -> None:
        widget = forms.DateInput({"type": "date", "max": "2100-12-31"}, format="%Y-%m-%d")
        super().__init__(widget=widget, **more)

    def to_python(self, value: Any) -> Any:
        day = super().to_python(value)
        if day is not None and not EARLIEST <= day.year <= LATEST:
            raise forms.ValidationError(str(FAR_AWAY), code="far_away")
        return day

    def api_type(self) -> Any:
        return api_types.Day

    def spec(self) -> dict[str, Any]:
        return {"type": "day", "min": f"{EARLIEST}-01-01", "max": f"{LATEST}-12-31"}


class Moment(MomentField):
    """A moment in the local zone, to the minute."""

    def to_python(self, value: Any) -> Any:
        moment = super().to_python(value)
        if moment is not None and not EARLIEST <= moment.year <= LATEST:
            raise forms.ValidationError(str(FAR_AWAY), code="far_away")
        return moment

    def api_type(self) -> Any:
        return api_types.Moment

    def spec(self) -> dict[str, Any]:
        return {"type": "moment", "min": f"{EARLIEST}-01-01", "max": f"{LATEST}-12-31"}


def end_of(day: date) -> datetime:
    """Midnight after a local day: a day named as an end still counts."""
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


class Staff(forms.ChoiceField):
    """A user. `offer` lists whom to suggest; the action judges anybody else who is named."""

    def __init__(self, offer: Callable[[Any], Iterable[Any]], **more: Any) -> None:
        self._suggest = offer
        more.setdefault("error_messages", {"required": CHOOSE, "invalid_choice": CHOOSE})
        super().__init__(**more)

    def prepare(self, doing: Any) -> None:
        self.choices = [("", _("Choose a person")), *self._suggest(doing)]

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        user = active_user(_uuid(value))
        if user is None:
            raise forms.ValidationError(str(CHOOSE), code="invalid_choice")
        return user

    def api_type(self) -> Any:
        return UUID

    def from_api(self, value: UUID | None, name: str) -> User | None:
        return None if value is None else user(value, name)

    def spec(self) -> dict[str, Any]:
        return {"type": "user"}

    def validate(self, value: Any) -> None:
        forms.Field.validate(self, value)


class Suggested(forms.TextInput):
    """A text input with the browser's list of suggestions: searchable without a script."""

    template_name = "steps/widgets/suggested.html"
    suggestions: list[str] = []

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        identity = context["widget"]["attrs"].get("id") or f"id_{name}"
        context["widget"]["attrs"]["list"] = f"{identity}_list"
        context["widget"] |= {"list_id": f"{identity}_list", "suggestions": self.suggestions}
        return context


class Named(forms.CharField):
    """Something of the register, typed by name (or by id); suggestions help to find it."""

    unknown = gettext_lazy("Choose one from the suggestions: this name is not in the register.")

    def __init__(self, **more: Any) -> None:
        super().__init__(widget=Suggested({"autocomplete": "off", "dir": "auto"}), **more)
        self._by_label: dict[str, Any] = {}

    def options(self, doing: Any) -> Iterable[Any]:
        raise NotImplementedError

    def prepare(self, doing: Any) -> None:
        # Of this form alone: a copied field shares what its class was given.
        self._by_label = {}
        rows = list(self.options(doing))
        labels = [str(row) for row in rows]
        for row, label in zip(rows, labels, strict=True):
            place = getattr(row, "place", None)
            shown = f"{label} ({place})" if labels.count(label) > 1 and place else label
            self._by_label[shown] = row
        self.widget.suggestions = sorted(self._by_label, key=alphabetical)

    def clean(self, value: Any) -> Any:
        text = " ".join(str(value or "").split())
        super().clean(text)
        if not text:
            return None
        wanted = text.casefold()
        for label, row in self._by_label.items():
            if wanted in (label.casefold(), str(row.pk).casefold(), *_other_names(row)):
                return row
        raise forms.ValidationError(str(self.unknown), code="unknown")


class OrganisationNamed(Named):
    """An organisation of some kinds; `beside` leaves out the responsible centre."""

    def __init__(self, kinds: Collection[str] = (), *, beside: bool = False, **more: Any) -> None:
        self._kinds, self._beside = kinds, beside
        super().__init__(**more)

    def options(self, doing: Any) -> Iterable[Any]:
        rows = Organisation.objects.filter(active=True).select_related("place")
        if self._kinds:
            rows = rows.filter(kind__in=self._kinds)
        return rows.exclude(pk=doing.of.organisation_id) if self._beside else rows

    def api_type(self) -> Any:
        return UUID

    def from_api(self, value: UUID | None, name: str) -> Organisation | None:
        return None if value is None else organisation(value, name)

    def spec(self) -> dict[str, Any]:
        return {"type": "organisation", "kinds": [str(kind) for kind in self._kinds]}


class PlaceNamed(Named):
    """A place of some kinds."""

    api_empty = ""  # places have codes, and no code is an empty one

    def __init__(self, kinds: Collection[str], **more: Any) -> None:
        self._kinds = kinds
        super().__init__(**more)

    def options(self, doing: Any) -> Iterable[Any]:
        return Place.objects.filter(kind__in=self._kinds)

    def api_type(self) -> Any:
        words = "Code of a place of the directory."
        return Annotated[api_types.Code, Field(description=words)]

    def from_api(self, value: str, name: str) -> Place | None:
        return place(value, name)

    def spec(self) -> dict[str, Any]:
        return {"type": "place", "kinds": [str(kind) for kind in self._kinds]}


class OneOfTwo(forms.TypedChoiceField):
    """A yes or no whose two answers are said in words."""

    def __init__(self, yes: Any, no: Any, *, description: str = "", **more: Any) -> None:
        self._description = description
        more.setdefault("widget", forms.RadioSelect)
        more.setdefault("error_messages", {"required": CHOOSE, "invalid_choice": CHOOSE})
        self._words = [("yes", yes), ("no", no)]
        super().__init__(
            choices=self._words,
            coerce=lambda value: value in ("yes", True),
            empty_value=None,
            **more,
        )

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no"}.get(value, value)

    def api_type(self) -> Any:
        words = self._description
        return Annotated[bool, Field(description=words)] if words else bool

    def spec(self) -> dict[str, Any]:
        return {"type": "yes_no", "choices": self._words}


def organisation(organisation_id: UUID, field: str) -> Organisation:
    """An organisation that a body names. Raises Invalid."""
    found = Organisation.objects.filter(pk=organisation_id).first()
    if found is None:
        raise Invalid({field: _("There is no such organisation.")})
    return found


def place(code: str, field: str) -> Place | None:
    """A place that a body names by its code; None for an empty one. Raises Invalid."""
    if not code:
        return None
    found = None if "\0" in code else Place.objects.filter(pk=code).first()
    if found is None:
        raise Invalid({field: _("There is no such place.")})
    return found


def active_user(user_id: UUID | None) -> User | None:
    return User.objects.filter(pk=user_id, is_active=True).first() if user_id else None


def user(user_id: UUID, field: str) -> User:
    """An active user that a body names. Raises Invalid."""
    found = active_user(user_id)
    if found is None:
        raise Invalid({field: _("There is no such user.")})
    return found


def _other_names(row: Any) -> list[str]:
    names = [*row.names.values(), *getattr(row, "aliases", ())]
    return [name.casefold() for name in names if isinstance(name, str)]


def _uuid(value: Any) -> UUID | None:
    try:
        return UUID(str(value))
    except ValueError:
        return None
