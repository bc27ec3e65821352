"""The case timeline: lanes of periods and points, a line for now, overlaps stacked.

Time runs in reading direction: left to right, or right to left on a right-to-left page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from oslonac.web.drawings.svg import (
    Align,
    Box,
    element,
    link,
    picture,
    shorten,
    text,
    text_width,
    wrap,
)

ROW = 27.0
HEAD = 46.0
LANE_PAD = 6.0
NAMES = 128.0
EDGE = 10.0
POINT = 6.5
TEXT = 12.0
LABEL_ROOM = 190.0


@dataclass(frozen=True)
class Item:
    """A period (`end`, or `open_end` for one that still lasts) or a point (neither).

    `anchor` is where a press leads (`#event-…`); `kind` is ok, calm, warn or alert.
    """

    start: datetime
    label: str
    end: datetime | None = None
    open_end: bool = False
    kind: str = "ok"
    anchor: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Lane:
    label: str
    items: Sequence[Item] = ()


@dataclass(frozen=True)
class Tick:
    at: datetime
    label: str


@dataclass(frozen=True)
class Placed:
    """Where an item lies: its shape, its label and whether the label sits inside the shape."""

    item: Item
    lane: int
    shape: Box
    label: Box
    words: str
    inside: bool


@dataclass(frozen=True)
class Layout:
    placed: Sequence[Placed]
    lanes: Sequence[Box]
    height: float


@dataclass(frozen=True)
class Scale:
    """Time to horizontal place, before mirroring."""

    start: datetime
    end: datetime
    left: float
    right: float

    def x(self, at: datetime) -> float:
        whole = (self.end - self.start).total_seconds() or 1.0
        part = min(1.0, max(0.0, (at - self.start).total_seconds() / whole))
        return self.left + part * (self.right - self.left)


def lay_out(
    lanes: Sequence[Lane], span: tuple[datetime, datetime], now: datetime, width: float
) -> Layout:
    """Positions in left-to-right reading; drawing mirrors them where needed."""
    scale = _scale(span, width)
    placed: list[Placed] = []
    boxes: list[Box] = []
    y = HEAD
    for index, lane in enumerate(lanes):
        rows: list[float] = []
        here = [i for i in lane.items if _touches(i, span, now)]
        for item in sorted(here, key=lambda i: (i.start, i.label)):
            shape, label, words, inside = _measure(item, scale, now)
            left = min(shape.x, label.x) - 5
            right = max(shape.x + shape.width, label.x + label.width)
            row = next((n for n, taken in enumerate(rows) if taken <= left), len(rows))
            rows[row : row + 1] = [right]
            down = y + LANE_PAD + row * ROW
            placed.append(
                Placed(item, index, _move(shape, down), _move(label, down), words, inside)
            )
        height = max(1, len(rows)) * ROW + 2 * LANE_PAD
        boxes.append(Box(0, y, width, height))
        y += height
    return Layout(placed, boxes, y + 4)


def _scale(span: tuple[datetime, datetime], width: float) -> Scale:
    return Scale(span[0], span[1], NAMES + EDGE, width - EDGE - POINT)


def _touches(item: Item, span: tuple[datetime, datetime], now: datetime) -> bool:
    end = item.end or (max(now, item.start) if item.open_end else item.start)
    return item.start <= span[1] and end >= span[0]


def _move(box: Box, down: float) -> Box:
    return Box(box.x, box.y + down, box.width, box.height)


def _measure(item: Item, scale: Scale, now: datetime) -> tuple[Box, Box, str, bool]:
    x = scale.x(item.start)
    words = shorten(item.label, LABEL_ROOM, TEXT)
    wide = text_width(words, TEXT)
    if item.end is None and not item.open_end:
        shape = Box(x - POINT, ROW / 2 - POINT, 2 * POINT, 2 * POINT)
    else:
        until = item.end or max(now, item.start)
        shape = Box(x, 4, max(8.0, scale.x(until) - x), ROW - 8)
        if wide + 14 <= shape.width:
            return shape, Box(x + 7, 5, wide, ROW - 10), words, True
    after = shape.x + shape.width + 5
    if after + wide <= scale.right + POINT:
        return shape, Box(after, 5, wide, ROW - 10), words, False
    before = shape.x - 5 - wide
    if before >= scale.left:
        return shape, Box(before, 5, wide, ROW - 10), words, False
    words = shorten(item.label, max(shape.width - 14, 0), TEXT)
    return shape, Box(x + 7, 5, min(text_width(words, TEXT), shape.width), ROW - 10), words, True


def draw_timeline(
    lanes: Sequence[Lane],
    span: tuple[datetime, datetime],
    now: datetime,
    width: float = 880,
    *,
    ticks: Sequence[Tick] = (),
    title: str = "",
    description: str = "",
    now_label: str = "",
    direction: str = "ltr",
) -> str:
    """The picture as SVG text. `span` is the time shown; all datetimes aware, or all naive."""
    layout = lay_out(lanes, span, now, width)
    pen = _Pen(width, direction == "rtl")
    parts = _background(lanes, layout, pen)
    parts += _ticks(ticks, _scale(span, width), layout.height, pen)
    if span[0] <= now <= span[1]:
        parts += _now(_scale(span, width).x(now), layout.height, now_label, pen)
    parts += [_item(placed, pen) for placed in layout.placed]
    return picture(
        width, layout.height, parts, title=title, description=description, direction=direction
    )


@dataclass(frozen=True)
class _Pen:
    """Mirrors places and alignments on a right-to-left page."""

    width: float
    mirrored: bool

    def x(self, x: float, wide: float = 0) -> float:
        return self.width - x - wide if self.mirrored else x

    def write(self, x: float, y: float, words: str, class_: str = "", align: Align = "left") -> str:
        turned: dict[Align, Align] = {"left": "right", "right": "left", "middle": "middle"}
        return text(self.x(x), y, words, class_, turned[align] if self.mirrored else align)

    def rect(self, box: Box, class_: str, radius: float = 0) -> str:
        return element(
            "rect",
            x=self.x(box.x, box.width),
            y=box.y,
            width=box.width,
            height=box.height,
            rx=radius or None,
            class_=class_,
        )


def _background(lanes: Sequence[Lane], layout: Layout, pen: _Pen) -> list[str]:
    parts = []
    for index, (lane, box) in enumerate(zip(lanes, layout.lanes, strict=True)):
        if index % 2 == 0:
            parts.append(pen.rect(box, "lane"))
        lines = wrap(lane.label, NAMES - 14, TEXT)
        middle = box.y + LANE_PAD + ROW / 2 + 4 - 7 * (len(lines) - 1)
        for row, words in enumerate(lines):
            parts.append(pen.write(8, middle + 14 * row, words, "t-small t-strong"))
    return parts


def _ticks(ticks: Sequence[Tick], scale: Scale, height: float, pen: _Pen) -> list[str]:
    """Lines for every tick; a label only where the one before leaves room."""
    parts, free = [], 0.0
    for tick in sorted(ticks, key=lambda t: t.at):
        if not scale.start <= tick.at <= scale.end:
            continue
        x = scale.x(tick.at)
        parts.append(
            element("line", x1=pen.x(x), x2=pen.x(x), y1=HEAD - 6, y2=height, class_="rule")
        )
        wide = text_width(tick.label, TEXT)
        if x >= free and x + wide <= pen.width:
            parts.append(pen.write(x, HEAD - 12, tick.label, "t-small"))
            free = x + wide + 10
    return parts


def _item(placed: Placed, pen: _Pen) -> str:
    item, shape, label = placed.item, placed.shape, placed.label
    if item.end is None and not item.open_end:
        centre = pen.x(shape.x + POINT)
        y = shape.y + POINT
        if item.kind == "alert":
            points = f"{centre},{y - 7} {centre + 7},{y} {centre},{y + 7} {centre - 7},{y}"
            drawn = element("polygon", points=points, class_="point alert")
        else:
            drawn = element("circle", cx=centre, cy=y, r=POINT - 1, class_=f"point {item.kind}")
    else:
        drawn = pen.rect(shape, f"span {item.kind}", 4)
        if item.open_end and item.end is None:
            drawn += _arrow(shape, pen, item.kind)
    left = min(shape.x, label.x)
    right = max(shape.x + shape.width, label.x + label.width)
    hit = pen.rect(Box(left - 3, shape.y + shape.height / 2 - 13, right - left + 6, 26), "hit", 5)
    drawn += pen.write(
        label.x, label.y + 13, placed.words, "t-small" if placed.inside else "t-small halo"
    )
    return link(item.anchor, drawn + hit, item.hint or item.label)


def _arrow(shape: Box, pen: _Pen, kind: str) -> str:
    """A point on the far edge of a period that has not ended."""
    x, y = shape.x + shape.width, shape.y + shape.height / 2
    tip = pen.x(x + 6)
    base = pen.x(x)
    return element(
        "polygon", points=f"{base},{y - 6} {tip},{y} {base},{y + 6}", class_=f"span {kind}"
    )


def _now(x: float, height: float, label: str, pen: _Pen) -> list[str]:
    line = element("line", x1=pen.x(x), x2=pen.x(x), y1=20, y2=height, class_="now")
    if not label:
        return [line]
    wide = text_width(label, TEXT) + 12
    left = min(max(0.0, x - wide / 2), pen.width - wide)
    box = pen.rect(Box(left, 2, wide, 18), "now-box", 4)
    return [line, box, pen.write(left + wide / 2, 15, label, "now-text", "middle")]


def timeline_lines(lanes: Sequence[Lane]) -> list[str]:
    """The text alternative: a line for each item, in order of time within its lane."""
    return [
        f"{lane.label}: {item.hint or item.label}"
        for lane in lanes
        for item in sorted(lane.items, key=lambda i: (i.start, i.label))
    ]
