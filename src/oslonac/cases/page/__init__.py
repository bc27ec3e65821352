"""The case page: read once (`rows`), described in parts, put together here, a tab at a time.

Belongs here: what a tab says to one reader. Does not: HTTP (`cases.views.case`), layout
(templates), rules (`cases.rules` and the actions).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from oslonac.access.actor import Actor
from oslonac.access.rules import Level
from oslonac.cases import rules, tabs
from oslonac.cases.duties.page import duties, procedures, reminders
from oslonac.cases.extensions import EXTENSIONS, Panel
from oslonac.cases.models import Case
from oslonac.cases.page import around, continuity, identity, reading, story, work
from oslonac.cases.page.rows import CaseFile, load
from oslonac.cases.page.shapes import Section
from oslonac.cases.steps import registry
from oslonac.cases.steps.registry import Group
from oslonac.cases.tabs import Tab
from oslonac.cases.trust.page import sections as trust
from oslonac.cases.trust.page import viewers
from oslonac.people import pairing
from oslonac.web.shapes import Action, Link

DUTIES_SHOWN = 3
LATEST_SHOWN = 2
# Which steps a tab offers beside its records; the first view offers all.
OFFERED: dict[Tab, tuple[Group, ...]] = {
    Tab.NOW: tuple(Group),
    Tab.STORY: (Group.CHILD,),
    Tab.PLAN: (Group.ASSESS, Group.PROTECT),
    Tab.PEOPLE: (Group.IDENTITY, Group.AROUND),
    Tab.ACCESS: (Group.DUTY,),
}


@dataclass(frozen=True)
class Filled:
    """A panel of a package above, with what it is given."""

    panel: Panel
    context: Mapping[str, Any]


@dataclass(frozen=True)
class Asked:
    """What the reader asked of a tab beside its first view."""

    direction: str
    all_events: bool = False
    all_steps: bool = False


def panels(file: CaseFile, chosen: Sequence[Panel]) -> list[Filled]:
    """The panels of packages above that have something to say to the reader, in their order."""
    filled = []
    for panel in chosen:
        context = panel.context(file.case, file.case.reach, file.given(panel))
        if context is not None:
            filled.append(Filled(panel, context))
    return filled


def assemble(actor: Actor, case: Case, *, at: datetime, tab: Tab, asked: Asked) -> dict[str, Any]:
    """What the template of a tab lays out, for a reader who reaches level CASE."""
    chosen = reading.speaking(tab, actor.permissions)
    file = load(actor, case, at=at, needs=reading.NEEDS[tab], panels=chosen)
    spoken = panels(file, chosen)
    subjects = subjects_of(file, spoken)
    own = _CONTENTS[tab](file, spoken, asked, subjects)
    return own | {
        "file": file,
        "case": case,
        "actor": actor,
        "tab": tab.value,
        "head": identity.head(file, duties.next_one(file, subjects)),
        "tabs": links(case, tab),
        "places": tabs.places(),
        "panels": [each for each in spoken if each.panel.tab == tab],
        "not_shown": viewers.not_shown(case) if tab in (Tab.NOW, Tab.ACCESS) else [],
        "why_so": viewers.why_so(case, file.grants, actor.principals),
        "offered": _offered(file, OFFERED.get(tab, ())),
        "bar": _bar(file, own.get("duties", ())),
        "closed": case.status == rules.CaseStatus.CLOSED,
    }


def links(case: Case, current: Tab) -> list[Link]:
    """The tabs, each with its address."""
    return [Link(str(tab.label), tabs.url(case.pk, tab), tab == current) for tab in Tab]


def _now(file: CaseFile, own: list[Filled], asked: Asked, subjects: dict) -> dict[str, Any]:
    waiting = reminders.noted(file, duties.open_ones(file, subjects))
    facts = [fact for p in own if p.panel.strip for fact in p.panel.strip(p.context)]
    return {
        "duties": waiting[:DUTIES_SHOWN],
        "duties_later": waiting[DUTIES_SHOWN:],
        "duties_count": len(waiting),
        "facts": [*identity.facts(file), *facts],
        "names": identity.others(file),
        "latest": story.latest(file, LATEST_SHOWN),
        "concerns": [line for brief in EXTENSIONS.brief for line in brief(file)],
        "summary": identity.print_button(file),
    }


def _story(file: CaseFile, own: list[Filled], asked: Asked, subjects: dict) -> dict[str, Any]:
    shown = story.events(file, own, everything=asked.all_events)
    counted = [fact for p in own if p.panel.counts for fact in p.panel.counts(p.context)]
    return {
        "picture": story.picture(file, own, direction=asked.direction),
        "events": shown,
        "events_hidden": len(file.events) - len(shown),
        "events_count": len(file.events),
        "sections": [EXTENSIONS.section("contacts", file)],
        "continuity": continuity.counts(file, counted),
        "alone_note": continuity.alone_note(file),
    }


def _plan(file: CaseFile, own: list[Filled], asked: Asked, subjects: dict) -> dict[str, Any]:
    return {
        "sections": filled_first(
            EXTENSIONS.section("concerns", file),
            EXTENSIONS.section("assessments", file),
            EXTENSIONS.section("plan", file),
            EXTENSIONS.section("promises", file),
            work.decisions(file),
            work.transfers(file),
        ),
        "done": duties.done_ones(file),
        "procedures": procedures.procedures(file) if asked.all_steps else None,
        "record": registry.button("step", file.actor, file.case),
    }


def _people(file: CaseFile, own: list[Filled], asked: Asked, subjects: dict) -> dict[str, Any]:
    return {
        "people": around.picture(file, direction=asked.direction),
        "relations": around.relations(file),
        "groups": around.group_sections(file),
        "relation_step": registry.button("relation", file.actor, file.case),
        "group_step": registry.button("group", file.actor, file.case),
        "ages": identity.age_statements(file),
        "stated": identity.other_facts(file),
    }


def _papers(file: CaseFile, own: list[Filled], asked: Asked, subjects: dict) -> dict[str, Any]:
    return {
        "sections": filled_first(trust.own_requests(file)),
        "summary": identity.print_button(file),
        "own_url": trust.own_url(file),
    }


def _access(file: CaseFile, own: list[Filled], asked: Asked, subjects: dict) -> dict[str, Any]:
    return {
        "viewers": viewers.viewers(file),
        "kept_away": trust.kept_away(file),
        "trust_steps": trust.steps(file),
        "grant_step": viewers.give_button(file),
        "sections": filled_first(trust.consents(file), trust.emergencies(file)),
    }


_CONTENTS = {
    Tab.NOW: _now,
    Tab.STORY: _story,
    Tab.PLAN: _plan,
    Tab.PEOPLE: _people,
    Tab.PAPERS: _papers,
    Tab.ACCESS: _access,
}


def filled_first(*sections: Section | None) -> list[Section]:
    """What holds something before what is empty, which takes a line."""
    found = [section for section in sections if section is not None]
    return sorted(found, key=lambda section: section.count is None)


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


def _offered(file: CaseFile, groups: Sequence[Group]) -> list[tuple[str, list[Action]]]:
    """The steps open to the reader under the headings of a tab; about who the child is, also
    where another record is named."""
    if not groups:
        return []
    headings = {str(group.label) for group in groups}
    found = registry.offered(file.actor, file.case, _not_offered(file))
    found = [(heading, steps) for heading, steps in found if heading in headings]
    heading = str(Group.IDENTITY.label)
    pairs = pairing.offered_to(file.actor) if file.shows(Level.IDENTITY) else None
    if pairs is None or heading not in headings:
        return found
    label = _("Report a duplicate of this person")
    other = Action(label, pairs.choose(file.case.person_id), kind="plain", icon="people")
    if heading not in dict(found):
        return [*found, (heading, [other])]
    return [(title, [*steps, other] if title == heading else steps) for title, steps in found]


def _bar(file: CaseFile, shown: Sequence[Any]) -> list[Action]:
    """What stands within reach of the thumb: what is most pressing, and a contact."""
    closed = file.case.status == rules.CaseStatus.CLOSED
    usual = registry.button("reopen" if closed else "contact", file.actor, file.case, kind="main")
    pressing = shown[0].action if shown else None
    found = [action for action in (pressing, usual) if action is not None]
    return list({action.url: action for action in found}.values())[:2]


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
