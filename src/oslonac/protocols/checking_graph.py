"""What is found out about the whole graph of a protocol: steps nobody can reach, duties nobody can
meet, circles, and deadlines that a later event puts off."""

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any

from oslonac.kit.calendars import Amount, Unit
from oslonac.protocols.dcr.graph import Exclude, Include, Response
from oslonac.protocols.modelcheck import Finding, check
from oslonac.protocols.protocol import Protocol, step_id
from oslonac.protocols.reading import Problem, Where

# Only for telling which of two terms is longer.
HOURS = {Unit.HOURS: 1, Unit.CALENDAR_DAYS: 24, Unit.WORKING_DAYS: 34, Unit.MONTHS: 730}


class GraphChecks:
    """Checks of one protocol that need nothing but its graph."""

    def __init__(self, protocol: Protocol) -> None:
        self.protocol = protocol
        self.document = protocol.document

    def problem(
        self, where: Where, code: str, message: str, *, warning: bool = False, trace: Any = ()
    ) -> Problem:
        line = self.document.line(where)
        return Problem(self.document.file, line, code, message, warning, tuple(trace))

    def model(self) -> Iterator[Problem]:
        verdict = check(self.protocol.graph)
        for finding in verdict.findings:
            yield self.finding(finding)
        yield from self.circles({finding.activity for finding in verdict.findings})
        for name in verdict.unproven:
            message = f"“{name}” depends on too many steps to be checked to the end."
            yield self.problem(self.where(name), "unproven", message, warning=True)

    def finding(self, finding: Finding) -> Problem:
        where = self.where(finding.activity)
        story = _story(self.protocol, finding.trace)
        if finding.kind == "ending_only":
            message = (
                f"“{self.title(finding.activity)}” can become due and then end only with the case "
                f"or by lapsing: {story}, {self.reason(finding)}."
            )
            trace = finding.trace
            return self.problem(where, "ending_only", message, warning=True, trace=trace)
        if finding.kind == "deadlock":
            code = "deadlock"
            message = (
                f"“{self.title(finding.activity)}” can become due and then never be done: {story}, "
                f"{self.reason(finding)}."
            )
        else:
            circle = self.include_circle(finding.activity)
            code = "cycle" if circle else "unreachable"
            cause = circle or f"{story}, {self.reason(finding)}"
            message = f"“{self.title(finding.activity)}” can never be done: {cause}."
        return self.problem(where, code, message, trace=finding.trace)

    def reason(self, finding: Finding) -> str:
        waits = [self.title(name) for name in finding.waits_for if name != finding.activity]
        if waits:
            return "it waits for " + " and ".join(f"“{name}”" for name in waits)
        if self.protocol.graph.activities[finding.activity].included:
            return "it has been excluded or waits for itself"
        return "nothing includes it"

    def circles(self, told: Container[str]) -> Iterator[Problem]:
        """Activities that include each other, though one of them is always there: a slip, or a
        file that means something else. Two that take turns exclude each other as well."""
        graph = self.protocol.graph
        leaves = {r.target for r in graph.relations if isinstance(r, Exclude)}
        always = {a.id for a in graph.activities.values() if a.included} - leaves
        following: dict[str, list[str]] = {}
        for r in graph.relations:
            if isinstance(r, Include):
                following.setdefault(r.source, []).append(r.target)
        for name in graph.activities:
            circle = _circle(name, following)
            if circle and name == min(circle) and always & set(circle) and name not in told:
                names = " → ".join([*circle, name])
                message = f"The activities include each other in a circle: {names}."
                yield self.problem(self.where(name), "cycle", message)

    def include_circle(self, name: str) -> str:
        """Excluded activities that only include each other: none is ever the first."""
        includers: dict[str, list[str]] = {}
        for r in self.protocol.graph.relations:
            if isinstance(r, Include):
                includers.setdefault(r.target, []).append(r.source)
        seen, here = [name], name
        while True:
            outside = [i for i in includers.get(here, ()) if not self.starts_excluded(i)]
            if outside or not includers.get(here) or self.protocol.graph.activities[here].included:
                return ""
            here = includers[here][0]
            if here in seen:
                circle = " → ".join([*seen[seen.index(here) :], here])
                return f"the activities only include each other in a circle ({circle})"
            seen.append(here)

    def starts_excluded(self, name: str) -> bool:
        return not self.protocol.graph.activities[name].included

    def where(self, name: str) -> Where:
        for place, raw in enumerate(self.document.values["activities"]):
            if raw["id"] == step_id(name):
                return ("activities", place, "id")
        return ()

    def title(self, name: str) -> str:
        return _title(self.protocol, name)

    # ---- deadlines

    def terms(self) -> Iterator[Problem]:
        """A duty that is due already gets a later deadline from another event, unless the file
        keeps the first: as the paper has it, and seldom what a law means."""
        told: set[str] = set()
        for later in self.responses():
            for first in self.responses():
                if later.target in told or not _buys_time(self.protocol, first, later):
                    continue
                told.add(later.target)
                message = (
                    f"“{self.title(later.source)}” gives “{self.title(later.target)}” more time "
                    f"when it is due already after “{self.title(first.source)}”. Write keep: true "
                    "if the first deadline stands, keep: false if it is meant so."
                )
                yield self.problem(self.where(later.target), "buys_time", message, warning=True)

    def responses(self) -> list[Response]:
        return [r for r in self.protocol.graph.relations if isinstance(r, Response)]


def _buys_time(protocol: Protocol, first: Response, later: Response) -> bool:
    if (
        first.target != later.target
        or first.source == later.source
        or not later.renews
        or later.stated
    ):
        return False
    if later.target in (first.source, later.source):
        return False  # its own next round
    sooner, longer = _hours(first.deadline.amount), _hours(later.deadline.amount)
    if sooner is None or longer is None or longer <= sooner or later.deadline.as_before:
        return False
    return not (_same_event(protocol, first, later) or _exclude_each_other(first, later))


def _hours(amount: Amount | None) -> int | None:
    return None if amount is None else amount.count * HOURS[amount.unit]


def _same_event(protocol: Protocol, one: Response, other: Response) -> bool:
    """Both follow from one event: then the shorter term counts."""
    boxes = protocol.graph.activities
    named = [
        {label.event for label in boxes[each.source].labels} - {each.source}
        for each in (one, other)
    ]
    return bool(named[0] & named[1])


def _exclude_each_other(one: Response, other: Response) -> bool:
    """Their guards ask one name for different values."""
    if one.guard is None or other.guard is None:
        return False
    values, others = one.guard.literals, other.guard.literals
    return any(path in others and not values[path] & others[path] for path in values)


def _title(protocol: Protocol, name: str) -> str:
    titles = protocol.step_of(name).title
    return titles.get("en") or next(iter(titles.values()))


def _story(protocol: Protocol, trace: Sequence[str]) -> str:
    if not trace:
        return "at the very start"
    return "after " + ", then ".join(f"“{_title(protocol, name)}”" for name in trace)


def _circle(start: str, following: Mapping[str, Sequence[str]]) -> list[str]:
    """The shortest way from an activity back to itself; nothing when there is none."""
    ways = [[start]]
    seen = {start}
    while ways:
        way = ways.pop(0)
        for after in following.get(way[-1], ()):
            if after == start:
                return way
            if after not in seen:
                seen.add(after)
                ways.append([*way, after])
    return []
