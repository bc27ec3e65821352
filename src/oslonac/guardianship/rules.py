"""Who may be a guardian, and what an appointment may become."""

from collections.abc import Collection

from oslonac.access.roles import ALLOWED, Permission, Role
from oslonac.kit.choices import TextChoices
from oslonac.kit.choices import lazy as _
from oslonac.kit.errors import Refused
from oslonac.kit.statuses import Tables, step

LOAD_TO_NOTICE = 10

NEXT: Tables = {}


class GuardianKind(TextChoices):
    TEMPORARY = "temporary", _("temporary guardian")
    COLLISION = "collision", _("guardian for a conflict of interest")
    PERMANENT = "permanent", _("guardian")


class AppointmentStatus(TextChoices):
    ORAL = "oral", _("appointed orally, written decision due")
    WRITTEN = "written", _("appointed in writing")
    ENDED = "ended", _("ended")


NEXT[AppointmentStatus] = {
    AppointmentStatus.ORAL: frozenset({AppointmentStatus.WRITTEN, AppointmentStatus.ENDED}),
    AppointmentStatus.WRITTEN: frozenset({AppointmentStatus.ENDED}),
    AppointmentStatus.ENDED: frozenset(),
}


def check_may_guard(roles: Collection[str], *, is_manager: bool, is_self: bool = False) -> None:
    """Raise Refused for somebody who may not be a guardian.

    Field workers have a limited mandate: they assess risk, separate urgently and place, but are
    not guardians (S000). An appointment shows names and whereabouts, so nobody gives it to
    themselves, nor to a post that opens no case. Whoever manages the case decides about the
    guardian and cannot be it.
    """
    if Role.FIELD_WORKER in roles:
        raise Refused(
            "guardian.field_worker",
            _(
                "A field worker can assess, separate in an emergency and place a child, but "
                "cannot be the guardian. Choose another person."
            ),
            field="guardian",
        )
    if not any(Permission.CASE_READ in ALLOWED[Role(role)] for role in roles):
        raise Refused(
            "guardian.no_post",
            _(
                "This person's role cannot open cases. Choose somebody else, or enter the name "
                "of a guardian who does not use Oslonac."
            ),
            field="guardian",
        )
    if is_self:
        raise Refused(
            "guardian.self",
            _("You cannot appoint yourself. Ask a colleague at the centre."),
            field="guardian",
        )
    if is_manager:
        raise Refused(
            "guardian.manager",
            _("The case manager decides on the guardian, so cannot be the guardian."),
            field="guardian",
        )


def check_conflict(*, same_institution: bool, acknowledged: str) -> None:
    """Raise Refused when the guardian works where the child is placed and nobody said why."""
    if same_institution and not acknowledged.strip():
        raise Refused(
            "guardian.conflict",
            _(
                "This person works at the institution where the child is placed. Write why "
                "this is still in the child's interest, or choose another person."
            ),
            field="conflict_reason",
        )


def check_conflict_unseen(*, cares_somewhere: bool, acknowledged: str) -> None:
    """The same for somebody who may not know where the child is placed: asked of whoever works in
    any house that cares for children, so that the question tells nothing."""
    if cares_somewhere and not acknowledged.strip():
        raise Refused(
            "guardian.conflict",
            _(
                "This person works at a place that cares for children. Write how you made sure "
                "that it is in the child's interest, or choose another person."
            ),
            field="conflict_reason",
        )


def check_step(now: str, then: AppointmentStatus) -> None:
    """Raise Refused unless `then` may follow `now`."""
    step(NEXT, now, then, "guardian.status", _("The appointment has changed. Check it again."))
