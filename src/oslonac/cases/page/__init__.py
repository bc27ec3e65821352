"""The case page: read once (`rows`), described in parts, put together here.

Belongs here: what the page says to one reader. Does not: HTTP (`cases.views.case`), layout
(templates), rules (`cases.rules` and the actions).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from oslonac.access.actor import Actor
from oslonac.access.rules import Level
from oslonac.cases import moments, rules, timeline
from oslonac.cases.extensions import EXTENSIONS, Panel
from oslonac.cases.models import Case
from oslonac.cases.page import (
    around,
    continuity,
    duties,
    identity,
    procedures,
    reminders,
    trust,
    viewers,
    work,
)
from oslonac.cases.page.rows import CaseFile, load
from oslonac.cases.page.shapes import Section
from oslonac.cases.steps import registry
from oslonac.people import pairing
from oslonac.protocols import catalogue
from oslonac.protocols.models import State
from oslonac.web.drawings.timeline import Item, Lane
from oslonac.web.shapes import Action, Link

EVENTS_SHOWN = 8
DUTIES_SHOWN = 6


@dataclass(frozen=True)
class Filled:
    """A panel of a package above, with what it is given."""

    panel: Panel
    context: Mapping[str, Any]


def panels(case: Case, actor: Actor) -> list[Filled]:
    """The panels of packages above that have something to say to the reader, in their order."""
    filled = []
    for panel in sorted(EXTENSIONS.panels, key=lambda p: p.order):
        if panel.permission is not None and panel.permission not in actor.permissions:
            continue
        context = panel.context(case, case.reach)
        if context is not None:
            filled.append(Filled(panel, context))
    return filled


def assemble(
    actor: Actor, case: Case, *, at: datetime, direction: str, all_events: bool = False
) -> dict[str, Any]:
    """What the template lays out, for a reader who reaches level CASE."""
    file = load(actor, case, at=at)
    own = panels(case, actor)
    subjects = subjects_of(file, own)
    limit = None if all_events else EVENTS_SHOWN
    shown = timeline.listed(file.events, file.names, _told(file, own), limit)
    waiting = reminders.noted(file, duties.open_ones(file, subjects))
    strip_facts = [fact for p in own if p.panel.strip for fact in p.panel.strip(p.context)]
    counted = [fact for p in own if p.panel.counts for fact in p.panel.counts(p.context)]
    context = {
        "file": file,
        "case": case,
        "actor": actor,
        "strip": identity.strip(file, strip_facts),
        "ages": identity.age_statements(file),
        "facts": identity.other_facts(file),
        "duties": waiting[:DUTIES_SHOWN],
        "duties_later": waiting[DUTIES_SHOWN:],
        "done": duties.done_ones(file),
        "procedures": procedures.procedures(file),
        "picture": timeline.draw(
            lanes(file, own), min(case.informed_at, case.opened_at), at, direction=direction
        ),
        "events": shown,
        "events_hidden": len(file.events) - len(shown),
        "events_count": len(file.events),
        "people": around.picture(file, direction=direction),
        "relations": around.relations(file),
        "groups": around.group_sections(file),
        "sections": _sections(file),
        "promises": work.promises(file),
        "panels": own,
        "continuity": continuity.counts(file, counted),
        "alone_note": continuity.alone_note(file),
        "viewers": viewers.viewers(file),
        "kept_away": trust.kept_away(file),
        "trust_steps": trust.steps(file),
        "own_url": trust.own_url(file),
        "not_shown": viewers.not_shown(case),
        "why_so": viewers.why_so(case, file.grants, actor.principals),
        "offered": _offered(file),
        "relation_step": registry.button("relation", actor, case),
        "group_step": registry.button("group", actor, case),
        "grant_step": viewers.give_button(file),
        "closed": case.status == rules.CaseStatus.CLOSED,
    }
    return context | {"tabs": _tabs(file, context)}


def _sections(file: CaseFile) -> list[Section]:
    found = [
        work.concerns(file),
        work.assessments(file),
        work.plan(file),
        work.contacts(file),
        work.transfers(file),
        work.decisions(file),
        trust.consents(file),
        trust.own_requests(file),
        trust.emergencies(file),
    ]
    return [section for section in found if section is not None]


def subjects_of(file: CaseFile, own: Sequence[Filled]) -> dict[UUID, Any]:
    """Records that obligations speak of, so that no link needs another query."""
    rows: list[Any] = [
        *file.concerns,
        *file.activities,
        *file.promises,
        *file.transfers,
        *file.decisions,
        *file.emergencies,
        *file.own_requests,
    ]
    for filled in own:
        rows += filled.context.get("records", ())
    return {row.pk: row for row in rows}


def _told(file: CaseFile, own: Sequence[Filled]) -> dict[UUID, str]:
    """What the reader may read of a record, for the list of what happened."""
    main = {"contact": "narrative", "concern": "detail", "decision": "reason", "review": "findings"}
    main |= {"activity": "what", "promise": "what", "transfer": "note", "goal": "outcome"}
    main |= {"assessment": "conclusion", "plan": "child_view"}
    told: dict[UUID, str] = {}
    for event in file.events:
        name = main.get(event.record_kind, "")
        text = file.texts.get(event.record_id, {}).get(name, "") if event.record_id else ""
        if text and event.record_id:
            told[event.record_id] = text
    for filled in own:
        if filled.panel.texts:
            told |= filled.panel.texts(filled.context)
    return told


def _offered(file: CaseFile) -> list[tuple[str, list[Action]]]:
    """The steps open to the reader; about who the child is, also where another record is named."""
    found = registry.offered(file.actor, file.case, _not_offered(file))
    pairs = pairing.offered_to(file.actor) if file.shows(Level.IDENTITY) else None
    if pairs is None:
        return found
    label = _("Report a duplicate of this person")
    other = Action(label, pairs.choose(file.case.person_id), kind="plain", icon="people")
    heading = str(registry.Group.IDENTITY.label)
    if heading not in dict(found):
        return [*found, (heading, [other])]
    return [(title, [*steps, other] if title == heading else steps) for title, steps in found]


def _not_offered(file: CaseFile) -> frozenset[str]:
    """Steps that stand beside their record already, or that something running stands against."""
    hidden = set()
    if any(a.status == rules.AssessmentStatus.BEGUN for a in file.assessments):
        hidden.add("assessment")
    if any(p.status == rules.PlanStatus.DRAFT for p in file.plans):
        hidden.add("plan")
    if any(t.status in ("proposed", "disputed") for t in file.transfers):
        hidden.add("transfer")
    if any(d.kind == "closing" and d.status == "requested" for d in file.decisions):
        hidden.add("closing")
    if not any(p.status == rules.PlanStatus.IN_FORCE for p in file.plans):
        hidden.add("review")
    return frozenset(hidden)


def _tabs(file: CaseFile, context: Mapping[str, Any]) -> list[Link]:
    tabs = [
        Link(_("Next"), "#next", count=len(context["duties"]) + len(context["duties_later"])),
        Link(_("Possible steps"), "#steps"),
        Link(_("Timeline"), "#timeline"),
        Link(_("People"), "#people"),
        *(
            Link(section.title, f"#{section.anchor}", count=section.count)
            for section in context["sections"]
            if section.anchor in ("concerns", "plan", "contacts", "decisions")
        ),
        Link(_("Promises"), "#promises", count=context["promises"].count),
        Link(_("Who can see"), "#who-may-see", count=len(context["viewers"])),
    ]
    return tabs


def lanes(file: CaseFile, own: Sequence[Filled]) -> list[Lane]:
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
            anchor="#assessments",
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
            anchor="#plan",
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
            anchor=f"#duty-{duty.pk}",
            hint=f"{catalogue.title(duty.activity)}, {moments.short(duty.due_at)}",
        )
        for duty in file.duties
        if duty.state == State.OPEN and duty.due_at is not None
    ]


def limited(actor: Actor, case: Case, *, at: datetime) -> dict[str, Any]:
    """What a reader below level CASE is told: that the case exists, and whom to call."""
    from oslonac.accounts.queries import names_of
    from oslonac.cases import queries

    grants = queries.grants_on(case.pk, at=at)
    contact = case.reach.shows(Level.CONTACT)
    manager = next(iter(names_of([case.manager_id]).values()), "") if contact else ""
    return {
        "case": case,
        "manager": manager,
        "contact": contact,
        "not_shown": viewers.not_shown(case),
        "why_so": viewers.why_so(case, grants, actor.principals),
        "closed": case.status == rules.CaseStatus.CLOSED,
    }
