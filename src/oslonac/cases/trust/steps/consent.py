"""Steps of consent: recording and withdrawing it."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from oslonac.access.rules import Level
from oslonac.cases import actions
from oslonac.cases.models import Case, Consent
from oslonac.cases.steps.registry import CASE, Doing, Group, Step, register
from oslonac.cases.trust import consents
from oslonac.cases.trust import rules as trust_rules
from oslonac.directory import codes
from oslonac.kit.clock import local_day
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
    purpose = Coded("consent_purposes", label=_("Purpose"))
    receiver = OrganisationNamed(
        beside=True,
        label=_("Who will see it"),
        help_text=_("One organisation. For another one, ask again."),
    )
    level = forms.TypedChoiceField(
        label=_("What they can see"), coerce=int, widget=forms.RadioSelect, choices=()
    )
    whereabouts = forms.BooleanField(label=_("Also show where the person is"), required=False)
    scope = Words(
        rows=3, required=False, label=_("What may and must not be disclosed, in the person's words")
    )
    agreed = OneOfTwo(
        _("yes: record a consent"),
        _("no: record a refusal"),
        label=_("Did they agree?"),
    )
    child_answer = Pick(trust_rules.ChildAnswer, label=_("What the person says"))
    adult = Pick(
        trust_rules.Capacity,
        trust_rules.Capacity.CHILD,
        required=False,
        label=_("Which adult spoke for the child"),
    )
    adult_name = Line(label=_("Their name"), required=False)
    exception = Words(
        rows=2,
        required=False,
        label=_("If nobody could be asked: why it is still in the person's interest"),
    )
    language = Coded("languages", label=_("Language it was explained in"))
    interpreter = Line(label=_("Interpreter"), required=False)
    given_at = Moment(label=_("When"))
    until = Day(
        label=_("Last day"),
        required=False,
        help_text=_("It ends earlier if it is withdrawn, at any time and without a reason."),
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
    return _now("%(rule)s. Guidance: no confirmed legal source sets these ages.") % {"rule": title}


class TakeBack(StepForm):
    by = Pick(trust_rules.Capacity, label=_("Who withdraws it"))


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
        done=_("The consent is recorded. It can be withdrawn on the same page."),
        anchor="consents",
        group=Group.CHILD,
        icon="edit",
        help=_(
            "One purpose, one receiver. Explain first that saying no does not affect the "
            "help, and that consent can be withdrawn."
        ),
        initial=lambda doing: {
            "level": int(Level.SERVICE),
            "agreed": True,
            "given_at": doing.at,
            "language": _spoken(doing.case),
            "until": local_day(doing.at + timedelta(days=USUAL_DAYS)),
        },
    ),
    Step(
        action=actions.withdraw_consent,
        on=CASE.of(Consent),
        slug="consent-withdraw",
        title=_("Withdraw the consent"),
        form=TakeBack,
        done=_("The consent is withdrawn, and every access based on it has ended."),
        anchor="consents",
        label=_("Withdraw"),
        when_closed=True,
        alarming=True,
        help=_(
            "No reason is needed. People who could see the case because of this consent "
            "get a notice at once."
        ),
        applies=lambda case, subject: subject.status == trust_rules.ConsentStatus.GIVEN,
        initial=lambda doing: {"by": trust_rules.Capacity.CHILD},
        save=_("Withdraw the consent"),
    ),
)
