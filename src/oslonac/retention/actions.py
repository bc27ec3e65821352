"""Periods, holds, proposals, and the decision that destroys."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from oslonac.access import reader
from oslonac.access.actor import Actor
from oslonac.access.models import Grant
from oslonac.access.policy import in_force
from oslonac.access.roles import Permission
from oslonac.audit.actions import action, record
from oslonac.cases import suspicions
from oslonac.cases.actions.base import record_event, require_centre
from oslonac.cases.models import Case
from oslonac.cases.rules import CaseStatus, check_notified
from oslonac.directory.models import Organisation
from oslonac.documents.models import Document
from oslonac.kit.choices import chosen
from oslonac.kit.clock import local_day
from oslonac.kit.errors import Denied, Invalid, Refused
from oslonac.kit.revisions import swap
from oslonac.kit.statuses import step
from oslonac.people.actions import clean_line, clean_reason
from oslonac.retention import periods, queries
from oslonac.retention.models import Disposal, Hold, Period
from oslonac.retention.queries import Traces
from oslonac.retention.rules import (
    AT_ONCE,
    LONGEST_YEARS,
    NEXT,
    DisposalStatus,
    Ground,
    HoldReason,
)
from oslonac.vault import erasers
from oslonac.vault.row_policy import Bypass
from oslonac.vault.sealing import seal, sealed


@action("period.set", Permission.RETENTION_APPROVE)
def set_period(
    *,
    actor: Actor,
    at: datetime,
    organisation: Organisation,
    category: str,
    years: int,
    document: str,
) -> Period:
    """Sets how long a centre keeps a category, by its own list. The latest entry counts."""
    if not actor.may_at(Permission.RETENTION_APPROVE, organisation.pk):
        raise Denied("retention.approve.elsewhere", record=organisation.pk)
    known = {each.code: each for each in periods.categories()}
    if category not in known:
        raise Invalid({"category": _("Choose one.")})
    if not 0 < years <= LONGEST_YEARS:
        raise Invalid({"years": _("Enter whole years, from 1 to %(n)d.") % {"n": LONGEST_YEARS}})
    least = known[category]
    if least.verified and least.years is not None and years < least.years:
        raise Invalid(
            {"years": _("The law requires at least %(n)d years here.") % {"n": least.years}}
        )
    row = Period.objects.create(
        organisation=organisation,
        category=category,
        years=years,
        document=clean_line(document, "document", required=True)[:200],
        set_by_id=actor.user_id,
        set_at=at,
    )
    data = {"category": category, "years": years, "organisation": str(organisation.pk)}
    record("period.set", actor=actor, at=at, subject=row, data=data)
    return row


@action("hold.given", Permission.RETENTION_PROPOSE)
def give_hold(
    *, actor: Actor, at: datetime, case: Case, reason: str, text: str, ends_on: date | None = None
) -> Hold:
    """Sets a legal hold: nothing of this person can be destroyed until it ends."""
    require_centre(actor, case, Permission.RETENTION_PROPOSE, at=at, open_only=False)
    if ends_on is not None and ends_on < local_day(at):
        raise Invalid({"ends_on": _("This day has passed.")})
    row = Hold(
        case=case,
        person_id=case.person_id,
        key=case.key,
        reason=chosen(HoldReason, reason, "reason"),
        ends_on=ends_on,
        given_by_id=actor.user_id,
        given_at=at,
    )
    seal(row, case.key, text=clean_reason(text, "text"))
    row.save(force_insert=True)
    data = {"reason": row.reason, "until": str(ends_on or "")}
    record_event(
        "hold.given", actor=actor, at=at, case=case, subject=row, fields=["text"], data=data
    )
    return row


@action("hold.lifted", Permission.RETENTION_APPROVE)
def lift_hold(*, actor: Actor, at: datetime, hold: Hold, revision: int, text: str) -> Hold:
    """Lifts a hold, with the reason. You cannot lift your own."""
    require_centre(actor, hold.case, Permission.RETENTION_APPROVE, at=at, open_only=False)
    if hold.ended_at is not None:
        raise Refused("hold.lifted", _("This hold was already lifted."))
    if hold.given_by_id == actor.user_id:
        raise Refused("hold.own", _("Another person must lift this hold, because you set it."))
    changes = sealed(hold, end_text=clean_reason(text, "text"))
    swap(hold, revision, ended_by_id=actor.user_id, ended_at=at, **changes)
    record_event(
        "hold.lifted", actor=actor, at=at, case=hold.case, subject=hold, fields=["end_text"]
    )
    return hold


@action("disposal.proposed", Permission.RETENTION_PROPOSE)
def propose(
    *, actor: Actor, at: datetime, case: Case, ground: str, reference: str = ""
) -> Disposal:
    """Proposes to destroy everything about this person. Another person decides."""
    require_centre(actor, case, Permission.RETENTION_PROPOSE, at=at, open_only=False)
    chosen_ground = chosen(Ground, ground, "ground")
    traces = queries.traces_of(case.person)
    found = _check_may_go(traces, case, chosen_ground, at)
    row = Disposal(
        person_id=case.person_id,
        case=case,
        organisation_id=case.organisation_id,
        ground=chosen_ground,
        reference=clean_line(reference, "reference", required=chosen_ground != Ground.PERIOD_OVER)[
            :120
        ],
        numbers=sorted(each.number for each in traces.cases),
        categories=sorted(found.categories),
        period_ended_on=found.on,
        proposed_by_id=actor.user_id,
        proposed_at=at,
        shared_notes=traces.shared_notes,
        documents=_documents(traces),
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Refused(
            "disposal.proposed", _("This was already proposed and is waiting for a decision.")
        ) from None
    data = {"disposal": row, "ground": row.ground, "categories": row.categories}
    record_event("disposal.proposed", actor=actor, at=at, case=case, subject=row, data=data)
    return row


@action("disposal.answered", Permission.RETENTION_APPROVE, fresh=True)
def answer(
    *, actor: Actor, at: datetime, disposal: Disposal, revision: int, approved: bool
) -> Disposal:
    """Decide on a proposal of somebody else. Approved, the keys are destroyed at once, for good;
    the signed entry goes to the ledger and onto the erasure list."""
    if not actor.may_at(Permission.RETENTION_APPROVE, disposal.organisation_id):
        raise Denied("retention.approve.elsewhere", record=disposal.pk)
    if disposal.proposed_by_id == actor.user_id:
        raise Refused(
            "disposal.own", _("Another person must decide this, because you proposed it.")
        )
    then = DisposalStatus.DONE if approved else DisposalStatus.REFUSED
    _check_step(disposal, then)
    if approved:
        return _destroy(actor, at, disposal, revision)
    swap(disposal, revision, status=then, answered_by_id=actor.user_id, answered_at=at)
    _note(actor, at, disposal, "disposal.answered", {"approved": False})
    return disposal


@action("disposal.withdrawn", Permission.RETENTION_PROPOSE)
def withdraw(*, actor: Actor, at: datetime, disposal: Disposal, revision: int) -> Disposal:
    """Take a proposal back; whoever may propose at that centre."""
    if not actor.may_at(Permission.RETENTION_PROPOSE, disposal.organisation_id):
        raise Denied("retention.propose.elsewhere", record=disposal.pk)
    _check_step(disposal, DisposalStatus.WITHDRAWN)
    swap(
        disposal,
        revision,
        status=DisposalStatus.WITHDRAWN,
        answered_by_id=actor.user_id,
        answered_at=at,
    )
    _note(actor, at, disposal, "disposal.withdrawn", {})
    return disposal


@reader.bypass(Bypass.RETENTION)
def _destroy(actor: Actor, at: datetime, disposal: Disposal, revision: int) -> Disposal:
    # Locked: a case opened for this child meanwhile must be seen.
    person = type(disposal.case.person).objects.select_for_update().get(pk=disposal.person_id)
    traces = queries.traces_of(person)
    _check_may_go(traces, disposal.case, Ground(disposal.ground), at)
    erasure = erasers.destroy(
        erasers.entry_of(
            subject_id=person.pk,
            key_ids=traces.keys,
            ground=disposal.ground,
            reference=disposal.reference,
            organisation_id=disposal.organisation_id,
            proposed_by=disposal.proposed_by_id,
            approved_by=actor.user_id,
            at=at,
        )
    )
    swap(
        disposal,
        revision,
        status=DisposalStatus.DONE,
        answered_by_id=actor.user_id,
        answered_at=at,
        erasure=erasure,
        shared_notes=traces.shared_notes,
    )
    _end_sight(traces.cases, at, actor)
    data = {
        "erasure": erasure,
        "ground": disposal.ground,
        "keys": len(traces.keys),
        "signature": erasure.signature_value,
    }
    _note(actor, at, disposal, "identity.erased", data)
    return disposal


def _end_sight(files: Iterable[Case], at: datetime, actor: Actor) -> None:
    """There is nothing left to see, so nobody's list shows it."""
    rows = Grant.objects.filter(in_force(at), record_id__in=[each.pk for each in files])
    rows.update(ends_at=at, ended_by_id=actor.user_id)


