"""Invented content of the gallery. Names and sentences here are examples, never translated."""

from datetime import UTC, datetime, timedelta
from typing import Any

from django.core.paginator import Paginator

from oslonac.web.context import Me
from oslonac.web.drawings.graph import Edge, Group, Node, draw_people, people_lines
from oslonac.web.drawings.sparkline import draw_sparkline
from oslonac.web.drawings.timeline import Item, Lane, Tick, draw_timeline, timeline_lines
from oslonac.web.gallery_form import EncounterForm
from oslonac.web.navigation import NavLink
from oslonac.web.shapes import (
    Action,
    Cell,
    Column,
    Conflict,
    Difference,
    Due,
    Event,
    Fact,
    Flag,
    Identity,
    Link,
    Name,
    Table,
    Viewer,
)

SOURCE = "CSW Rulebook, Art. 50, priority “urgent”: 72 hours from the information"


def _due() -> list[Due]:
    write = Action("Write decision", "#write", kind="main", icon="edit")
    return [
        Due(
            "Written decision on the temporary guardian",
            "3 h late",
            "late",
            "2026-03-05T00:40Z",
            "#o1",
            "Appointed orally on 4 March, 00:40; the decision is due in 24 hours.",
            "M. Petrov · supervisor told at 02:40",
            "Instruction of 12 April 2018",
            False,
            action=write,
        ),
        Due(
            "Begin the initial assessment",
            "today 16:05",
            "soon",
            "2026-03-05T16:05Z",
            "#o2",
            "",
            "Ana K. · supervisor will be told at 14:05",
            SOURCE,
            action=Action("Start", "#start", method="post"),
        ),
        Due(
            "First health check",
            "Fri 6 March",
            "later",
            "2026-03-06",
            "#o3",
            "After guardian and first interview.",
            "Health centre Vranje · accepted, appointment 9:30",
            action=Action("Open", "#open"),
        ),
        Due("Information about asylum, in Dari", "done 5 March", "done", who="S. N., interpreter"),
    ]


def _identity() -> Identity:
    return Identity(
        Name("Farid R."),
        "Case 2026-0417 · opened 3 March, 22:10 at Miratovac",
        [Name("فرید رحیمی", "fa"), Name("Фарид Рахими", "sr-Cyrl")],
        [
            Fact("Age", "15–16", "said: year 1389 (Solar Hijri)"),
            Fact("Languages", "Dari, some Turkish"),
            Fact("With him", "cousin Nabi, 17", "claimed"),
            Fact("Guardian", "M. Petrov", "since 4 March"),
            Fact("Sleeps at", "Emergency centre, Vranje"),
            Fact("Health", "not asked yet", empty=True),
        ],
        [
            Flag("Urgent", "alert"),
            Flag("Whereabouts restricted", "warn", "lock"),
            Flag("Minority presumed", "calm"),
            Flag("Same interpreter 3 of 3", "ok"),
        ],
        [
            Action("Add a contact", "#contact", kind="main", icon="plus", shortcut="n"),
            Action("Print", "#print", kind="quiet", icon="print"),
        ],
    )


def _events() -> list[Event]:
    return [
        Event(
            "5 March, 11:20",
            "M. Petrov, guardian",
            "Visit, alone with him",
            "He wants to reach an uncle in Graz and asks what asylum in Serbia would mean. "
            "Information given, leaflet in Dari.",
            "2026-03-05T11:20Z",
            anchor="event-3",
            flags=[Flag("Dari interpreter S. N.", "ok")],
        ),
        Event(
            "4 March, 09:30",
            "Ana K.",
            "Travel group checked",
            "Nabi is 17 and not able to care for others. Kept together for now; reasons recorded.",
            kind="warn",
        ),
        Event(
            "4 March, 00:40",
            "T. Ilić, field worker",
            "Guardian appointed orally",
            "",
            late_entry="phone, received 06:12",
            anchor="event-2",
            kind="calm",
        ),
        Event(
            "3 March, 22:10",
            "T. Ilić, field worker",
            "Met at the road with six others",
            "Cold, feet wounded. Food, blanket, first aid.",
            kind="alert",
            late_entry="phone, received 06:12",
            anchor="event-1",
        ),
    ]


