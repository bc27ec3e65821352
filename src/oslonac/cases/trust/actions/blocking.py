"""Blocks: closing a case or the whereabouts to somebody, whatever access they have."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from oslonac.access import actions as access
from oslonac.access import reader
from oslonac.access.actions import Closing, Who
from oslonac.access.actor import Actor
from oslonac.access.models import Block, Tie
from oslonac.access.roles import Permission, Role
from oslonac.access.rules import (
    CONFLICTS,
    OWN,
    BlockReason,
    Level,
    Reason,
    RecordKind,
    Scope,
    TieKind,
)
from oslonac.accounts.models import User
from oslonac.audit.actions import action
from oslonac.cases.actions.base import record_event, require_case, require_centre
from oslonac.cases.models import Case
from oslonac.directory.models import Organisation
from oslonac.kit.choices import chosen
from oslonac.kit.errors import Invalid, Refused
from oslonac.notices.actions import Holders, notify
from oslonac.people.actions import clean_reason, clean_text
from oslonac.people.merging import group
from oslonac.people.models import Appearance, Person
from oslonac.vault.row_policy import Bypass

SET = "block.set"
LEADS = (Role.SUPERVISOR, Role.HEAD)
_TIE_OF = {BlockReason.OWN_FAMILY: TieKind.FAMILY, BlockReason.CLOSE: TieKind.CLOSE}
_REASON_OF = {TieKind.CLOSE: BlockReason.CLOSE}


@action("conflict.declared", Permission.CASE_READ)
def declare_conflict(
    *,
    actor: Actor,
    at: datetime,
    case: Case,
    reason: str,
    why: str = "",
    person: Person | None = None,
) -> Block:
    """Say of oneself that one must not work on this case. From this moment it is closed to the
    actor; when `person` is named, so is every record in which that person appears."""
    require_case(actor, case, at=at, level=Level.EXISTENCE, open_only=False)
    if actor.user_id is None or reason not in CONFLICTS:
        raise Invalid({"reason": _("Choose one.")})
    code = BlockReason(reason)
    if person is not None:
        _require_in(case, person)
        if code in _TIE_OF:
            access.tie(
                actor=actor, at=at, user_id=actor.user_id, person_id=person.pk, kind=_TIE_OF[code]
            )
    return _block(
        "conflict.declared",
        actor=actor,
        at=at,
        case=case,
        who=Who(user_id=actor.user_id),
        scope=Scope.ALL,
        reason=code,
        why=clean_text(why, "why"),
        related=person,
    )


@action("block.set", Permission.GRANTS_MANAGE)
def keep_away(
    *,
    actor: Actor,
    at: datetime,
    case: Case,
    scope: str,
    reason: str,
    why: str,
    user: User | None = None,
    organisation: Organisation | None = None,
    person: Person | None = None,
    until: datetime | None = None,
) -> Block:
    """Keep a colleague, everybody of an organisation, or whoever stands with a person (their
    guardian, lawyer, family) from the case or from where the child is."""
    require_centre(actor, case, Permission.GRANTS_MANAGE, at=at, open_only=False)
    named = [each for each in (user, organisation, person) if each is not None]
    if len(named) != 1:
        raise Invalid({"user": _("Choose one: a colleague, an organisation or a person.")})
    if until is not None and until <= at:
        raise Invalid({"until": _("The end is before the start.")})
    if organisation is not None and organisation.pk == case.organisation_id:
        raise Refused(
            "block.own_centre",
            _("You cannot block the whole responsible centre. Transfer the case first."),
            field="organisation",
        )
    if person is not None:
        _require_in(case, person)
    return _block(
        "block.set",
        actor=actor,
        at=at,
        case=case,
        who=Who(
            user_id=user.pk if user else None,
            organisation_id=organisation.pk if organisation else None,
            person_id=person.pk if person else None,
        ),
        scope=chosen(Scope, scope, "scope"),
        reason=chosen(BlockReason, reason, "reason"),
        why=clean_reason(why, "why"),
        until=until,
    )


@action("block.lifted", Permission.GRANTS_MANAGE)
def lift_block(*, actor: Actor, at: datetime, case: Case, block: Block, why: str) -> Block:
    """Let somebody see again what their grants show. Never one's own block."""
    require_centre(actor, case, Permission.GRANTS_MANAGE, at=at, open_only=False)
    if block.principal in actor.principals:
        raise Refused("block.own", _("You cannot remove a block on yourself. Ask a colleague."))
    text = clean_reason(why, "why")
    encounters = Block.objects.filter(cause=block.cause, record_kind=RecordKind.ENCOUNTER)
    here = Block.objects.filter(cause=block.cause, record_id=case.pk)
    rows = (here | encounters).select_related("key")
    if not access.lift(actor=actor, at=at, rows=rows, why=text):
        raise Refused("block.lifted", _("This block was already removed."))
    record_event(
        "block.lifted",
        actor=actor,
        at=at,
        case=case,
        subject=block,
        fields=["lifted_why"],
        data={"block": block, "scope": block.scope},
    )
    _tell(case, block, at, actor)
    block.refresh_from_db()
    return block


