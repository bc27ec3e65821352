"""Consents, blocks, emergencies, and what a person asks about their own file."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from ninja import Router
from pydantic import Field

from oslonac.access.models import Block
from oslonac.access.roles import Permission
from oslonac.access.rules import BlockReason, Level, Scope, TieKind
from oslonac.cases import actions, blocks
from oslonac.cases.api.base import (
    find,
    optional_organisation,
    optional_user,
    organisation,
    part,
    sight,
    user,
    values,
)
from oslonac.cases.models import Case, Consent, Emergency, OwnRequest
from oslonac.cases.own import sheet, texts
from oslonac.cases.trust_rules import (
    AskStatus,
    Capacity,
    ChildAnswer,
    ConsentStatus,
    EmergencyOutcome,
    OwnAsk,
)
from oslonac.kit.errors import Hidden
from oslonac.people.models import Person
from oslonac.people.rules import Attribute
from oslonac.web.api import (
    ApiRequest,
    Code,
    Id,
    In,
    LevelName,
    Line,
    Moment,
    Narrative,
    OfficeRef,
    Out,
    Revision,
    Sight,
    StaffRef,
    level_name,
    office,
    operation,
    perform,
    staff,
)

router = Router(tags=["Consent, blocks and the own file"])


class ConsentOut(Out):
    """What was said about showing the case to one receiver, and whether it holds."""

    id: UUID
    revision: int
    purpose: str
    receiver: OfficeRef | None
    level: LevelName
    whereabouts: bool
    status: ConsentStatus
    holds: bool
    child_answer: ChildAnswer
    adult: str
    band: str = Field(description="Code of `consent_bands`: the age rule that was applied.")
    scope: str | None
    exception: str | None
    language: str
    given_at: datetime
    until: datetime | None
    withdrawn_at: datetime | None
    recorded_by: StaffRef | None


class ConsentIn(In):
    purpose: Annotated[Code, Field(min_length=1)]
    receiver: UUID
    level: LevelName
    whereabouts: bool = False
    agreed: bool = True
    child_answer: ChildAnswer
    adult: Annotated[str, Field(max_length=12, description="A capacity, or empty.")] = ""
    adult_name: Line = ""
    exception: Narrative = ""
    language: Annotated[Code, Field(min_length=1)]
    interpreter: Line = ""
    scope: Narrative = ""
    given_at: Moment
    until: Moment | None = None


class ConsentWithdrawalIn(In):
    revision: Revision
    by: Capacity = Capacity.CHILD


class BlockOut(Out):
    """Who is kept from what, and why. Exactly one of user, organisation, stands_with is filled."""

    id: UUID
    scope: Scope
    reason: BlockReason
    why: str | None
    user: StaffRef | None
    organisation: OfficeRef | None
    stands_with: UUID | None = Field(description="Person: whoever stands with them.")
    declared: bool
    given_by: StaffRef | None
    starts_at: datetime
    ends_at: datetime | None


class BlockIn(In):
    scope: Scope
    reason: BlockReason
    why: Annotated[Narrative, Field(min_length=1)]
    user: UUID | None = None
    organisation: UUID | None = None
    person: UUID | None = None
    until: Moment | None = None


class BlockLiftIn(In):
    why: Annotated[Narrative, Field(min_length=1)]


class ConflictIn(In):
    reason: BlockReason
    why: Narrative = ""
    person: UUID | None = None


class ConflictOut(Out):
    """The case is closed to whoever asked; that is all they are told of it."""

    closed: bool = True


class TieIn(In):
    user: UUID
    person: UUID
    kind: TieKind


class TieOut(Out):
    id: UUID
    kind: TieKind


class EmergencyOut(Out):
    """A case opened for minutes without a duty in it, and its review."""

    id: UUID
    revision: int
    case: UUID
    user: StaffRef | None
    whereabouts: bool
    opened_at: datetime
    until: datetime
    outcome: EmergencyOutcome
    reason: str | None
    review: str | None
    reviewed_by: StaffRef | None
    reviewed_at: datetime | None


class EmergencyIn(In):
    number: Annotated[str, Field(min_length=1, max_length=20, description="The whole number.")]
    reason: Annotated[Narrative, Field(min_length=1)]
    minutes: Annotated[int, Field(ge=1, le=120)] = 30
    whereabouts: bool = False


class EmergencyReviewIn(In):
    revision: Revision
    outcome: EmergencyOutcome
    review: Annotated[Narrative, Field(min_length=1)]


class OwnToldIn(In):
    revision: Revision


class OwnRequestOut(Out):
    """What a person asked about their own file, and the answer."""

    id: UUID
    revision: int
    kind: OwnAsk
    asked_by: Capacity
    text: str | None
    language: str
    asked_at: datetime
    status: AskStatus
    answer: str | None
    decided_by: StaffRef | None
    decided_at: datetime | None
    statement_id: UUID | None
    told_at: datetime | None


class OwnRequestIn(In):
    kind: OwnAsk
    asked_by: Capacity = Capacity.CHILD
    asker_name: Line = ""
    text: Narrative = ""
    language: Annotated[Code, Field(min_length=1)]
    asked_at: Moment


class OwnAnswerIn(In):
    revision: Revision
    status: AskStatus
    answer: Annotated[Narrative, Field(min_length=1)]
    attribute: Attribute | None = None
    detail: Narrative = ""


class OwnPartOut(Out):
    title: str
    text: str
    columns: list[str]
    rows: list[list[str]]
    points: list[str]
    note: str


class OwnSheetOut(Out):
    """The person's own print-out, in one language."""

    language: str
    direction: str
    checked: bool = Field(description="Whether a native speaker checked the texts.")
    title: str
    intro: str
    parts: list[OwnPartOut]
    notes: list[str]


