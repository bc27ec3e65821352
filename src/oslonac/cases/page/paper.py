"""The printed summary: the same case in the order of the paper, as finished texts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from oslonac.access.actor import Actor
from oslonac.cases import moments, timeline
from oslonac.cases.duties.page import duties
from oslonac.cases.extensions import EXTENSIONS
from oslonac.cases.models import Case
from oslonac.cases.page import Filled, around, identity, panels, reading, subjects_of, work
from oslonac.cases.page.rows import CaseFile, load
from oslonac.cases.page.shapes import Entry, Section
from oslonac.cases.trust.page import sections as trust
from oslonac.cases.trust.page import viewers
from oslonac.web.shapes import Due

EVENTS_PRINTED = 40


def summary(actor: Actor, case: Case, *, at: datetime, language: str, direction: str) -> dict:
    """The data of the layout `case_summary`; needs level CASE."""
    chosen = reading.speaking(None, actor.permissions)
    file = load(actor, case, at=at, panels=chosen)
    own = panels(file, chosen)
    facts = [fact for p in own if p.panel.strip for fact in p.panel.strip(p.context)]
    strip = identity.strip(file, facts)
    return {
        "lang": language.split("-")[0],
        "dir": direction,
        "organisation": str(case.organisation),
        "title": _("Case %(number)s") % {"number": case.number},
        "number": case.number,
        "printed": _("Printed %(moment)s by %(name)s")
        % {"moment": moments.full(at), "name": file.name(actor.user_id)},
        "confidential": _(
            "Confidential. For the addressee only; keep locked, destroy when no longer needed."
        ),
        "page": _("Page {page} of {pages}"),
        "identity": {
            "name": strip.name.text,
            "other_names": [name.text for name in strip.other_names],
            "facts": [
                [fact.label, f"{fact.value} ({fact.note})" if fact.note else fact.value]
                for fact in strip.facts
            ],
            "flags": [flag.text for flag in strip.flags],
        },
        "sections": _sections(file, own),
    }


def _sections(file: CaseFile, own: Sequence[Filled]) -> list[dict[str, Any]]:
    found = [
        _duties(duties.open_ones(file, subjects_of(file, own))),
        _people(around.relations(file)),
        *(_entries(section) for section in around.group_sections(file)),
        _listed(_("Age: all statements"), identity.age_statements(file)),
        _listed(_("Other facts"), identity.other_facts(file)),
        *(dict(p.panel.paper(p.context)) for p in own if p.panel.paper),
        *(
            _entries(section)
            for section in (EXTENSIONS.section("concerns", file), EXTENSIONS.section("plan", file))
        ),
        _entries(EXTENSIONS.section("promises", file)),
        _entries(EXTENSIONS.section("contacts", file)),
        _entries(EXTENSIONS.section("assessments", file)),
        _entries(work.decisions(file)),
        *_present(work.transfers(file), trust.consents(file), trust.emergencies(file)),
        *_present(trust.own_requests(file)),
        _happened(file),
        _sight(file),
    ]
    hidden = viewers.not_shown(file.case)
    if hidden:
        found.append(
            {
                "title": _("Not on this paper"),
                "empty": "",
                "rows": [[h] for h in hidden],
                "columns": [_("The reader's access does not include")],
            }
        )
    return found


def _duties(rows: Sequence[Due]) -> dict[str, Any]:
    return {
        "title": _("What must happen next"),
        "empty": _("Nothing is due."),
        "columns": [_("When"), _("What"), _("Who"), _("Ground")],
        "rows": [
            [
                row.when,
                row.title,
                row.who,
                row.source
                if row.source_verified
                else _("%(source)s (not confirmed)") % {"source": row.source},
            ]
            for row in rows
        ],
    }


def _people(rows: Sequence[Entry]) -> dict[str, Any]:
    return {
        "title": _("Family and other people"),
        "empty": _("Nobody is recorded."),
        "columns": [_("Who"), _("Status"), _("How it is known")],
        "rows": [[row.title, ", ".join(f.text for f in row.flags), row.line] for row in rows],
    }


def _entries(section: Section) -> dict[str, Any]:
    entries: list[dict[str, str]] = []
    for entry in (*section.entries, *section.older):
        entries += _lines(entry)
    return {"title": section.title, "empty": section.empty, "entries": entries}


def _listed(title: str, entries: Sequence[Entry]) -> dict[str, Any]:
    return _entries(Section("", title, entries, empty=_("Nothing yet.")))


def _present(*sections: Section | None) -> list[dict[str, Any]]:
    """Parts that hold something: paper does not list what there never was."""
    return [_entries(section) for section in sections if section is not None and section.count]


def _lines(entry: Entry, depth: int = 0) -> list[dict[str, str]]:
    standing = ", ".join(flag.text for flag in entry.flags)
    text = "\n".join(f"{t.label}: {t.text}" if t.label else t.text for t in entry.texts)
    own = {
        "when": standing or entry.line,
        "who": entry.line if standing else "",
        "title": f"{'– ' * depth}{entry.title}",
        "text": text,
    }
    return [own, *(line for part in entry.parts for line in _lines(part, depth + 1))]


def _happened(file: CaseFile) -> dict[str, Any]:
    events = timeline.listed(file.events, file.names, {}, EVENTS_PRINTED)
    return {
        "title": _("What has happened"),
        "empty": _("Nothing yet."),
        "entries": [
            {"when": e.when, "who": e.who, "title": e.title, "text": e.late_entry} for e in events
        ],
    }


def _sight(file: CaseFile) -> dict[str, Any]:
    return {
        "title": _("Who can see this case, and why"),
        "empty": "",
        "columns": [_("Who"), _("Why"), _("What they can see"), _("Until"), _("Given")],
        "rows": [
            [v.name, v.reason, v.level, v.until or _("while the reason applies"), v.by]
            for v in viewers.viewers(file)
        ],
    }
