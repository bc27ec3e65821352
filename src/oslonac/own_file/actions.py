"""Requests of a person about their own file: recorded with a deadline, decided, handed over."""

from datetime import datetime

from django.utils.translation import gettext as _

from oslonac.access.actor import Actor
from oslonac.access.roles import Permission, Role
from oslonac.access.rules import Level
from oslonac.audit.actions import action
from oslonac.cases.actions.base import not_future, record_event, require_case, require_centre
from oslonac.cases.models import Case, OwnRequest
from oslonac.cases.trust import rules as trust_rules
from oslonac.cases.trust.rules import AskStatus, Capacity, OwnAsk
from oslonac.directory import codes
from oslonac.kit.choices import chosen
from oslonac.kit.errors import Invalid, Refused
from oslonac.kit.revisions import swap
from oslonac.kit.statuses import may_follow, step
from oslonac.notices.actions import Holders, notify
from oslonac.people import actions as people
from oslonac.people.actions import clean_line, clean_reason, clean_text
from oslonac.people.models import Statement
from oslonac.people.rules import Attribute, Basis, SaidBy
from oslonac.vault.sealing import seal, sealed

ASKED = "own_request.made"
LEADS = (Role.SUPERVISOR, Role.HEAD)
_SAID_BY = {
    Capacity.CHILD: SaidBy.SELF,
    Capacity.PARENT: SaidBy.PARENT,
    Capacity.GUARDIAN: SaidBy.GUARDIAN,
}


@action("own_request.made", Permission.CASE_WORK)
def ask_own(
    *,
    actor: Actor,
    at: datetime,
    case: Case,
    kind: str,
    asked_by: str = Capacity.CHILD,
    language: str,
    asked_at: datetime,
    text: str = "",
    asker_name: str = "",
) -> OwnRequest:
    """Records a request for a copy, a correction, an objection or a limit. A deadline starts.

    Also on a closed case: rights do not end with the work.
    """
    require_case(actor, case, at=at, open_only=False)
    what = chosen(OwnAsk, kind, "kind")
    request = OwnRequest(
        case=case,
        key=case.key,
        kind=what,
        asked_by=chosen(Capacity, asked_by, "asked_by"),
        language=codes.check_one("languages", language, field="language"),
        asked_at=not_future(asked_at, at, "asked_at"),
        recorded_by_id=actor.user_id,
    )
    seal(
        request,
        case.key,
        text=clean_text(text, "text", required=what != OwnAsk.COPY),
        asker_name=clean_line(asker_name, "asker_name"),
    )
    request.save(force_insert=True)
    record_event(
        "own_request.made",
        actor=actor,
        at=at,
        case=case,
        subject=request,
        fields=["text", "asker_name"],
        data={"request": request, "kind": what, "happened_at": request.asked_at},
    )
    notify(
        Holders(case.organisation_id, LEADS),
        ASKED,
        at=at,
        record=case,
        by=actor.user_id,
        key=f"{ASKED}:{request.pk}",
    )
    return request


@action("own_request.answered", Permission.CASE_DECIDE)
def answer_own(
    *,
    actor: Actor,
    at: datetime,
    request: OwnRequest,
    revision: int,
    status: str,
    answer: str,
    attribute: str = "",
    detail: str = "",
) -> OwnRequest:
    """Decide, with reasons the person can be given to read. An objection is decided by those who
    lead. A granted correction adds what is right as a statement; what was written stays."""
    case = request.case
    permission = (
        Permission.CASE_APPROVE if request.kind == OwnAsk.OBJECTION else Permission.CASE_DECIDE
    )
    require_centre(actor, case, permission, at=at, level=Level.NARRATIVE, open_only=False)
    then = chosen(AskStatus, status, "status")
    if then == AskStatus.WITHDRAWN or not may_follow(trust_rules.NEXT, request.status, then):
        raise Refused("own_request.answered", _("This was already answered."), field="status")
    corrects = request.kind == OwnAsk.CORRECTION and then != AskStatus.REFUSED
    if corrects and not detail.strip():
        raise Invalid({"detail": _("Write what is correct, in the person's own words.")})
    statement = _statement(actor, at, request, attribute, detail) if corrects else None
    swap(
        request,
        revision,
        status=then,
        decided_by_id=actor.user_id,
        decided_at=at,
        statement_id=statement.pk if statement else None,
        **sealed(request, answer=clean_reason(answer, "answer")),
    )
    record_event(
        "own_request.answered",
        actor=actor,
        at=at,
        case=case,
        subject=request,
        fields=["status", "answer"],
        data={"request": request, "status": then},
    )
    return request


def _statement(
    actor: Actor, at: datetime, request: OwnRequest, attribute: str, detail: str
) -> Statement:
    said_by = _SAID_BY.get(Capacity(request.asked_by), SaidBy.OTHER)
    return people.state(
        actor=actor,
        at=at,
        person=request.case.person,
        attribute=attribute or Attribute.OTHER,
        detail=detail,
        said_by=said_by,
        basis=Basis.CLAIMED,
        case_id=request.case_id,
    )


@action("own_request.told", Permission.CASE_WORK)
def tell_own(*, actor: Actor, at: datetime, request: OwnRequest, revision: int) -> OwnRequest:
    """Records that the answer was handed over and explained."""
    require_case(actor, request.case, at=at, open_only=False)
    if request.decided_at is None or request.told_at is not None:
        raise Refused("own_request.not_answered", _("There is no answer to hand over."))
    swap(request, revision, told_at=at)
    _note_end(actor, at, request, "own_request.told")
    return request


@action("own_request.withdrawn", Permission.CASE_WORK)
def withdraw_own(*, actor: Actor, at: datetime, request: OwnRequest, revision: int) -> OwnRequest:
    """Records that the person takes back what they asked."""
    require_case(actor, request.case, at=at, open_only=False)
    already = _("This was already answered.")
    step(trust_rules.NEXT, request.status, AskStatus.WITHDRAWN, "own_request.answered", already)
    swap(request, revision, status=AskStatus.WITHDRAWN)
    _note_end(actor, at, request, "own_request.withdrawn")
    return request


def _note_end(actor: Actor, at: datetime, request: OwnRequest, name: str) -> None:
    record_event(
        name, actor=actor, at=at, case=request.case, subject=request, data={"request": request}
    )
