"""Appointing, writing, handing over and ending."""

from datetime import datetime

from django.utils.translation import gettext as _

from oslonac.access import actions as grants
from oslonac.access import policy
from oslonac.access.actor import Actor
from oslonac.access.roles import Permission, Role, archetype_of
from oslonac.access.rules import Level, Reason, RecordKind
from oslonac.accounts.models import Membership, User
from oslonac.accounts.queries import memberships_in_force
from oslonac.audit.actions import action
from oslonac.cases.actions.base import not_future, record_event, require_case, require_centre
from oslonac.cases.extensions import EXTENSIONS
from oslonac.cases.models import Case
from oslonac.cases.trust.actions.disclosing import require_not_blocked
from oslonac.directory import codes
from oslonac.guardianship import rules
from oslonac.guardianship.models import Appointment
from oslonac.guardianship.rules import AppointmentStatus
from oslonac.kit.choices import chosen
from oslonac.kit.errors import Invalid
from oslonac.kit.revisions import swap
from oslonac.people.actions import clean_line, clean_reason, clean_text
from oslonac.vault.sealing import seal, sealed


@action("guardian.appointed", Permission.GUARDIAN_APPOINT)
def appoint(
    *,
    actor: Actor,
    at: datetime,
    case: Case,
    guardian: User | None = None,
    name: str = "",
    kind: str = rules.GuardianKind.TEMPORARY,
    oral: bool = True,
    appointed_at: datetime | None = None,
    witness: str = "",
    document_number: str = "",
    conflict_reason: str = "",
) -> Appointment:
    """Appoints a guardian, orally with a witness or in writing.

    A running appointment of the same kind ends with it; a handover becomes an obligation.
    """
    require_centre(actor, case, Permission.GUARDIAN_APPOINT, at=at)
    if guardian is None and not name.strip():
        raise Invalid({"guardian": _("Choose the guardian.")})
    when = not_future(appointed_at or at, at, "appointed_at")
    if guardian is not None:
        _check_person(actor, case, guardian, at, conflict_reason)
    texts = {
        "name": clean_line(name, "name"),
        "witness": clean_line(witness, "witness", required=oral),
        "document_number": clean_line(document_number, "document_number", required=not oral),
        "conflict_reason": clean_text(conflict_reason, "conflict_reason"),
    }
    kind = chosen(rules.GuardianKind, kind, "kind")
    previous = _end_running(actor, at, case, kind)
    appointment = Appointment(
        case=case,
        key=case.key,
        guardian=guardian,
        kind=kind,
        status=AppointmentStatus.ORAL if oral else AppointmentStatus.WRITTEN,
        appointed_at=when,
        appointed_by_id=actor.user_id,
        written_at=None if oral else at,
    )
    seal(appointment, case.key, **texts)
    appointment.save(force_insert=True)
    if guardian is not None:
        _grant_guardian(actor, at, case, guardian)
    _note_appointed(actor, at, appointment, previous)
    return appointment


def _note_appointed(
    actor: Actor, at: datetime, appointment: Appointment, previous: Appointment | None
) -> None:
    oral = appointment.status == AppointmentStatus.ORAL
    record_event(
        "guardian.appointed",
        actor=actor,
        at=at,
        case=appointment.case,
        subject=appointment,
        fields=["name", "witness"],
        data={
            "appointment": appointment,
            "form": "oral" if oral else "written",
            "happened_at": appointment.appointed_at,
            "guardian": str(appointment.guardian_id or ""),
            "previous": str(previous.pk) if previous else "",
        },
    )


def _grant_guardian(actor: Actor, at: datetime, case: Case, guardian: User) -> None:
    grants.grant_user(
        actor=actor,
        at=at,
        kind=RecordKind.CASE,
        record_id=case.pk,
        user_id=guardian.pk,
        level=Level.IDENTITY,
        whereabouts=True,
        reason=Reason.GUARDIAN,
        acts_for=case.person_id,
    )


