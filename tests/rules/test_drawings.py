"""The pictures: valid, escaped, the same each time, and no label over another."""

import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest

from oslonac.web.drawings import graph, graph_layout, sparkline, timeline
from oslonac.web.drawings.svg import Box, shorten, text_direction, text_width
from oslonac.web.drawings.timeline import Item, Lane, Tick

DAY = datetime(2026, 3, 3, tzinfo=UTC)
NASTY = "<script>alert('x')</script> & \"quote\" \x00"
NAMES = [
    "Farid",
    "محمد علی",
    "Љубица Његован",
    "Maximiliane-Wilhelmine von der Tann",
    "Ana",
    "阿里",
]


def at(days: float) -> datetime:
    return DAY + timedelta(days=days)


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314  (drawn by the code under test)


def overlapping(boxes: list[Box]) -> list[tuple[Box, Box]]:
    return [(a, b) for a, b in combinations(boxes, 2) if a.overlaps(b)]


def family(count: int) -> tuple[list[graph.Node], list[graph.Edge], list[graph.Group]]:
    """A focus and `count` others over three generations, half of them a travel group."""
    nodes = [graph.Node("p0", "فرید رحیمی", "15–16")]
    for n in range(1, count + 1):
        nodes.append(
            graph.Node(
                f"p{n}",
                NAMES[n % len(NAMES)],
                str(10 + n),
                f"relation number {n}",
                "searched" if n % 3 else "",
                generation=n % 3 - 1,
                leader=n == 3,
            )
        )
    statuses = ("claimed", "verified", "refuted")
    edges = [graph.Edge("p0", f"p{n}", "cousin", statuses[n % 3]) for n in range(1, count + 1)]
    members = frozenset(f"p{n}" for n in range(0, count + 1, 2))
    return nodes, edges, [graph.Group("g", "Travelled together", members)]


def lanes(count: int) -> list[Lane]:
    items = [
        Item(
            at(n * 0.7),
            f"Event {NAMES[n % len(NAMES)]} {n}",
            end=at(n * 0.7 + n % 5) if n % 2 else None,
            open_end=n % 7 == 6,
            anchor=f"#event-{n}",
        )
        for n in range(count)
    ]
    return [
        Lane("Contacts and other events", items),
        Lane("Guardian", items[::3]),
        Lane("Nothing yet"),
    ]


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
@pytest.mark.parametrize("count", [0, 1, 2, 5, 8, 15, 30])
def test_people_are_valid_and_the_same_each_time(count: int, direction: str) -> None:
    nodes, edges, groups = family(count)
    drawn = [
        graph.draw_people(nodes, edges, groups, "p0", title="T", direction=direction)
        for _ in range(2)
    ]
    assert drawn[0] == drawn[1]
    assert parsed(drawn[0]).get("role") == "img"


@pytest.mark.parametrize("width", [320, 640, 900])
@pytest.mark.parametrize("count", [0, 1, 2, 3, 5, 8, 12, 15, 30])
def test_labels_of_people_never_overlap_or_leave_the_picture(count: int, width: float) -> None:
    nodes, edges, groups = family(count)
    layout = graph.lay_out(nodes, edges, groups, "p0", width)
    boxes = layout.label_boxes()
    assert overlapping(boxes) == []
    assert all(box.x >= 0 and box.x + box.width <= width for box in boxes)


@pytest.mark.parametrize("count", [2, 5, 8, 15])
def test_a_hull_holds_no_stranger(count: int) -> None:
    nodes, edges, groups = family(count)
    layout = graph.lay_out(nodes, edges, groups, "p0", 640)
    for group in layout.groups:
        strangers = [s for s in layout.spots.values() if s.node.id not in group.members]
        for hull in graph_layout.runs_of(group, layout):
            inside = [s for s in strangers if Box(s.x - 1, s.y - 1, 2, 2).overlaps(hull)]
            assert inside == []


def test_the_focus_stands_in_the_middle_of_a_family() -> None:
    nodes = [graph.Node("f", "F")] + [graph.Node(f"n{i}", "N") for i in range(4)]
    assert graph.lay_out(nodes, [], [], "f", 700).spots["f"].x == 350


def test_beyond_sixteen_people_the_rest_are_counted() -> None:
    nodes, edges, groups = family(30)
    layout = graph.lay_out(nodes, edges, groups, "p0", 700, more="and {n} more")
    assert len(layout.spots) == 16
    assert "and 16 more" in [spot.node.name for spot in layout.spots.values()]
    assert "p0" in layout.spots


def test_edge_status_is_shown_by_more_than_colour() -> None:
    nodes = [graph.Node("a", "A"), graph.Node("b", "B", generation=1)]
    svg = graph.draw_people(nodes, [graph.Edge("a", "b", status="refuted")], focus="a")
    assert 'class="cross"' in svg
    assert "cross" not in graph.draw_people(nodes, [graph.Edge("a", "b")], focus="a")


