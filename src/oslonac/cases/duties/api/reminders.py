"""Operations on the reminders of a case: muting them with a reason, resuming them."""

from datetime import datetime
from uuid import UUID

from ninja import Router
from pydantic import Field

from oslonac.access.roles import Permission
from oslonac.cases.api.base import find
from oslonac.cases.duties.actions import muting
from oslonac.cases.models import Case
from oslonac.kit.errors import Hidden
from oslonac.protocols.models import Mute, MuteReason, Obligation
from oslonac.protocols.reminders.queries import muted_of_case
from oslonac.web.api import (
    ApiRequest,
    Day,
    Id,
    In,
    Narrative,
    Out,
    Revision,
    operation,
    performed,
    shape_of,
)

router = Router(tags=["Obligations"])


class MuteIn(In):
    until: Day = Field(description="Reminders are silent to the end of this day.")
    reason: MuteReason
    note: Narrative = Field(default="", description="Sealed; required for another reason.")


class UnmuteIn(In):
    revision: Revision


class MuteOut(Out):
    """A mute; its note stays with the case and is not repeated here."""

    id: UUID
    revision: int
    obligation: str = Field(description="Key of the obligation within its case.")
    user: UUID
    reason: MuteReason
    until: datetime
    ended_at: datetime | None


@shape_of(Mute)
def mute_out(request: ApiRequest, row: Mute) -> MuteOut:
    return MuteOut(
        id=row.pk,
        revision=row.revision,
        obligation=row.obligation,
        user=row.user_id,
        reason=MuteReason(row.reason),
        until=row.until,
        ended_at=row.ended_at,
    )


def _mute(case: Case, mute_id: UUID) -> Mute:
    found = Mute.objects.filter(case_id=case.pk, pk=mute_id).first()
    if found is None:
        raise Hidden("mute", mute_id)
    return found


@operation(router, "GET", "/cases/{case_id}/mutes", Permission.CASE_READ)
def list_mutes(request: ApiRequest, case_id: Id) -> list[MuteOut]:
    """Lists the reminders that are muted now: whose and of which obligation."""
    case = find(request, case_id)
    return [mute_out(request, row) for row in muted_of_case(case.pk, at=request.at)]


@operation(
    router,
    "POST",
    "/cases/{case_id}/obligations/{obligation_id}/mute",
    muting.mute_reminders,
    status=201,
)
def mute_reminders(request: ApiRequest, case_id: Id, obligation_id: Id, body: MuteIn) -> MuteOut:
    """Mutes your reminders of an obligation for a while. Your supervisor gets a notice."""
    case = find(request, case_id)
    obligation = Obligation.objects.filter(case_id=case.pk, pk=obligation_id).first()
    if obligation is None:
        raise Hidden("obligation", obligation_id)
    return performed(
        request,
        muting.mute_reminders,
        case=case,
        obligation=obligation,
        until=body.until,
        reason=body.reason.value,
        note=body.note,
    )


@operation(router, "POST", "/cases/{case_id}/mutes/{mute_id}/end", muting.unmute_reminders)
def unmute_reminders(request: ApiRequest, case_id: Id, mute_id: Id, body: UnmuteIn) -> MuteOut:
    """Ends a mute: the reminders resume."""
    case = find(request, case_id)
    return performed(
        request,
        muting.unmute_reminders,
        case=case,
        mute=_mute(case, mute_id),
        revision=body.revision,
    )