def consents_out(shown: Sight, rows: Iterable[Consent], at: datetime) -> list[ConsentOut]:
    listed = list(rows)
    told = shown.texts(listed, "scope", "exception")
    people = staff(row.recorded_by_id for row in listed)
    return [
        ConsentOut(
            id=row.pk, revision=row.revision, purpose=row.purpose, receiver=office(row.receiver),
            level=level_name(row.level), whereabouts=row.whereabouts,
            status=ConsentStatus(row.status),
            holds=row.status == ConsentStatus.GIVEN and (row.until is None or row.until > at),
            child_answer=ChildAnswer(row.child_answer), adult=row.adult, band=row.band,
            language=row.language, given_at=row.given_at, until=row.until,
            withdrawn_at=row.withdrawn_at, recorded_by=people.get(row.recorded_by_id),
            **told[row.pk],
        )
        for row in listed
    ]  # fmt: skip


def blocks_out(shown: Sight, rows: Iterable[Block]) -> list[BlockOut]:
    listed = list(rows)
    told = shown.texts(listed, "why")
    people = staff(pk for row in listed for pk in (row.user_id, row.given_by_id))
    return [
        BlockOut(
            id=row.pk, scope=Scope(row.scope), reason=BlockReason(row.reason),
            user=people.get(row.user_id), organisation=office(row.organisation),
            stands_with=row.stands_with, declared=row.declared,
            given_by=people.get(row.given_by_id), starts_at=row.starts_at, ends_at=row.ends_at,
            **told[row.pk],
        )
        for row in listed
    ]  # fmt: skip


def emergencies_out(shown: Sight, rows: Iterable[Emergency]) -> list[EmergencyOut]:
    listed = list(rows)
    told = shown.texts(listed, "reason", "review")
    people = staff(pk for row in listed for pk in (row.user_id, row.reviewed_by_id))
    return [
        EmergencyOut(
            id=row.pk, revision=row.revision, case=row.case_id, user=people.get(row.user_id),
            whereabouts=row.whereabouts, opened_at=row.opened_at, until=row.until,
            outcome=EmergencyOutcome(row.outcome), reviewed_by=people.get(row.reviewed_by_id),
            reviewed_at=row.reviewed_at, **told[row.pk],
        )
        for row in listed
    ]  # fmt: skip


def own_requests_out(shown: Sight, rows: Iterable[OwnRequest]) -> list[OwnRequestOut]:
    listed = list(rows)
    told = shown.texts(listed, "text", "answer")
    people = staff(row.decided_by_id for row in listed)
    return [
        OwnRequestOut(
            id=row.pk, revision=row.revision, kind=OwnAsk(row.kind),
            asked_by=Capacity(row.asked_by), language=row.language, asked_at=row.asked_at,
            status=AskStatus(row.status), decided_by=people.get(row.decided_by_id),
            decided_at=row.decided_at, statement_id=row.statement_id, told_at=row.told_at,
            **told[row.pk],
        )
        for row in listed
    ]  # fmt: skip


