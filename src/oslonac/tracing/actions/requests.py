"""A request: somebody asks to find somebody, or takes it back."""

import secrets
from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from oslonac.access import actions as grants
from oslonac.access import reader
from oslonac.access.actor import Actor
from oslonac.access.policy import require_at
from oslonac.access.roles import Permission
from oslonac.access.rules import Basis, Level, Reason, RecordKind
from oslonac.audit.actions import action
from oslonac.cases.actions.base import require_case
from oslonac.cases.models import Case
from oslonac.directory.models import Organisation
from oslonac.kit.errors import Invalid, Refused
from oslonac.kit.ids import uuid7
from oslonac.kit.revisions import swap
from oslonac.notices.actions import end
from oslonac.people import actions as people
from oslonac.people.actions import clean_line, clean_text
from oslonac.people.models import Person
from oslonac.people.rules import SaidBy
from oslonac.tracing.actions.base import LEADS, move, note, person_acting, require_request
from oslonac.tracing.models import Candidate, TracingRequest
from oslonac.tracing.rules import Closed, Direction, TraceStatus
from oslonac.vault.row_policy import Bypass
from oslonac.vault.sealing import seal

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without 0, 1, I and O: it is read over the phone


@action("tracing.opened", Permission.TRACING_WORK)
def open_request(
    *,
    actor: Actor,
    at: datetime,
    organisation: Organisation,
    names: Sequence[str] = (),
    sex: str = "",
    case: Case | None = None,
    contact: str = "",
    story: str = "",
    separated: tuple[date, date] | None = None,
    separated_where: str = "",
    may_search: bool = False,
    may_share: bool = False,
    consent_note: str = "",
) -> TracingRequest:
    """Somebody asks to find somebody. With `case` it is the child of this case who asks.

    Nothing is compared without consent to search. Raises Invalid, Refused, Hidden.
    """
    require_at(actor, Permission.TRACING_WORK, organisation.pk, record=organisation.pk)
    _require_seeker(actor, at, case, names, may_search)
    request = TracingRequest(
        pk=uuid7(),
        reference=_reference(),
        direction=Direction.FAMILY if case is None else Direction.CHILD,
        case=case,
        organisation=organisation,
        responsible_id=person_acting(actor),
        received_at=at,
        separated_from=separated[0] if separated else None,
        separated_to=separated[1] if separated else None,
        may_search=may_search,
        may_share=may_share,
    )
    _let_in(actor, at, request)
    if case is not None:
        request.seeker = case.person
        people.appear(case.person, kind=RecordKind.TRACING, record_id=request.pk)
    else:
        request.seeker = describe(actor, at, request.pk, names, sex, SaidBy.SELF)
    request.key = request.seeker.key
    seal(
        request,
        contact=clean_text(contact, "contact"),
        story=clean_text(story, "story"),
        separated_where=clean_line(separated_where, "separated_where"),
        consent_note=clean_text(consent_note, "consent_note"),
    )
    request.save(force_insert=True)
    note("tracing.opened", actor, at, request, case, {"direction": request.direction})
    return request


def _require_seeker(
    actor: Actor, at: datetime, case: Case | None, names: Sequence[str], may_search: bool
) -> None:
    if case is not None:
        require_case(actor, case, at=at, level=Level.IDENTITY)
    elif not any(name.strip() for name in names):
        raise Invalid({"names": _("Enter the name of the person who is searching, in any script.")})
    if not may_search:
        raise Refused(
            "tracing.consent",
            _("You need their agreement before you search. Ask first, then record it."),
            field="may_search",
        )


def _let_in(actor: Actor, at: datetime, request: TracingRequest) -> None:
    """Whoever received it, and those who lead there."""
    kind, basis = RecordKind.TRACING, Basis.CONSENT
    if actor.user_id is not None:
        grants.grant_user(
            actor=actor,
            at=at,
            kind=kind,
            record_id=request.pk,
            user_id=actor.user_id,
            level=Level.IDENTITY,
            whereabouts=True,
            reason=Reason.ASSIGNMENT,
            basis=basis,
        )
    for role in LEADS:
        grants.grant_role(
            actor=actor,
            at=at,
            kind=kind,
            record_id=request.pk,
            organisation_id=request.organisation_id,
            role=role,
            level=Level.IDENTITY,
            whereabouts=True,
            reason=Reason.SUPERVISION,
            basis=basis,
        )


def _reference() -> str:
    drawn = "".join(secrets.choice(LETTERS) for _each in range(8))
    return f"{drawn[:4]}-{drawn[4:]}"


def describe(
    actor: Actor,
    at: datetime,
    request_id: UUID,
    names: Sequence[str],
    sex: str,
    said_by: SaidBy,
) -> Person:
    """A person of this request, with names as told."""
    person: Person = people.make_person(
        actor=actor, at=at, kind=RecordKind.TRACING, record_id=request_id
    )
    for name in names:
        if name.strip():
            people.add_name(actor=actor, at=at, person=person, full=name, said_by=said_by)
    if sex:
        people.state(actor=actor, at=at, person=person, attribute="sex", code=sex, said_by=said_by)
    person.refresh_from_db()
    return person


@action("tracing.withdrawn", Permission.TRACING_WORK)
@reader.bypass(Bypass.TRACING)
def withdraw_request(
    *, actor: Actor, at: datetime, request: TracingRequest, revision: int
) -> TracingRequest:
    """Withdraws a request: its searches close, access given for them ends."""
    require_request(actor, request, at=at)
    swap(request, revision, withdrawn_at=at, may_search=False, may_share=False)
    for trace in request.traces.exclude(status=TraceStatus.CLOSED):
        move(trace, TraceStatus.CLOSED, at=at, closed_why=Closed.WITHDRAWN)
    let_out(actor, at, request)
    note("tracing.withdrawn", actor, at, request, request.case, {})
    return request


def let_out(actor: Actor, at: datetime, request: TracingRequest) -> None:
    """End what was shown for the search: of the request to others, of cases to us."""
    grants.end_grants(actor=actor, at=at, record_id=request.pk, reasons=(Reason.TRACING,))
    cases = Candidate.objects.filter(trace__request=request).values_list("case_id", flat=True)
    for case_id in set(cases):
        end("tracing.asked", case_id, at=at)
        grants.end_grants(
            actor=actor,
            at=at,
            record_id=case_id,
            reasons=(Reason.TRACING,),
            user_id=request.responsible_id,
        )
