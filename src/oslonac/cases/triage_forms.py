"""Forms that end a triage: not endangered, at risk, and the case that follows."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oslonac.access.actor import Actor
from oslonac.access.roles import Permission, Role
from oslonac.accounts.models import User
from oslonac.accounts.queries import holders, names_of
from oslonac.cases import whereabouts
from oslonac.cases.models import Encounter
from oslonac.cases.rules import Pathway, Priority, Safety, priority_proposed
from oslonac.directory import codes
from oslonac.people.models import Person
from oslonac.people.rules import Accompaniment, accompaniment
from oslonac.web.fields import LongText

TOLD = gettext_lazy("I have informed the reporter of the outcome")


class TriageForm(forms.Form):
    """What every step on an encounter carries along."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)
    request_key = forms.CharField(widget=forms.HiddenInput, max_length=80)


class StopForm(TriageForm):
    """Not endangered: the reasons, the decision on a suspicion, the answer to the caller."""

    reasons = forms.MultipleChoiceField(
        label=gettext_lazy("Why is the person not endangered?"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    note = forms.CharField(
        label=gettext_lazy("What you saw or checked"), widget=LongText, required=False
    )
    suspicion_decision = forms.CharField(
        label=gettext_lazy("Decision on the suspicion"),
        help_text=gettext_lazy(
            "Write who checked it, what was found and why no case is opened. A suspicion "
            "cannot end without a decision."
        ),
        widget=LongText,
        required=False,
    )
    reporter_told = forms.BooleanField(label=TOLD, required=False)

    def __init__(self, *args: Any, encounter: Encounter, **more: Any) -> None:
        super().__init__(*args, **more)
        offer: Any = self.fields
        offer["reasons"].choices = codes.choices("not_endangered_reasons")
        if not encounter.suspicions:
            del self.fields["suspicion_decision"]

    def arguments(self) -> dict[str, Any]:
        given = self.cleaned_data
        return {
            name: given[name]
            for name in ("reasons", "note", "suspicion_decision", "reporter_told")
            if name in given
        }


class AtRiskForm(TriageForm):
    """At risk, by somebody who may not open a case: the centre opens it."""

    note = forms.CharField(
        label=gettext_lazy("What the centre needs to know"), widget=LongText, required=False
    )
    reporter_told = forms.BooleanField(label=TOLD, required=False)

    def arguments(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in ("note", "reporter_told")}


class CaseForm(TriageForm):
    """At risk: the case that is opened. The priority is proposed; a person decides."""

    person = forms.ChoiceField(
        label=gettext_lazy("For which person?"),
        help_text=gettext_lazy("Each person has their own case."),
        widget=forms.RadioSelect,
    )
    priority = forms.ChoiceField(
        label=gettext_lazy("Priority"), choices=Priority.choices, widget=forms.RadioSelect
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason for opening and for the priority"), widget=LongText
    )
    pathway = forms.ChoiceField(
        label=gettext_lazy("Path"),
        choices=Pathway.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "For a person who leaves in a day or two: only the most important steps. You "
            "can move the case to the full path later."
        ),
    )
    organisation = forms.ChoiceField(label=gettext_lazy("Responsible centre"))
    manager = forms.ChoiceField(label=gettext_lazy("Case manager"), required=False)
    reporter_told = forms.BooleanField(label=TOLD, required=False)

    def __init__(
        self,
        *args: Any,
        actor: Actor,
        at: datetime,
        encounter: Encounter,
        persons: list[tuple[Person, str]],
        **more: Any,
    ) -> None:
        self.proposed = proposal(encounter)
        own = {"priority": self.proposed[0], "organisation": str(encounter.responsible_id)}
        more["initial"] = own | {"pathway": Pathway.FULL} | more.get("initial", {})
        if persons:
            more["initial"].setdefault("person", str(persons[0][0].pk))
        super().__init__(*args, **more)
        self.persons = {str(person.pk): person for person, _words in persons}
        offer: Any = self.fields
        offer["priority"].help_text = self.proposed[1]
        offer["organisation"].choices = whereabouts.centres()
        if len(persons) > 1:
            offer["person"].choices = [(str(person.pk), words) for person, words in persons]
        else:
            del self.fields["person"]
        self._offer_managers(actor, at, encounter)
        if encounter.reporter_told_at is not None or encounter.decided_at is not None:
            del self.fields["reporter_told"]

    def _offer_managers(self, actor: Actor, at: datetime, encounter: Encounter) -> None:
        """Those who assign choose anybody of the centre; others may take the case themselves."""
        able = list(holders(encounter.responsible_id, Role.CASE_MANAGER, Role.SUPERVISOR, at=at))
        if Permission.CASE_ASSIGN not in actor.permissions:
            able = [user for user in able if user.pk == actor.user_id]
        self.managers = {str(user.pk): user for user in able}
        if not able:
            del self.fields["manager"]
            return
        names = names_of(user.pk for user in able)
        listed = sorted(((str(pk), name) for pk, name in names.items()), key=lambda x: x[1])
        offer: Any = self.fields
        offer["manager"].choices = [("", _("decided later by the supervisor")), *listed]

    def arguments(self) -> dict[str, Any]:
        given = self.cleaned_data
        chosen = given.get("person") or next(iter(self.persons), "")
        manager: User | None = self.managers.get(given.get("manager") or "")
        return {
            "person": self.persons.get(chosen),
            "organisation": whereabouts.centre(given["organisation"]),
            "manager": manager,
            "reporter_told": given.get("reporter_told", False),
            **{name: given[name] for name in ("priority", "pathway", "reason")},
        }


def proposal(encounter: Encounter) -> tuple[str, str]:
    """The priority proposed and the sentence that says why."""
    alone = accompaniment(encounter.present)
    value = priority_proposed(
        safety=encounter.safety,
        needs=encounter.needs,
        suspicions=encounter.suspicions,
        accompaniment=alone,
    )
    why = []
    if encounter.safety == Safety.AT_RISK:
        why.append(_("the person is at risk now"))
    urgent = [code for code in encounter.needs if code in ("medical_care", "protection_now")]
    why += [codes.title("urgent_needs", code).lower() for code in urgent]
    if encounter.suspicions:
        why.append(_("a suspicion is recorded"))
    if alone in (Accompaniment.UNACCOMPANIED, Accompaniment.SEPARATED):
        why.append(str(alone.label))
    label = Priority(value).label
    if not why:
        return value, _(
            "Proposed: %(priority)s. No reason for a higher priority is recorded. You decide."
        ) % {"priority": label}
    return value, _("Proposed: %(priority)s, because: %(why)s. You decide.") % {
        "priority": label,
        "why": "; ".join(why),
    }
