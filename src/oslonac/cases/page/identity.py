"""The header of the case page: identity, how it is known, warnings."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oslonac.access.rules import Level
from oslonac.cases import moments, rules, tabs
from oslonac.cases.models import Case
from oslonac.cases.page.rows import CaseFile
from oslonac.cases.page.shapes import Entry, texts
from oslonac.directory import codes
from oslonac.kit.calendars import Calendar, solar_hijri_year
from oslonac.kit.clock import local_day
from oslonac.people import rules as people
from oslonac.people.models import Statement
from oslonac.web.shapes import Action, Due, Fact, Flag, Identity, Name

SCRIPTS = {"Cyrl": "sr-Cyrl", "Arab": "ar", "Grek": "el", "Hebr": "he", "Ethi": "am"}
ARABIC_LETTERS = ("fa", "ps", "ur", "ckb", "ar", "ug", "sd")


@dataclass(frozen=True)
class Head:
    """What stays in sight on every tab: who, how old, how urgent, and what is next."""

    line: str
    name: Name
    other_name: Name | None
    age: str
    flags: Sequence[Flag]
    next: Due | None


def head(file: CaseFile, next_one: Due | None) -> Head:
    """The sticky lines; `next_one` is the most pressing duty."""
    first, others = _names(file)
    age = people.age_interval(
        file.case.person.born_from, file.case.person.born_to, local_day(file.at)
    )
    return Head(
        line=line(file),
        name=first,
        other_name=others[0] if others else None,
        age=str(age) if age else _("age not known"),
        flags=flags(file),
        next=next_one,
    )


def line(file: CaseFile) -> str:
    """Number, centre and since when, of the case."""
    return " · ".join(
        [
            _("Case %(number)s") % {"number": file.case.number},
            str(file.case.organisation),
            _("opened %(day)s") % {"day": moments.day(file.case.opened_at)},
        ]
    )


def others(file: CaseFile) -> list[Name]:
    """The name in its other writings."""
    return _names(file)[1]


def strip(file: CaseFile, more: Sequence[Fact]) -> Identity:
    """Names in their scripts, facts with how they are known, and flags: for paper."""
    first, found = _names(file)
    return Identity(
        name=first,
        line=line(file),
        other_names=found,
        facts=[*facts(file), *more],
        flags=flags(file),
    )


def print_button(file: CaseFile) -> Action:
    """The whole case on paper."""
    return Action(_("Print"), reverse("cases:summary", args=[file.case.pk]), icon="print")


def _names(file: CaseFile) -> tuple[Name, list[Name]]:
    if not file.shows(Level.IDENTITY):
        return Name(_("Name not shown")), []
    spoken = next(
        (tag for tag in file.case.person.languages if tag.split("-")[0] in ARABIC_LETTERS), ""
    )
    found: dict[str, Name] = {}
    for line in file.dossier.names:
        lang = SCRIPTS.get(line.name.script, "")
        if line.name.script == "Arab" and spoken:
            lang = spoken.split("-")[0]
        found.setdefault(line.full, Name(line.full, lang))
    shown = file.dossier.shown_name
    if not found:
        return Name(_("Name not known")), []
    first = found.pop(shown, None) or found.pop(next(iter(found)))
    return first, list(found.values())


def facts(file: CaseFile) -> list[Fact]:
    """What is known of the person, each with how it is known."""
    person = file.case.person
    found = [_age(file), _languages(file)]
    if person.sex not in (people.Sex.NOT_ASKED, people.Sex.UNKNOWN):
        found.append(Fact(_("Sex"), str(people.Sex(person.sex).label)))
    if person.citizenship:
        said = _best_source(file, people.Attribute.CITIZENSHIP)
        found.append(
            Fact(_("Citizenship"), codes.title("citizenships", person.citizenship), note=said)
        )
    accompaniment = people.Accompaniment(file.case.accompaniment)
    found.append(
        Fact(
            _("With whom"),
            capfirst(str(accompaniment.label)),
            empty=accompaniment == people.Accompaniment.UNKNOWN,
        )
    )
    manager = file.name(file.case.manager_id)
    found.append(Fact(_("Case manager"), manager or _("nobody yet"), empty=not manager))
    return found


def _age(file: CaseFile) -> Fact:
    person = file.case.person
    found = people.age_interval(person.born_from, person.born_to, local_day(file.at))
    if found is None:
        return Fact(_("Age"), _("not known"), empty=True)
    best = people.best([line.statement for line in file.dossier.stated(people.Attribute.BIRTH)])
    note = source(best) if best else ""
    count = len(file.dossier.stated(people.Attribute.BIRTH))
    if count > 1:
        more = ngettext("%(n)d statement", "%(n)d statements", count) % {"n": count}
        note = f"{note} · {more}"
    return Fact(_("Age"), str(found), note=note, url=tabs.at(file.case.pk, "age") if count else "")


def _languages(file: CaseFile) -> Fact:
    lines = file.dossier.stated(people.Attribute.LANGUAGE)
    if not lines:
        return Fact(_("Languages"), _("not asked yet"), empty=True)
    levels = {line.statement.code: line.statement.level for line in lines}
    first = [_language(tag, levels.get(tag, "")) for tag in file.case.person.languages]
    return Fact(_("Languages"), ", ".join(first))


def _language(tag: str, level: str) -> str:
    name = codes.title("languages", tag)
    if level == people.LanguageLevel.BASIC:
        return _("%(language)s, a little") % {"language": name}
    return name


def _best_source(file: CaseFile, attribute: str) -> str:
    best = people.best([line.statement for line in file.dossier.stated(attribute)])
    return source(best) if best else ""


def source(statement: Statement) -> str:
    """Who says so and how it is known: "said by the person"."""
    said_by = str(people.SaidBy(statement.said_by).label)
    basis = people.Basis(statement.basis)
    if basis == people.Basis.CLAIMED:
        return _("said by %(who)s") % {"who": said_by}
    return f"{basis.label}, {said_by}" if basis != people.Basis.DOCUMENT else str(basis.label)


def flags(file: CaseFile) -> list[Flag]:
    """What everybody who opens the case must notice first."""
    case = file.case
    kinds: dict[str, Any] = {"immediate": "alert", "urgent": "alert", "regular": "calm"}
    found = []
    if case.status == rules.CaseStatus.CLOSED:
        found.append(Flag(_("Closed"), "calm", "lock"))
    else:
        label = capfirst(str(rules.Priority(case.priority).label))
        found.append(Flag(label, kinds[case.priority]))
    found += _majority(file)
    if case.whereabouts_restricted:
        found.append(Flag(_("Whereabouts restricted"), "warn", "lock"))
    suspicions = [c for c in file.concerns if c.is_suspicion and c.status != "ended"]
    if suspicions:
        words = ngettext("%(n)d suspicion open", "%(n)d suspicions open", len(suspicions))
        found.append(Flag(words % {"n": len(suspicions)}, "alert"))
    if case.pathway == rules.Pathway.TRANSIT:
        found.append(Flag(_("In transit: short path"), "calm"))
    return found


def _majority(file: CaseFile) -> list[Flag]:
    """Minority is presumed while any statement leaves it possible (scenario 6)."""
    ages = [
        people.age_interval(line.statement.born_from, line.statement.born_to, local_day(file.at))
        for line in file.dossier.stated(people.Attribute.BIRTH)
    ]
    known = [age for age in ages if age is not None]
    if not known:
        return [Flag(_("Under 18 presumed: age not known"), "warn")]
    if not any(age.presumed_minor for age in known):
        return [Flag(_("18 or older by every statement"), "calm")]
    if any(age.oldest >= people.AGE_OF_MAJORITY for age in known):
        return [Flag(_("Under 18 presumed: the age is in doubt"), "warn")]
    return []


def whose(case: Case, at: datetime) -> list[Fact]:
    """The few facts by which one recognises a case beside a form; no names."""
    person = case.person
    age = people.age_interval(person.born_from, person.born_to, local_day(at))
    return [
        Fact(_("Age"), str(age) if age else _("not known"), empty=age is None),
        Fact(_("Priority"), capfirst(str(rules.Priority(case.priority).label))),
        Fact(_("Centre"), str(case.organisation)),
    ]


def age_statements(file: CaseFile) -> list[Entry]:
    """Every statement on the age with its source, the one shown first marked."""
    lines = file.dossier.stated(people.Attribute.BIRTH)
    best = people.best([line.statement for line in lines])
    entries = []
    for line in lines:
        said = line.statement
        age = people.age_interval(said.born_from, said.born_to, local_day(file.at))
        flags = [Flag(_("shown first"), "ok")] if best and said.pk == best.pk else []
        entries.append(
            Entry(
                title=_("%(age)s years: born %(born)s") % {"age": age, "born": born(said)},
                line=" · ".join(
                    part
                    for part in (
                        source(said),
                        moments.day(said.stated_at),
                        _("recorded by %(name)s") % {"name": file.name(said.recorded_by_id)}
                        if said.recorded_by_id
                        else "",
                    )
                    if part
                ),
                flags=flags,
                texts=texts((_("In their words"), line.detail)),
            )
        )
    return entries


def born(said: Statement) -> str:
    """The interval of a birth, with the year in the calendar it was said in."""
    first, last = said.born_from, said.born_to
    if first is None or last is None:
        return _("not known")
    words = _day(first) if first == last else f"{_day(first)}\u2009–\u2009{_day(last)}"
    if said.calendar == Calendar.SOLAR_HIJRI:
        year = _("%(year)d in the Solar Hijri calendar") % {"year": solar_hijri_year(first)}
        return f"{words} ({year})"
    return words


def _day(day: date) -> str:
    return moments.of_day(day)


def other_facts(file: CaseFile) -> list[Entry]:
    """Every other statement, in the order of attributes: documents, phones, wishes …"""
    skipped = (people.Attribute.BIRTH, people.Attribute.LANGUAGE)
    lists = {
        people.Attribute.CITIZENSHIP: "citizenships",
        people.Attribute.DOCUMENT: "identity_documents",
    }
    entries = []
    for attribute in people.Attribute:
        if attribute in skipped:
            continue
        for line in file.dossier.stated(attribute):
            said = line.statement
            value = said.code
            if attribute in lists:
                value = codes.title(lists[attribute], said.code)
            elif attribute == people.Attribute.SEX:
                value = str(people.Sex(said.code).label)
            title = ": ".join(p for p in (capfirst(str(attribute.label)), value) if p)
            entries.append(
                Entry(
                    title=title,
                    line=f"{source(said)} · {moments.day(said.stated_at)}",
                    texts=texts(("", line.detail)),
                )
            )
    return entries
