"""What lines of duties tell of their reminders: who above hears when, who heard, what is muted and
why; the link to what the procedure says, and the way to mute and to hear again.

Belongs here: adding this to lines that `page.duties` and `views.duties` made. Does not: the plan
of reminders (`protocols.reminders`).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from oslonac.access import policy
from oslonac.access.actor import Actor
from oslonac.access.roles import Role
from oslonac.access.rules import Level, Reach
from oslonac.accounts.queries import names_of
from oslonac.cases import moments
from oslonac.cases.duties.actions.muting import is_mine
from oslonac.cases.duties.steps.reminders import MUTE, UNMUTE
from oslonac.protocols.models import Mute, MuteReason, Obligation
from oslonac.protocols.models import State as Standing
from oslonac.protocols.reminders import plan
from oslonac.protocols.reminders.queries import Heard, State, states
from oslonac.vault.sealing import open_many
from oslonac.web.shapes import Action, Due

ROLES = {plan.Level.SUPERVISOR: Role.SUPERVISOR, plan.Level.HEAD: Role.HEAD}


@dataclass(frozen=True)
class Words:
    """What is told of some duties, read in a few queries."""

    states: Mapping[UUID, State]
    names: Mapping[UUID, str]
    said: Mapping[UUID, str]


def words(
    actor: Actor,
    duties: Iterable[Obligation],
    *,
    at: datetime,
    rows: Mapping[str, list[Any]] | None = None,
    names: Mapping[UUID, str] | None = None,
) -> Words:
    """What a reader may be told of some duties. A mute's sentence is sealed like the case's
    narratives, and opened to whoever reads those, and to whoever wrote it. `rows`, `names`: what
    the page of one case read of its reminders and staff already."""
    found = states(duties, at=at, rows=rows)
    mutes = [mute for state in found.values() for mute in state.mutes]
    if names is None:
        people = {mute.user_id for mute in mutes}
        people |= {heard.user_id for state in found.values() for heard in state.heard}
        names = names_of(people) if people else {}
    return Words(found, names, said(actor, mutes, at=at))


def said(actor: Actor, mutes: Sequence[Mute], *, at: datetime) -> dict[UUID, str]:
    """The sentences of mutes that the actor may read, by mute."""
    if not mutes:
        return {}
    reach = policy.reaches(actor, [mute.case_id for mute in mutes], at=at)
    shown = [
        mute
        for mute in mutes
        if mute.user_id == actor.user_id or reach.get(mute.case_id, Reach()).shows(Level.NARRATIVE)
    ]
    return {pk: texts["note"] for pk, texts in open_many(shown, "note").items()}


def added(actor: Actor, line: Due, duty: Obligation, told: Words, *, brief: bool = False) -> Due:
    """A line of a duty with its note, its way to the procedure and its steps of muting; in brief,
    of these only the way back from a mute."""
    state = told.states.get(duty.pk, State())
    return replace(
        line,
        note=" ".join(_sentences(actor, state, told)),
        source_url=reverse("protocols:step", args=[duty.activity]),
        more=[*line.more, *_steps(actor, duty, state, brief)],
    )


def _steps(actor: Actor, duty: Obligation, state: State, brief: bool) -> list[Action]:
    own = next((mute for mute in state.mutes if mute.user_id == actor.user_id), None)
    if own is not None:
        url = reverse("cases:step_on", args=[duty.case_id, UNMUTE, own.pk])
        return [Action(_("End the mute"), url)]
    if brief:
        return []
    if duty.state == Standing.OPEN and duty.due_at is not None and is_mine(actor, duty):
        url = reverse("cases:step_on", args=[duty.case_id, MUTE, duty.pk])
        return [Action(_("Mute reminders"), url)]
    return []


def _sentences(actor: Actor, state: State, told: Words) -> list[str]:
    found = [muted(mute, actor, told.names, told.said.get(mute.pk, "")) for mute in state.mutes]
    if state.heard:
        last = state.heard[-1]
        found.append(_heard(last, actor, told.names))
    if state.next_above is not None:
        role = str(ROLES[state.next_above.level].label)
        found.append(
            _("If it is not done, the %(role)s gets a notice on %(moment)s.")
            % {"role": role, "moment": moments.short(state.next_above.at)}
        )
    return found


def _heard(last: Heard, actor: Actor, names: Mapping[UUID, str]) -> str:
    told = {"name": _name(last.user_id, names), "moment": moments.short(last.at)}
    if last.user_id == actor.user_id:
        return _("You were reminded on %(moment)s.") % told
    return _("%(name)s was reminded on %(moment)s.") % told


def muted(mute: Mute, actor: Actor, names: Mapping[UUID, str], sentence: str) -> str:
    """Who muted what until when, and why."""
    told = {
        "name": _name(mute.user_id, names),
        "day": moments.day(mute.until),
        "reason": MuteReason(mute.reason).label,
    }
    if mute.user_id == actor.user_id:
        words = _("You get no reminders until %(day)s: %(reason)s.") % told
    else:
        words = _("%(name)s gets no reminders until %(day)s: %(reason)s.") % told
    return f"{words} {moments.isolated(sentence)}" if sentence else words


def _name(user_id: UUID, names: Mapping[UUID, str]) -> str:
    return moments.isolated(names.get(user_id, ""))