def _shown(request: ApiRequest, case: Case, out: Any, rows: list[Any], *more: Any) -> Any:
    """Rows in their shape, with one read event for what was opened."""
    seen = sight(request, case)
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
    """Lists consents and refusals of a case, the latest first."""
    case = find(request, case_id)
    rows = list(case.consents.select_related("receiver").order_by("-given_at", "pk"))
    return _shown(request, case, consents_out, rows, request.at)


@operation(router, "POST", "/cases/{case_id}/consents", actions.record_consent, status=201)
def record_consent(request: ApiRequest, case_id: Id, body: ConsentIn) -> ConsentOut:
    """Records what the child, and who answers for it, said about one purpose and one receiver."""
    case = find(request, case_id)
    row = perform(
        request, actions.record_consent, case=case,
        receiver=organisation(body.receiver, "receiver"), level=int(body.level.level),
        **values(body, "receiver", "level"),
    )  # fmt: skip
    return consents_out(sight(request, case), [row], request.at)[0]


@operation(
    router, "POST", "/cases/{case_id}/consents/{consent_id}/withdrawal", actions.withdraw_consent
)
def withdraw_consent(
    request: ApiRequest, case_id: Id, consent_id: Id, body: ConsentWithdrawalIn
) -> ConsentOut:
    """Takes a consent back. Every grant that rests on it ends in the same moment."""
    case = find(request, case_id)
    consent = part(request, case_id, Consent, consent_id)
    row = perform(request, actions.withdraw_consent, consent=consent, **values(body))
    return consents_out(sight(request, case), [row], request.at)[0]


@operation(router, "GET", "/cases/{case_id}/blocks", Permission.GRANTS_READ)
def list_blocks(request: ApiRequest, case_id: Id) -> list[BlockOut]:
    """Lists who is kept from the case or from where the child is.

    Only to those who may set it at the responsible centre, and to the case manager.
    """
    case = find(request, case_id)
    rows = blocks.on_record(case.pk, at=request.at)
    told = rows if blocks.may_know(request.actor, case) else []
    return _shown(request, case, blocks_out, told)


@operation(router, "POST", "/cases/{case_id}/blocks", actions.keep_away, status=201)
def keep_away(request: ApiRequest, case_id: Id, body: BlockIn) -> BlockOut:
    """Keeps a colleague, an organisation, or whoever stands with a person, away."""
    case = find(request, case_id)
    row = perform(
        request, actions.keep_away, case=case, user=optional_user(body.user, "user"),
        organisation=optional_organisation(body.organisation, "organisation"),
        person=_person(case, body.person), **values(body, "user", "organisation", "person"),
    )  # fmt: skip
    return blocks_out(sight(request, case), [row])[0]


@operation(router, "POST", "/cases/{case_id}/blocks/{block_id}/lifting", actions.lift_block)
def lift_block(request: ApiRequest, case_id: Id, block_id: Id, body: BlockLiftIn) -> BlockOut:
    """Lifts a block, with the reason. Never one's own."""
    case = find(request, case_id)
    block = Block.objects.filter(pk=block_id, record_id=case.pk).first()
    if block is None or case.reach.kept_off:
        raise Hidden("block", block_id)
    row = perform(request, actions.lift_block, case=case, block=block, why=body.why)
    return blocks_out(sight(request, case), [row])[0]


@operation(router, "POST", "/cases/{case_id}/conflict", actions.declare_conflict, status=201)
def declare_conflict(request: ApiRequest, case_id: Id, body: ConflictIn) -> ConflictOut:
    """Declares one's own conflict of interest. The case is closed to whoever asks, at once."""
    case = find(request, case_id, level=Level.EXISTENCE)
    perform(
        request, actions.declare_conflict, case=case, person=_person(case, body.person),
        **values(body, "person"),
    )  # fmt: skip
    return ConflictOut()


@operation(router, "POST", "/cases/{case_id}/ties", actions.note_tie, status=201)
def note_tie(request: ApiRequest, case_id: Id, body: TieIn) -> TieOut:
    """Notes that a user is, belongs to or represents somebody who appears in the case."""
    case = find(request, case_id)
    row = perform(
        request, actions.note_tie, case=case, user=user(body.user, "user"),
        person=_person(case, body.person), kind=body.kind.value,
    )  # fmt: skip
    return TieOut(id=row.pk, kind=TieKind(row.kind))


