"""Where the people of the picture stand; no drawing here, so that tests can measure it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from oslonac.web.drawings.svg import Box, shorten, text_width

RADIUS = 22.0
FOCUS_RADIUS = 28.0
LINE = 17.0
SLOT = 124.0
GAP = 36.0
TOP = 40.0
ABOVE = 20.0
TEXT = 13.0
LIMIT = 16


@dataclass(frozen=True)
class Node:
    """A person. `generation` counts from the focus: -1 parents, 0 own or companions, 1 children.

    `age` and `relation` are finished phrases; `present` False is somebody elsewhere or searched.
    """

    id: str
    name: str
    age: str = ""
    relation: str = ""
    note: str = ""
    generation: int = 0
    present: bool = True
    leader: bool = False
    url: str = ""


@dataclass(frozen=True)
class Edge:
    """A relation; `status` is claimed, verified or refuted."""

    a: str
    b: str
    label: str = ""
    status: str = "claimed"


@dataclass(frozen=True)
class Group:
    """People who travel or live together."""

    id: str
    label: str
    members: frozenset[str]


@dataclass(frozen=True)
class Spot:
    node: Node
    x: float
    y: float
    row: int
    column: int
    radius: float
    focus: bool
    inner: str
    labels: Sequence[tuple[str, Box]]
    area: Box


@dataclass
class Layout:
    spots: dict[str, Spot] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    edge_labels: list[tuple[str, Box]] = field(default_factory=list)
    group_labels: dict[str, list[tuple[str, Box]]] = field(default_factory=dict)
    height: float = 40.0

    def label_boxes(self) -> list[Box]:
        """Every label, for checking that none covers another."""
        people = [box for spot in self.spots.values() for _, box in spot.labels]
        groups = [box for labels in self.group_labels.values() for _, box in labels]
        return people + [box for _, box in self.edge_labels] + groups


def lay_out(
    nodes: Sequence[Node],
    edges: Sequence[Edge],
    groups: Sequence[Group],
    focus: str,
    width: float,
    *,
    more: str = "+{n}",
    mirrored: bool = False,
) -> Layout:
    shown = _nearest(nodes, focus, more)
    layout = Layout()
    rows = _rows(shown, groups, focus, max(1, int(width // SLOT)))
    # Room above the first row for the edge of a group and for arcs over somebody in between.
    y = TOP + (ABOVE if groups or any(len(row) > 2 for row in rows) else 0.0)
    for index, row in enumerate(rows):
        places = row[::-1] if mirrored else row
        spots = [_spot(node, n, index, len(row), y, width, focus) for n, node in enumerate(places)]
        layout.spots.update({spot.node.id: spot for spot in spots})
        y = max(s.area.y + s.area.height for s in spots) + GAP + FOCUS_RADIUS
    layout.height = max(40.0, y - FOCUS_RADIUS - GAP + 14)
    here = layout.spots
    layout.edges = [e for e in edges if e.a in here and e.b in here and e.a != e.b]
    layout.groups = [g for g in groups if sum(m in here for m in g.members) > 1]
    _label_groups(layout)
    _label_edges(layout, width)
    return layout


def _nearest(nodes: Sequence[Node], focus: str, more: str) -> list[Node]:
    """The focus and those nearest to it; the rest becomes one node that counts them."""
    unique = list({node.id: node for node in nodes}.values())
    if len(unique) <= LIMIT:
        return unique
    ranked = sorted(unique, key=lambda n: (n.id != focus, abs(n.generation), not n.leader))
    rest = len(unique) - (LIMIT - 1)
    below = max(n.generation for n in ranked[: LIMIT - 1]) + 1
    summary = Node("…", more.format(n=rest), generation=below, present=False)
    return [*ranked[: LIMIT - 1], summary]


def _rows(
    nodes: Sequence[Node], groups: Sequence[Group], focus: str, room: int
) -> list[list[Node]]:
    """Generations from above; a row too long for the width goes on below itself."""
    own = next((g.members for g in groups if focus in g.members), frozenset())
    rank = {m: n for n, g in enumerate(groups, 1) for m in g.members if m not in own}
    rows = []
    for generation in sorted({node.generation for node in nodes}):
        members = [n for n in nodes if n.generation == generation]
        first = [n for n in members if n.id == focus]
        with_focus = [n for n in members if n.id in own and n.id != focus]
        others = sorted(
            (n for n in members if n.id not in own and n.id != focus),
            key=lambda n: rank.get(n.id, 0),
        )
        half = (min(len(members), room) - 1) // 2 if first else len(others)
        outer = others[:half]
        inner = with_focus[: half - len(outer)] if first else []
        rest = [*with_focus[len(inner) :], *others[half:]]
        line = [*outer, *inner, *first, *rest]
        while line:
            rows.append(line[:room])
            line = line[room:]
    return rows


def _spot(
    node: Node, column: int, row: int, count: int, y: float, width: float, focus: str
) -> Spot:
    slot = min(width / count, 190.0)
    x = width / 2 + (column - (count - 1) / 2) * slot
    central = node.id == focus
    radius = FOCUS_RADIUS if central else RADIUS
    inner = node.age if text_width(node.age, 12) <= 2 * radius - 4 else ""
    second = ", ".join(p for p in ("" if inner else node.age, node.relation) if p)
    labels = []
    down = y + FOCUS_RADIUS + 3
    for words in (node.name, second, node.note):
        if words:
            shown = shorten(words, slot - 14, TEXT)
            wide = min(slot - 10, text_width(shown, TEXT) + 4)
            labels.append((shown, Box(x - wide / 2, down, wide, LINE - 1)))
            down += LINE
    half = max([radius, *(box.width / 2 for _, box in labels)]) + 3
    area = Box(x - half, y - radius - 4, 2 * half, down - (y - radius - 4) + 2)
    return Spot(node, x, y, row, column, radius, central, inner, labels, area)


def runs_of(group: Group, layout: Layout) -> list[Box]:
    """The group as rectangles: neighbours in a row share one, so no stranger is inside."""
    boxes: list[Box] = []
    run: list[Spot] = []
    spots = sorted(layout.spots.values(), key=lambda s: (s.row, s.column))
    for spot in [*spots, None]:
        inside = spot is not None and spot.node.id in group.members
        if run and (not inside or spot is None or spot.row != run[-1].row):
            boxes.append(_around(run))
            run = []
        if inside and spot is not None:
            run.append(spot)
    return boxes


def _around(run: Sequence[Spot]) -> Box:
    left = min(s.area.x for s in run) - 4
    right = max(s.area.x + s.area.width for s in run) + 4
    top = min(s.area.y for s in run) - 16
    bottom = max(s.area.y + s.area.height for s in run) + 4
    return Box(left, top, right - left, bottom - top)


def ends(edge: Edge, layout: Layout) -> tuple[float, float, float, float]:
    """A line's two ends: between rows it leaves the upper person below the words."""
    a, b = layout.spots[edge.a], layout.spots[edge.b]
    low = [spot.y for spot in (a, b)]
    if a.row < b.row:
        low[0] = a.area.y + a.area.height
    elif b.row < a.row:
        low[1] = b.area.y + b.area.height
    return a.x, low[0], b.x, low[1]


