"""Consents, blocks, emergencies, and requests of a person about their own file."""

from typing import Any
from uuid import UUID

from ninja import Router

from oslonac.access.models import Block
from oslonac.access.roles import Permission
from oslonac.access.rules import Level, TieKind
from oslonac.cases import actions
from oslonac.cases.api.base import (
    disclosure,
    disclosure_of,
    find,
    optional_organisation,
    optional_user,
    organisation,
    part,
    user,
    values,
)
from oslonac.cases.models import Case, Consent, Emergency
from oslonac.cases.trust import blocks
from oslonac.cases.trust.api.shapes import (
    BlockIn,
    BlockLiftIn,
    BlockOut,
    ConflictIn,
    ConflictOut,
    ConsentIn,
    ConsentOut,
    ConsentWithdrawalIn,
    EmergencyIn,
    EmergencyOut,
    TieIn,
    TieOut,
    blocks_out,
    consents_out,
    emergencies_out,
)
from oslonac.cases.trust.steps.emergencies import STEPS
from oslonac.kit.errors import Hidden
from oslonac.people.models import Person
from oslonac.steps.operations import add_operations
from oslonac.web.api import (
    ApiRequest,
    Id,
    operation,
    perform,
    shape_of,
)

router = Router(tags=["Consent and blocks"])


def _shown(request: ApiRequest, case: Case, out: Any, rows: list[Any], *more: Any) -> Any:
    """Rows in their shape, with one read event for what was opened."""
    seen = disclosure(request, case)
    answer = out(seen, rows, *more)
    seen.record(case, case_id=case.pk)
    return answer


def _person(case: Case, person_id: UUID | None) -> Person | None:
    """Somebody who appears in the case; Hidden for anybody else."""
    if person_id is None:
        return None
    found = Person.objects.filter(pk=person_id, appearances__record_id=case.pk).first()
    if found is None:
        raise Hidden("person", person_id)
    return found


@operation(router, "GET", "/cases/{case_id}/consents", Permission.CASE_READ)
def list_consents(request: ApiRequest, case_id: Id) -> list[ConsentOut]:
    """Lists consents and refusals of a case, newest first."""
    case = find(request, case_id)
    rows = list(case.consents.select_related("receiver").order_by("-given_at", "pk"))
    return _shown(request, case, consents_out, rows, request.at)


@operation(router, "POST", "/cases/{case_id}/consents", actions.record_consent, status=201)
def record_consent(request: ApiRequest, case_id: Id, body: ConsentIn) -> ConsentOut:
    """Records a consent or a refusal for one purpose and one receiver."""
    case = find(request, case_id)
    row = perform(
        request,
        actions.record_consent,
        case=case,
        receiver=organisation(body.receiver, "receiver"),
        level=int(body.level.level),
        **values(body, "receiver", "level"),
    )
    return consents_out(disclosure(request, case), [row], request.at)[0]


@operation(
    router, "POST", "/cases/{case_id}/consents/{consent_id}/withdrawal", actions.withdraw_consent
)
def withdraw_consent(
    request: ApiRequest, case_id: Id, consent_id: Id, body: ConsentWithdrawalIn
) -> ConsentOut:
    """Withdraws a consent. Every access based on it ends at once."""
    case = find(request, case_id)
    consent = part(request, case_id, Consent, consent_id)
    row = perform(request, actions.withdraw_consent, consent=consent, **values(body))
    return consents_out(disclosure(request, case), [row], request.at)[0]


@operation(router, "GET", "/cases/{case_id}/blocks", Permission.GRANTS_READ)
def list_blocks(request: ApiRequest, case_id: Id) -> list[BlockOut]:
    """Lists who is blocked from the case or from the whereabouts.

    Shown to those who may set blocks at the responsible centre, and to the case manager.
    """
    case = find(request, case_id)
    rows = blocks.on_record(case.pk, at=request.at)
    told = rows if blocks.may_know(request.actor, case) else []
    return _shown(request, case, blocks_out, told)


@operation(router, "POST", "/cases/{case_id}/blocks", actions.keep_away, status=201)
def keep_away(request: ApiRequest, case_id: Id, body: BlockIn) -> BlockOut:
    """Blocks a colleague, an organisation, or people with a tie to a person."""
    case = find(request, case_id)
    row = perform(
        request,
        actions.keep_away,
        case=case,
        user=optional_user(body.user, "user"),
        organisation=optional_organisation(body.organisation, "organisation"),
        person=_person(case, body.person),
        **values(body, "user", "organisation", "person"),
    )
    return blocks_out(disclosure(request, case), [row])[0]


@operation(router, "POST", "/cases/{case_id}/blocks/{block_id}/lifting", actions.lift_block)
def lift_block(request: ApiRequest, case_id: Id, block_id: Id, body: BlockLiftIn) -> BlockOut:
    """Removes a block, with the reason. You cannot remove a block on yourself."""
    case = find(request, case_id)
    block = Block.objects.filter(pk=block_id, record_id=case.pk).first()
    if block is None or case.reach.kept_off:
        raise Hidden("block", block_id)
    row = perform(request, actions.lift_block, case=case, block=block, why=body.why)
    return blocks_out(disclosure(request, case), [row])[0]


@operation(router, "POST", "/cases/{case_id}/conflict", actions.declare_conflict, status=201)
def declare_conflict(request: ApiRequest, case_id: Id, body: ConflictIn) -> ConflictOut:
    """Declares your conflict of interest. Your access to the case is blocked at once."""
    case = find(request, case_id, level=Level.EXISTENCE)
    perform(
        request,
        actions.declare_conflict,
        case=case,
        person=_person(case, body.person),
        **values(body, "person"),
    )
    return ConflictOut()


@operation(router, "POST", "/cases/{case_id}/ties", actions.note_tie, status=201)
def note_tie(request: ApiRequest, case_id: Id, body: TieIn) -> TieOut:
    """Records a tie: a user is, is family of or represents a person in the case."""
    case = find(request, case_id)
    row = perform(
        request,
        actions.note_tie,
        case=case,
        user=user(body.user, "user"),
        person=_person(case, body.person),
        kind=body.kind.value,
    )
    return TieOut(id=row.pk, kind=TieKind(row.kind))


@shape_of(Emergency)
def emergency_out(request: ApiRequest, row: Emergency) -> EmergencyOut:
    return emergencies_out(disclosure_of(request, row.case_id), [row])[0]


@operation(router, "POST", "/emergencies", actions.break_glass, status=201)
def break_glass(request: ApiRequest, body: EmergencyIn) -> EmergencyOut:
    """Opens a case by its number in an emergency, for some minutes.

    Needs a session with a recently confirmed identity; a token is refused. The case manager and the
    supervisors of the centre get a notice at once, and one of them reviews it.
    """
    row = perform(request, actions.break_glass, **values(body))
    case = find(request, row.case_id)
    return emergencies_out(disclosure(request, case), [row])[0]


@operation(router, "GET", "/cases/{case_id}/emergencies", Permission.CASE_READ)
def list_emergencies(request: ApiRequest, case_id: Id) -> list[EmergencyOut]:
    """Lists the emergency openings of a case, newest first."""
    case = find(request, case_id)
    rows = list(case.emergencies.order_by("-opened_at", "pk"))
    return _shown(request, case, emergencies_out, rows)


add_operations(router, STEPS)
