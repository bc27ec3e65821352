"""Steps that block somebody from a case or from the whereabouts, and remove the block."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from oslonac.access.models import Block
from oslonac.access.rules import CONFLICTS, BlockReason, Level, Scope, TieKind
from oslonac.accounts.models import User
from oslonac.cases import actions
from oslonac.cases.models import Case
from oslonac.cases.steps import offers
from oslonac.cases.steps.registry import CASE, Doing, Group, Step, register
from oslonac.kit.clock import now
from oslonac.people.models import Person
from oslonac.steps.fields import Day, Line, OrganisationNamed, Pick, Staff, Words, end_of
from oslonac.steps.forms import StepForm


class InCase(forms.ChoiceField):
    """Somebody who appears in the case, the child included."""

    def prepare(self, doing: Doing) -> None:
        shown = doing.case.reach.shows(Level.IDENTITY)
        persons = list(offers.persons_in(doing.case).select_related("key"))
        names = offers.shown_names(persons) if shown else {}
        lines = [(str(p.pk), offers.described(p, names.get(p.pk, ""), doing.at)) for p in persons]
        self.choices = [
            ("", _now("Nobody in particular")),
            *offers.by_label(lines),
        ]
        self._persons = {str(p.pk): p for p in persons}

    def clean(self, value: Any) -> Person | None:
        return self._persons.get(super().clean(value) or "")


class Named(StepForm):
    """A colleague from the list, or by login name."""

    user = Staff(offers.colleagues, label=_("A colleague"), required=False)
    login = Line(
        label=_("Or somebody at another organisation, by login name"),
        required=False,
        help_text=_("The exact name this colleague signs in with. Names are not searched."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        login = data.pop("login", "")
        if login and not data.get("user"):
            data["user"] = User.objects.by_login(login)
            if data["user"] is None:
                self.add_error("login", _now("There is no user with this login name."))
        return data


class Keep(Named):
    organisation = OrganisationNamed(
        beside=True, required=False, label=_("Or everybody at an organisation")
    )
    person = InCase(
        required=False,
        label=_("Or people with a personal tie to this person"),
        help_text=_("Their guardian, lawyer and family, including those added later."),
    )
    scope = Pick(Scope, label=_("Block from"))
    reason = Pick(BlockReason, label=_("Why"))
    why = Words(rows=3, label=_("Reasons"))
    until = Day(label=_("Last day of the block; leave empty for no end"), required=False)


class Lift(StepForm):
    why = Words(rows=3, label=_("Why the block is removed"))


class Declare(StepForm):
    reason = Pick(BlockReason, *(r for r in BlockReason if r not in CONFLICTS), label=_("Why"))
    person = InCase(
        required=False,
        label=_("Person with the tie"),
        help_text=_("You will not see any record in which this person appears."),
    )
    why = Words(rows=2, required=False, label=_("More details, if you wish"))


class Stands(Named):
    person = InCase(label=_("Person they are related to or represent"))
    kind = Pick(TieKind, label=_("What they are to this person"))


def _keep(doing: Doing, data: dict[str, Any]) -> Any:
    return actions.keep_away(
        actor=doing.actor,
        at=doing.at,
        case=doing.case,
        scope=data["scope"],
        reason=data["reason"],
        why=data["why"],
        user=data["user"],
        organisation=data["organisation"],
        person=data["person"],
        until=end_of(data["until"]) if data["until"] else None,
        request_key=doing.request_key,
    )


def _block(case: Case, block_id: UUID) -> Block | None:
    """A block of this very case; one that names the reader is none."""
    if case.reach.kept_off:
        return None
    return Block.objects.select_related("key").filter(record_id=case.pk, pk=block_id).first()


def _not_kept_off(case: Case, subject: Any) -> bool:
    return not case.reach.kept_off


register(
    Step(
        action=actions.keep_away,
        on=CASE,
        slug="block",
        title=_("Block a person"),
        form=Keep,
        run=_keep,
        done=_("The block starts now, whatever access they have."),
        anchor="who-may-see",
        group=Group.DUTY,
        icon="lock",
        when_closed=True,
        alarming=True,
        help=_(
            "From the whole case, or only from where the person is. A block overrides "
            "every access, now and later. The blocked person is not informed."
        ),
        applies=_not_kept_off,
        initial=lambda doing: {"scope": Scope.WHEREABOUTS},
        save=_("Block"),
    ),
    Step(
        action=actions.lift_block,
        on=CASE.of(Block, find=_block),
        slug="block-lift",
        title=_("Remove this block"),
        form=Lift,
        given=lambda doing: {"case": doing.of},
        done=_("The block is removed. Their access works again."),
        anchor="who-may-see",
        label=_("Remove"),
        when_closed=True,
        alarming=True,
        applies=lambda case, row: row.ends_at is None or row.ends_at > now(),
        who=lambda actor, row: row is None or row.principal not in actor.principals,
        save=_("Remove the block"),
    ),
    Step(
        action=actions.note_tie,
        on=CASE,
        slug="tie",
        title=_("Record a personal tie"),
        form=Stands,
        done=_("The personal tie is recorded. Blocks on this person's side apply to them as well."),
        anchor="who-may-see",
        group=Group.DUTY,
        when_closed=True,
        help=_(
            "A colleague who is family of somebody in the case, or close to them, is "
            "blocked from every record in which that person appears. A lawyer is blocked "
            "only from this case."
        ),
        applies=_not_kept_off,
    ),
    Step(
        action=actions.declare_conflict,
        on=CASE,
        slug="conflict",
        title=_("Declare a conflict of interest"),
        form=Declare,
        done=_(
            "Your access to the case is blocked from now on. The heads and supervisors of "
            "the centre get a notice."
        ),
        anchor="identity",
        group=Group.DUTY,
        level=Level.EXISTENCE,
        when_closed=True,
        alarming=True,
        help=_("You will no longer see this case. Only a head or supervisor can remove the block."),
        save=_("Block my own access"),
    ),
)