def _table() -> Table:
    columns = [Column("Case"), Column("Who"), Column("Next"), Column("Days since seen alone", True)]
    rows: list[list[Cell | str]] = [
        [
            Cell("2026-0417", "#a"),
            "Farid R., 15–16",
            Cell("decision", flag=Flag("3 h late", "alert")),
            "0",
        ],
        [
            Cell("2026-0398", "#b"),
            "Mira, Lela; 9, 11",
            Cell("conference", note="today 14:00"),
            "12",
        ],
        [Cell("2025-1201", "#c"), "آمنه س., 17", "review 12 March", "26"],
    ]
    return Table("My cases", columns, rows)


def _conflict() -> Conflict:
    rows = [
        Difference("phone", "Guardian's phone", "+381 17 000 111", "+381 17 000 222"),
        Difference("note", "What was agreed", "Visit every Tuesday.", "زيارة كل يوم خميس."),
    ]
    return Conflict("Guardian", "D. Savić", "4 minutes ago", "#", rows, {"revision": "8"}, "#")


def _viewers() -> list[Viewer]:
    return [
        Viewer("Ana K.", "assigned to the case", "case manager"),
        Viewer("M. Petrov", "guardian of this child", "guardian"),
        Viewer(
            "Health centre Vranje",
            "referral of 4 March",
            "health part",
            "until 20 March",
            end=Action("End", "#", "post", "plain"),
        ),
        Viewer(
            "Duty officer",
            "opened in an emergency: child missing",
            "all",
            "until tonight 22:00",
            True,
        ),
    ]


def _timeline(direction: str) -> dict[str, Any]:
    day = datetime(2026, 3, 3, tzinfo=UTC)

    def at(days: float) -> datetime:
        return day + timedelta(days=days)

    lanes = [
        Lane(
            "Met and seen",
            [
                Item(at(0.92), "Met, Miratovac", anchor="#event-1", kind="alert"),
                Item(at(1.4), "Group checked"),
                Item(at(2.47), "Visit, alone", anchor="#event-3"),
                Item(at(9), "Visit"),
                Item(at(16), "Visit"),
                Item(at(18), "School visit", kind="calm"),
            ],
        ),
        Lane(
            "Guardian",
            [Item(at(1), "M. Petrov, temporary guardian", open_end=True, anchor="#event-2")],
        ),
        Lane(
            "Sleeps at",
            [
                Item(at(1.1), "Emergency centre", end=at(12), kind="calm"),
                Item(at(12), "Foster family", open_end=True),
            ],
        ),
        Lane(
            "Assessment, plan",
            [
                Item(at(2.7), "Initial assessment", end=at(6), kind="ok"),
                Item(at(5), "Safety plan", end=at(19), kind="warn"),
                Item(at(17), "First plan"),
            ],
        ),
        Lane(
            "Deadlines",
            [
                Item(at(2), "Written decision", kind="alert"),
                Item(at(3.9), "Assessment begun"),
                Item(at(21), "Where he will live", kind="warn"),
                Item(at(24), "Review"),
            ],
        ),
    ]
    ticks = [Tick(at(n), f"{n + 3} March") for n in range(0, 28, 4)]
    svg = draw_timeline(
        lanes,
        (at(0), at(28)),
        at(20),
        900,
        ticks=ticks,
        title="Case timeline",
        description="From the first meeting on 3 March to the review on 27 March.",
        now_label="today, 23 March",
        direction=direction,
    )
    return {"svg": svg, "lines": timeline_lines(lanes)}


