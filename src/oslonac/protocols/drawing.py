"""A protocol as a picture: SVG with classes for a stylesheet, no style of its own inside a page.

Activities stand in columns, each to the right of what leads to it; groups are told by a line in
the box. Relations are drawn as in the DCR tools: condition ->*, response *->, milestone -><>,
include ->+, exclude ->%. Never colour alone: each kind has its own dash and its own mark.
"""

from collections.abc import Callable, Mapping
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
from oslonac.protocols.protocol import STARTED, Protocol

WIDTH, HEIGHT, GAP_X, GAP_Y, MARGIN = 216, 78, 120, 26, 24
MARK_HEIGHT = 12
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
    edges = _edges(protocol, say)
    places = _layout(protocol, edges)
    wide = max((x for x, _ in places.values()), default=0) + WIDTH + MARGIN
    high = max((y for _, y in places.values()), default=0) + HEIGHT + MARGIN
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
    taken: dict[tuple[int, int], str] = {}
    for (a, b, kind), mark in edges.items():
        parts.append(_edge(kind, places[a], places[b], mark, taken))
    for id_, place in places.items():
        box = _box(protocol, id_, place, language, role)
        parts.append(f'<a href="#{link}{id_}">{box}</a>' if link and _told(protocol, id_) else box)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _told(protocol: Protocol, id_: str) -> bool:
    """Whether the table has a row for it: what is only observed is nobody's work."""
    return not protocol.steps[id_].observed


def _edges(protocol: Protocol, say: Wording) -> dict[tuple[str, str, str], str]:
    """One line for each pair and kind; closings that switch off everything are left out."""
    found: dict[tuple[str, str, str], str] = {}
    many = len(protocol.steps) / 2
    broad = {
        id_
        for id_, effects in protocol.graph.effects.items()
        if len(effects.excludes) >= many or len(effects.includes) >= many
    }
    for r in protocol.graph.relations:
        kind, sign = KINDS[type(r)]
        if r.source in broad and kind in ("exclude", "cancel", "include"):
            continue
        key = (r.source.partition(".")[0], r.target.removesuffix(STARTED), kind)
        found[key] = f"{sign} {_mark(r, say)}".strip()
    return found


def _mark(relation: Relation, say: Wording) -> str:
    if isinstance(relation, Response) and relation.deadline.amount is not None:
        return length(relation.deadline.amount, say)
    if isinstance(relation, Condition) and relation.delay is not None:
        return length(relation.delay, say)
    return ""


def _layout(
    protocol: Protocol, edges: Mapping[tuple[str, str, str], str]
) -> dict[str, tuple[int, int]]:
    """Columns by the longest way from a start, never going round a circle."""
    before: dict[str, list[str]] = {id_: [] for id_ in protocol.steps}
    for source, target, kind in edges:
        if source != target and kind in ("condition", "response"):
            before[target].append(source)
    columns: dict[str, int] = {}

    def column(id_: str, seen: tuple[str, ...]) -> int:
        if id_ not in columns:
            leading = [s for s in before[id_] if s not in seen and s != id_]
            columns[id_] = 1 + max((column(s, (*seen, id_)) for s in leading), default=-1)
        return columns[id_]

    for id_ in protocol.steps:
        column(id_, (id_,))
    rows: dict[int, int] = {}
    places = {}
    for id_ in protocol.steps:
        row = rows.get(columns[id_], 0)
        rows[columns[id_]] = row + 1
        x = MARGIN + columns[id_] * (WIDTH + GAP_X)
        places[id_] = (x, MARGIN + row * (HEIGHT + GAP_Y))
    return places


def _box(
    protocol: Protocol,
    id_: str,
    place: tuple[int, int],
    language: str,
    role: Callable[[str], str],
) -> str:
    x, y = place
    step = protocol.steps[id_]
    activity = protocol.graph.activities[id_]
    classes = ["dcr-activity"]
    classes += ["dcr-observed"] if activity.observed else []
    classes += ["dcr-excluded"] if not activity.included else []
    who = " / ".join(dict.fromkeys(role(w.role) for w in activity.who))
    title = text(step.title, language)
    lines = _wrap(title)
    words = "".join(
        f'<tspan x="{x + 10}" dy="{0 if n == 0 else 15}">{escape(line)}</tspan>'
        for n, line in enumerate(lines)
    )
    return (
        f'<g class="{" ".join(classes)}" id="activity-{id_}"><title>{escape(title)}</title>'
        f'<rect class="dcr-box" x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="6"/>'
        f'<text class="dcr-who" x="{x + 10}" y="{y + 16}">{escape(_cut(who, 34))}</text>'
        f'<text class="dcr-what" x="{x + 10}" y="{y + 34}">{words}</text></g>'
    )


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


def _edge(
    kind: str,
    start: tuple[int, int],
    end: tuple[int, int],
    mark: str,
    taken: dict[tuple[int, int], str],
) -> str:
    """A line and its mark. Lines fan out from a box, so a mark stands where its line ends; there
    two that say the same are one (`taken`), two that differ stand one above the other."""
    (ax, ay), (bx, by) = start, end
    shift = 8 * list(KINDS.values()).index(next(v for v in KINDS.values() if v[0] == kind))
    ay, by = ay + 14 + shift, by + 14 + shift
    if start == end:
        right = ax + WIDTH
        path = f"M {right} {ay} C {right + 40} {ay - 16} {right + 40} {ay + 24} {right} {ay + 12}"
        return _line(kind, path, right + 6, ay - 6, mark, taken)
    if bx > ax:
        sx, tx, bend = ax + WIDTH, bx, GAP_X * 0.6
        path = f"M {sx} {ay} C {sx + bend:.0f} {ay} {tx - bend:.0f} {by} {tx} {by}"
        return _line(kind, path, tx - 8, by - 4, mark, taken, end=True)
    sx, tx = ax, bx + WIDTH if bx < ax else bx
    path = f"M {sx} {ay} C {sx - 50} {ay} {tx - 50 if bx == ax else tx + 50} {by} {tx} {by}"
    return _line(kind, path, sx - 8, ay - 4, mark, taken, end=True)


def _line(
    kind: str,
    path: str,
    x: int,
    y: int,
    mark: str,
    taken: dict[tuple[int, int], str],
    *,
    end: bool = False,
) -> str:
    """`end`: the mark ends at `x` instead of beginning there."""
    line = f'<path class="dcr-edge dcr-{kind}" d="{path}" marker-end="url(#dcr-arrow)"/>'
    while taken.get((x, y), mark) != mark or (taken.get((x, y + 8)) or mark) != mark:
        y -= MARK_HEIGHT
    if taken.get((x, y)) == mark:
        return line
    taken[x, y] = mark
    anchor = ' text-anchor="end"' if end else ""
    return f'{line}<text class="dcr-mark" x="{x}" y="{y}"{anchor}>{escape(mark)}</text>'
