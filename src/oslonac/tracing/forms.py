"""Forms of the tracing pages. What they demand beyond a shape, the actions say."""

from django import forms
from django.utils.translation import gettext_lazy as _

from oslonac.directory.models import PlaceKind
from oslonac.people.rules import RelationKind, Sex
from oslonac.steps.fields import Coded, Day, Line, Moment, Pick, PlaceNamed, Words
from oslonac.steps.forms import StepForm
from oslonac.steps.step import Doing
from oslonac.tracing import rules
from oslonac.web.fields import CalendarDateField

TOWNS = (PlaceKind.CITY, PlaceKind.MUNICIPALITY, PlaceKind.CITY_MUNICIPALITY)


def lines_of(names: str) -> list[str]:
    """One name a line."""
    return [line for line in names.splitlines() if line.strip()]


class RequestForm(StepForm):
    names = Words(
        rows=2,
        required=False,
        label=_("Name of the person who is searching"),
        help_text=_("In any script. One spelling per line."),
    )
    sex = Pick(Sex, required=False, label=_("Sex"), widget=forms.Select)
    contact = Words(
        rows=2,
        required=False,
        label=_("How to reach them"),
        help_text=_("Phone, address, contact person, best hours."),
    )
    separated_on = CalendarDateField(required=False, label=_("When they were separated"))
    separated_where = Line(required=False, label=_("Where they were separated"))
    story = Words(required=False, label=_("Their account"))
    may_search = forms.BooleanField(
        required=False,
        label=_("They agree to a search of the register"),
        help_text=_("Explained in a language they understand."),
    )
    may_share = forms.BooleanField(
        required=False,
        label=_("They agree to be named to the person sought, after both sides are checked"),
    )
    consent_note = Words(rows=2, required=False, label=_("What they asked not to disclose"))

    def shape(self, doing: Doing) -> None:
        """When the child of a case asks, who asks is known."""
        if doing.of is not None:
            self.drop("names", "sex", "contact")


class SoughtForm(StepForm):
    names = Words(
        rows=2,
        label=_("Name of the person sought"),
        help_text=_("In any script, nicknames too. One spelling per line."),
    )
    relation = Pick(RelationKind, label=_("Relation to the person who is searching"))
    sex = Pick(Sex, required=False, label=_("Sex"), widget=forms.Select)
    born = CalendarDateField(required=False, label=_("Born"))
    citizenship = Coded("citizenships", required=False, label=_("Country of origin"))
    language = Coded("languages", required=False, label=_("First language"))
    detail = Words(
        rows=3,
        required=False,
        label=_("Other details that identify the person"),
        help_text=_("Marks, schools, travel companions, last place seen."),
    )


class WhyForm(StepForm):
    why = Words(rows=3, label=_("Why it is somebody else"))


class CloseForm(StepForm):
    why = Pick(rules.Closed, label=_("Why the search ends"))


class CheckForm(StepForm):
    outcome = Pick(rules.Outcome, label=_("Finding"))
    method = Pick(rules.Method, label=_("How it was checked"))
    wish = Pick(rules.Wish, label=_("Questions asked to this person alone"))
    note = Words(
        label=_("Questions and answers"),
        help_text=_(
            "Ask for what only the family would know. Do not tell either side what the other said."
        ),
    )


class ReunionForm(StepForm):
    happened_at = Moment(label=_("Living together since"))
    place = PlaceNamed(TOWNS, required=False, label=_("In which town"))
    note = Words(label=_("How it was prepared, and with whom they live"))
    child_view = Words(label=_("The person's own view"))
    first_follow_up = Day(label=_("First visit afterwards"))


class FollowUpForm(StepForm):
    outcome = Pick(rules.FollowUpOutcome, label=_("How things are"))
    note = Words(label=_("What was seen and said"))
    next_on = Day(
        required=False,
        label=_("Next visit"),
        help_text=_("Leave empty if this was the last visit."),
    )