def _people(direction: str) -> dict[str, Any]:
    nodes = [
        Node("f", "فرید رحیمی", "15–16", url="#f"),
        Node("m", "Maryam R.", "38", "mother, Herat", "reached by phone", -1, False),
        Node("d", "Father", "", "died 2024, said", generation=-1, present=False),
        Node("u", "Uncle Karim", "44", "Graz, searched", generation=-1, present=False),
        Node("s", "Laila", "9", "sister", "with the mother", present=False),
        Node("n", "Nabi", "17", "cousin", url="#n"),
        Node("a", "Hamid A.", "23", "says brother", leader=True),
        Node("b", "محمد علی", "14", "friend"),
    ]
    edges = [
        Edge("f", "m", "son", "verified"),
        Edge("f", "d", "son", "claimed"),
        Edge("f", "u", "nephew", "claimed"),
        Edge("m", "s", "daughter", "verified"),
        Edge("f", "n", "cousin", "claimed"),
        Edge("f", "a", "brother", "refuted"),
    ]
    groups = [Group("g", "Travelled together since Sofia", frozenset({"f", "n", "a", "b"}))]
    svg = draw_people(
        nodes,
        edges,
        groups,
        "f",
        760,
        title="People around Farid",
        direction=direction,
        description="Mother verified, uncle searched, three companions.",
    )
    words = {"claimed": "claimed", "verified": "verified", "refuted": "refuted"}
    return {"svg": svg, "lines": people_lines(nodes, edges, words)}


def _sparks(direction: str) -> list[dict[str, Any]]:
    series: list[tuple[str, str, list[float | None], str, float | None]] = [
        ("Assessments begun in time", "94 %", [71, 76, 74, 82, 85, 88, 93, 94], "line", 90),
        ("Days to a guardian", "1.2", [3.1, 2.8, None, 2.0, 2.2, 1.6, 1.4, 1.2], "line", None),
        ("New children", "14", [22, 18, 25, 9, 12, 17, 11, 14], "bars", None),
    ]
    return [
        {
            "label": label,
            "value": value,
            "svg": draw_sparkline(
                data,
                220,
                44,
                kind=kind,
                target=target,
                title=f"{label}: {value}",
                direction=direction,
            ),
        }
        for label, value, data, kind, target in series
    ]


def context(data: Any, direction: str) -> dict[str, Any]:
    wrong = EncounterForm({"born_year": "1410", "born_month": "14"}, auto_id="wrong_%s")
    nav = [
        NavLink("#today", "Today", "today", True, 5, "g t"),
        NavLink("#cases", "Cases", "case", False),
        NavLink("#places", "Places and duty", "place", False),
        NavLink("#directory", "Directory", "directory", False),
        NavLink("#figures", "Figures", "figures", False),
    ]
    return {
        "page_title": "Gallery",
        "demo": True,
        "nav": nav,
        "search_url": "#search",
        "me": Me("Ana K.", "CSW Vranje", "case manager"),
        "form": EncounterForm(data),
        "wrong": wrong,
        "due": _due(),
        "strip": _identity(),
        "events": _events(),
        "table": _table(),
        "conflict_item": _conflict(),
        "viewers": _viewers(),
        "case_timeline": _timeline(direction),
        "people": _people(direction),
        "sparks": _sparks(direction),
        "page_obj": Paginator(range(240), 20).page(4),
        "tabs": [
            Link("File", "#file", True),
            Link("Plan", "#plan", count=4),
            Link("People", "#people"),
            Link("Papers", "#papers", count=12),
            Link("Access", "#access"),
        ],
        "crumbs": [Link("Today", "#"), Link("Cases", "#"), Link("2026-0417", "#")],
        "end_case": Action("Close the case", "#", "post", "alert"),
        "promises": [
            Fact("Call his mother", "done 5 March"),
            Fact("Shoes, size 40", "due yesterday"),
            Fact("Answer about Graz", "10 March", "guardian"),
        ],
        "dari": Name("فرید رحیمی", "fa"),
        "toast_list": [
            {"level_tag": "success", "text": "Contact saved.", "undo": True},
            {
                "level_tag": "warning",
                "text": "Saved on this phone only; it is sent when there is a network.",
            },
            {
                "level_tag": "error",
                "text": "That was not saved. What you wrote is still here; try again.",
            },
        ],
    }
