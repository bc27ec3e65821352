"""Where the boxes and lines of a diagram lie; no drawing here, so that tests can measure it.

Boxes stand in columns and rows. Lines run in the gutters between columns and in the streets between
rows, each on a track of its own there, so that none ever passes behind a box; both are as wide as
their tracks need. A line ends at a port of its own on the left of a box, and what it says is
written above its end, where nothing else is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

WIDTH, LEAST_HEIGHT, MARGIN = 216, 78, 24
TRACK, STREET_EDGE, GUTTER_EDGE = 8, 13, 18
LINE_OF_TEXT, LETTER = 13, 6.4
HEAD, OUT = 12, 7  # above the first port; between lines that leave


@dataclass(frozen=True)
class Edge:
    """A line to draw, with what is written at its end, a line of text each."""

    source: str
    target: str
    kind: str
    marks: tuple[str, ...] = ()

    @property
    def height(self) -> int:
        return LINE_OF_TEXT * max(1, len(self.marks)) + 2


@dataclass
class Box:
    id: str
    column: int
    row: int
    height: int
    x: float = 0
    y: float = 0


@dataclass
class Route:
    """A line: its corners, and where its last line of text stands (its end, above the line)."""

    edge: Edge
    points: list[tuple[float, float]] = field(default_factory=list)


@dataclass(frozen=True)
class Plan:
    boxes: Mapping[str, Box]
    routes: Sequence[Route]
    width: float
    height: float


def plan(
    order: Sequence[str],
    columns: Mapping[str, int],
    edges: Sequence[Edge],
    extra: Mapping[str, int],
) -> Plan:
    """Boxes in the columns given, top to bottom in `order`. `extra`: room a box needs beside its
    ports (lines of text in it)."""
    return _Planner(order, columns, edges, extra).made()


class _Planner:
    def __init__(
        self,
        order: Sequence[str],
        columns: Mapping[str, int],
        edges: Sequence[Edge],
        extra: Mapping[str, int],
    ) -> None:
        self.edges = list(edges)
        self.into: dict[str, list[Edge]] = {id_: [] for id_ in order}
        self.out: dict[str, list[Edge]] = {id_: [] for id_ in order}
        place = {id_: n for n, id_ in enumerate(order)}
        for edge in sorted(self.edges, key=lambda e: place[e.source]):
            self.into[edge.target].append(edge)
        for edge in sorted(self.edges, key=lambda e: place[e.target]):
            self.out[edge.source].append(edge)
        rows: dict[int, int] = {}
        self.boxes: dict[str, Box] = {}
        for id_ in order:
            column = columns[id_]
            row = rows[column] = rows.get(column, -1) + 1
            ports = HEAD + sum(edge.height for edge in self.into[id_])
            leaving = HEAD + OUT * len(self.out[id_])
            height = max(LEAST_HEIGHT + extra.get(id_, 0), ports, leaving)
            self.boxes[id_] = Box(id_, column, row, height)
        self.rows = max(rows.values(), default=0) + 1
        self.columns = max(rows, default=0) + 1

    def made(self) -> Plan:
        streets = self._streets()
        height = self._rows_placed(streets)
        tracks, gutters = self._gutters(streets)
        width = self._columns_placed(gutters)
        routes = [self._route(edge, streets, tracks, gutters) for edge in self.edges]
        return Plan(self.boxes, routes, width, height)

    def _street_of(self, edge: Edge) -> int | None:
        """The street a line takes: the one beside its target towards its source; none where the
        columns are neighbours and one gutter does."""
        a, b = self.boxes[edge.source], self.boxes[edge.target]
        if b.column == a.column + 1:
            return None
        return b.row if b.row > a.row else b.row + 1

    def _streets(self) -> dict[Edge, tuple[int, int]]:
        """The street and the track in it of each line that needs one."""
        found: dict[Edge, tuple[int, int]] = {}
        taken: dict[int, list[list[tuple[float, float]]]] = {}
        for edge in self.edges:
            street = self._street_of(edge)
            if street is None:
                continue
            ends = (self.boxes[edge.source].column + 1, self.boxes[edge.target].column)
            span = (min(ends) - 0.5, max(ends) + 0.5)
            found[edge] = (street, _track(taken.setdefault(street, []), span))
        self.street_tracks = {street: len(tracks) for street, tracks in taken.items()}
        return found

    def _rows_placed(self, streets: Mapping[Edge, tuple[int, int]]) -> float:
        self.street_y: dict[int, float] = {}
        y: float = MARGIN
        for row in range(self.rows + 1):
            self.street_y[row] = y + STREET_EDGE
            y += 2 * STREET_EDGE + TRACK * self.street_tracks.get(row, 0)
            here = [box for box in self.boxes.values() if box.row == row]
            for box in here:
                box.y = y
            y += max((box.height for box in here), default=0)
        return y + MARGIN

    def _port(self, edge: Edge) -> float:
        """Where on the left of its target a line arrives."""
        y = self.boxes[edge.target].y + HEAD / 2
        for other in self.into[edge.target]:
            y += other.height
            if other is edge:
                return y
        raise AssertionError(edge)

    def _leaves(self, edge: Edge) -> float:
        box = self.boxes[edge.source]
        return box.y + HEAD + OUT * self.out[edge.source].index(edge)

    def _street_at(self, street: tuple[int, int]) -> float:
        return self.street_y[street[0]] + TRACK * street[1]

    def _gutters(
        self, streets: Mapping[Edge, tuple[int, int]]
    ) -> tuple[dict[tuple[Edge, int], int], dict[int, int]]:
        """The track of each line in each gutter it takes, and how many tracks a gutter has."""
        found: dict[tuple[Edge, int], int] = {}
        taken: dict[int, list[list[tuple[float, float]]]] = {}
        for edge in self.edges:
            first, last = self.boxes[edge.source].column + 1, self.boxes[edge.target].column
            leaves, port = self._leaves(edge), self._port(edge)
            spans = [(first, leaves, port)]
            if edge in streets:
                street = self._street_at(streets[edge])
                spans = [(first, leaves, street), (last, street, port)]
            for gutter, one, other in spans:
                span = (min(one, other) - TRACK, max(one, other) + TRACK)
                found[edge, gutter] = _track(taken.setdefault(gutter, []), span)
        return found, {gutter: len(tracks) for gutter, tracks in taken.items()}

    def _columns_placed(self, gutters: Mapping[int, int]) -> float:
        self.gutter_x: dict[int, float] = {}
        x: float = MARGIN
        for column in range(self.columns + 1):
            self.gutter_x[column] = x + GUTTER_EDGE
            x += 2 * GUTTER_EDGE + TRACK * gutters.get(column, 0)
            here = [box for box in self.boxes.values() if box.column == column]
            letters = (len(m) for box in here for e in self.into[box.id] for m in e.marks)
            x += LETTER * max(letters, default=0)
            for box in here:
                box.x = x
            x += WIDTH if here else 0
        return x + MARGIN

    def _route(
        self,
        edge: Edge,
        streets: Mapping[Edge, tuple[int, int]],
        tracks: Mapping[tuple[Edge, int], int],
        gutters: Mapping[int, int],
    ) -> Route:
        a, b = self.boxes[edge.source], self.boxes[edge.target]

        def across(gutter: int) -> float:
            return self.gutter_x[gutter] + TRACK * tracks[edge, gutter]

        leaves, port = self._leaves(edge), self._port(edge)
        first = across(a.column + 1)
        points = [(a.x + WIDTH, leaves), (first, leaves)]
        if edge in streets:
            street, last = self._street_at(streets[edge]), across(b.column)
            points += [(first, street), (last, street), (last, port)]
        else:
            points.append((first, port))
        return Route(edge, [*points, (b.x, port)])


def _track(taken: list[list[tuple[float, float]]], span: tuple[float, float]) -> int:
    """The first track on which a span touches no other; a new one where there is none."""
    for place, spans in enumerate(taken):
        if all(span[1] < low or high < span[0] for low, high in spans):
            spans.append(span)
            return place
    taken.append([span])
    return len(taken) - 1