def _check_may_go(traces: Traces, case: Case, ground: Ground, at: datetime) -> "queries.Standing":
    """The case's standing. Raises Refused while something stands in the way: a hold, an open
    file (here or at another centre, which is not said), a period that is not over."""
    if queries.holds_of([case.person_id], at=at):
        raise Refused("disposal.held", _("A legal hold is in force; nothing may be destroyed."))
    if case.person.key.destroyed_at is not None:
        raise Refused("disposal.gone", _("Everything about this person was already destroyed."))
    with reader.bypass(Bypass.RETENTION):
        check_notified(untold=suspicions.untold_in(traces.cases))
    open_files = [each for each in traces.cases if each.status != CaseStatus.CLOSED]
    if open_files and ground not in AT_ONCE:
        raise Refused("disposal.open", _("A case of this person is still open."))
    found = queries.standings([each for each in traces.cases if each.closed_at])
    today = local_day(at)
    if ground == Ground.PERIOD_OVER and not all(each.is_over(today) for each in found.values()):
        raise Refused(
            "disposal.early",
            _(
                "The retention period has not ended or is not known. Wait, or choose another "
                "ground."
            ),
            field="ground",
        )
    if case.pk in found:
        return found[case.pk]
    return queries.Standing(None, (), (), False)


@reader.bypass(Bypass.RETENTION)
def _documents(traces: Traces) -> int:
    return Document.objects.filter(case__in=traces.cases).exclude(stored="").count()


def _check_step(disposal: Disposal, then: DisposalStatus) -> None:
    decided = _("This proposal was already decided.")
    step(NEXT, disposal.status, then, "disposal.answered", decided)


def _note(actor: Actor, at: datetime, row: Disposal, name: str, data: dict[str, object]) -> None:
    record(name, actor=actor, at=at, subject=row, case_id=row.case_id, data=data)