def _label_groups(layout: Layout) -> None:
    """A group's name on the upper edge of each of its rectangles, where it is free."""
    for group in layout.groups:
        labels = []
        for box in runs_of(group, layout):
            words = shorten(group.label, box.width - 20, 12)
            wide = text_width(words, 12)
            spot = Box(box.x + 12, box.y + 2, wide, 15)
            if len(words) > 2 and not _taken(spot, layout):
                labels.append((words, spot))
                layout.group_labels[group.id] = labels


def _label_edges(layout: Layout, width: float) -> None:
    """A line's label where nothing is in the way; what finds no room stays in the text."""
    for edge in layout.edges:
        a, b = layout.spots[edge.a], layout.spots[edge.b]
        x1, y1, x2, y2 = ends(edge, layout)
        wide = text_width(edge.label, 12) + 6
        if not edge.label or (a.y == b.y and abs(a.column - b.column) > 1):
            continue
        middle = () if edge.status == "refuted" else (0.5, 0.4, 0.6)
        for part in (*middle, 0.32, 0.68, 0.25, 0.75):
            x, y = x1 + (x2 - x1) * part, y1 + (y2 - y1) * part
            box = Box(x - wide / 2, y - 9, wide, LINE)
            if box.x < 0 or box.x + wide > width or _taken(box, layout):
                continue
            layout.edge_labels.append((edge.label, box))
            break


def _taken(box: Box, layout: Layout) -> bool:
    circles = (
        Box(s.x - s.radius - 2, s.y - s.radius - 2, 2 * s.radius + 4, 2 * s.radius + 4)
        for s in layout.spots.values()
    )
    return any(box.overlaps(other) for other in [*circles, *layout.label_boxes()])
