"""Recording an export before it is sent."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from oslonac.access.actor import Actor
from oslonac.access.roles import Permission
from oslonac.access.rules import Level
from oslonac.accounts.models import User
from oslonac.audit.actions import action, record, record_read
from oslonac.cases.actions.base import require_centre
from oslonac.cases.models import Case
from oslonac.exchange.contents import Contents
from oslonac.exchange.models import Export
from oslonac.exchange.rules import PURPOSES, Form, Kind, Purpose
from oslonac.kit.choices import chosen
from oslonac.kit.errors import Denied, Invalid
from oslonac.people.actions import clean_line, clean_text
from oslonac.vault.models import DataKey
from oslonac.vault.sealing import seal


@action("export.made", Permission.SIGNED_IN, fresh=True)
def note_export(
    *,
    actor: Actor,
    at: datetime,
    kind: str,
    contents: Contents,
    purpose: str,
    receiver: str,
    form: str,
    recipient: str = "",
    note: str = "",
    case: Case | None = None,
) -> Export:
    """Write down what goes out, to whom and why; only then may it. Asks for a fresh proof."""
    chosen_kind = chosen(Kind, kind, "kind")
    require_export(actor, chosen_kind, case, at=at)
    why = chosen(Purpose, purpose, "purpose")
    if why not in PURPOSES[chosen_kind]:
        raise Invalid({"purpose": _("Choose one.")})
    owner = case.key if case is not None else _key_of(actor)
    row = Export(
        key=owner,
        kind=chosen_kind,
        case=case,
        purpose=why,
        form=chosen(Form, form, "form"),
        recipient=recipient,
        parts=len(contents.parts),
        rows=contents.rows,
        made_by_id=actor.user_id,
        made_at=at,
    )
    seal(
        row,
        owner,
        receiver=clean_line(receiver, "receiver", required=True),
        note=clean_text(note, "note"),
    )
    row.save(force_insert=True)
    data = {"export": row, "kind": row.kind, "purpose": row.purpose, "form": row.form}
    record(
        "export.made",
        actor=actor,
        at=at,
        subject=row,
        case_id=case.pk if case else None,
        data=data | {"parts": row.parts, "rows": row.rows},
    )
    if contents.seen:
        record_read(
            actor=actor,
            at=at,
            subject=case or row,
            fields=contents.seen,
            case_id=case.pk if case else None,
        )
    return row


def _key_of(actor: Actor) -> DataKey:
    found = User.objects.select_related("key").filter(pk=actor.user_id or UUID(int=0)).first()
    if found is None:
        raise Denied(Permission.EXPORT_MAKE.value)
    return found.key


def require_export(actor: Actor, kind: Kind, case: Case | None, *, at: datetime) -> None:
    """Raise Denied or Hidden unless the actor may make this export."""
    if kind == Kind.LEDGER:
        if Permission.LEDGER_READ not in actor.permissions:
            raise Denied(Permission.LEDGER_READ.value)
    elif kind == Kind.CASELOAD:
        if Permission.EXPORT_MAKE not in actor.permissions:
            raise Denied(Permission.EXPORT_MAKE.value)
    else:
        assert case is not None  # noqa: S101  (the view found it)
        require_centre(
            actor, case, Permission.EXPORT_MAKE, at=at, level=Level.IDENTITY, open_only=False
        )
        if not case.reach.whereabouts:
            raise Denied("export.whereabouts", record=case.pk)
