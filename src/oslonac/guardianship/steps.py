"""Steps on guardians: appoint, write the decision, hand over, release."""

from typing import Any

from django import forms
from django.db.models import Count, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from oslonac.access import reader
from oslonac.access.roles import Role
from oslonac.access.rules import Level
from oslonac.accounts.queries import memberships_in_force, names_of
from oslonac.cases.models import Case
from oslonac.cases.steps.registry import CASE, Doing, Group, Rest, Step, register
from oslonac.country import alphabetical
from oslonac.guardianship import actions, rules
from oslonac.guardianship.models import Appointment
from oslonac.steps.fields import Coded, Line, Moment, OneOfTwo, Pick, Staff, Words
from oslonac.steps.forms import StepForm
from oslonac.vault.row_policy import Bypass
from oslonac.vault.sealing import open_one


def guardians(doing: Doing) -> list[tuple[str, str]]:
    """Guardians at the responsible centre and in its place, with the children they guard."""
    here = doing.case.organisation
    posts = memberships_in_force(doing.at).filter(
        Q(organisation_id=here.pk)
        | Q(organisation__place_id=here.place_id, organisation__place__isnull=False),
        role=Role.GUARDIAN,
    )
    names = names_of(posts.values_list("user_id", flat=True))
    running = Appointment.objects.filter(guardian_id__in=names).exclude(
        status=rules.AppointmentStatus.ENDED
    )
    with reader.bypass(Bypass.CONFLICT):
        loads = dict(running.values_list("guardian_id").annotate(n=Count("pk")))
    order = sorted(names, key=lambda pk: (loads.get(pk, 0), alphabetical(names[pk])))
    return [(str(pk), f"{names[pk]} · {_children(loads.get(pk, 0))}") for pk in order]


def _children(count: int) -> str:
    words = ngettext("guardian of %(n)d child", "guardian of %(n)d children", count) % {"n": count}
    if count >= rules.LOAD_TO_NOTICE:
        return _now("%(words)s, above the limit") % {"words": words}
    return words


class Appoint(StepForm):
    guardian = Staff(
        guardians,
        label=_("Who will be the guardian?"),
        required=False,
        help_text=_("Field workers and the case manager cannot be the guardian."),
    )
    name = Line(
        label=_("Or somebody who does not use Oslonac"),
        required=False,
        help_text=_("The whole name."),
    )
    kind = Pick(rules.GuardianKind, label=_("What kind of guardian"))
    oral = OneOfTwo(
        _("orally, before a witness; the decision is written within a day"),
        _("in writing, the decision exists"),
        description="Orally, with a witness; writing is then due.",
        label=_("How the appointment is made"),
    )
    appointed_at = Moment(label=_("When"))
    witness = Line(
        label=_("Witness"), required=False, help_text=_("Required for an oral appointment.")
    )
    document_number = Line(
        label=_("Number of the decision"),
        required=False,
        help_text=_("Required for a written appointment."),
    )
    conflict_reason = Words(
        required=False,
        rows=3,
        label=_("Why this person, despite a conflict of interest"),
        help_text=_("Only when the person works where the child is placed."),
    )


class Write(StepForm):
    document_number = Line(label=_("Number of the decision"))


class HandOver(StepForm):
    with_child = forms.BooleanField(label=_("The child took part"), required=False)
    note = Words(
        label=_("What the former and the new guardian, and the child, agreed"),
        help_text=_(
            "What the child was told, what was promised, what the new guardian needs to know."
        ),
    )


class Release(StepForm):
    reason = Coded("guardian_end_reasons", label=_("Why the guardianship ends"))


def _opened(doing: Doing, field: str) -> str:
    return open_one(doing.subject, field) if doing.case.reach.shows(Level.NARRATIVE) else ""


def _in_office(case: Case, appointment: Any) -> bool:
    return appointment.status != rules.AppointmentStatus.ENDED


STEPS = register(
    Step(
        action=actions.appoint,
        on=CASE,
        slug="guardian",
        title=_("Appoint a guardian"),
        form=Appoint,
        done=_("The guardian is appointed and can see the case."),
        anchor="guardians",
        group=Group.PROTECT,
        icon="person",
        rest=Rest(
            "guardians",
            "appoint_guardian",
            "AppointmentIn",
            words={"guardian": "The user; or give a name."},
        ),
        help=_("A current appointment of the same kind ends, and the handover becomes due."),
        initial=lambda doing: {
            "kind": rules.GuardianKind.TEMPORARY,
            "oral": True,
            "appointed_at": doing.at,
        },
        save=_("Appoint"),
    ),
    Step(
        action=actions.write_decision,
        on=CASE.of(Appointment),
        slug="guardian-written",
        title=_("Write the decision on the guardian"),
        form=Write,
        done=_("The written decision is recorded."),
        anchor="guardians",
        label=_("Write the decision"),
        rest=Rest(
            "guardians/{appointment_id}/written-decision",
            "write_guardian_decision",
            "WrittenDecisionIn",
        ),
        icon="edit",
        applies=lambda case, subject: subject.status == rules.AppointmentStatus.ORAL,
        initial=lambda doing: {"document_number": _opened(doing, "document_number")},
        compares=("document_number",),
        reads=("document_number",),
    ),
    Step(
        action=actions.hand_over,
        on=CASE.of(Appointment),
        slug="guardian-handover",
        title=_("Record the handover between guardians"),
        form=HandOver,
        done=_("The handover is recorded."),
        anchor="guardians",
        label=_("Handover"),
        rest=Rest("guardians/{appointment_id}/handover", "hand_over_guardian", "HandoverIn"),
        applies=lambda case, subject: _in_office(case, subject) and subject.handed_over_at is None,
        initial=lambda doing: {
            "with_child": bool(doing.subject.handover_with_child),
            "note": _opened(doing, "handover_note"),
        },
        compares=("with_child", "note"),
        reads=("handover_note",),
    ),
    Step(
        action=actions.end_appointment,
        on=CASE.of(Appointment),
        slug="guardian-end",
        title=_("Release the guardian"),
        form=Release,
        done=_("The guardianship has ended, and with it the guardian's access."),
        anchor="guardians",
        label=_("Release"),
        rest=Rest("guardians/{appointment_id}/ending", "end_guardian", "AppointmentEndIn"),
        applies=_in_office,
        initial=lambda doing: {"reason": doing.subject.end_reason},
        compares=("reason",),
        save=_("Release"),
    ),
)
