"""The diagram: no line behind a box, no text over another, every term and every switch told."""

import random
import re
from itertools import combinations, pairwise
from pathlib import Path

import pytest

from oslonac.protocols.booklet import booklet
from oslonac.protocols.drawing import draw
from oslonac.protocols.drawing_layout import LETTER, LINE_OF_TEXT, WIDTH, Edge, Plan, plan
from oslonac.protocols.pack import load, load_folder

PACK = load_folder(Path(__file__).parents[2] / "packs" / "serbia")
KINDS = ("condition", "response", "milestone", "include", "exclude", "cancel")


def clear(made: Plan) -> None:
    """Raises AssertionError where a line runs behind a box or texts lie over each other."""
    assert len(made.boxes) == len({(box.column, box.row) for box in made.boxes.values()})
    for route in made.routes:
        assert all(0 <= x <= made.width and 0 <= y <= made.height for x, y in route.points)
        for (ax, ay), (bx, by) in pairwise(route.points):
            assert ax == bx or ay == by, "a slanted line"
            for box in made.boxes.values():
                apart = (
                    max(ax, bx) <= box.x
                    or min(ax, bx) >= box.x + WIDTH
                    or max(ay, by) <= box.y
                    or min(ay, by) >= box.y + box.height
                )
                assert apart, (route.edge, box.id)
    texts = [rectangle for route in made.routes for rectangle in written(route)]
    for one, other in combinations(texts, 2):
        across = min(one[1], other[1]) - max(one[0], other[0])
        down = min(one[3], other[3]) - max(one[2], other[2])
        assert across <= 0 or down <= 0, (one, other)
    upright = [
        (ax, min(ay, by), max(ay, by))
        for route in made.routes
        for (ax, ay), (bx, by) in pairwise(route.points)
        if ax == bx
    ]
    for left, right, top, bottom in texts:
        assert not [
            x for x, low, high in upright if left < x < right and low < bottom and top < high
        ]


def written(route: object) -> list[tuple[float, float, float, float]]:
    """Left, right, top and bottom of each line of text at the end of a line."""
    x, y = route.points[-1]  # type: ignore[attr-defined]
    return [
        (
            x - 9 - LETTER * len(mark),
            x - 9,
            y - 3 - LINE_OF_TEXT * n - LINE_OF_TEXT + 2,
            y - 3 - LINE_OF_TEXT * n,
        )
        for n, mark in enumerate(reversed(route.edge.marks))  # type: ignore[attr-defined]
    ]


