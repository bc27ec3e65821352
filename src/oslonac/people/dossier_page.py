"""A person's dossier as finished shapes: who said what, how it is known, since when."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import formats
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from oslonac.directory import codes
from oslonac.kit.calendars import Calendar, solar_hijri_year
from oslonac.kit.clock import local_day
from oslonac.people import rules
from oslonac.people.models import Person, PersonName, Statement
from oslonac.people.queries import NAMELESS, Dossier, StatementLine
from oslonac.people.rules import AgeInterval, Attribute, age_interval
from oslonac.web.drawings.graph import Edge, Group, Node, draw_people, people_lines
from oslonac.web.shapes import Action, Cell, Column, Fact, Flag, Identity, Kind, Name, Table

CHECKED: dict[str, Kind] = {"claimed": "warn", "verified": "ok", "refuted": "alert"}
DECIDED: dict[str, Kind] = {"pending": "warn", "keep": "ok", "separate": "alert"}
_LISTS = {
    Attribute.CITIZENSHIP: "citizenships",
    Attribute.LANGUAGE: "languages",
    Attribute.DOCUMENT: "identity_documents",
}
_GENERATIONS = {"mother": -1, "father": -1, "uncle": -1, "aunt": -1, "grandparent": -2, "child": 1}


def _age(person: Person, at: datetime) -> AgeInterval | None:
    return age_interval(person.born_from, person.born_to, local_day(at))


def _day(moment: datetime) -> str:
    return formats.date_format(localtime(moment), "DATE_FORMAT")


def strip(dossier: Dossier, at: datetime, steps: Sequence[Action] = ()) -> Identity:
    """The strip on top: name shown first, what is known, what is presumed, what can be done."""
    person = dossier.person
    age = _age(person, at)
    shown = dossier.shown_name
    if shown == NAMELESS:
        shown = _("Name not shown")
    others = [Name(n.full) for n in dossier.names if n.full != dossier.shown_name][:3]
    spoken = ", ".join(codes.title("languages", code) for code in person.languages)
    nation = codes.title("citizenships", person.citizenship) if person.citizenship else ""
    sex = str(rules.Sex(person.sex).label)
    facts = [
        Fact(_("Age"), str(age) if age else _("not known"), empty=age is None),
        Fact(_("Sex"), sex, empty=person.sex in rules.Answer.values),
        Fact(_("Citizenship"), nation or _("not known"), empty=not nation),
        Fact(_("Languages"), spoken or _("not known"), empty=not spoken),
    ]
    flags = []
    if age is not None and age.straddles_majority:
        flags.append(Flag(_("minority presumed"), "calm"))
    return Identity(Name(shown or _("No name yet")), "", others, facts, flags, list(steps))


def script_name(code: str) -> str:
    """The script of a name in words; the ISO code for one that is not in the list."""
    return {
        "Latn": _("Latin"),
        "Cyrl": _("Cyrillic"),
        "Arab": _("Arabic script"),
        "Ethi": _("Ethiopic"),
        "Beng": _("Bengali"),
        "Grek": _("Greek"),
        "Deva": _("Devanagari"),
        "Zyyy": _("no letters"),
    }.get(code, code)


def names(dossier: Dossier, writers: Mapping[UUID, str]) -> Table:
    """Every name with its script, its kind, and who wrote it when."""
    columns = [_("Name"), _("Script"), _("Kind"), _("Said by"), _("Recorded by")]
    rows: list[list[Cell | str]] = [
        [
            line.full,
            script_name(line.name.script),
            str(line.name.get_kind_display()),
            _source(line.name),
            Cell(_writer(writers, line.name.written_by_id), note=_day(line.name.written_at)),
        ]
        for line in dossier.names
    ]
    return Table(_("Names"), [Column(name) for name in columns], rows, _("No name recorded."))


def parts(dossiers: Sequence[Dossier]) -> list[dict[str, Any]]:
    """The records that are this person, each by its own names and with its own day."""
    return [
        {
            "names": [line.full for line in each.names] or [_known(each.shown_name)],
            "since": _day(each.person.made_at),
            "survivor": place == 0,
        }
        for place, each in enumerate(dossiers)
    ]


def _source(said: Statement | PersonName) -> str:
    """Who says so and how it is known; that it was only said goes without saying."""
    if said.basis == rules.Basis.CLAIMED:
        return str(said.get_said_by_display())
    return f"{said.get_said_by_display()}, {said.get_basis_display()}"


def _writer(writers: Mapping[UUID, str], user_id: UUID | None) -> str:
    return writers.get(user_id, "") if user_id else _("the system")


def statements(dossier: Dossier, writers: Mapping[UUID, str], at: datetime) -> list[dict[str, Any]]:
    """Statements by what they are about, side by side; the one shown first leads."""
    found = []
    for attribute in Attribute:
        lines = dossier.stated(attribute)
        if not lines:
            continue
        first = rules.best([line.statement for line in lines])
        cards = [_card(line, writers, at, line.statement is first) for line in lines]
        cards.sort(key=lambda card: not card["first"])
        found.append({"title": str(attribute.label).capitalize(), "cards": cards})
    return found


def _card(
    line: StatementLine, writers: Mapping[UUID, str], at: datetime, first: bool
) -> dict[str, Any]:
    said = line.statement
    return {
        "value": value_of(said, line.detail, at),
        "detail": line.detail if said.attribute != Attribute.BIRTH or said.calendar else "",
        "said": _("said by %(who)s") % {"who": _source(said)},
        "written": _("%(day)s, recorded by %(who)s")
        % {"day": _day(said.stated_at), "who": _writer(writers, said.recorded_by_id)},
        "first": first,
    }


def value_of(said: Statement, detail: str, at: datetime) -> str:
    """What a statement says, in words."""
    if said.attribute == Attribute.BIRTH and said.born_from and said.born_to:
        return _birth(said, detail, at)
    if said.attribute == Attribute.SEX:
        return str(rules.Sex(said.code).label)
    if said.attribute in _LISTS and said.code:
        title = codes.title(_LISTS[Attribute(said.attribute)], said.code)
        return f"{title}, {said.get_level_display()}" if said.level else title
    return detail or "\u2014"


def _birth(said: Statement, detail: str, at: datetime) -> str:
    """The interval, and the years it makes today; a Solar Hijri year is named as such."""
    assert said.born_from is not None and said.born_to is not None  # noqa: S101 - typing
    if not said.calendar and detail:
        words = detail
    elif said.calendar == Calendar.SOLAR_HIJRI:
        words = _("Solar Hijri %(year)d") % {"year": solar_hijri_year(said.born_from)}
    elif said.born_from == said.born_to:
        words = formats.date_format(said.born_from, "DATE_FORMAT")
    else:
        words = str(said.born_from.year)
    days = (
        formats.date_format(said.born_from, "DATE_FORMAT")
        if said.born_from == said.born_to
        else f"{formats.date_format(said.born_from, 'DATE_FORMAT')} \u2013 "
        f"{formats.date_format(said.born_to, 'DATE_FORMAT')}"
    )
    age = age_interval(said.born_from, said.born_to, local_day(at))
    text = words if days == words else f"{words}: {days}"
    return _("%(birth)s (%(age)s today)") % {"birth": text, "age": age}


def relations(dossier: Dossier) -> Table:
    """Who the others are to the person, claimed or checked."""
    columns = [_("Who"), _("Relation"), _("Checked"), _("How it was checked")]
    rows: list[list[Cell | str]] = []
    for line in dossier.relations:
        label = str(rules.RelationKind(line.relation.kind).label)
        words = label if line.forward else _("has this person as: %(kind)s") % {"kind": label}
        rows.append(
            [
                Cell(_known(line.other_name), reverse("people:person", args=[line.other.pk])),
                words,
                Cell(
                    "",
                    flag=Flag(
                        str(line.relation.get_status_display()), CHECKED[line.relation.status]
                    ),
                ),
                line.evidence or "\u2014",
            ]
        )
    return Table(_("Relations"), [Column(name) for name in columns], rows)


def _known(name: str) -> str:
    if name == NAMELESS:
        return _("name not shown")
    return name or _("no name yet")


def groups(dossier: Dossier) -> list[dict[str, Any]]:
    """Travel groups with their members and what was decided for each child."""
    columns = [_("Who"), _("Role"), _("Decision"), _("Reasons"), _("The person's own view")]
    return [
        {
            "label": group.label or _("Travel group"),
            "met": _day(group.group.met_at),
            "table": Table(
                _("Members"),
                [Column(name) for name in columns],
                [
                    [
                        Cell(
                            _known(line.name),
                            reverse("people:person", args=[line.member.person_id]),
                        ),
                        str(line.member.get_role_display()),
                        Cell(
                            "",
                            flag=Flag(
                                str(line.member.get_decision_display()),
                                DECIDED[line.member.decision],
                            ),
                        ),
                        line.reasons or "\u2014",
                        line.child_view or "\u2014",
                    ]
                    for line in group.members
                ],
            ),
        }
        for group in dossier.groups
    ]


def picture(dossier: Dossier, at: datetime, side: str) -> dict[str, Any] | None:
    """Family and travel groups drawn around the person; None when the person is alone."""
    nodes = {
        str(dossier.person.pk): Node(
            str(dossier.person.pk), _known(dossier.shown_name), _words(dossier.person, at)
        )
    }
    edges = []
    for line in dossier.relations:
        key = str(line.other.pk)
        generation = _GENERATIONS.get(line.relation.kind, 0)
        nodes[key] = Node(
            key,
            _known(line.other_name),
            _words(line.other, at),
            generation=generation if line.forward else -generation,
            present=line.relation.present,
            url=reverse("people:person", args=[line.other.pk]),
        )
        label = str(rules.RelationKind(line.relation.kind).label)
        edges.append(Edge(str(dossier.person.pk), key, label, line.relation.status))
    hulls = _hulls(dossier, nodes, at)
    if len(nodes) == 1:
        return None
    parts = (list(nodes.values()), edges, hulls, str(dossier.person.pk))
    return {
        "svg": draw_people(*parts, title=_("People around this person"), direction=side),
        "lines": people_lines(
            parts[0],
            parts[1],
            {str(code): str(label) for code, label in rules.Verification.choices},
        ),
    }


def _hulls(dossier: Dossier, nodes: dict[str, Node], at: datetime) -> list[Group]:
    found = []
    for group in dossier.groups:
        for line in group.members:
            key = str(line.member.person_id)
            leads = line.member.role == rules.GroupRole.LEADER
            known = nodes.get(key)
            if known is None or leads:
                base = known or Node(key, _known(line.name), _words(line.member.person, at))
                nodes[key] = Node(**{**base.__dict__, "leader": leads})
        members = frozenset(str(line.member.person_id) for line in group.members)
        found.append(Group(str(group.group.pk), group.label or _("Travel group"), members))
    return found


def _words(person: Person, at: datetime) -> str:
    age = _age(person, at)
    return str(age) if age is not None else ""