def test_names_keep_their_own_direction() -> None:
    svg = graph.draw_people([graph.Node("a", "محمد"), graph.Node("b", "Ana")], focus="a")
    words = {
        t.text: t.get("direction") for t in parsed(svg).iter("{http://www.w3.org/2000/svg}text")
    }
    assert words == {"محمد": "rtl", "Ana": "ltr"}


def test_input_is_escaped_everywhere() -> None:
    nodes = [graph.Node("a", NASTY, NASTY, NASTY, NASTY, url="#a"), graph.Node("b", "B")]
    people = graph.draw_people(
        nodes,
        [graph.Edge("a", "b", NASTY)],
        [graph.Group("g", NASTY, frozenset("ab"))],
        "a",
        title=NASTY,
        description=NASTY,
    )
    item = Item(DAY, NASTY, anchor="#x", hint=NASTY)
    line = timeline.draw_timeline(
        [Lane(NASTY, [item])],
        (DAY, at(9)),
        at(3),
        ticks=[Tick(DAY, NASTY)],
        title=NASTY,
        now_label=NASTY,
    )
    for svg in (people, line, sparkline.draw_sparkline([1, 2], title=NASTY)):
        parsed(svg)
        assert "<script" not in svg
        assert "style=" not in svg


@pytest.mark.parametrize("anchor", ["javascript:alert(1)", "https://elsewhere.example/", "//x", ""])
def test_only_places_of_this_site_are_linked(anchor: str) -> None:
    svg = timeline.draw_timeline([Lane("L", [Item(DAY, "I", anchor=anchor)])], (DAY, at(1)), DAY)
    assert "<a " not in svg


@pytest.mark.parametrize("width", [420, 640, 900])
@pytest.mark.parametrize("count", [1, 3, 9, 25, 60])
def test_labels_of_the_timeline_never_overlap(count: int, width: float) -> None:
    layout = timeline.lay_out(lanes(count), (DAY, at(40)), at(20), width)
    assert overlapping([placed.label for placed in layout.placed]) == []
    for one, other in combinations(layout.placed, 2):
        assert not one.label.overlaps(other.shape)
        assert not one.shape.overlaps(other.shape)


@pytest.mark.parametrize("direction", ["ltr", "rtl"])
def test_the_timeline_is_valid_and_links_to_its_events(direction: str) -> None:
    drawn = [
        timeline.draw_timeline(
            lanes(9),
            (DAY, at(30)),
            at(20),
            ticks=[Tick(at(7), "10 March")],
            title="T",
            now_label="today",
            direction=direction,
        )
        for _ in range(2)
    ]
    assert drawn[0] == drawn[1]
    assert parsed(drawn[0]).get("direction") == direction
    assert 'href="#event-3"' in drawn[0]


def test_what_lies_outside_the_shown_time_is_left_out() -> None:
    items = [Item(at(-5), "before"), Item(at(-5), "lasting", open_end=True), Item(at(50), "after")]
    layout = timeline.lay_out([Lane("L", items)], (DAY, at(10)), at(5), 600)
    assert [placed.item.label for placed in layout.placed] == ["lasting"]


def test_nothing_to_draw_is_still_a_picture() -> None:
    parsed(timeline.draw_timeline([], (DAY, DAY), DAY))
    parsed(timeline.draw_timeline([Lane("L")], (DAY, at(1)), DAY))
    parsed(graph.draw_people([]))
    for kind in ("line", "bars"):
        for values in ([], [None], [5], [3, None, 3], [0, 0]):
            parsed(sparkline.draw_sparkline(values, kind=kind, title="T"))


def test_a_gap_in_the_figures_stays_a_gap() -> None:
    svg = sparkline.draw_sparkline([1, 2, None, 4, 5])
    assert svg.count("<polyline") == 2


def test_text_alternatives_say_what_the_picture_shows() -> None:
    nodes, edges, _ = family(2)
    words = {"claimed": "claimed", "verified": "verified", "refuted": "refuted"}
    assert "Farid" not in graph.people_lines(nodes, edges, words)[0]
    assert len(graph.people_lines(nodes, edges, words)) == 5
    assert timeline.timeline_lines([Lane("Guardian", [Item(DAY, "M. P.")])]) == ["Guardian: M. P."]


def test_text_is_measured_generously_and_shortened_to_fit() -> None:
    assert text_width("Љ") > text_width("l")
    assert shorten("short", 400) == "short"
    assert text_width(shorten("a long sentence that does not fit", 80)) <= 80
    assert text_direction("۱۵ فرید") == "rtl"
    assert text_direction("12", default="rtl") == "rtl"
