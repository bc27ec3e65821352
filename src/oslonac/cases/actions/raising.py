"""A concern raised inside another action that has checked the actor."""

from datetime import datetime

from oslonac.access.actor import Actor
from oslonac.cases import suspicions
from oslonac.cases.actions.base import record_event
from oslonac.cases.models import Case, Concern
from oslonac.directory import codes
from oslonac.people.actions import clean_text
from oslonac.vault.sealing import seal


def raise_in_case(*, actor: Actor, at: datetime, case: Case, kind: str, detail: str) -> Concern:
    """The same inside another action that has checked the actor."""
    code = codes.check_one("concerns", kind, field="kind")
    concern = Concern(
        case=case,
        key=case.key,
        kind=code,
        is_suspicion=suspicions.is_suspicion(code),
        raised_by_id=actor.user_id,
        raised_at=at,
    )
    seal(concern, case.key, detail=clean_text(detail, "detail"))
    concern.save(force_insert=True)
    record_event(
        "concern.raised",
        actor=actor,
        at=at,
        case=case,
        subject=concern,
        fields=["detail"],
        data={
            "concern": concern,
            "kind": code,
            "suspicion": concern.is_suspicion,
            "trafficking": suspicions.is_trafficking(code),
        },
    )
    return concern
