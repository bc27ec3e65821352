"""Steps on the procedures of a case: done, with evidence; a clock stopped, restarted, longer."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from oslonac.access.actor import Actor
from oslonac.cases import actions, moving
from oslonac.cases.actions.procedures import may_record
from oslonac.cases.models import Case
from oslonac.cases.page import moved
from oslonac.cases.situation import has_own_form, situation
from oslonac.cases.steps.fulfilling import DONE
from oslonac.cases.steps.registry import CASE, Doing, Group, Step, register
from oslonac.kit.calendars import Unit
from oslonac.kit.choices import TextChoices
from oslonac.kit.clock import now
from oslonac.protocols import catalogue
from oslonac.protocols.models import Obligation, State
from oslonac.steps.fields import CHOOSE, Day, Moment, Words
from oslonac.steps.forms import StepForm

WAITING = (State.OPEN, State.PAUSED)


class Length(TextChoices):
    HOURS = Unit.HOURS.value, _("hours")
    CALENDAR_DAYS = Unit.CALENDAR_DAYS.value, _("days")
    WORKING_DAYS = Unit.WORKING_DAYS.value, _("working days")
    MONTHS = Unit.MONTHS.value, _("months")


class Done(StepForm):
    happened_at = Moment(label=_("When it was done"))
    evidence = Words(
        label=_("What was done, by whom, and what shows it"),
        help_text=_("A document, its number, who was there; what a colleague needs to rely on it."),
    )
    all_the_same = forms.BooleanField(required=False, label=_("It was done all the same"))

    def shape(self, doing: Doing) -> None:
        duty = doing.subject
        subject = str(duty.subject_id or "")
        self.tell(duty.activity)
        missing = situation(doing.case, doing.at).missing(duty.activity, subject)
        if not missing:
            self.drop("all_the_same")
            return
        self.fields["all_the_same"].help_text = _now("By the procedure it waits: %(why)s.") % {
            "why": catalogue.missing(missing)
        }

    def tell(self, activity: str) -> None:
        """What the procedure says of the step, above the answers."""
        found = catalogue.entry(activity)
        if found is None:
            return
        self.fields["happened_at"].label = _now("When was it done: %(what)s") % {
            "what": found.title
        }
        told = " ".join(part for part in (found.how, found.evidence) if part)
        if told:
            self.fields["evidence"].help_text = told


class ChooseDone(StepForm):
    activity = forms.ChoiceField(
        label=_("Which step"),
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
        help_text=_("Steps of the procedures that may be done now and have no form of their own."),
    )
    happened_at = Moment(label=_("When it was done"))
    evidence = Words(label=_("What was done, by whom, and what shows it"))

    def shape(self, doing: Doing) -> None:
        field: Any = self.fields["activity"]
        field.choices = [("", _now("Choose")), *recordable(doing)]


def recordable(doing: Doing) -> list[tuple[str, str]]:
    """Steps without a form of their own that may be done now, with their procedure's name."""
    found = []
    for each in situation(doing.case, doing.at).possible():
        roles = tuple(who.role for who in each.protocol.graph.activities[each.step.id].who)
        if has_own_form(each.step) or not may_record(
            doing.actor, roles, doing.case.organisation_id
        ):
            continue
        if each.step.each and not each.subject:
            continue
        procedure = catalogue.in_language(each.protocol.title)
        label = f"{catalogue.in_language(each.step.title)} ({procedure})"
        found.append((f"{each.step.id}:{each.subject}", label))
    return found


class Reason(StepForm):
    reason = Words(label=_("Reasons, and on whose authority"))


class Extend(StepForm):
    amount = forms.IntegerField(
        required=False, min_value=1, max_value=10_000, label=_("How much longer")
    )
    unit = forms.ChoiceField(
        required=False,
        label=_("Of what"),
        choices=[("", _("Choose")), *((each.value, each.label) for each in Length)],
    )
    until = Day(required=False, label=_("Or until which day"))
    reason = Words(label=_("Reasons, and on whose authority"))


class Move(StepForm):
    reason = Words(label=_("Reasons, and on whose authority"))
    preview = "cases/parts/moved.html"

    def shape(self, doing: Doing) -> None:
        self.moved = moved.told(moving.moves(doing.case, doing.at))


