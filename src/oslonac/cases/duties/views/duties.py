"""Obligations as lines of a page: what, for whom, by when, legal source, and the button."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from oslonac.access.actor import Actor
from oslonac.cases import moments
from oslonac.cases.duties.requests import Request
from oslonac.cases.duties.steps import fulfilling
from oslonac.cases.lists import Row
from oslonac.cases.views.links import case_url, lets_through, step_label, step_url
from oslonac.protocols import catalogue
from oslonac.protocols.models import Obligation
from oslonac.web.shapes import Action, Cell, Due, DueState, Flag, Kind

# What others asked for: shown among requests unless it is late.
ASKED = frozenset({"answer_transfer", "approve_closing"})
Together = Sequence[Obligation]


def by_time(duties: Iterable[Obligation], at: datetime) -> dict[str, list[Together]]:
    """Late by law, past the advice, today, this week, later. Guidance is never "late". What one
    step fulfils stands together, where the first of it stands."""
    found: dict[str, list[Together]] = {
        name: [] for name in ("late", "today", "week", "past", "later")
    }
    today, week = moments.end_of_today(at), moments.end_of_week(at)
    for together in fulfilling.by_step(duties, at):
        duty = together[0]
        if duty.due_at is None or duty.due_at >= week:
            key = "later"
        elif duty.due_at < at:
            key = "late" if duty.verified else "past"
        else:
            key = "today" if duty.due_at < today else "week"
        if key in ("late", "past") or duty.activity not in ASKED:
            found[key].append(together)
    return found


def line(
    duty: Obligation,
    rows: Mapping[UUID, Row],
    at: datetime,
    *,
    also: Sequence[Obligation] = (),
    holder: str = "",
    actor: Actor | None = None,
    act: Action | None = None,
) -> Due:
    """One obligation, and what the same step meets `also`. `holder` names who has to do it, when
    that is not the reader. Its step is offered to an `actor` whom it lets through; `act` is another
    button instead."""
    row = rows.get(duty.case_id)
    offered = actor is not None and lets_through(actor, duty, row.case if row else None)
    return Due(
        title=catalogue.title(duty.activity),
        when=moments.due(duty.due_at, at, by_law=duty.verified),
        state=_state(duty, at),
        when_iso=moments.iso(duty.due_at),
        url=case_url(duty.case_id),
        why=whose(row),
        who=_full(duty, holder),
        source=catalogue.source(duty.activity, duty.source),
        source_verified=duty.verified,
        action=Action(step_label(duty), step_url(duty)) if offered else act,
        also=[_also(each, at) for each in also],
    )


def _also(duty: Obligation, at: datetime) -> str:
    """Another duty that the same step meets."""
    source = catalogue.source(duty.activity, duty.source)
    ground = (
        source
        if duty.verified
        else _("%(source)s; legal source not confirmed") % {"source": source}
    )
    when = moments.due(duty.due_at, at, by_law=duty.verified)
    return " · ".join((catalogue.title(duty.activity), when, ground))


def whose(row: Row | None) -> str:
    """The case, then the child as far as the reader may know: "Case 2026-0417 · Farid R., 15"."""
    if row is None:
        return ""
    who = ", ".join(part for part in (moments.isolated(row.name), age(row)) if part)
    return _("Case %(number)s · %(who)s") % {"number": row.case.number, "who": who}


def age(row: Row) -> str:
    return str(row.age) if row.age is not None else ""


def _full(duty: Obligation, holder: str) -> str:
    parts = [moments.isolated(holder)] if holder else []
    if duty.due_at is not None:
        parts.append(_("due %(moment)s") % {"moment": moments.full(duty.due_at)})
    return " · ".join(parts)


def _state(duty: Obligation, at: datetime) -> DueState:
    if duty.due_at is None:
        return "later"
    if duty.due_at < at:
        return "late" if duty.verified else "soon"
    return "soon" if duty.due_at < moments.end_of_today(at) else "later"


def next_cell(row: Row, at: datetime, actor: Actor | None = None) -> Cell:
    """The next obligation of a case as a table cell; it leads there whom the step lets through."""

    if row.next is None:
        return Cell(_("nothing due"))
    words = moments.due(row.next.due_at, at, by_law=row.next.verified)
    kind: dict[str, Kind] = {"late": "alert", "soon": "warn", "later": "calm", "done": "ok"}
    state = _state(row.next, at)
    title, url = catalogue.title(row.next.activity), ""
    if actor is not None and lets_through(actor, row.next, row.case):
        url = step_url(row.next)
    if state == "later":
        return Cell(title, url, note=words)
    return Cell(title, url, flag=Flag(words, kind[state]))


def asked_line(request: Request, rows: Mapping[UUID, Row], at: datetime) -> Due:
    """What somebody asked of the reader, as a line of the page."""
    late = request.due_at is not None and request.due_at < at
    asked = _("%(who)s asked %(when)s: %(why)s") % {
        "who": moments.isolated(request.who),
        "when": moments.ago(request.asked_at, at),
        "why": request.why,
    }
    form = catalogue.form(request.activity)
    step = reverse("cases:step_on", args=[request.case_id, form, request.subject_id])
    return Due(
        title=catalogue.title(request.activity),
        when=moments.due(request.due_at, at, by_law=request.verified),
        state="soon" if late else "later",
        when_iso=moments.iso(request.due_at),
        url=case_url(request.case_id),
        why=whose(rows.get(request.case_id)),
        who=asked,
        action=Action(pgettext("button", "Answer"), step),
    )