def _check_person(
    actor: Actor, case: Case, guardian: User, at: datetime, conflict_reason: str
) -> None:
    require_not_blocked(guardian, case, at=at, field="guardian")
    posts: list[Membership] = list(memberships_in_force(at).filter(user=guardian))
    roles = {archetype_of(post.role) for post in posts}
    rules.check_may_guard(
        {role for role in roles if role is not None},
        is_manager=guardian.pk == case.manager_id,
        is_self=guardian.pk == actor.user_id,
    )
    if not policy.reach(actor, case.pk, at=at).tells_where(case.whereabouts_restricted):
        # Answered truly, the question would tell whoever may not know it where the child lives.
        rules.check_conflict_unseen(
            cares_somewhere=Role.RECEPTION in roles,
            acknowledged=conflict_reason,
        )
        return
    # Placements live in a package beside this one; they say through `facts` where a child is.
    where = {
        fact for more in EXTENSIONS.facts for fact in more([case])[case.pk].get("placed_at", ())
    }
    rules.check_conflict(
        same_institution=any(post.organisation_id in where for post in posts),
        acknowledged=conflict_reason,
    )


def _end_running(actor: Actor, at: datetime, case: Case, kind: str) -> Appointment | None:
    running = (
        Appointment.objects.filter(case=case, kind=kind)
        .exclude(status=AppointmentStatus.ENDED)
        .first()
    )
    if running is not None:
        _end(actor, at, running, running.revision, "replaced")
    return running


def _end(actor: Actor, at: datetime, appointment: Appointment, revision: int, reason: str) -> None:
    swap(appointment, revision, status=AppointmentStatus.ENDED, ended_at=at, end_reason=reason)
    if appointment.guardian_id:
        grants.end_grants(
            actor=actor,
            at=at,
            record_id=appointment.case_id,
            reasons=(Reason.GUARDIAN,),
            user_id=appointment.guardian_id,
        )


@action("guardian.written", Permission.GUARDIAN_APPOINT)
def write_decision(
    *,
    actor: Actor,
    at: datetime,
    appointment: Appointment,
    revision: int,
    document_number: str,
) -> Appointment:
    """Records the written decision on an oral appointment."""
    require_centre(actor, appointment.case, Permission.GUARDIAN_APPOINT, at=at)
    rules.check_step(appointment.status, AppointmentStatus.WRITTEN)
    swap(
        appointment,
        revision,
        status=AppointmentStatus.WRITTEN,
        written_at=at,
        **sealed(
            appointment,
            document_number=clean_line(document_number, "document_number", required=True),
        ),
    )
    record_event(
        "guardian.written",
        actor=actor,
        at=at,
        case=appointment.case,
        subject=appointment,
        fields=["document_number"],
        data={"appointment": appointment},
    )
    return appointment


@action("guardian.handed_over", Permission.CASE_WORK)
def hand_over(
    *,
    actor: Actor,
    at: datetime,
    appointment: Appointment,
    revision: int,
    with_child: bool,
    note: str,
) -> Appointment:
    """Records the conversation between the former and the new guardian, and with the child."""
    require_case(actor, appointment.case, at=at)
    swap(
        appointment,
        revision,
        handed_over_at=at,
        handover_with_child=with_child,
        **sealed(appointment, handover_note=clean_reason(note, "note")),
    )
    record_event(
        "guardian.handed_over",
        actor=actor,
        at=at,
        case=appointment.case,
        subject=appointment,
        fields=["handover_note"],
        data={"appointment": appointment, "with_child": with_child},
    )
    return appointment


@action("guardian.ended", Permission.GUARDIAN_APPOINT)
def end_appointment(
    *, actor: Actor, at: datetime, appointment: Appointment, revision: int, reason: str
) -> Appointment:
    """Releases a guardian, whose sight of the case ends."""
    require_centre(actor, appointment.case, Permission.GUARDIAN_APPOINT, at=at)
    rules.check_step(appointment.status, AppointmentStatus.ENDED)
    code = codes.check_one("guardian_end_reasons", reason, field="reason")
    _end(actor, at, appointment, revision, code)
    record_event(
        "guardian.ended",
        actor=actor,
        at=at,
        case=appointment.case,
        subject=appointment,
        data={"appointment": appointment, "reason": code},
    )
    return appointment


def end_with_case(*, actor: Actor, at: datetime, case: Case) -> None:
    """A closed case leaves no guardian in office. Called inside the closing."""
    for running in Appointment.objects.filter(case=case).exclude(status=AppointmentStatus.ENDED):
        _end(actor, at, running, running.revision, "case_closed")