def _done(doing: Doing, data: dict[str, Any]) -> Any:
    duty = doing.subject
    return actions.record_step(
        actor=doing.actor,
        at=doing.at,
        case=doing.case,
        activity=duty.activity,
        subject=str(duty.subject_id or ""),
        evidence=data["evidence"],
        happened_at=data["happened_at"],
        all_the_same=bool(data.get("all_the_same")),
        request_key=doing.request_key,
    )


def _chosen(doing: Doing, data: dict[str, Any]) -> Any:
    activity, _sep, subject = data["activity"].partition(":")
    return actions.record_step(
        actor=doing.actor,
        at=doing.at,
        case=doing.case,
        activity=activity,
        subject=subject,
        evidence=data["evidence"],
        happened_at=data["happened_at"],
        request_key=doing.request_key,
    )


def _of_case(case: Case, obligation_id: UUID) -> Obligation | None:
    return Obligation.objects.filter(case_id=case.pk, pk=obligation_id).first()


def _recorded_so(case: Case, duty: Any) -> bool:
    found = catalogue.entry(duty.activity)
    return duty.state in WAITING and (found is None or not has_own_form(found.step))


def _may(actor: Actor, duty: Any) -> bool:
    return may_record(actor, (duty.role,), duty.organisation_id)


def _runs(case: Case, duty: Any) -> bool:
    return duty.state == State.OPEN and duty.due_at is not None


def _can_stop(case: Case, duty: Any) -> bool:
    return _runs(case, duty) and duty.due_at >= now()


def _stands(case: Case, duty: Any) -> bool:
    return duty.state == State.PAUSED


register(
    Step(
        action=actions.record_step,
        on=CASE.of(Obligation, find=_of_case),
        slug=DONE,
        title=_("Record that a step was done"),
        form=Done,
        run=_done,
        done=_("The step is recorded as done."),
        anchor="next",
        label=_("Done"),
        icon="check",
        applies=_recorded_so,
        who=_may,
        initial=lambda doing: {"happened_at": doing.at},
        save=_("Record it as done"),
    ),
    Step(
        action=actions.record_step,
        on=CASE,
        slug="step",
        title=_("Record another step of a procedure"),
        form=ChooseDone,
        run=_chosen,
        done=_("The step is recorded as done."),
        anchor="next",
        group=Group.PROTECT,
        icon="check",
        initial=lambda doing: {"happened_at": doing.at},
        save=_("Record it as done"),
    ),
    Step(
        action=actions.suspend_clock,
        on=CASE.of(Obligation, find=_of_case),
        slug="clock-suspend",
        title=_("Stop the clock"),
        form=Reason,
        given=lambda doing: {"case": doing.of},
        done=_("The clock is stopped, with your reasons. Restart it when it may run again."),
        anchor="next",
        applies=_can_stop,
        help=_("The time left is kept. What is late already stays late."),
        save=_("Stop the clock"),
    ),
    Step(
        action=actions.resume_clock,
        on=CASE.of(Obligation, find=_of_case),
        slug="clock-resume",
        title=_("Restart the clock"),
        form=Reason,
        given=lambda doing: {"case": doing.of},
        done=_("The clock runs again."),
        anchor="next",
        applies=_stands,
        save=_("Restart the clock"),
    ),
    Step(
        action=actions.extend_clock,
        on=CASE.of(Obligation, find=_of_case),
        slug="clock-extend",
        title=_("Give more time"),
        form=Extend,
        given=lambda doing: {"case": doing.of},
        done=_("The term is longer, with your reasons."),
        anchor="next",
        applies=_runs,
        help=_("An extension never shortens. The first term and the reasons stay on record."),
        save=_("Give more time"),
    ),
    Step(
        action=actions.move_procedures,
        on=CASE,
        slug="procedures",
        title=_("Move to the current versions of the procedures"),
        form=Move,
        done=_("The case runs on the current versions now; what is owed is worked out by them."),
        anchor="next",
        group=Group.DUTY,
        applies=lambda case, subject: moving.behind(case),
        help=_("Until somebody decides this, a case stays on the versions it began with."),
        save=_("Move the case"),
    ),
)
