"""Steps of consent: recording what was said, and taking it back in one press."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from oslonac.access.rules import Level
from oslonac.cases import actions, consents, trust_rules
from oslonac.cases.models import Case, Consent
from oslonac.cases.steps.registry import CASE, Doing, Group, Step, register
from oslonac.directory import codes
from oslonac.steps.fields import (
    Coded,
    Day,
    Line,
    Moment,
    OneOfTwo,
    OrganisationNamed,
    Pick,
    Words,
    choices_of,
    end_of,
)
from oslonac.steps.forms import StepForm

USUAL_DAYS = 90


class Give(StepForm):
    purpose = Coded("consent_purposes", label=_("What for"))
    receiver = OrganisationNamed(
        beside=True,
        label=_("Who would see it"),
        help_text=_("One organisation. For another one, ask again."),
    )
    level = forms.TypedChoiceField(
        label=_("How much"), coerce=int, widget=forms.RadioSelect, choices=()
    )
    whereabouts = forms.BooleanField(label=_("And where the child is"), required=False)
    scope = Words(
        rows=3, required=False, label=_("What may be told and what must not, in the person's words")
    )
    agreed = OneOfTwo(
        _("yes: this is a consent"),
        _("no: write it down as a refusal"),
        label=_("Was it agreed to?"),
    )
    child_answer = Pick(trust_rules.ChildAnswer, label=_("What the child itself says"))
    adult = Pick(
        trust_rules.Capacity,
        trust_rules.Capacity.CHILD,
        required=False,
        label=_("Which grown-up spoke for the child"),
    )
    adult_name = Line(label=_("Their name"), required=False)
    exception = Words(
        rows=2,
        required=False,
        label=_("If nobody could be asked: why it is in the child's interest all the same"),
    )
    language = Coded("languages", label=_("In which language it was explained"))
    interpreter = Line(label=_("Interpreter"), required=False)
    given_at = Moment(label=_("When"))
    until = Day(
        label=_("Until, this day included"),
        required=False,
        help_text=_("It ends earlier when it is taken back, at any time and without a reason."),
    )

    def shape(self, doing: Doing) -> None:
        field: Any = self.fields["level"]
        field.choices = choices_of(Level, *(x for x in Level if not doing.case.reach.shows(x)))
        if not doing.case.reach.whereabouts:
            self.drop("whereabouts")
        self.fields["child_answer"].help_text = rule_of(doing.case, doing)


def rule_of(case: Case, doing: Doing) -> str:
    """Whose word this child's age asks for, and that no norm was read for it."""
    band = consents.band_of(case, at=doing.at)
    title = capfirst(codes.title("consent_bands", band.code))
    if band.verified:
        return title
    return _now("%(rule)s. Guidance: no norm that we have read sets these ages.") % {"rule": title}


class TakeBack(StepForm):
    by = Pick(trust_rules.Capacity, label=_("Who takes it back"))


def _give(doing: Doing, data: dict[str, Any]) -> Any:
    given = dict(data)
    given.pop("button", None)
    until = given.pop("until")
    return actions.record_consent(
        actor=doing.actor,
        at=doing.at,
        case=doing.case,
        until=end_of(until) if until else None,
        whereabouts=given.pop("whereabouts", False),
        request_key=doing.request_key,
        **given,
    )


def _spoken(case: Case) -> str:
    languages = case.person.languages
    listed = dict(codes.choices("languages"))
    return next((tag for tag in languages if tag in listed), "")


register(
    Step(
        action=actions.record_consent,
        on=CASE,
        slug="consent",
        title=_("Record a consent or a refusal"),
        form=Give,
        run=_give,
        done=_("It is recorded. It can be taken back on the same page, in one step."),
        anchor="consents",
        group=Group.CHILD,
        icon="edit",
        help=_(
            "One purpose, one receiver. Explain first that saying no has no consequences for the "
            "help, and that it can be taken back."
        ),
        initial=lambda doing: {
            "level": int(Level.SERVICE),
            "agreed": True,
            "given_at": doing.at,
            "language": _spoken(doing.case),
            "until": (doing.at + timedelta(days=USUAL_DAYS)).date(),
        },
    ),
    Step(
        action=actions.withdraw_consent,
        on=CASE.of(Consent),
        slug="consent-withdraw",
        title=_("Take the consent back"),
        form=TakeBack,
        done=_("The consent is taken back, and every access that rested on it has ended."),
        anchor="consents",
        label=_("Take back"),
        when_closed=True,
        alarming=True,
        help=_("No reason is asked. Whoever saw the case because of it is told in this moment."),
        applies=lambda case, subject: subject.status == trust_rules.ConsentStatus.GIVEN,
        initial=lambda doing: {"by": trust_rules.Capacity.CHILD},
        save=_("Take the consent back now"),
    ),
)