@operation(router, "POST", "/emergencies", actions.break_glass, status=201)
def break_glass(request: ApiRequest, body: EmergencyIn) -> EmergencyOut:
    """Opens the case with this number for some minutes, in an emergency.

    Needs a session with a fresh proof of who asks; a token is refused. The case manager and the
    supervisors of the centre are told at once, and one of them reviews it.
    """
    row = perform(request, actions.break_glass, **values(body))
    case = find(request, row.case_id)
    return emergencies_out(sight(request, case), [row])[0]


@operation(router, "GET", "/cases/{case_id}/emergencies", Permission.CASE_READ)
def list_emergencies(request: ApiRequest, case_id: Id) -> list[EmergencyOut]:
    """Lists when a case was opened in an emergency, the latest first."""
    case = find(request, case_id)
    rows = list(case.emergencies.order_by("-opened_at", "pk"))
    return _shown(request, case, emergencies_out, rows)


@operation(
    router, "POST", "/cases/{case_id}/emergencies/{emergency_id}/review", actions.review_emergency
)
def review_emergency(
    request: ApiRequest, case_id: Id, emergency_id: Id, body: EmergencyReviewIn
) -> EmergencyOut:
    """Says, as somebody who leads the responsible centre, whether it was an emergency."""
    case = find(request, case_id)
    emergency = part(request, case_id, Emergency, emergency_id)
    row = perform(request, actions.review_emergency, emergency=emergency, **values(body))
    return emergencies_out(sight(request, case), [row])[0]


@operation(router, "GET", "/cases/{case_id}/own-requests", Permission.CASE_READ)
def list_own_requests(request: ApiRequest, case_id: Id) -> list[OwnRequestOut]:
    """Lists what the person asked about their own file, the latest first."""
    case = find(request, case_id)
    rows = list(case.own_requests.order_by("-asked_at", "pk"))
    return _shown(request, case, own_requests_out, rows)


@operation(router, "POST", "/cases/{case_id}/own-requests", actions.ask_own, status=201)
def ask_own(request: ApiRequest, case_id: Id, body: OwnRequestIn) -> OwnRequestOut:
    """Records a request for a copy, a correction, an objection or a limit; a clock runs."""
    case = find(request, case_id)
    row = perform(request, actions.ask_own, case=case, **values(body))
    return own_requests_out(sight(request, case), [row])[0]


@operation(router, "POST", "/cases/{case_id}/own-requests/{request_id}/answer", actions.answer_own)
def answer_own(
    request: ApiRequest, case_id: Id, request_id: Id, body: OwnAnswerIn
) -> OwnRequestOut:
    """Decides on a request, with reasons. A granted correction adds a statement."""
    case = find(request, case_id)
    asked = part(request, case_id, OwnRequest, request_id)
    said = values(body, "attribute") | {"attribute": body.attribute or ""}
    row = perform(request, actions.answer_own, request=asked, **said)
    return own_requests_out(sight(request, case), [row])[0]


@operation(router, "POST", "/cases/{case_id}/own-requests/{request_id}/told", actions.tell_own)
def tell_own(request: ApiRequest, case_id: Id, request_id: Id, body: OwnToldIn) -> OwnRequestOut:
    """Records that the answer was handed over and explained."""
    case = find(request, case_id)
    asked = part(request, case_id, OwnRequest, request_id)
    row = perform(request, actions.tell_own, request=asked, revision=body.revision)
    return own_requests_out(sight(request, case), [row])[0]


@operation(router, "GET", "/cases/{case_id}/own-file", Permission.CASE_READ)
def own_file(
    request: ApiRequest, case_id: Id, language: str = "", discreet: bool = False
) -> OwnSheetOut:
    """The person's own print-out: what is kept, why, who can see it, who looked, their rights.

    `language`: a tag of the pack's texts; empty for the person's own. `discreet` leaves out names
    of organisations.
    """
    case = find(request, case_id, level=Level.IDENTITY)
    tag = language if language in texts.offered() else texts.nearest(case.person.languages)
    made = sheet.compose(case, texts.of(tag), at=request.at, discreet=discreet)
    seen = sight(request, case)
    seen.opened |= {"own_file", "names"}
    seen.record(case, case_id=case.pk)
    parts = [OwnPartOut(**part) for part in made.data()["parts"]]
    return OwnSheetOut(
        language=made.tag, direction=made.direction, checked=made.checked, title=made.title,
        intro=made.intro, parts=parts, notes=list(made.notes),
    )  # fmt: skip
