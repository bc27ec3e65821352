"""Form fields and widgets the design system adds to Django's.

A date of birth is often known to the year only, and in the Solar Hijri calendar: CalendarDate
keeps what was said beside the interval of Gregorian days it stands for.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext_lazy as _

from oslonac.kit.births import NotThatDay, past_days
from oslonac.kit.calendars import Calendar
from oslonac.kit.clock import local_day, now
from oslonac.kit.dates import as_iso

CALENDARS = [
    (Calendar.GREGORIAN.value, _("Gregorian (2010)")),
    (Calendar.SOLAR_HIJRI.value, _("Solar Hijri (1389)")),
]


@dataclass(frozen=True)
class SaidDate:
    """A date as it was said, and the days it may be. Month or day 0 means not known."""

    calendar: Calendar
    year: int
    month: int
    day: int
    first: date
    last: date


class CalendarDateWidget(forms.MultiWidget):
    """Calendar, year, month, day beside each other; month and day may stay empty."""

    template_name = "web/widgets/calendar_date.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        number = {"inputmode": "numeric", "autocomplete": "off", "size": "4"}
        super().__init__(
            {
                "calendar": forms.Select(choices=CALENDARS),
                "year": forms.TextInput({**number, "maxlength": "4"}),
                "month": forms.TextInput({**number, "maxlength": "2"}),
                "day": forms.TextInput({**number, "maxlength": "2"}),
            },
            attrs,
        )

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        labels = (_("Calendar"), _("Year"), _("Month"), _("Day"))
        parts = zip(context["widget"]["subwidgets"], labels, strict=True)
        context["widget"]["parts"] = [{"widget": part, "label": label} for part, label in parts]
        return context

    def decompress(self, value: SaidDate | None) -> list[Any]:
        if value is None:
            return [Calendar.GREGORIAN.value, "", "", ""]
        return [value.calendar.value, value.year, value.month or "", value.day or ""]


class _InParts(BoundField):
    """Each part is described by what stands at the whole: a reader hears it at the part."""

    def build_widget_attrs(self, attrs: Any, widget: Any = None) -> Any:
        built = super().build_widget_attrs(attrs, widget)
        described = self.aria_describedby
        return {**built, "aria-describedby": described} if described else built


class CalendarDateField(forms.MultiValueField):
    """A date known to the year, month or day, in either calendar; cleans to SaidDate."""

    widget = CalendarDateWidget

    def get_bound_field(self, form: Any, field_name: str) -> BoundField:
        return _InParts(form, self, field_name)

    def __init__(self, **kwargs: Any) -> None:
        required = kwargs.get("required", True)
        parts = (
            forms.ChoiceField(choices=CALENDARS, required=False),
            forms.IntegerField(min_value=1, required=required),
            forms.IntegerField(min_value=0, max_value=99, required=False),
            forms.IntegerField(min_value=0, max_value=99, required=False),
        )
        super().__init__(parts, require_all_fields=False, **kwargs)

    def has_changed(self, initial: Any, data: Any) -> bool:
        said = data[1:] if isinstance(data, list) else data
        return super().has_changed(initial, data) if said and any(said) else bool(initial)

    def compress(self, values: Sequence[Any]) -> SaidDate | None:
        if not values or not any(values[1:]):
            return None
        calendar = Calendar(values[0] or Calendar.GREGORIAN.value)
        year, month, day = (values[1] or 0, values[2] or 0, values[3] or 0)
        try:
            first, last = past_days(calendar, year, month, day, by=local_day(now()))
        except NotThatDay as wrong:
            raise forms.ValidationError(str(wrong.sentence), code="no_such_date") from None
        return SaidDate(calendar, year, month, day, first, last)


class DayField(forms.DateField):
    """A day, with the browser's own calendar; read as people write it too (30.11.2026.)."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
        kwargs.setdefault(
            "error_messages", {"invalid": _("Enter a day that exists, such as 30.11.2026.")}
        )
        super().__init__(input_formats=["%Y-%m-%d"], **kwargs)

    def to_python(self, value: Any) -> Any:
        return super().to_python(as_iso(value) if isinstance(value, str) else value)


class MomentField(forms.DateTimeField):
    """A day and an hour, with the browser's own calendar; read as people write it too."""

    def __init__(self, **kwargs: Any) -> None:
        form = "%Y-%m-%dT%H:%M"
        widget = forms.DateTimeInput({"type": "datetime-local"}, format=form)
        kwargs.setdefault("widget", widget)
        kwargs.setdefault(
            "error_messages",
            {"invalid": _("Enter a day and an hour that exist, such as 30.11.2026. 22:10.")},
        )
        super().__init__(input_formats=[form, f"{form}:%S"], **kwargs)

    def to_python(self, value: Any) -> Any:
        return super().to_python(as_iso(value) if isinstance(value, str) else value)


class LongText(forms.Textarea):
    """A text area that follows the direction of what is typed."""

    def __init__(self, attrs: dict[str, Any] | None = None, *, rows: int = 4) -> None:
        super().__init__({"dir": "auto", "rows": rows, **(attrs or {})})


class NameInput(forms.TextInput):
    """A name in any script: no correction, no capitals forced, direction of what is typed."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        own = {"dir": "auto", "autocomplete": "off", "spellcheck": "false"}
        super().__init__({**own, **(attrs or {})})
