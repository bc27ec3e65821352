"""What the page of one encounter shows, within the reader's reach."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from oslonac.access.actor import Actor
from oslonac.access.roles import Permission
from oslonac.access.rules import Level, Reach
from oslonac.accounts.queries import names_of
from oslonac.audit.actions import record_read
from oslonac.audit.models import Event as LedgerEvent
from oslonac.audit.models import Outcome
from oslonac.cases import lists, moments, queries, whereabouts
from oslonac.cases.models import Case, Encounter
from oslonac.cases.rules import EncounterOutcome, Safety
from oslonac.directory import codes
from oslonac.encounters import known
from oslonac.encounters.actions.intake import Birth, Said
from oslonac.people import pairing
from oslonac.people import queries as people
from oslonac.people.models import Person
from oslonac.people.rules import Accompaniment, Presence, RelationKind, Sex, accompaniment
from oslonac.search import shown
from oslonac.vault.sealing import open_many
from oslonac.web.shapes import Event, Fact, Flag, Kind, Link

TEXTS = ("narrative", "outcome_note", "suspicion_decision", "reporter", "interpreter", "location")
SAFETY_KINDS: dict[str, Kind] = {"safe": "ok", "at_risk": "alert", "unknown": "warn"}
OUTCOME_KINDS: dict[str, Kind] = {"pending": "warn", "not_endangered": "ok", "at_risk": "alert"}


def texts_of(met: Encounter) -> dict[str, str]:
    """Sealed texts of an encounter the reader's reach includes; the others are empty."""
    reach: Reach = met.reach
    wanted = []
    if reach.shows(Level.NARRATIVE):
        wanted += ["narrative", "outcome_note", "suspicion_decision"]
    if reach.shows(Level.IDENTITY):
        wanted += ["reporter", "interpreter"]
    if reach.whereabouts:
        wanted.append("location")
    found = open_many([met], *wanted)[met.pk] if wanted else {}
    return dict.fromkeys(TEXTS, "") | found


def context(actor: Actor, encounter_id: UUID, at: datetime) -> dict[str, Any]:
    """Everything the template needs; the read is recorded once."""
    met = queries.encounter(actor, encounter_id, at=at, level=Level.CASE)
    texts = texts_of(met)
    persons = _persons(met)
    names = people.shown_names(persons) if met.reach.shows(Level.IDENTITY) else {}
    shown = [name for name, text in texts.items() if text] + (["shown_name"] if names else [])
    if shown:
        record_read(actor=actor, at=at, subject=met, fields=shown)
    cases = list(queries.visible_to(actor, at=at).filter(encounter=met).order_by("number"))
    pending = met.outcome == EncounterOutcome.PENDING
    return {
        "page_title": _("Encounter"),
        "crumbs": [
            Link(_("Encounters"), reverse("encounters:all")),
            Link(moments.day(met.happened_at)),
        ],
        "met": met,
        "title": _title(met, names),
        "line": _line(met),
        "flags": _flags(met),
        "facts": _facts(met, texts),
        "narrative": texts["narrative"],
        "narrative_open": met.reach.shows(Level.NARRATIVE),
        "long": len(texts["narrative"]) > 4000,
        "suspicions": [codes.title("concerns", code) for code in met.suspicions],
        "persons": [_person_line(person, met, names, at) for person in persons],
        "came_of": _came_of(met, texts),
        "cases": [(case.number, reverse("cases:case", args=[case.pk])) for case in cases],
        "events": _events(met),
        "pending": pending,
        **_alike(actor, met, persons, at),
        **_may(actor, met, cases),
    }


