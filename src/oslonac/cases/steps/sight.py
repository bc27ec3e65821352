"""Steps that let somebody see a case and end that sight."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from oslonac.access.models import Grant
from oslonac.access.roles import Permission
from oslonac.access.rules import BY_HAND, Basis, Level, Reason
from oslonac.accounts.models import User
from oslonac.cases import actions
from oslonac.cases.models import Case
from oslonac.cases.steps import offers
from oslonac.cases.steps.base import NoQuestions, StepForm
from oslonac.cases.steps.fields import Day, Line, Pick, Staff, choices_of, end_of
from oslonac.cases.steps.registry import Doing, Group, Step, register

DUTIES = (Reason.ASSIGNMENT, Reason.SUPERVISION)


class Sight(StepForm):
    user = Staff(offers.neighbours, label=_("Who"), required=False)
    login = Line(
        label=_("Or somebody elsewhere, by login name"),
        required=False,
        help_text=_("The exact name this colleague signs in with. Names are not searched."),
    )
    level = forms.TypedChoiceField(
        label=_("How much"), coerce=int, widget=forms.RadioSelect, choices=()
    )
    whereabouts = forms.BooleanField(label=_("And where the child is"), required=False)
    reason = Pick(Reason, *(r for r in Reason if r not in BY_HAND), label=_("Why"))
    basis = Pick(Basis, label=_("On what ground"))
    until = Day(label=_("Until, this day included"))

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
                self.add_error("login", _now("Nobody signs in with this name."))
        elif not data.get("user") and "user" not in self.errors:
            self.add_error("user", _now("Say who may see the case."))
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
        once=doing.once,
    )


def _end(doing: Doing, data: dict[str, Any]) -> Any:
    return actions.end_grant(
        actor=doing.actor, at=doing.at, case=doing.case, grant=doing.subject, once=doing.once
    )


def _grant(case: Case, grant_id: UUID) -> Grant | None:
    return Grant.objects.filter(record_id=case.pk, pk=grant_id).first()


register(
    Step(
        "grant",
        _("Let somebody see the case"),
        Permission.GRANTS_MANAGE,
        Sight,
        _give,
        _("The access is given and stands in the list with its reason."),
        "who-may-see",
        Group.DUTY,
        icon="eye",
        when_closed=True,
        save=_("Give access"),
        initial=lambda doing: {"level": int(Level.CASE)},
    ),
    Step(
        "grant-end",
        _("End this access"),
        Permission.GRANTS_MANAGE,
        NoQuestions,
        _end,
        _("The access has ended."),
        "who-may-see",
        label=_("End"),
        on=Grant,
        find=_grant,
        when_closed=True,
        alarming=True,
        help=_("From this moment the person no longer sees the case by this access."),
        applies=lambda case, grant: (
            grant.reason not in DUTIES and (grant.ends_at is None or grant.ends_at > timezone.now())
        ),
        save=_("End the access"),
    ),
)