@pytest.mark.parametrize("seed", range(30))
def test_no_line_runs_behind_a_box_and_no_text_over_another(seed: int) -> None:
    random_ = random.Random(seed)
    names = [f"a{n}" for n in range(random_.choice([2, 10, 25, 60]))]
    columns = {name: random_.randrange(1 + len(names) // 4) for name in names}
    ends = {
        (random_.choice(names), random_.choice(names), random_.choice(KINDS))
        for _ in range(3 * len(names))
    }
    marks = [("•→",), ("•→ 72 hours", "•→ 5 working days"), ("→•",), ("•→ 24 hours",)]
    edges = [Edge(*each, random_.choice(marks)) for each in sorted(ends)]
    used = sorted(set(columns.values()))
    clear(plan(names, {n: used.index(c) for n, c in columns.items()}, edges, {names[0]: 40}))


def picture_of(text: str, tmp_path: Path) -> str:
    (tmp_path / "small.yaml").write_text(text, "utf-8")
    found = load(tmp_path / "small.yaml")
    assert found.protocol is not None, found.problems
    return draw(found.protocol)


@pytest.mark.parametrize("protocol", PACK, ids=lambda p: p.id)
def test_every_term_of_the_pack_stands_in_its_diagram_and_its_table(protocol: object) -> None:
    from oslonac.protocols.booklet import length
    from oslonac.protocols.dcr.graph import Response

    picture = draw(protocol)  # type: ignore[arg-type]
    rows = {row.id: row for part in booklet(protocol) for row in part.rows}  # type: ignore[arg-type]
    for r in protocol.graph.relations:  # type: ignore[attr-defined]
        if isinstance(r, Response) and r.deadline.amount is not None:
            row = rows[r.target.partition(".")[0]]
            said = length(r.deadline.amount)
            assert f"•→ {said}<" in picture
            mine = [t for t in row.when if said in t.text]
            assert mine
            if r.deadline.start_text:
                name = r.deadline.start_text.partition(".")[2]
                assert any(f"from {name}" in t.text for t in mine)


HEAD = """protocol: small
version: 1
title: {en: Small}
sources:
  law: {verified: true, as_of: 2013}
  habit: {verified: false}
  days: {title: {en: Law on days}, verified: true}
groups:
  - {id: work, title: {en: Work}}
  - {id: parts, title: {en: Parts}, within: work}
activities:
"""


def test_several_terms_between_two_boxes_are_all_drawn(tmp_path: Path) -> None:
    picture = picture_of(
        HEAD
        + """  - {id: opened, title: {en: Opened}, observed: true}
  - id: begin
    title: {en: Begin}
    who: case_manager
    source: law
    due:
      - {after: opened, within: {hours: 72}, when: facts.priority == 'urgent'}
      - {after: opened, within: {working_days: 5}, when: facts.priority == 'regular'}
      - {after: opened, within: {months: 2}, when: facts.priority == 'immediate'}
""",
        tmp_path,
    )
    for term in ("72 hours", "5 working days", "2 months"):
        assert f"•→ {term}<" in picture


def test_what_closing_switches_off_is_drawn_and_it_comes_last(tmp_path: Path) -> None:
    picture = picture_of(
        HEAD
        + """  - {id: close, title: {en: Close}, who: head, excludes: [work], cancels: [parts]}
  - {id: aa, title: {en: A}, who: head, within: work}
  - {id: bb, title: {en: B}, who: head, within: parts, conditions: [aa]}
  - {id: cc, title: {en: C}, who: head, within: parts, conditions: [bb], excludes: [aa]}
""",
        tmp_path,
    )
    assert "→% Work<" in picture
    assert "→× Parts<" in picture
    assert 'class="dcr-edge dcr-exclude"' in picture  # one step alone keeps its line
    left = {
        found[1]: int(found[2])
        for found in re.finditer(r'id="activity-(\w+)".*?<rect class="dcr-box" x="(\d+)"', picture)
    }
    assert left["close"] > max(left["aa"], left["bb"], left["cc"])


def test_the_table_is_in_the_order_of_the_work(tmp_path: Path) -> None:
    for protocol in PACK:
        told = [row.id for part in booklet(protocol) for row in part.rows]
        assert told == [s.id for s in protocol.steps.values() if not s.observed]


def test_each_deadline_has_its_own_mark_and_tells_where_it_starts(tmp_path: Path) -> None:
    text = (
        HEAD
        + """  - {id: opened, title: {en: Opened}, observed: true}
  - id: begin
    title: {en: Begin}
    who: case_manager
    source: law
    due:
      - after: opened
        within: {hours: 72}
        from: facts.informed_at
        when: facts.priority == 'urgent'
      - {after: opened, within: {working_days: 5}, source: habit}
      - {after: opened, within: {months: 1}, day_off: {ends: next_working_day, source: days}}
"""
    )
    (tmp_path / "small.yaml").write_text(text, "utf-8")
    protocol = load(tmp_path / "small.yaml").protocol
    assert protocol is not None
    ((row,),) = [part.rows for part in booklet(protocol)]
    assert [(str(term), term.verified) for term in row.when] == [
        (
            "within 72 hours from informed_at, once “Opened” is recorded, if priority is “urgent”",
            True,
        ),
        ("within 5 working days after “Opened”", False),
        (
            "within 1 month after “Opened”; where that is a day without work, by the next "
            "working day (Law on days)",
            True,
        ),
    ]