def _alike(actor: Actor, met: Encounter, persons: Sequence[Person], at: datetime) -> dict[str, Any]:
    """Who the child may be that is known already, while somebody still has to decide: whoever
    saved in haste, or without scripts, reads it here before a second case is opened."""
    child = next((each for each in persons if each.pk == met.person_id), None)
    pending = met.outcome == EncounterOutcome.PENDING
    if child is None or not pending or not met.reach.shows(Level.IDENTITY):
        return {}
    born = (Birth(child.born_from, child.born_to),) if child.born_from and child.born_to else ()
    said = Said(
        names=tuple(people.names_of_person(child)),
        births=born,
        sex=child.sex,
        citizenship=child.citizenship,
        languages=tuple(child.languages),
    )
    pairs = pairing.offered_to(actor)
    return {
        "alike": [
            shown.line(hit)
            | ({"compare": pairing.address(pairs, child.pk, hit.person.pk)} if pairs else {})
            for hit in known.again(actor, child.pk, said, at=at)
        ]
    }


def _may(actor: Actor, met: Encounter, cases: Sequence[Case]) -> dict[str, bool]:
    held = actor.permissions
    decides = Permission.ENCOUNTER_DECIDE in held
    pending = met.outcome == EncounterOutcome.PENDING
    return {
        "may_decide": decides and pending,
        "may_open": Permission.CASE_OPEN in held,
        "may_escalate": decides and met.outcome == EncounterOutcome.NOT_ENDANGERED,
        "needs_case": met.outcome == EncounterOutcome.AT_RISK and not cases,
        "may_correct": Permission.ENCOUNTER_RECORD in held,
        "may_add_child": Permission.PERSON_WRITE in held and met.person_id is None,
        "tell": met.reporter_told_at is None and not pending,
    }


def _persons(met: Encounter) -> list[Person]:
    """Who appears in the encounter, the child first."""
    rows = Person.objects.filter(appearances__record_id=met.pk).order_by("made_at", "pk")
    return sorted(rows, key=lambda person: person.pk != met.person_id)


def _title(met: Encounter, names: dict[UUID, str]) -> str:
    name = names.get(met.person_id, "") if met.person_id else ""
    if name and name != people.NAMELESS:
        return name
    if met.children > 1:
        return _("%(n)d people") % {"n": met.children}
    return _("No name yet")


def _line(met: Encounter) -> str:
    parts = [moments.full(met.happened_at)]
    if met.place:
        parts.append(whereabouts.label(met.place))
    return " · ".join(parts)


def _flags(met: Encounter) -> list[Flag]:
    unsafe = _("safety not known") if met.safety == Safety.UNKNOWN else met.get_safety_display()
    found = [
        Flag(str(met.get_outcome_display()), OUTCOME_KINDS[met.outcome]),
        Flag(str(unsafe), SAFETY_KINDS[met.safety]),
    ]
    company = accompaniment(met.present)
    if company != Accompaniment.UNKNOWN:
        found.append(Flag(str(company.label), "calm"))
    if met.suspicions:
        found.append(Flag(_("suspicion recorded"), "alert"))
    if met.children > 1:
        found.append(Flag(_("%(n)d people") % {"n": met.children}, "calm", "people"))
    return found


def _facts(met: Encounter, texts: dict[str, str]) -> list[Fact]:
    needs = ", ".join(codes.title("urgent_needs", code) for code in met.needs)
    checked = {True: _("checked"), False: _("only said"), None: _("not checked yet")}
    present = ", ".join(str(Presence(each).label) for each in met.present)
    language = codes.title("languages", met.language) if met.language else ""
    return [
        _fact(
            _("Contacts and promises"), present, checked[met.presence_verified] if present else ""
        ),
        _fact(_("Safe now"), str(Safety(met.safety).label)),
        _fact(_("Needed at once"), needs, none=_("nothing recorded")),
        _fact(
            _("Reported by"), codes.title("referral_sources", met.reported_by), texts["reporter"]
        ),
        _fact(_("Exact place"), texts["location"])
        if met.reach.whereabouts
        else Fact(_("Exact place"), _("you do not have access"), empty=True),
        _fact(_("Language"), language, texts["interpreter"]),
        _fact(_("Centre responsible"), str(met.responsible)),
    ]


def _fact(label: str, value: str, note: str = "", *, none: str = "") -> Fact:
    return Fact(label, value or none or _("not recorded"), note, empty=not value)


