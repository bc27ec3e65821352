"""The people around the child: drawn, and in a table; the travel group with its decisions."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from oslonac.access.rules import Level
from oslonac.cases import moments
from oslonac.cases.page.rows import CaseFile
from oslonac.cases.page.shapes import Entry, Section, texts
from oslonac.cases.steps import registry
from oslonac.kit.clock import local_day
from oslonac.people import rules
from oslonac.people.models import Person
from oslonac.people.queries import NAMELESS, GroupLine, RelationLine
from oslonac.web.drawings.graph import Edge, Group, Node, draw_people, people_lines
from oslonac.web.shapes import Flag, Kind

GENERATIONS = {
    rules.RelationKind.MOTHER: -1,
    rules.RelationKind.FATHER: -1,
    rules.RelationKind.UNCLE: -1,
    rules.RelationKind.AUNT: -1,
    rules.RelationKind.GRANDPARENT: -2,
    rules.RelationKind.CHILD: 1,
}
STANDING: dict[str, Kind] = {"verified": "ok", "claimed": "warn", "refuted": "alert"}


@dataclass(frozen=True)
class Picture:
    svg: str
    lines: Sequence[str]


def picture(file: CaseFile, *, direction: str) -> Picture | None:
    """Who belongs to the child; None while nobody is written down."""
    lines, groups = file.dossier.relations, file.dossier.groups
    if not lines and not groups:
        return None
    child = file.case.person
    nodes = {str(child.pk): _node(file, child, file.dossier.shown_name, present=True)}
    for line in lines:
        nodes[str(line.other.pk)] = _relative(file, line)
    for group in groups:
        for member in group.members:
            person = member.member.person
            leads = member.member.role == rules.GroupRole.LEADER
            known = nodes.get(str(person.pk))
            nodes[str(person.pk)] = (
                Node(**(known.__dict__ | {"leader": leads or known.leader}))
                if known
                else _node(file, person, member.name, present=True, leader=leads)
            )
    edges = [_edge(child, line) for line in lines]
    drawn = [
        Group(
            str(group.group.pk),
            group.label or _("Travel group"),
            frozenset(str(member.member.person_id) for member in group.members),
        )
        for group in groups
    ]
    words = {status.value: str(status.label) for status in rules.Verification}
    svg = draw_people(
        list(nodes.values()),
        edges,
        drawn,
        str(child.pk),
        760,
        title=_("Family and other people"),
        description=_("Solid lines are verified, dashed ones claimed, crossed ones not confirmed."),
        direction=direction,
    )
    return Picture(svg, people_lines(list(nodes.values()), edges, words))


def _node(
    file: CaseFile, person: Person, name: str, *, present: bool, leader: bool = False
) -> Node:
    age = rules.age_interval(person.born_from, person.born_to, local_day(file.at))
    return Node(
        id=str(person.pk),
        name=_name(file, person, name),
        age=str(age) if age else "",
        present=present,
        leader=leader,
        url=_person_url(file, person),
    )


def _name(file: CaseFile, person: Person, name: str) -> str:
    if name and name != NAMELESS:
        return name
    if person.pk == file.case.person_id:
        return _("this person")
    return _("name not shown") if not file.shows(Level.IDENTITY) else _("name not known")


def _relative(file: CaseFile, line: RelationLine) -> Node:
    node = _node(file, line.other, line.other_name, present=line.relation.present)
    kind = rules.RelationKind(line.relation.kind)
    generation = GENERATIONS.get(kind, 0)
    own = {
        "relation": str(kind.label) if line.forward else "",
        "note": "" if line.relation.present else _("not here"),
        "generation": generation if line.forward else -generation,
    }
    return Node(**(node.__dict__ | own))


def _edge(child: Person, line: RelationLine) -> Edge:
    relation = line.relation
    label = str(rules.RelationKind(relation.kind).label)
    return Edge(str(child.pk), str(line.other.pk), label, relation.status)


def _person_url(file: CaseFile, person: Person) -> str:
    try:
        return reverse("people:person", args=[person.pk])
    except NoReverseMatch:
        return ""


def relations(file: CaseFile) -> list[Entry]:
    """Every relation in words: what it is, how it stands, how it was checked."""
    return [_relation(file, line) for line in file.dossier.relations]


def _relation(file: CaseFile, line: RelationLine) -> Entry:
    relation = line.relation
    kind = capfirst(str(rules.RelationKind(relation.kind).label))
    age = rules.age_interval(line.other.born_from, line.other.born_to, local_day(file.at))
    name = moments.isolated(_name(file, line.other, line.other_name))
    who = ", ".join(p for p in (name, str(age or "")) if p)
    title = f"{kind}: {who}"
    if not line.forward:
        title = _("%(who)s says about this person: %(kind)s") % {"who": who, "kind": kind.lower()}
    said = _("said by %(who)s") % {"who": str(rules.SaidBy(relation.said_by).label)}
    checked = (
        _("checked %(day)s") % {"day": moments.day(relation.checked_at)}
        if relation.checked_at
        else ""
    )
    here = _("with the person") if relation.present else _("not with the person")
    return Entry(
        title=title,
        line=" · ".join(p for p in (here, said, checked) if p),
        flags=[Flag(str(rules.Verification(relation.status).label), STANDING[relation.status])],
        texts=texts(("", line.evidence)),
        actions=registry.buttons(file.actor, file.case, relation, "relation-check"),
    )


def group_sections(file: CaseFile) -> list[Section]:
    """One card a travel group, each child with the decision on it."""
    return [_group(file, group) for group in file.dossier.groups]


def _group(file: CaseFile, line: GroupLine) -> Section:
    entries = []
    for member in line.members:
        row = member.member
        decision = rules.GroupDecision(row.decision)
        kinds: dict[str, Kind] = {"pending": "warn", "keep": "ok", "separate": "calm"}
        flags = [Flag(str(decision.label), kinds[decision])]
        if row.role == rules.GroupRole.LEADER:
            flags.insert(0, Flag(_("leads the group"), "calm", "leader"))
        age = rules.age_interval(row.person.born_from, row.person.born_to, local_day(file.at))
        name = moments.isolated(_name(file, row.person, member.name))
        entries.append(
            Entry(
                title=", ".join(p for p in (name, str(age or "")) if p),
                line=moments.short(row.decided_at) if row.decided_at else "",
                flags=flags,
                texts=texts(
                    (_("Reasons"), member.reasons), (_("The person's own view"), member.child_view)
                ),
                actions=registry.buttons(file.actor, file.case, row, "group-decide"),
            )
        )
    return Section(
        anchor="group",
        title=_("Travel group: %(name)s") % {"name": line.label}
        if line.label
        else _("Travel group"),
        entries=entries,
        actions=registry.buttons(file.actor, file.case, line.group, "group-join"),
        note=_(
            "Met on %(day)s. Whether to keep together or separate is decided for each "
            "person, with reasons."
        )
        % {"day": moments.day(line.group.met_at)},
    )
