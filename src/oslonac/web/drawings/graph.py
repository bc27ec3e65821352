"""People around a child: generations above and below, companions beside, groups in a hull.

Shapes do not tell sex. A line is solid when verified, dashed when claimed, dotted and crossed
when refuted. Placement is deterministic and labels never overlap.
"""

from collections.abc import Mapping, Sequence

from oslonac.web.drawings.graph_layout import (
    RADIUS,
    Edge,
    Group,
    Layout,
    Node,
    Spot,
    ends,
    lay_out,
    runs_of,
)
from oslonac.web.drawings.svg import Box, element, link, number, picture, text

STAR = (
    (0, -9),
    (2.6, -3),
    (9, -2.4),
    (4.2, 1.8),
    (5.6, 8),
    (0, 4.6),
    (-5.6, 8),
    (-4.2, 1.8),
    (-9, -2.4),
    (-2.6, -3),
)

__all__ = ["Edge", "Group", "Node", "draw_people", "lay_out", "people_lines"]


def draw_people(
    nodes: Sequence[Node],
    edges: Sequence[Edge] = (),
    groups: Sequence[Group] = (),
    focus: str = "",
    width: float = 640,
    *,
    title: str = "",
    description: str = "",
    more: str = "+{n}",
    direction: str = "ltr",
) -> str:
    """The picture as SVG text. `focus` is a node's id; beyond 16 people the rest become `more`."""
    layout = lay_out(nodes, edges, groups, focus, width, more=more, mirrored=direction == "rtl")
    parts = [part for group in layout.groups for part in _hull(group, layout)]
    parts += [_edge(edge, layout) for edge in layout.edges]
    parts += [_label(words, box) for words, box in layout.edge_labels]
    parts += [
        _label(words, box, "t-small t-strong")
        for labels in layout.group_labels.values()
        for words, box in labels
    ]
    parts += [_node(spot) for spot in layout.spots.values()]
    return picture(
        width, layout.height, parts, title=title, description=description, direction=direction
    )


def _hull(group: Group, layout: Layout) -> list[str]:
    parts = []
    rects = runs_of(group, layout)
    for box in rects:
        parts.append(
            element(
                "rect", x=box.x, y=box.y, width=box.width, height=box.height, rx=16.0, class_="hull"
            )
        )
    return parts


def _label(words: str, box: Box, style: str = "t-small") -> str:
    return text(box.x + box.width / 2, box.y + 12, words, f"{style} halo", "middle")


def _edge(edge: Edge, layout: Layout) -> str:
    a, b = layout.spots[edge.a], layout.spots[edge.b]
    x1, y1, x2, y2 = ends(edge, layout)
    middle = ((x1 + x2) / 2, (y1 + y2) / 2)
    path = f"M{number(x1)} {number(y1)}L{number(x2)} {number(y2)}"
    if a.row == b.row and abs(a.column - b.column) > 1:
        lift = a.y - RADIUS - 28 - 12 * abs(a.column - b.column)
        curve = f"Q{number(middle[0])} {number(lift)} {number(x2)} {number(y2)}"
        path = f"M{number(x1)} {number(y1)}{curve}"
        middle = (middle[0], (a.y + lift) / 2)
    drawn = element("path", d=path, class_=f"edge {edge.status}")
    if edge.status == "refuted":
        x, y = middle
        cross = f"M{number(x - 6)} {number(y - 6)}l12 12M{number(x + 6)} {number(y - 6)}l-12 12"
        drawn += element("path", d=cross, class_="cross")
    return drawn


def _node(spot: Spot) -> str:
    node = spot.node
    kind = "node focus" if spot.focus else "node" if node.present else "node absent"
    drawn = element("circle", cx=spot.x, cy=spot.y, r=spot.radius, class_=kind)
    if spot.inner:
        drawn += text(spot.x, spot.y + 4, spot.inner, "t-small t-strong", "middle")
    if node.leader:
        drawn += _star(spot.x + spot.radius * 0.75, spot.y - spot.radius * 0.75)
    for index, (words, box) in enumerate(spot.labels):
        drawn += _label(words, box, "t-strong" if index == 0 else "t-small")
    hint = ", ".join(part for part in (node.name, node.age, node.relation, node.note) if part)
    hit = element(
        "rect",
        x=spot.area.x,
        y=spot.area.y,
        width=spot.area.width,
        height=spot.area.height,
        rx=8.0,
        class_="hit",
    )
    return link(node.url, drawn + hit, hint) if node.url else drawn


def _star(x: float, y: float) -> str:
    points = " ".join(f"{number(x + a)},{number(y + b)}" for a, b in STAR)
    return element("polygon", points=points, class_="leader")


def people_lines(
    nodes: Sequence[Node], edges: Sequence[Edge], words: Mapping[str, str]
) -> list[str]:
    """The text alternative: people, then lines between them; `words` names the three statuses."""
    names = {node.id: node.name for node in nodes}
    people = [
        ", ".join(part for part in (n.name, n.age, n.relation, n.note) if part) for n in nodes
    ]
    ties = [
        f"{names[e.a]} – {names[e.b]}: "
        + ", ".join(p for p in (e.label, words.get(e.status, "")) if p)
        for e in edges
        if e.a in names and e.b in names
    ]
    return people + ties