def _person_line(
    person: Person, met: Encounter, names: dict[UUID, str], at: datetime
) -> dict[str, Any]:
    """A person of the encounter: name or what else is known, what they are said to be."""
    age = lists.age_of(person, at)
    relation = person.related_from.filter(from_person=met.person_id).first()
    words = [_("%(age)s years") % {"age": age}] if age is not None else []
    if person.sex in (Sex.FEMALE, Sex.MALE):
        words.append(str(Sex(person.sex).label))
    if relation is not None:
        words.append(
            _("%(relation)s, %(status)s")
            % {
                "relation": RelationKind(relation.kind).label,
                "status": relation.get_status_display(),
            }
        )
    return {
        "name": names.get(person.pk) or _("no name yet"),
        "note": " · ".join(words),
        "url": reverse("people:person", args=[person.pk]),
        "is_child": person.pk == met.person_id,
    }


def _came_of(met: Encounter, texts: dict[str, str]) -> list[Fact]:
    if met.outcome == EncounterOutcome.PENDING:
        return []
    names = names_of([met.decided_by_id])
    who = names.get(met.decided_by_id, "") if met.decided_by_id else ""
    when = moments.full(met.decided_at) if met.decided_at else ""
    found = [Fact(_("Decided"), str(met.get_outcome_display()), f"{who} · {when}".strip(" ·"))]
    if met.outcome_reasons:
        titles = [codes.title("not_endangered_reasons", code) for code in met.outcome_reasons]
        found.append(Fact(_("Because"), "; ".join(titles)))
    if texts["outcome_note"]:
        found.append(Fact(_("Note"), texts["outcome_note"]))
    if texts["suspicion_decision"]:
        found.append(Fact(_("On the suspicion"), texts["suspicion_decision"]))
    told = moments.full(met.reporter_told_at) if met.reporter_told_at else ""
    found.append(_fact(_("Reporter informed"), told, none=_("not yet")))
    return found


def as_it_stands(met: Encounter) -> tuple[list[Fact], list[str]]:
    """The whole of it, for whoever lost a race; and which sealed texts that shows."""
    texts = texts_of(met)
    persons = _persons(met)
    names = people.shown_names(persons) if met.reach.shows(Level.IDENTITY) else {}
    met_here = [names.get(each.pk) or _("no name yet") for each in persons]
    found = [*_came_of(met, texts), *_facts(met, texts)]
    if met_here:
        found.append(Fact(_("Who was met"), ", ".join(map(moments.isolated, met_here))))
    if texts["narrative"]:
        found.append(Fact(_("What happened"), texts["narrative"]))
    shown = [name for name, text in texts.items() if text] + (["shown_name"] if names else [])
    return found, shown


def _events(met: Encounter) -> list[Event]:
    """What was done with the encounter, the last first, with late entries marked."""
    words = {
        "encounter.recorded": _("Encounter recorded"),
        "encounter.person": _("The person was recorded"),
        "encounter.corrected": _("The record was corrected"),
        "triage.decided": _("Outcome decided"),
        "reporter.told": _("Reporter informed of the outcome"),
    }
    rows = LedgerEvent.objects.filter(
        record_id=met.pk, outcome=Outcome.DONE, name__in=words
    ).order_by("-at", "-id")
    names = names_of(row.actor_id for row in rows)
    return [
        Event(
            when=moments.short(row.at),
            who=names.get(row.actor_id, "") if row.actor_id else "",
            title=words[row.name],
            when_iso=moments.iso(row.at),
            late_entry=_late(met, row),
        )
        for row in rows
    ]


def _late(met: Encounter, row: LedgerEvent) -> str:
    """An encounter written down more than an hour after it happened says so."""
    gap = met.recorded_at - met.happened_at
    if row.name != "encounter.recorded" or gap.total_seconds() < 3600:
        return ""
    return _("recorded %(span)s after the encounter") % {"span": moments.span(gap)}
