"""What happened: the drawn timeline with its lanes, and the list of events.

Belongs here: which marks and which texts. Does not: sentences of events (`cases.timeline`).
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from oslonac.cases import moments, rules, tabs, timeline
from oslonac.cases.page.rows import CaseFile
from oslonac.protocols import catalogue
from oslonac.protocols.models import State
from oslonac.web.drawings.timeline import Item, Lane
from oslonac.web.shapes import Event

EVENTS_SHOWN = 8
# The text that tells what happened, by the kind of record.
_MAIN = {
    "contact": "narrative",
    "concern": "detail",
    "decision": "reason",
    "review": "findings",
    "activity": "what",
    "promise": "what",
    "transfer": "note",
    "goal": "outcome",
    "assessment": "conclusion",
    "plan": "child_view",
}


def latest(file: CaseFile, count: int) -> list[Event]:
    """The last events, without what was written."""
    return timeline.listed(file.events, file.names, {}, count)


def events(file: CaseFile, own: Sequence[Any], *, everything: bool) -> list[Event]:
    """Events with what the reader may read of their records, the last one first."""
    limit = None if everything else EVENTS_SHOWN
    return timeline.listed(file.events, file.names, _told(file, own), limit)


def _told(file: CaseFile, own: Sequence[Any]) -> dict[UUID, str]:
    """What the reader may read of a record, for the list of what happened."""
    told: dict[UUID, str] = {}
    for event in file.events:
        name = _MAIN.get(event.record_kind, "")
        text = file.texts.get(event.record_id, {}).get(name, "") if event.record_id else ""
        if text and event.record_id:
            told[event.record_id] = text
    for filled in own:
        if filled.panel.texts:
            told |= filled.panel.texts(filled.context)
    return told


def picture(file: CaseFile, own: Sequence[Any], *, direction: str) -> timeline.Picture:
    """The lanes over the time in which something can be seen."""
    began = min(file.case.informed_at, file.case.opened_at)
    return timeline.draw(lanes(file, own), began, file.at, direction=direction)


def lanes(file: CaseFile, own: Sequence[Any]) -> list[Lane]:
    """Meetings, what packages above draw, the work as spans, and what is due."""
    found = [Lane(_("Contacts and other events"), _meetings(file))]
    for filled in own:
        if filled.panel.lanes:
            found += filled.panel.lanes(filled.context)
    return [*found, Lane(_("Assessment, plan"), _spans(file)), Lane(_("Due"), _due(file))]


def _meetings(file: CaseFile) -> list[Item]:
    anchors = {event.record_id: f"#event-{event.pk}" for event in file.events}
    met = [
        Item(
            contact.happened_at,
            capfirst(str(rules.ContactKind(contact.kind).label)),
            anchor=anchors.get(contact.pk, ""),
            hint=f"{rules.ContactKind(contact.kind).label}, {moments.short(contact.happened_at)}",
        )
        for contact in file.contacts
    ]
    opened = Item(
        file.case.informed_at,
        _("Centre informed"),
        kind="alert",
        hint=_("Centre informed %(moment)s") % {"moment": moments.short(file.case.informed_at)},
    )
    return [opened, *met]


def _spans(file: CaseFile) -> list[Item]:
    items = [
        Item(
            row.begun_at,
            capfirst(str(rules.AssessmentKind(row.kind).label)),
            end=row.completed_at,
            open_end=row.completed_at is None,
            kind="ok" if row.completed_at else "warn",
            anchor=tabs.at(file.case.pk, "assessments"),
        )
        for row in file.assessments
    ]
    return items + [
        Item(
            row.in_force_at,
            _("Plan put into force"),
            end=row.ended_at,
            open_end=row.ended_at is None,
            kind="calm" if row.ended_at else "ok",
            anchor=tabs.at(file.case.pk, "plan"),
        )
        for row in file.plans
        if row.in_force_at
    ]


def _due(file: CaseFile) -> list[Item]:
    return [
        Item(
            duty.due_at,
            catalogue.title(duty.activity),
            kind="alert" if duty.verified and duty.due_at < file.at else "warn",
            anchor=tabs.at(file.case.pk, f"duty-{duty.pk}"),
            hint=f"{catalogue.title(duty.activity)}, {moments.short(duty.due_at)}",
        )
        for duty in file.duties
        if duty.state == State.OPEN and duty.due_at is not None
    ]
