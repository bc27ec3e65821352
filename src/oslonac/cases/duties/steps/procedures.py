"""Steps on procedures: done, with evidence; a deadline suspended, restarted, extended."""

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from oslonac.access.actor import Actor
from oslonac.cases import actions
from oslonac.cases.duties import moving
from oslonac.cases.duties.actions.procedures import addressed, may_record
from oslonac.cases.duties.page import moved
from oslonac.cases.duties.steps.fulfilling import DONE
from oslonac.cases.models import Case
from oslonac.cases.situation import has_own_form, situation
from oslonac.cases.steps.registry import CASE, Doing, Group, Step, register
from oslonac.kit.calendars import Unit
from oslonac.kit.choices import TextChoices
from oslonac.kit.clock import now
from oslonac.protocols import catalogue
from oslonac.protocols.authors import OUTSIDE
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
        label=_("What was done, by whom, and the evidence"),
        help_text=_("For example a document and its number, or who was there."),
    )
    all_the_same = forms.BooleanField(required=False, label=_("It was done anyway"))

    def shape(self, doing: Doing) -> None:
        duty = doing.subject
        subject = str(duty.subject_id or "")
        self.tell(duty.activity)
        missing = situation(doing.case, doing.at).missing(duty.activity, subject)
        if not missing:
            self.drop("all_the_same")
            return
        self.fields["all_the_same"].help_text = _now(
            "The procedure does not allow this yet: %(why)s."
        ) % {"why": catalogue.missing(missing)}

    def tell(self, activity: str) -> None:
        """What the procedure says of the step, above the answers."""
        found = catalogue.entry(activity)
        if found is None:
            return
        self.fields["happened_at"].label = _now("When it was done: %(what)s") % {
            "what": found.title
        }
        told = " ".join(part for part in (found.how, found.evidence) if part)
        if told:
            self.fields["evidence"].help_text = told


class ChooseDone(StepForm):
    activity = forms.ChoiceField(
        label=_("Which step"),
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
        help_text=_(
            "Steps of the procedures that may be done now and have no form of their own, and other "
            "ways in which a step that is due can have ended."
        ),
    )
    happened_at = Moment(label=_("When it was done"))
    evidence = Words(label=_("What was done, by whom, and the evidence"))

    def shape(self, doing: Doing) -> None:
        field: Any = self.fields["activity"]
        field.choices = [("", _now("Choose")), *recordable(doing)]


def recordable(doing: Doing) -> list[tuple[str, str]]:
    """Steps without a form of their own that may be done now, and how else than by its form a step
    that is due can have ended; each with its procedure's name."""
    found = []
    for each in situation(doing.case, doing.at).possible():
        roles = addressed(each.protocol, each.step.id)
        if not may_record(doing.actor, roles, doing.case.organisation_id):
            continue
        if each.step.each and not each.subject:
            continue
        procedure = catalogue.in_language(each.protocol.title)
        title = catalogue.in_language(each.step.title)
        if not has_own_form(each.step):
            found.append((f"{each.step.id}:{each.subject}", f"{title} ({procedure})"))
        for outcome, words in each.step.outcomes.items() if each.pending else ():
            label = f"{title} – {catalogue.in_language(words)} ({procedure})"
            found.append((f"{each.step.id}:{each.subject}:{outcome}", label))
    return found


class Reason(StepForm):
    reason = Words(label=_("Reasons, and on whose authority"))


class Extend(StepForm):
    amount = forms.IntegerField(
        required=False, min_value=1, max_value=10_000, label=_("How much longer")
    )
    unit = forms.ChoiceField(
        required=False,
        label=_("Which task"),
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
    activity, subject, outcome = (*data["activity"].split(":"), "")[:3]
    return actions.record_step(
        actor=doing.actor,
        at=doing.at,
        case=doing.case,
        activity=activity,
        subject=subject,
        outcome=outcome,
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
    """As the action asks: every role that the step is asked of, not only the first."""
    found = catalogue.entry(duty.activity)
    roles = addressed(found.protocol, duty.activity) if found else (duty.role,)
    centre = duty.organisation_id
    if centre is None and not all(role in OUTSIDE for role in roles):
        centre = Case.objects.values_list("organisation_id", flat=True).get(pk=duty.case_id)
    return may_record(actor, roles, centre)


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
        title=_("Record another procedure step"),
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
        title=_("Suspend the deadline"),
        form=Reason,
        given=lambda doing: {"case": doing.of},
        done=_("The deadline is suspended, with your reasons. Restart it when it may run again."),
        anchor="next",
        applies=_can_stop,
        help=_("The remaining time is kept. What is already late stays late."),
        save=_("Suspend the deadline"),
    ),
    Step(
        action=actions.resume_clock,
        on=CASE.of(Obligation, find=_of_case),
        slug="clock-resume",
        title=_("Restart the deadline"),
        form=Reason,
        given=lambda doing: {"case": doing.of},
        done=_("The deadline is running again."),
        anchor="next",
        applies=_stands,
        save=_("Restart the deadline"),
    ),
    Step(
        action=actions.extend_clock,
        on=CASE.of(Obligation, find=_of_case),
        slug="clock-extend",
        title=_("Extend the deadline"),
        form=Extend,
        given=lambda doing: {"case": doing.of},
        done=_("The deadline is extended, with your reasons."),
        anchor="next",
        applies=_runs,
        help=_(
            "An extension cannot shorten a deadline. The first deadline and the reasons "
            "stay on record."
        ),
        save=_("Extend the deadline"),
    ),
    Step(
        action=actions.move_procedures,
        on=CASE,
        slug="procedures",
        title=_("Move to the current versions of the procedures"),
        form=Move,
        done=_("The case now uses the current versions. Its tasks are updated."),
        anchor="next",
        group=Group.DUTY,
        applies=lambda case, subject: moving.behind(case),
        help=_("Until somebody decides to move it, a case stays on the versions it started with."),
        save=_("Move the case"),
    ),
)
