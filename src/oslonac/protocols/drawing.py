"""A protocol as a picture: SVG with classes for a stylesheet, no style of its own inside a page.

Activities stand in columns, each to the right of what leads to it, and what ends the case in the
last; groups are told by a line in the box. Relations are drawn as in the DCR tools: condition ->*,
response *->, milestone -><>, include ->+, exclude ->%. Of several between two boxes every term is
written. What switches whole groups says so in its box: fifty lines would say less. Never colour
alone: each kind has its own dash and its own mark.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

from oslonac.kit.wording import ENGLISH, Wording
from oslonac.protocols.booklet import length, text
from oslonac.protocols.dcr.graph import (
    Condition,
    Exclude,
    Include,
    Milestone,
    NoResponse,
    Relation,
    Response,
)
from oslonac.protocols.drawing_layout import LINE_OF_TEXT, WIDTH, Edge, Route, plan
from oslonac.protocols.protocol import Protocol, step_id

NOTE = 14  # a line of text below the title
LETTERS = 25  # Cyrillic in bold is wide
KINDS: Mapping[type, tuple[str, str]] = {
    Condition: ("condition", "→•"),
    Response: ("response", "•→"),
    Milestone: ("milestone", "→◇"),
    Include: ("include", "→+"),
    Exclude: ("exclude", "→%"),
    NoResponse: ("cancel", "→×"),
}
STYLE = """
.dcr-box{fill:#fff;stroke:#334;stroke-width:1.2}.dcr-observed .dcr-box{stroke-dasharray:4 3}
.dcr-excluded .dcr-box{stroke-dasharray:1 3}.dcr-who{font:11px sans-serif;fill:#556}
.dcr-what{font:600 12.5px sans-serif;fill:#112}.dcr-edge{fill:none;stroke:#667;stroke-width:1.2}
.dcr-response{stroke:#1b5fae}.dcr-condition{stroke:#a35c00}.dcr-milestone{stroke:#6a3fa0}
.dcr-include{stroke:#1d7a46}.dcr-exclude,.dcr-cancel{stroke:#a3232f}
.dcr-exclude,.dcr-cancel{stroke-dasharray:5 3}.dcr-milestone{stroke-dasharray:2 2}
.dcr-mark{font:11px sans-serif;fill:#334}.dcr-arrow{fill:#667}
@media (prefers-color-scheme:dark){svg{background:#14161a}.dcr-box{fill:#1e2228;stroke:#aab}
.dcr-what{fill:#eef}.dcr-who,.dcr-mark{fill:#bbc}}
"""


def plain_role(code: str) -> str:
    return code.replace("_", " ")


def draw(
    protocol: Protocol,
    language: str = "en",
    *,
    standalone: bool = False,
    say: Wording = ENGLISH,
    role: Callable[[str], str] = plain_role,
    link: str = "",
) -> str:
    """The diagram as SVG. `standalone`: with a stylesheet of its own, for a file. `link`: boxes
    lead to "#<link><activity>" of the page they stand in."""
    picture = _Picture(protocol, language, say, role)
    made = picture.plan
    wide, high = round(made.width), round(made.height)
    title = text(protocol.title, language)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="dcr" viewBox="0 0 {wide} {high}" '
        f'width="{wide}" height="{high}" role="{"group" if link else "img"}" '
        f"aria-label={quoteattr(title)}>",
        f"<title>{escape(title)}</title>",
        '<defs><marker id="dcr-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
        'markerHeight="7" orient="auto"><path class="dcr-arrow" d="M0 0 L8 4 L0 8 z"/>'
        "</marker></defs>",
    ]
    if standalone:
        parts.append(f"<style>{STYLE}</style>")
    parts += [_line(route) for route in made.routes]
    for id_ in protocol.steps:
        box = picture.box(id_)
        parts.append(f'<a href="#{link}{id_}">{box}</a>' if link and _told(protocol, id_) else box)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _told(protocol: Protocol, id_: str) -> bool:
    """Whether the table has a row for it: what is only observed is nobody's work."""
    return not protocol.steps[id_].observed


class _Picture:
    """What stands in the boxes of one protocol, and how they lie."""

    def __init__(
        self, protocol: Protocol, language: str, say: Wording, role: Callable[[str], str]
    ) -> None:
        self.protocol = protocol
        self.language = language
        self.say = say
        self.role = role
        self.members = _members(protocol)
        self.switched: dict[str, list[str]] = {}
        edges = self.edges()
        # Lines of text below the title: the group, and the groups that a step switches.
        self.below = {id_: self.notes(id_) for id_ in protocol.steps}
        extra = {id_: NOTE * len(lines) for id_, lines in self.below.items()}
        columns = _columns(protocol, edges, self.ends())
        self.plan = plan(list(protocol.steps), columns, edges, extra)

    def edges(self) -> list[Edge]:
        """One line for each pair and kind, with every term of it."""
        found: dict[tuple[str, str, str], dict[str, None]] = {}
        for relation, target in self.drawn():
            kind, sign = KINDS[type(relation)]
            marks = found.setdefault((step_id(relation.source), target, kind), {})
            marks[f"{sign} {_mark(relation, self.say)}".strip()] = None
        return [Edge(*ends, tuple(_terms(marks))) for ends, marks in found.items()]

    def drawn(self) -> Iterator[tuple[Relation, str]]:
        """Relations that have a line of their own, with the box they lead to. A step's own lapse
        and a step that switches a whole group have none."""
        switching: dict[tuple[str, type], list[Relation]] = {}
        for r in self.protocol.graph.relations:
            if isinstance(r, Include | Exclude | NoResponse):
                switching.setdefault((r.source, type(r)), []).append(r)
            else:
                yield r, step_id(r.target)
        for (source, kind), relations in switching.items():
            targets = {step_id(r.target) for r in relations}
            for group in self.covered(targets):
                title = text(self.protocol.groups[group].title, self.language)
                lines = self.switched.setdefault(step_id(source), [])
                lines.append(f"{KINDS[kind][1]} {title}")
                targets -= self.members[group]
            for r in relations:
                if step_id(r.target) in targets and step_id(r.target) != step_id(source):
                    yield r, step_id(r.target)

    def covered(self, targets: set[str]) -> list[str]:
        """The largest groups that lie wholly among some steps."""
        whole = [g for g, steps in self.members.items() if len(steps) > 1 and steps <= targets]
        return [g for g in whole if not any(self.members[g] < self.members[o] for o in whole)]

    def ends(self) -> set[str]:
        """Steps that switch off half of all steps or more: they come last."""
        size = len(self.protocol.graph.activities)
        return {
            step_id(id_)
            for id_, effects in self.protocol.graph.effects.items()
            if len({r.target for r in effects.excludes}) * 2 >= size > 2
        }

    def notes(self, id_: str) -> list[str]:
        group = self.protocol.steps[id_].group
        title = text(self.protocol.groups[group].title, self.language) if group else ""
        return [*self.switched.get(id_, ()), *([f"▸ {title}"] if title else [])]

    def box(self, id_: str) -> str:
        place, step = self.plan.boxes[id_], self.protocol.steps[id_]
        x, y = round(place.x), round(place.y)
        activity = self.protocol.graph.activities[id_]
        classes = ["dcr-activity"]
        classes += ["dcr-observed"] if activity.observed else []
        classes += ["dcr-excluded"] if not activity.included else []
        who = " / ".join(dict.fromkeys(self.role(w.role) for w in activity.who))
        title = text(step.title, self.language)
        words = "".join(
            f'<tspan x="{x + 10}" dy="{0 if n == 0 else 15}">{escape(line)}</tspan>'
            for n, line in enumerate(_wrap(title))
        )
        notes = "".join(
            f'<text class="dcr-who" x="{x + 10}" y="{y + 80 + NOTE * n}">'
            f"{escape(_cut(line, 34))}</text>"
            for n, line in enumerate(self.below[id_])
        )
        return (
            f'<g class="{" ".join(classes)}" id="activity-{id_}"><title>{escape(title)}</title>'
            f'<rect class="dcr-box" x="{x}" y="{y}" width="{WIDTH}" height="{place.height}" '
            f'rx="6"/><text class="dcr-who" x="{x + 10}" y="{y + 16}">'
            f"{escape(_cut(who, 34))}</text>"
            f'<text class="dcr-what" x="{x + 10}" y="{y + 34}">{words}</text>{notes}</g>'
        )


def _members(protocol: Protocol) -> dict[str, set[str]]:
    """The steps of each group, those of groups inside it too."""
    found: dict[str, set[str]] = {group: set() for group in protocol.groups}
    for step in protocol.steps.values():
        group = step.group
        while group:
            found[group].add(step.id)
            group = protocol.groups[group].within
    return found


def _terms(marks: Iterable[str]) -> list[str]:
    """Every term; the sign alone only where there is nothing else to say."""
    found = list(marks)
    return [m for m in found if " " in m] or found


def _mark(relation: Relation, say: Wording) -> str:
    if isinstance(relation, Response) and relation.deadline.amount is not None:
        return length(relation.deadline.amount, say)
    if isinstance(relation, Condition) and relation.delay is not None:
        return length(relation.delay, say)
    return ""


def _columns(protocol: Protocol, edges: Sequence[Edge], ends: set[str]) -> dict[str, int]:
    """Columns by the longest way from a start, never going round a circle. What ends the case
    stands in the last column, with what only follows from it."""
    before: dict[str, list[str]] = {id_: [] for id_ in protocol.steps}
    for edge in edges:
        leads = edge.kind in ("condition", "response", "milestone")
        if edge.source != edge.target and leads and edge.source not in ends:
            before[edge.target].append(edge.source)
    found: dict[str, int] = {}
    for start in protocol.steps:
        # Depth first, without recursion: a procedure may have hundreds of steps in a line.
        way, open_ = [start], {start}
        while way:
            here = way[-1]
            left = [s for s in before[here] if s not in found and s not in open_]
            if here not in found and left:
                way.append(left[0])
                open_.add(left[0])
                continue
            done = [found[s] for s in before[here] if s in found]
            found.setdefault(here, 1 + max(done, default=-1))
            open_.discard(way.pop())
    last = max(found.values(), default=0)
    return {id_: last + 1 if id_ in ends and last else column for id_, column in found.items()}


def _cut(line: str, most: int) -> str:
    return line if len(line) <= most else line[: most - 1] + "…"


def _wrap(title: str, lines: int = 3) -> list[str]:
    found = [""]
    for word in title.split():
        if len(found[-1]) + len(word) + 1 > LETTERS and found[-1]:
            found.append(word)
        else:
            found[-1] = f"{found[-1]} {word}".strip()
    if len(found) > lines:
        found = [*found[: lines - 1], " ".join(found[lines - 1 :])]
    return [_cut(line, LETTERS) for line in found]


def _line(route: Route) -> str:
    """A line and what it says, above its end."""
    edge = route.edge
    corners = " ".join(f"{x:.0f} {y:.0f}" for x, y in route.points)
    x, y = route.points[-1]
    marks = "".join(
        f'<text class="dcr-mark" x="{x - 9:.0f}" y="{y - 3 - LINE_OF_TEXT * n:.0f}" '
        f'text-anchor="end">{escape(mark)}</text>'
        for n, mark in enumerate(reversed(edge.marks))
    )
    path = f'<path class="dcr-edge dcr-{edge.kind}" d="M {corners}" marker-end="url(#dcr-arrow)"/>'
    return path + marks
