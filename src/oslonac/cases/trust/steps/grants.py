"""Steps that give and end access to a case."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from oslonac.access.models import Grant
from oslonac.access.rules import BY_HAND, Basis, Level, Reason
from oslonac.accounts.models import User
from oslonac.accounts.queries import office_name
from oslonac.cases import actions
from oslonac.cases.models import Case, Consent
from oslonac.cases.steps import offers
from oslonac.cases.steps.registry import CASE, Doing, Group, Step, register
from oslonac.cases.trust import consents
from oslonac.directory import codes
from oslonac.kit.clock import now
from oslonac.steps.fields import (
    Coded,
    Day,
    Line,
    Pick,
    Staff,
    Words,
    choices_of,
    end_of,
)
from oslonac.steps.forms import NoQuestions, StepForm

DUTIES = (Reason.ASSIGNMENT, Reason.SUPERVISION)


class Running(forms.ChoiceField):
    """A consent of the case that holds now."""

    def prepare(self, doing: Doing) -> None:
        rows = consents.running(doing.case, at=doing.at)
        self._rows = {str(row.pk): row for row in rows}
        named = [
            (pk, f"{_purpose(row)}: {office_name(row.receiver)}") for pk, row in self._rows.items()
        ]
        self.choices = [("", _now("None")), *named]

    def clean(self, value: Any) -> Consent | None:
        return self._rows.get(super().clean(value) or "")


def _purpose(row: Consent) -> str:
    return codes.title("consent_purposes", row.purpose)


class GiveGrant(StepForm):
    user = Staff(offers.neighbours, label=_("Who"), required=False)
    login = Line(
        label=_("Or somebody at another organisation, by login name"),
        required=False,
        help_text=_("The exact name this colleague signs in with. Names are not searched."),
    )
    level = forms.TypedChoiceField(
        label=_("What they can see"), coerce=int, widget=forms.RadioSelect, choices=()
    )
    whereabouts = forms.BooleanField(label=_("Also show where the person is"), required=False)
    reason = Pick(Reason, *(r for r in Reason if r not in BY_HAND), label=_("Why"))
    basis = Pick(Basis, label=_("Legal basis"))
    consent = Running(
        required=False,
        label=_("Which consent"),
        help_text=_(
            "Required if the access is based on consent. The access ends with the consent."
        ),
    )
    ground = Coded("legal_grounds", required=False, label=_("Which legal ground"))
    explanation = Words(
        rows=3,
        required=False,
        label=_("Why without consent"),
        help_text=_(
            "A legal ground and reasons are required for anybody outside the responsible "
            "centre, unless there is consent."
        ),
    )
    until = Day(label=_("Last day"))

    def shape(self, doing: Doing) -> None:
        levels = choices_of(Level, *(x for x in Level if not doing.case.reach.shows(x)))
        field: Any = self.fields["level"]
        field.choices = levels
        if not doing.case.reach.whereabouts:
            self.drop("whereabouts")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        login = data.get("login", "")
        if login and not data.get("user"):
            data["user"] = User.objects.by_login(login)
            if data["user"] is None:
                self.add_error("login", _now("There is no user with this login name."))
        elif not data.get("user") and "user" not in self.errors:
            self.add_error("user", _now("Choose who may see the case."))
        return data


def _give(doing: Doing, data: dict[str, Any]) -> Any:
    return actions.give_grant(
        actor=doing.actor,
        at=doing.at,
        case=doing.case,
        user=data["user"],
        level=data["level"],
        reason=data["reason"],
        basis=data["basis"],
        until=end_of(data["until"]),
        whereabouts=data.get("whereabouts", False),
        consent=data["consent"],
        ground=data["ground"],
        explanation=data["explanation"],
        request_key=doing.request_key,
    )


def _grant(case: Case, grant_id: UUID) -> Grant | None:
    return Grant.objects.filter(record_id=case.pk, pk=grant_id).first()


register(
    Step(
        action=actions.give_grant,
        on=CASE,
        slug="grant",
        title=_("Give somebody access"),
        form=GiveGrant,
        run=_give,
        done=_("The access is given. It is in the list with its reason."),
        anchor="who-may-see",
        group=Group.DUTY,
        icon="eye",
        when_closed=True,
        save=_("Give access"),
        initial=lambda doing: {"level": int(Level.CASE)},
    ),
    Step(
        action=actions.end_grant,
        on=CASE.of(Grant, find=_grant),
        slug="grant-end",
        title=_("End this access"),
        form=NoQuestions,
        given=lambda doing: {"case": doing.of},
        done=_("The access has ended."),
        anchor="who-may-see",
        label=_("End"),
        when_closed=True,
        alarming=True,
        help=_("This access ends at once. The person may still see the case for another reason."),
        applies=lambda case, grant: (
            grant.reason not in DUTIES and (grant.ends_at is None or grant.ends_at > now())
        ),
        save=_("End the access"),
    ),
)
