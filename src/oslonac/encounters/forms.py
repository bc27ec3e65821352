"""Forms of an encounter: the intake as a whole, and the correction.

Belongs here: questions and what their answers mean to the actions. Does not: people
(`people_met_forms`); rules: an action
that refuses an answer gives the sentence, and the view puts it beside the field.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oslonac.access.actor import Actor
from oslonac.cases import whereabouts
from oslonac.cases.rules import Safety
from oslonac.cases.suspicions import is_suspicion
from oslonac.directory import codes
from oslonac.directory.models import Organisation, Place
from oslonac.encounters.people_met_forms import ChildForm, GroupForm, MetTooForm, choices_or_none
from oslonac.kit.births import AFTER_MET
from oslonac.kit.errors import Invalid
from oslonac.kit.text import clean_line
from oslonac.people.rules import Presence
from oslonac.steps.forms import StepForm
from oslonac.web.fields import LongText, MomentField, NameInput

OLDEST_ENCOUNTER = timedelta(days=5 * 366)
LOCAL = "%Y-%m-%dT%H:%M"
OTHERS = 10
OTHERS_SHOWN = 2
# Concerns that are not suspicions but are seen at first sight; the rest open with one tap.
SEEN_AT_ONCE = ("begging", "street", "physical_abuse", "neglect", "exploitation", "missing")
VERIFIED = [
    ("yes", gettext_lazy("Yes: documents or other proof seen")),
    ("no", gettext_lazy("No: only said by them")),
    ("", gettext_lazy("Nobody is there, or not checked yet")),
]


class TriageFields(forms.Form):
    """Who is there, safe or not, what is needed: asked at intake and again when corrected."""

    present = forms.MultipleChoiceField(
        label=gettext_lazy("Who is with the person right now?"),
        help_text=gettext_lazy("Look nearby too: a father or an uncle may be out of sight."),
        choices=Presence.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    presence_verified = forms.ChoiceField(
        label=gettext_lazy("Was it checked that they are related?"),
        choices=VERIFIED,
        widget=forms.RadioSelect,
        required=False,
    )
    safety = forms.ChoiceField(
        label=gettext_lazy("Is the person safe right now?"),
        choices=Safety.choices,
        widget=forms.RadioSelect,
        initial=Safety.UNKNOWN,
    )
    needs = forms.MultipleChoiceField(
        label=gettext_lazy("What is needed immediately?"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    narrative = forms.CharField(
        label=gettext_lazy("What happened, as you saw and heard it?"),
        help_text=gettext_lazy("In any language. Write the person's own words as they were said."),
        widget=LongText(rows=6),
        required=False,
    )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["needs"].choices = codes.choices("urgent_needs")  # type: ignore[attr-defined]

    def clean_present(self) -> list[str]:
        chosen: list[str] = self.cleaned_data["present"]
        alone = {Presence.NOBODY.value, Presence.UNKNOWN.value} & set(chosen)
        if alone and len(chosen) > 1:
            raise forms.ValidationError(
                _("“Nobody” or “not known” cannot be combined with another answer. Keep one.")
            )
        return chosen

    def triage(self) -> dict[str, Any]:
        """The answers as the actions take them."""
        verified = {"yes": True, "no": False}.get(self.cleaned_data["presence_verified"])
        return {
            "present": self.cleaned_data["present"],
            "presence_verified": verified,
            "safety": self.cleaned_data["safety"],
            "needs": self.cleaned_data["needs"],
            "narrative": self.cleaned_data["narrative"],
        }


class CorrectForm(TriageFields, StepForm):
    """What turned out on the spot."""

    def clean_presence_verified(self) -> bool | None:
        return {"yes": True, "no": False}.get(self.cleaned_data["presence_verified"])


class EncounterForm(TriageFields):
    """The intake without people: when, where, who told us, triage, languages, words."""

    request_key = forms.CharField(widget=forms.HiddenInput, max_length=80)
    happened_at = MomentField(
        label=gettext_lazy("When did you meet or hear of the person?"),
        help_text=gettext_lazy("Deadlines count from this time."),
    )
    place = forms.CharField(
        label=gettext_lazy("Where?"),
        help_text=gettext_lazy("Start typing a town, village or crossing."),
        widget=forms.TextInput({"list": "places", "autocomplete": "off", "dir": "auto"}),
        max_length=200,
        required=False,
    )
    location = forms.CharField(
        label=gettext_lazy("Exact spot"),
        help_text=gettext_lazy("Road, building, position. Stored encrypted."),
        widget=NameInput,
        required=False,
    )
    responsible = forms.ChoiceField(
        label=gettext_lazy("Competent centre"),
        required=False,
        help_text=gettext_lazy("It can see the encounter as soon as you save."),
    )
    reported_by = forms.ChoiceField(label=gettext_lazy("Who reported it?"))
    reporter = forms.CharField(
        label=gettext_lazy("Name and phone of the reporter"),
        help_text=gettext_lazy(
            "So that somebody can inform them of the outcome. Stored encrypted."
        ),
        widget=NameInput,
        required=False,
    )
    suspicions = forms.MultipleChoiceField(
        label=gettext_lazy("Do you suspect harm or a crime against the person?"),
        help_text=gettext_lazy(
            "A suspicion is enough. You do not need proof. Somebody will have to decide on it."
        ),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    children = forms.IntegerField(
        label=gettext_lazy("How many people?"), initial=1, min_value=1, max_value=200
    )
    language = forms.ChoiceField(label=gettext_lazy("Language you spoke in"), required=False)
    interpreter = forms.CharField(
        label=gettext_lazy("Interpreter"),
        help_text=gettext_lazy("Name, or “phone app”. Stored encrypted."),
        widget=NameInput,
        required=False,
    )

    def __init__(self, *args: Any, actor: Actor, at: datetime, **more: Any) -> None:
        super().__init__(*args, **more)
        self.at = at
        self.actor = actor
        self.place_found: Place | None = None
        self.centre: Organisation | None = None
        offer: Any = self.fields
        offer["suspicions"].choices = codes.choices("concerns")
        offer["reported_by"].choices = choices_or_none("referral_sources")
        offer["language"].choices = choices_or_none("languages")
        offer["responsible"].choices = [
            ("", _("Centre responsible for the place")),
            *whereabouts.centres(),
        ]
        self.initial.setdefault("happened_at", localtime(at).strftime(LOCAL))

    def clean_happened_at(self) -> datetime:
        moment: datetime = self.cleaned_data["happened_at"]
        # Compared as dates of the calendar first: the year 1 has no UTC equivalent to subtract.
        if moment.year < 1900 or moment.year > 2200 or moment < self.at - OLDEST_ENCOUNTER:
            raise forms.ValidationError(_("This is more than five years ago. Check the year."))
        return moment

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        typed = cleaned.get("place", "")
        self.place_found = whereabouts.find(typed)
        if clean_line(typed) and self.place_found is None and not cleaned.get("responsible"):
            self.add_error(
                "place",
                _(
                    "This place is not in the directory. Choose the nearest one from the list and "
                    "write the exact spot below, or choose the centre yourself."
                ),
            )
        chosen = cleaned.get("responsible", "")
        self.centre = (
            whereabouts.centre(chosen)
            if chosen
            else whereabouts.responsible(self.place_found) or whereabouts.own_centre(self.actor)
        )
        if self.centre is None and not self.errors.get("place"):
            self.add_error("responsible", _("Choose the centre responsible here."))
        return cleaned

    def met(self) -> dict[str, Any]:
        """The answers as `record_intake` takes them."""
        given = self.cleaned_data
        spot = given["location"]
        if self.place_found is None and clean_line(given["place"]):
            spot = ", ".join(part for part in (given["place"], spot) if part)
        return {
            "happened_at": given["happened_at"],
            "responsible": self.centre,
            "place": self.place_found,
            "location": spot,
            "suspicions": given["suspicions"],
            **{
                name: given[name]
                for name in ("reported_by", "reporter", "language", "interpreter", "children")
            },
            **self.triage(),
        }


class Intake:
    """All forms of the intake as one: validated together, errors of actions put in place."""

    def __init__(
        self, data: Any, *, actor: Actor, at: datetime, people: bool, request_key: str
    ) -> None:
        self.people = people
        self.encounter = EncounterForm(
            data, actor=actor, at=at, initial={"request_key": request_key}
        )
        self.child = ChildForm(data, at=at, prefix="child")
        self.others = [MetTooForm(data, at=at, prefix=f"other-{n}") for n in range(OTHERS)]
        self.group = GroupForm(data, prefix="group")

    @property
    def forms(self) -> list[forms.Form]:
        people = [self.child, *self.others, self.group] if self.people else []
        return [self.encounter, *people]

    def is_valid(self) -> bool:
        valid = all([form.is_valid() for form in self.forms])
        return valid and not self._born_after()

    def _born_after(self) -> bool:
        """Whether the child would have been met before it was born; says so beside the birth."""
        born = self.child.cleaned_data["born"] if self.people else None
        met = localdate(self.encounter.cleaned_data["happened_at"])
        if born is None or born.first <= met:
            return False
        self.child.add_error("born", str(AFTER_MET))
        return True

    def without_complaints(self) -> None:
        """Show what was typed without judging it."""
        for form in self.forms:
            form._errors = ErrorDict()  # type: ignore[attr-defined]

    def arguments(self) -> dict[str, Any]:
        """What `record_intake` takes."""
        given = self.encounter.met()
        if not self.people:
            return given
        return given | {
            "child": self.child.said(),
            "others": [met for met in (form.met() for form in self.others) if met],
            "travel_together": self.group.cleaned_data["travel_together"],
            "group_label": self.group.cleaned_data["group_label"],
        }

    def refuse(self, error: Invalid) -> None:
        """Put an action's sentences beside the fields they speak of."""
        for name, sentence in error.fields.items():
            place_error(self.encounter, _FIELDS.get(name, name), sentence)

    def suspicion_groups(self) -> Mapping[str, Collection[Any]]:
        """Suspicions and what is seen at once; the other concerns open with a tap."""
        first: list[Any] = []
        more: list[Any] = []
        for option in self.encounter["suspicions"]:
            code = str(option.data["value"])
            known = is_suspicion(code) or code in SEEN_AT_ONCE
            (first if known else more).append(option)
        return {"first": first, "more": more}

    @property
    def errors(self) -> list[tuple[str, str, str]]:
        """(anchor, label, sentence) of everything that is wrong, for the summary."""
        found = []
        for form in self.forms:
            found += [("", "", str(error)) for error in form.non_field_errors()]
            for bound in form:
                anchor = (
                    bound.auto_id
                    if getattr(bound.field.widget, "use_fieldset", False)
                    else bound.id_for_label
                )
                found += [(str(anchor), str(bound.label), str(e)) for e in list(bound.errors)[:1]]
        return found


# Names that actions use where the form asks the same under another.
_FIELDS = {"full": "narrative", "label": "narrative", "known": "narrative"}


def place_error(form: forms.Form, name: str, sentence: object) -> None:
    """Beside the field where the form has it, else on top."""
    form.add_error(name if name in form.fields else None, str(sentence))
