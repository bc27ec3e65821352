"""Forms that end a triage: not endangered, at risk, and the case that follows."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oslonac.access.actor import Actor
from oslonac.access.roles import Permission, Role
from oslonac.access.rules import Level
from oslonac.accounts.queries import holders, names_of
from oslonac.audit.actions import record_read
from oslonac.cases import lists, moments, queries, whereabouts
from oslonac.cases.models import Encounter
from oslonac.cases.rules import Pathway, Priority, Safety, priority_proposed
from oslonac.country import alphabetical
from oslonac.directory import codes
from oslonac.encounters.people_met_forms import ChildForm
from oslonac.people.models import Person
from oslonac.people.queries import shown_names
from oslonac.people.rules import Accompaniment, accompaniment
from oslonac.steps.fields import CodedMany, Words
from oslonac.steps.forms import StepForm

TOLD = gettext_lazy("I have informed the reporter of the outcome")


class StopForm(StepForm):
    """Not endangered: the reasons, the decision on a suspicion, the answer to the caller."""

    reasons = CodedMany(
        "not_endangered_reasons",
        label=gettext_lazy("Why is the person not endangered?"),
        required=False,
    )
    note = Words(label=gettext_lazy("What you saw or checked"), required=False)
    suspicion_decision = Words(
        label=gettext_lazy("Decision on the suspicion"),
        help_text=gettext_lazy(
            "Write who checked it, what was found and why no case is opened. A suspicion "
            "cannot end without a decision."
        ),
        required=False,
    )
    reporter_told = forms.BooleanField(label=TOLD, required=False)

    def shape(self, doing: Any) -> None:
        if not doing.of.suspicions:
            self.drop("suspicion_decision")


class AtRiskForm(StepForm):
    """At risk, by somebody who may not open a case: the centre opens it."""

    note = Words(label=gettext_lazy("What the centre needs to know"), required=False)
    reporter_told = forms.BooleanField(label=TOLD, required=False)


class NameForm(StepForm, ChildForm):
    """Who the person met is, said after the encounter."""

    carried = ("known", "other")

    def __init__(self, data: Any = None, *, doing: Any, **more: Any) -> None:
        super().__init__(data, doing=doing, at=doing.at, **more)

    def clean(self) -> dict[str, Any]:
        # Made where the step is taken: what it refuses is shown beside the form.
        return (super().clean() or {}) | {"said": self.said}


class CaseForm(StepForm):
    """At risk: the case that is opened. The priority is proposed; a person decides."""

    person = forms.ChoiceField(
        label=gettext_lazy("For which person?"),
        help_text=gettext_lazy("Each person has their own case."),
        widget=forms.RadioSelect,
        error_messages={
            "invalid_choice": gettext_lazy(
                "Choose a person who has no case from this encounter yet."
            )
        },
    )
    priority = forms.ChoiceField(
        label=gettext_lazy("Priority"), choices=Priority.choices, widget=forms.RadioSelect
    )
    reason = Words(label=gettext_lazy("Reason for opening and for the priority"))
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

    def shape(self, doing: Any) -> None:
        met: Encounter = doing.of
        self.proposed = proposal(met)
        sent = str(self.data.get("person", ""))
        persons = children_of(doing.actor, met, doing.at, sent)
        self.persons = {str(person.pk): person for person, _words in persons}
        for name, value in self._proposed(met).items():
            self.initial.setdefault(name, value)
        offer: Any = self.fields
        offer["priority"].help_text = self.proposed[1]
        offer["organisation"].choices = whereabouts.centres()
        if len(persons) > 1 or sent:
            offer["person"].choices = [(str(person.pk), words) for person, words in persons]
        else:
            self.drop("person")
        self._offer_managers(doing.actor, doing.at, met)
        if met.reporter_told_at is not None or met.decided_at is not None:
            self.drop("reporter_told")

    def _proposed(self, met: Encounter) -> dict[str, Any]:
        found = {
            "priority": self.proposed[0],
            "organisation": str(met.responsible_id),
            "pathway": Pathway.FULL,
        }
        first = next(iter(self.persons), "")
        return found | ({"person": first} if first else {})

    def _offer_managers(self, actor: Actor, at: datetime, encounter: Encounter) -> None:
        """Those who assign choose anybody of the centre; others may take the case themselves."""
        able = list(holders(encounter.responsible_id, Role.CASE_MANAGER, Role.SUPERVISOR, at=at))
        if Permission.CASE_ASSIGN not in actor.permissions:
            able = [user for user in able if user.pk == actor.user_id]
        self.managers = {str(user.pk): user for user in able}
        if not able:
            self.drop("manager")
            return
        names = names_of(user.pk for user in able)
        pairs = ((str(pk), name) for pk, name in names.items())
        listed = sorted(pairs, key=lambda pair: alphabetical(pair[1]))
        offer: Any = self.fields
        offer["manager"].choices = [("", _("decided later by the supervisor")), *listed]

    def clean(self) -> dict[str, Any]:
        """The answers as the action takes them."""
        given = super().clean() or {}
        chosen = given.get("person") or next(iter(self.persons), "")
        given["person"] = self.persons.get(chosen)
        given.setdefault("reporter_told", False)
        given["manager"] = self.managers.get(given.get("manager") or "")
        if "organisation" in given:
            given["organisation"] = whereabouts.centre(given["organisation"])
        return given


def children_of(
    actor: Actor, met: Encounter, at: datetime, chosen: str = ""
) -> list[tuple[Person, str]]:
    """Those met who may be under 18 and have no case from this encounter, the child first.

    `chosen` stays among them: whoever got a case meanwhile must not become somebody else.
    """
    cases = queries.visible_to(actor, at=at).filter(encounter=met)
    with_case = {str(pk) for pk in cases.values_list("person", flat=True)} - {chosen}
    met_here = Person.objects.filter(appearances__record_id=met.pk).order_by("made_at", "pk")
    rows = [person for person in met_here if str(person.pk) not in with_case]
    found = [
        (person, age)
        for person in rows
        if (age := lists.age_of(person, at)) is None or age.presumed_minor
    ]
    found.sort(key=lambda pair: pair[0].pk != met.person_id)
    names = (
        shown_names([person for person, _age in found]) if met.reach.shows(Level.IDENTITY) else {}
    )
    if names:
        record_read(actor=actor, at=at, subject=met, fields=["shown_name"])
    return [(person, _described(names.get(person.pk, ""), age)) for person, age in found]


def _described(name: str, age: Any) -> str:
    known = _("%(age)s years") % {"age": age} if age else ""
    return ", ".join(part for part in (moments.isolated(name) or _("no name yet"), known) if part)


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
