"""One's own duties on the first page, gathered by child: who is in danger first, then what is late
by law, then by date; of each child what presses, and how much more there is.

Belongs here: the gathering. Does not: the words of one duty (`views.duties`), what is told of
reminders (`cases.reminding`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from oslonac.access.actor import Actor
from oslonac.cases import moments
from oslonac.cases.duties import reminding
from oslonac.cases.duties.steps import fulfilling
from oslonac.cases.duties.views import duties
from oslonac.cases.duties.views.duties import Together
from oslonac.cases.lists import Row
from oslonac.cases.rules import Priority
from oslonac.cases.views.links import case_url
from oslonac.people.queries import NAMELESS
from oslonac.web.shapes import Action, Due, Flag

ROWS = 3  # of a child whose duties press; the rest stands on its own page
QUIET_ROWS = 1  # of a child with nothing but what can wait
PRESSING = ("late", "today", "week")


@dataclass(frozen=True)
class Child:
    """A child with what presses. `more`: how many other duties of one's own there are."""

    who: str
    number: str
    url: str
    flag: Flag | None
    rows: Sequence[Due]
    more: int = 0


@dataclass(frozen=True)
class Group:
    """Children with the same urgency. `count` is the number of their duties."""

    key: str
    title: str
    children: Sequence[Child]
    count: int
    kind: str = ""
    note: str = ""
    folded: bool = False


def groups(
    actor: Actor, by_time: Mapping[str, list[Together]], rows: Mapping[UUID, Row], at: datetime
) -> list[Group]:
    """The groups that hold somebody, the most pressing first."""
    gathered = _gathered(by_time)
    keys = {case_id: _key(found, rows.get(case_id)) for case_id, found in gathered.items()}
    shown = {case_id: _shown(keys[case_id], found) for case_id, found in gathered.items()}
    told = reminding.words(
        actor, [together[0] for found in shown.values() for together in found], at=at
    )
    found: dict[str, list[tuple[UUID, Child]]] = {key: [] for key in _heads()}
    for case_id, key in keys.items():
        lines = [_line(actor, each, rows, told, at) for each in shown[case_id]]
        more = sum(len(each) for _, each in gathered[case_id]) - sum(map(len, shown[case_id]))
        found[key].append((case_id, _child(case_id, rows.get(case_id), lines, more)))
    return [
        _group(key, children, sum(_count(gathered[case_id]) for case_id, _ in children))
        for key, children in found.items()
        if children
    ]


Gathered = list[tuple[str, Together]]


def _gathered(by_time: Mapping[str, list[Together]]) -> dict[UUID, Gathered]:
    """By child, in the order of urgency, each duty with its stretch of time."""
    found: dict[UUID, Gathered] = {}
    for key in ("late", "today", "week", "past", "later"):
        for together in by_time[key]:
            found.setdefault(together[0].case_id, []).append((key, together))
    return found


def _key(found: Gathered, row: Row | None) -> str:
    first = found[0][0]
    immediate = row is not None and row.case.priority == Priority.IMMEDIATE
    return "danger" if immediate and first != "later" else first


def _shown(key: str, found: Gathered) -> list[Together]:
    if key in ("past", "later"):
        return [together for _, together in found[:QUIET_ROWS]]
    pressing = [together for when, together in found if when in PRESSING]
    return (pressing or [together for _, together in found])[:ROWS]


def _count(found: Gathered) -> int:
    return sum(len(together) for _, together in found)


def _heads() -> dict[str, tuple[str, str, str, bool]]:
    """Title, kind, note, and whether it is folded."""
    return {
        "danger": (_("Immediate priority"), "alert", "", False),
        "late": (_("Late"), "alert", "", False),
        "today": (_("Today"), "", "", False),
        "week": (_("In the next seven days"), "", "", False),
        "past": (
            _("After the recommended date"),
            "",
            _("No confirmed legal source sets these dates. They are guidance."),
            True,
        ),
        "later": (_("Later"), "", "", True),
    }


def _group(key: str, children: list[tuple[UUID, Child]], count: int) -> Group:
    title, kind, note, folded = _heads()[key]
    return Group(key, title, [child for _, child in children], count, kind, note, folded)


def _child(case_id: UUID, row: Row | None, lines: list[Due], more: int) -> Child:
    if row is None:
        return Child("", "", case_url(case_id), None, lines, more)
    name = row.name if row.name != NAMELESS else _("name not shown")
    who = ", ".join(part for part in (moments.isolated(name), duties.age(row)) if part)
    priority = row.case.priority
    flag = None
    if priority != Priority.REGULAR:
        kind = "alert" if priority == Priority.IMMEDIATE else "warn"
        flag = Flag(str(row.case.get_priority_display()), kind)  # type: ignore[arg-type]
    return Child(who, row.case.number, case_url(case_id), flag, lines, more)


def _line(
    actor: Actor,
    together: Together,
    rows: Mapping[UUID, Row],
    told: reminding.Words,
    at: datetime,
) -> Due:
    first, *also = together
    row = rows.get(first.case_id)
    line = duties.line(first, rows, at, also=also, actor=actor)
    line = replace(line, why="", who="", url="", about=duties.whose(row), action=line.action)
    if not _may(actor, first, row):
        line = replace(line, action=Action(_("Open the case"), case_url(first.case_id)))
    return reminding.added(actor, line, first, told, brief=True)


def _may(actor: Actor, duty: duties.Obligation, row: Row | None) -> bool:
    """Whether the button would let the reader through: no way to a closed door."""
    step = fulfilling.step_of(duty)
    return step is None or row is None or step.competent(actor, row.case)
