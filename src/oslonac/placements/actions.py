"""Placing a child and ending a placement."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from oslonac.access import actions as grants
from oslonac.access import policy, reader
from oslonac.access.actor import Actor
from oslonac.access.roles import Permission, Role
from oslonac.access.rules import Level, Reason, RecordKind
from oslonac.audit.actions import action
from oslonac.cases.actions.base import not_future, record_event, require_case
from oslonac.cases.models import Case
from oslonac.country import country
from oslonac.directory.models import Organisation, Place
from oslonac.kit.clock import local_day
from oslonac.kit.errors import Invalid, Refused
from oslonac.kit.revisions import swap
from oslonac.people.actions import clean_line, clean_reason, clean_text
from oslonac.people.rules import age_interval
from oslonac.placements import rules
from oslonac.placements.models import Placement
from oslonac.placements.rules import PlacementStatus
from oslonac.vault.row_policy import Bypass
from oslonac.vault.sealing import seal


@action("placement.made", Permission.PLACE_EMERGENCY)
def place(
    *,
    actor: Actor,
    at: datetime,
    case: Case,
    kind: str,
    from_at: datetime,
    organisation: Organisation | None = None,
    place: Place | None = None,
    address: str = "",
    reason: str = "",
    child_view: str = "",
    asylum_sought: bool = False,
    last_day: date | None = None,
) -> Placement:
    """Records a placement. The former one ends.

    Emergency kinds need the permission to place in an emergency, all others that to decide. Staff
    of a receiving organisation see what they need. `last_day`:
    until when the child may stay there, where the place has such a rule of its own.
    """
    require_case(actor, case, at=at)
    table = country().placements
    value = rules.known_kind(table, kind)
    if not value.emergency:
        policy.require(actor, Permission.PLACE_DECIDE)
        policy.require_at(actor, Permission.PLACE_DECIDE, case.organisation_id, record=case.pk)
    start = not_future(from_at, at, "from_at")
    if organisation is None and place is None:
        raise Invalid({"organisation": _("Enter where the person is placed.")})
    if last_day is not None and last_day < local_day(start):
        raise Invalid({"last_day": _("The last day is before the first.")})
    age = age_interval(case.person.born_from, case.person.born_to, local_day(at))
    rules.check_kind(table, value, age=age, asylum_sought=asylum_sought, reason=reason)
    _end_running(actor, at, case, start)
    placement = Placement(
        case=case,
        key=case.key,
        kind=value.code,
        organisation=organisation,
        place=place,
        from_at=start,
        decided_by_id=actor.user_id,
    )
    seal(
        placement,
        case.key,
        address=clean_line(address, "address"),
        reason=clean_text(reason, "reason"),
        child_view=clean_text(child_view, "child_view"),
    )
    placement.save(force_insert=True)
    if organisation is not None:
        _grant_reception(actor, at, case, organisation)
    _note_placed(actor, at, placement, last_day)
    return placement


def _note_placed(actor: Actor, at: datetime, placement: Placement, last_day: date | None) -> None:
    record_event(
        "placement.made",
        actor=actor,
        at=at,
        case=placement.case,
        subject=placement,
        fields=["address", "reason", "child_view"],
        data={
            "placement": placement,
            "kind": placement.kind,
            "emergency": placement.kind in country().placements.with_mark("emergency"),
            "happened_at": placement.from_at,
            "last_day": last_day or "",
        },
    )


def _grant_reception(actor: Actor, at: datetime, case: Case, organisation: Organisation) -> None:
    grants.grant_role(
        actor=actor,
        at=at,
        kind=RecordKind.CASE,
        record_id=case.pk,
        organisation_id=organisation.pk,
        role=Role.RECEPTION,
        level=Level.NARRATIVE,
        whereabouts=True,
        reason=Reason.PLACEMENT,
    )


@reader.bypass(Bypass.PROJECTION)
def _end_running(actor: Actor, at: datetime, case: Case, end: datetime) -> None:
    running = Placement.objects.filter(case=case, status=PlacementStatus.RUNNING).first()
    if running is None:
        return
    if end < running.from_at:
        raise Refused(
            "placement.order",
            _("The person came to the current place later than this. Check the time."),
            field="from_at",
        )
    _end(actor, at, running, running.revision, end, "moved")
    _note_ended(actor, at, running, end, moved=True)


def _end(
    actor: Actor, at: datetime, placement: Placement, revision: int, end: datetime, reason: str
) -> None:
    swap(placement, revision, status=PlacementStatus.ENDED, until_at=end, end_reason=reason)
    if placement.organisation_id:
        grants.end_grants(
            actor=actor,
            at=at,
            record_id=placement.case_id,
            reasons=(Reason.PLACEMENT,),
            organisation_id=placement.organisation_id,
        )


@action("placement.ended", Permission.PLACE_EMERGENCY)
def end_placement(
    *,
    actor: Actor,
    at: datetime,
    placement: Placement,
    revision: int,
    until_at: datetime,
    reason: str,
) -> Placement:
    """Ends a placement."""
    require_case(actor, placement.case, at=at)
    if placement.status != PlacementStatus.RUNNING:
        raise Refused("placement.ended", _("This placement has already ended."))
    end = not_future(until_at, at, "until_at")
    if end < placement.from_at:
        raise Invalid({"until_at": _("The end is before the start.")})
    _end(
        actor,
        at,
        placement,
        revision,
        end,
        clean_reason(clean_line(reason, "reason"), "reason")[:60],
    )
    _note_ended(actor, at, placement, end)
    return placement


def _note_ended(
    actor: Actor, at: datetime, placement: Placement, end: datetime, *, moved: bool = False
) -> None:
    """`moved`: another placement follows; otherwise the child left, and nobody decided where to."""
    record_event(
        "placement.ended",
        actor=actor,
        at=at,
        case=placement.case,
        subject=placement,
        data={"placement": placement, "happened_at": end, "moved": moved},
    )


@reader.bypass(Bypass.PROJECTION)
def end_with_case(*, actor: Actor, at: datetime, case: Case) -> None:
    """A closed case leaves no running placement. Called inside the closing."""
    for running in Placement.objects.filter(case=case, status=PlacementStatus.RUNNING):
        _end(actor, at, running, running.revision, at, "case_closed")