@action("tie.noted", Permission.GRANTS_MANAGE)
def note_tie(
    *, actor: Actor, at: datetime, case: Case, user: User, person: Person, kind: str
) -> Tie:
    """Write down that a user of the system is, belongs to or represents somebody in the case.

    Being this person, family or close is a conflict of interest by itself: every record in which
    the person appears is closed to the user at once.
    """
    require_centre(actor, case, Permission.GRANTS_MANAGE, at=at, open_only=False)
    _require_in(case, person)
    code = chosen(TieKind, kind, "kind")
    tie = access.tie(actor=actor, at=at, user_id=user.pk, person_id=person.pk, kind=code)
    if code in OWN:
        _block(
            "block.set",
            actor=actor,
            at=at,
            case=case,
            who=Who(user_id=user.pk),
            scope=Scope.ALL,
            reason=_REASON_OF.get(code, BlockReason.OWN_FAMILY),
            why="",
            related=person,
        )
    record_event(
        "tie.noted",
        actor=actor,
        at=at,
        case=case,
        subject=tie,
        data={"tie": tie, "user": user, "person": person, "kind": code},
    )
    return tie


def _require_in(case: Case, person: Person) -> None:
    if not Appearance.objects.filter(record_id=case.pk, person=person).exists():
        raise Invalid({"person": _("This person does not appear in the case.")})


def _block(
    event: str,
    *,
    actor: Actor,
    at: datetime,
    case: Case,
    who: Who,
    scope: Scope,
    reason: BlockReason,
    why: str,
    related: Person | None = None,
    until: datetime | None = None,
) -> Block:
    with reader.bypass(Bypass.GRANTS):  # who knows of the case alone does not see its key
        key = case.key
    rows = access.block(
        actor=actor,
        at=at,
        who=who,
        records=_records(case, related),
        key=key,
        scope=scope,
        reason=reason,
        why=why,
        related_id=related.pk if related else None,
        until=until,
    )
    managed = scope == Scope.ALL and who.user_id is not None and who.user_id == case.manager_id
    if managed:
        _leave_without_manager(actor, at, case)
    record_event(
        event,
        actor=actor,
        at=at,
        case=case,
        subject=rows[0],
        fields=["why"] if why else [],
        data={
            "block": rows[0],
            "scope": scope,
            "reason": reason,
            "who": str(who.user_id or who.organisation_id or who.person_id),
            "managed": managed,
            "records": len(rows),
        },
    )
    _tell(case, rows[0], at, actor)
    return rows[0]


@reader.bypass(Bypass.GRANTS)
def _records(case: Case, related: Person | None) -> Iterable[Closing]:
    """The case first, the child's other records, and every record of somebody the conflict is
    about; each with the child whose record it is."""
    found = Appearance.objects.filter(person__in=group(case.person_id), is_subject=True)
    if related is not None:
        found = found | Appearance.objects.filter(person__in=group(related.pk))
    kinds: dict[UUID, str] = {case.pk: RecordKind.CASE}
    kinds |= dict(found.values_list("record_id", "record_kind"))
    subjects = dict(
        Appearance.objects.filter(record_id__in=kinds, is_subject=True).values_list(
            "record_id", "person_id"
        )
    )
    return [Closing(kind, record_id, subjects.get(record_id)) for record_id, kind in kinds.items()]


@reader.bypass(Bypass.GRANTS)
def _leave_without_manager(actor: Actor, at: datetime, case: Case) -> None:
    """Whoever must not see the case does not answer for it either; the leads assign anew."""
    access.end_grants(actor=actor, at=at, record_id=case.pk, reasons=(Reason.ASSIGNMENT,))
    Case.objects.filter(pk=case.pk).update(manager=None)
    case.manager_id = None


def _tell(case: Case, block: Block, at: datetime, actor: Actor) -> None:
    """Those who lead the responsible centre are told; whoever is kept away is not."""
    key = f"{SET}:{block.pk}:{'lifted' if block.ends_at else 'set'}"
    notify(Holders(case.organisation_id, LEADS), SET, at=at, record=case, by=actor.user_id, key=key)
