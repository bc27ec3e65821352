"""Tasks on the case page: who, by when, why, legal source, and the button."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from oslonac.cases import moments, tabs
from oslonac.cases.duties.steps import fulfilling
from oslonac.cases.page.rows import CaseFile
from oslonac.cases.steps import registry
from oslonac.cases.timeline import happened_at, title_of
from oslonac.directory import codes
from oslonac.directory.models import Organisation
from oslonac.protocols import catalogue, rising, wording
from oslonac.protocols.models import Obligation, State
from oslonac.web.shapes import Action, Due, DueState

DONE_SHOWN = 12
CLOCK_STEPS = ("clock-extend", "clock-suspend", "clock-resume")


def open_ones(file: CaseFile, subjects: Mapping[UUID, Any]) -> list[Due]:
    """What is to be done, each step once with every duty it meets: late by law first, then by
    date; guidance past its date is never called late; stopped clocks last."""
    waiting = [duty for duty in file.duties if duty.state == State.OPEN]
    groups = fulfilling.by_step(waiting, file.at)
    lines = [
        _line(file, duty, subjects, also, first=n == 0) for n, (duty, *also) in enumerate(groups)
    ]
    stopped = [duty for duty in file.duties if duty.state == State.PAUSED]
    return lines + [_line(file, duty, subjects, (), first=False) for duty in stopped]


def next_one(file: CaseFile, subjects: Mapping[UUID, Any]) -> Due | None:
    """The most pressing of them, in a line that leads to it."""
    waiting = [duty for duty in file.duties if duty.state == State.OPEN]
    if not waiting:
        return None
    duty = min(waiting, key=lambda each: fulfilling.urgency(each, file.at))
    return Due(
        title=_title(file, duty, subjects),
        when=moments.due(duty.due_at, file.at, by_law=duty.verified),
        state=_state(duty, file.at),
        when_iso=moments.iso(duty.due_at),
        url=tabs.at(file.case.pk, f"duty-{duty.pk}"),
    )


def done_ones(file: CaseFile) -> list[Due]:
    """The last ones fulfilled."""
    done = [d for d in file.duties if d.state == State.DONE and d.done_at]
    done.sort(key=lambda d: d.done_at, reverse=True)  # type: ignore[arg-type,return-value]
    return [
        Due(
            title=catalogue.title(d.activity),
            when=_("done %(day)s") % {"day": moments.day(d.done_at)} if d.done_at else "",
            state="done",
            when_iso=moments.iso(d.done_at),
            who=_("late by %(span)s") % {"span": moments.span(d.done_at - d.due_at)}
            if d.verified and d.due_at and d.done_at and d.done_at > d.due_at
            else "",
        )
        for d in done[:DONE_SHOWN]
    ]


def _line(
    file: CaseFile,
    duty: Obligation,
    subjects: Mapping[UUID, Any],
    also: Sequence[Obligation],
    *,
    first: bool,
) -> Due:
    stopped = duty.state == State.PAUSED
    due = moments.due(duty.due_at, file.at, by_law=duty.verified)
    return Due(
        title=_title(file, duty, subjects),
        when=_("deadline suspended") if stopped else due,
        state="later" if stopped else _state(duty, file.at),
        when_iso=moments.iso(duty.due_at),
        why=_why(file, duty),
        who=_who(file, duty),
        source=catalogue.source(duty.activity, duty.source),
        source_verified=duty.verified,
        action=_action(file, duty, subjects, main=first),
        anchor=f"duty-{duty.pk}",
        also=[_also(file, each, subjects) for each in also],
        more=registry.buttons(file.actor, file.case, duty, *CLOCK_STEPS),
    )


def _also(file: CaseFile, duty: Obligation, subjects: Mapping[UUID, Any]) -> str:
    """Another duty that the same step meets: what, who, by when, on what ground."""
    source = catalogue.source(duty.activity, duty.source)
    ground = (
        source
        if duty.verified
        else _("%(source)s; legal source not confirmed") % {"source": source}
    )
    when = moments.due(duty.due_at, file.at, by_law=duty.verified)
    return " · ".join((_title(file, duty, subjects), when, _who(file, duty), ground))


def _state(duty: Obligation, at: datetime) -> DueState:
    if duty.due_at is None:
        return "later"
    if duty.due_at < at:
        return "late" if duty.verified else "soon"
    return "soon" if duty.due_at < moments.end_of_today(at) else "later"


def _title(file: CaseFile, duty: Obligation, subjects: Mapping[UUID, Any]) -> str:
    """The duty, and what it is about as far as the reader may know."""
    title = catalogue.title(duty.activity)
    subject = subjects.get(duty.subject_id) if duty.subject_id else None
    if subject is None:
        return title
    about = file.text(subject, "what")
    if not about and subject._meta.model_name == "concern":
        about = codes.title("concerns", subject.kind)
    return f"{title}: {moments.isolated(about)}" if about else title


def _why(file: CaseFile, duty: Obligation) -> str:
    """Since when, and the chain of events that led to it, each in its own words."""
    because = {str(event.pk): event for event in file.events}
    events = [because[i] for i in duty.why if i in because]
    since = moments.short(duty.since)
    if not events:
        return _("Since %(moment)s") % {"moment": since}
    told = [
        _("%(what)s (%(moment)s)")
        % {"what": title_of(event), "moment": moments.short(happened_at(event))}
        for event in events[:-1]
    ]
    # Of the last the moment is that of the clock, unless the clock starts elsewhere.
    last = events[-1]
    same = happened_at(last) == duty.since
    told.append(
        title_of(last)
        if same
        else _("%(what)s (%(moment)s)")
        % {"what": title_of(last), "moment": moments.short(happened_at(last))}
    )
    return _("Since %(moment)s: %(what)s") % {"moment": since, "what": " → ".join(told)}


def _who(file: CaseFile, duty: Obligation) -> str:
    role = capfirst(wording.role(duty.role))
    who = file.name(duty.user_id)
    if duty.user_id is not None and duty.user_id == file.actor.user_id:
        who = _("%(name)s (you)") % {"name": who}
    who = f"{who}, {role}" if who else _risen(file, duty, role)
    if duty.due_at is None:
        return who
    return f"{who} · {_('due %(moment)s') % {'moment': moments.full(duty.due_at)}}"


def _risen(file: CaseFile, duty: Obligation, role: str) -> str:
    """The post that is asked; where nobody holds it, the one that the duty rose to."""
    post = rising.rose_to(
        duty.principal, duty.role, duty.organisation_id, file.case.organisation_id
    )
    if post is None:
        return role
    office = Organisation.objects.filter(pk=post[0]).first()
    sentence = _("%(role)s; nobody holds this post, so it rose to the %(substitute)s, %(office)s")
    return sentence % {
        "role": role,
        "substitute": wording.role(post[1]),
        "office": str(office or ""),
    }


def _action(
    file: CaseFile, duty: Obligation, subjects: Mapping[UUID, Any], *, main: bool
) -> Action | None:
    """The step that fulfils it: on its record where the step knows one, else on the case."""
    kind: Any = "main" if main else "quiet"
    slug, record_id = fulfilling.where(duty)
    if record_id is None:
        return registry.button(slug, file.actor, file.case, kind=kind)
    subject = duty if slug == fulfilling.DONE else subjects.get(record_id)
    if subject is None:
        return None
    return registry.button(slug, file.actor, file.case, subject, kind=kind)
