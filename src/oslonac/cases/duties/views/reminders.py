"""Reminders on Today: notes on the own tasks, and what is muted in the team."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from oslonac.access.actor import Actor
from oslonac.access.rules import Reason
from oslonac.accounts.queries import names_of
from oslonac.cases import lists, moments, queries
from oslonac.cases.duties import reminding
from oslonac.cases.duties.steps.reminders import UNMUTE
from oslonac.cases.duties.views import duties
from oslonac.cases.views.links import case_url
from oslonac.protocols import catalogue
from oslonac.protocols.models import Mute, Obligation, State
from oslonac.web.shapes import Action, Due

MUTED_SHOWN = 20


def team_noted(
    actor: Actor, lines: Sequence[Due], late: Sequence[Obligation], *, at: datetime
) -> list[Due]:
    """Late lines of one's team with who was told and what is muted."""
    told = reminding.words(actor, late, at=at)
    return [
        reminding.added(actor, line, duty, told, brief=True)
        for line, duty in zip(lines, late, strict=True)
    ]


@dataclass(frozen=True)
class Muted:
    """Mutes of a team that the actor leads, with the steps they silence."""

    mutes: Sequence[Mute]
    duties: Mapping[UUID, Obligation]

    @property
    def case_ids(self) -> set[UUID]:
        return {mute.case_id for mute in self.mutes}


def muted_in_team(actor: Actor, *, at: datetime) -> Muted:
    """What others muted on the cases the actor supervises, the latest first."""
    supervised = queries.granted_ids(actor, at=at, reasons=(Reason.SUPERVISION,))
    rows = Mute.objects.filter(
        case_id__in=supervised, ended_at__isnull=True, starts_at__lte=at, until__gt=at
    ).exclude(user=actor.user_id)
    mutes = list(rows.order_by("-starts_at")[: MUTED_SHOWN * 2])
    found = Obligation.objects.filter(
        case_id__in={m.case_id for m in mutes}, key__in={m.obligation for m in mutes}
    )
    by_key = {(d.case_id, d.key): d for d in found if d.state == State.OPEN}
    kept = [m for m in mutes if (m.case_id, m.obligation) in by_key][:MUTED_SHOWN]
    return Muted(kept, {m.pk: by_key[m.case_id, m.obligation] for m in kept})


def muted_lines(
    actor: Actor, muted: Muted, rows: Mapping[UUID, lists.Row], *, at: datetime
) -> list[Due]:
    """One line for each mute, with its reason and the way to end it."""
    names = names_of(mute.user_id for mute in muted.mutes)
    said = reminding.said(actor, muted.mutes, at=at)
    return [
        _muted_line(actor, mute, muted.duties[mute.pk], rows, names, said, at)
        for mute in muted.mutes
    ]


def _muted_line(
    actor: Actor,
    mute: Mute,
    duty: Obligation,
    rows: Mapping[UUID, lists.Row],
    names: Mapping[UUID, str],
    said: Mapping[UUID, str],
    at: datetime,
) -> Due:
    url = reverse("cases:step_on", args=[duty.case_id, UNMUTE, mute.pk])
    return Due(
        title=catalogue.title(duty.activity),
        when=moments.due(duty.due_at, at, by_law=duty.verified),
        state=duties._state(duty, at),
        when_iso=moments.iso(duty.due_at),
        url=case_url(duty.case_id),
        why=duties.whose(rows.get(duty.case_id)),
        note=reminding.muted(mute, actor, names, said.get(mute.pk, "")),
        more=[Action(_("End the mute"), url)],
    )
