"""Static checks of protocols: words nobody knows, steps nobody can reach, duties nobody can meet.

Each finding has a file, a line and a sentence that says what to do about it. Errors keep a
protocol from being trusted; warnings do not. What a single value must look like is checked while
reading (`compiling`); here is what needs the vocabulary, the whole graph or the other files.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from oslonac.access.roles import ALLOWED, Permission, Role
from oslonac.protocols.dcr.expressions import UNKNOWN_ANSWERS, BadExpression, Guard, compile_guard
from oslonac.protocols.dcr.graph import Asked, Exclude, Include, Response
from oslonac.protocols.modelcheck import Finding, check
from oslonac.protocols.pack import Loaded, Vocabulary, files, load, vocabulary_of
from oslonac.protocols.protocol import Protocol
from oslonac.protocols.reading import Problem, Where

# What recording an activity without a form of its own needs.
RECORDING = Permission.STEP_RECORD.value
# What every event tells of whoever recorded it (`protocols.authors`).
AUTHOR = ("by_role", "by_office")


@dataclass(frozen=True)
class Report:
    """What was found about one file."""

    id: str
    version: str
    file: str
    problems: tuple[Problem, ...]

    @property
    def errors(self) -> list[Problem]:
        return [p for p in self.problems if not p.warning]

    @property
    def warnings(self) -> list[Problem]:
        return [p for p in self.problems if p.warning]


def check_paths(paths: Iterable[Path]) -> list[Report]:
    """Check files and folders together: they are one pack."""
    found = files(paths)
    loaded = [load(path) for path in found]
    words = vocabulary_of(found)
    known = _activities(loaded)
    problems = [[*one.problems, *_check_one(one, words, known)] for one in loaded]
    for place, problem in _claims(loaded):
        problems[place].append(problem)
    return [_report(one, found) for one, found in zip(loaded, problems, strict=True)]


def _report(one: Loaded, problems: list[Problem]) -> Report:
    values = one.document.values if isinstance(one.document.values, dict) else {}
    id_ = values.get("protocol")
    return Report(
        id_ if isinstance(id_, str) else Path(one.file).stem,
        str(values.get("version", "")),
        one.file,
        tuple(sorted(problems, key=lambda p: (p.line, p.code, p.message))),
    )


def _activities(loaded: Sequence[Loaded]) -> frozenset[str]:
    return frozenset(id_ for one in loaded if one.protocol for id_ in one.protocol.steps)


def _claims(loaded: Sequence[Loaded]) -> Iterator[tuple[int, Problem]]:
    """Two files with one protocol or one activity: an obligation would have two owners."""
    for what, word in (("protocol", "procedure"), ("activity", "activity")):
        first: dict[str, tuple[str, int]] = {}
        for place, one in enumerate(loaded):
            for id_, line in _ids(one, what):
                if id_ not in first:
                    first[id_] = (one.file, line)
                elif first[id_][0] != one.file:
                    file, other = first[id_]
                    message = f"The {word} “{id_}” is already claimed by {file}, line {other}."
                    yield place, Problem(one.file, line, "claimed_twice", message)


def _ids(one: Loaded, what: str) -> Iterator[tuple[str, int]]:
    values = one.document.values
    if not isinstance(values, dict):
        return
    if what == "protocol":
        if isinstance(values.get("protocol"), str):
            yield values["protocol"], one.document.line(("protocol",))
        return
    listed = values.get("activities")
    for place, raw in enumerate(listed if isinstance(listed, list) else []):
        if isinstance(raw, dict) and isinstance(raw.get("id"), str):
            yield raw["id"], one.document.line(("activities", place, "id"))


def _check_one(one: Loaded, words: Vocabulary, known: frozenset[str]) -> Iterator[Problem]:
    if one.protocol is None:
        return
    checker = _Checker(one.protocol, words, known)
    yield from checker.texts()
    yield from checker.sources()
    for place, raw in enumerate(one.document.values["activities"]):
        yield from checker.activity(raw, ("activities", place))
    yield from checker.guards()
    yield from checker.model()


class _Checker:
    def __init__(self, protocol: Protocol, words: Vocabulary, known: frozenset[str]) -> None:
        self.protocol = protocol
        self.document = protocol.document
        self.words = words
        self.known = known

    def problem(
        self, where: Where, code: str, message: str, *, warning: bool = False, trace: Any = ()
    ) -> Problem:
        line = self.document.line(where)
        return Problem(self.document.file, line, code, message, warning, tuple(trace))

    # ---- texts and sources

    def texts(self) -> Iterator[Problem]:
        for where, texts in _texts(self.document.values, ()):
            missing = [code for code in self.words.languages if code not in texts]
            if missing:
                message = f"“{where[-1]}” is not translated to {', '.join(missing)}."
                yield self.problem(where, "untranslated", message, warning=True)

    def sources(self) -> Iterator[Problem]:
        responses = [r for r in self.protocol.graph.relations if isinstance(r, Response)]
        used = {r.norm.id for r in responses if r.norm is not None}
        used |= {step.source for step in self.protocol.steps.values()}
        for id_, raw in self.document.values.get("sources", {}).items():
            for key in ("in_force_from", "in_force_until"):
                if key in raw and not _is_day(raw[key]):
                    message = f"“{raw[key]}” is no date such as 2018-04-12."
                    yield self.problem(("sources", id_, key), "date", message)
            days = [str(raw.get(key, "")) for key in ("in_force_from", "in_force_until")]
            if all(map(_is_day, days)) and days[0] > days[1]:
                message = f"“{id_}” would end ({days[1]}) before it came into force ({days[0]})."
                yield self.problem(("sources", id_, "in_force_until"), "date", message)
            if id_ not in used:
                message = f"Nothing rests on the source “{id_}”."
                yield self.problem(("sources", id_), "unused_source", message, warning=True)

    # ---- one activity

    def activity(self, raw: Mapping[str, Any], where: Where) -> Iterator[Problem]:
        activity = self.protocol.graph.activities[raw["id"]]
        for who in activity.who:
            if who.role not in self.words.roles:
                yield self.problem(
                    (*where, "who"), "unknown_role", f"There is no role “{who.role}”."
                )
        form = raw.get("form")
        if form and form not in self.words.forms:
            yield self.problem((*where, "form"), "unknown_form", f"There is no form “{form}”.")
        yield from self.able(raw, where)
        for key in ("starts_with", "done_by"):
            yield from self.events(raw, where, key)
        yield from self.duties(raw, where)

    def able(self, raw: Mapping[str, Any], where: Where) -> Iterator[Problem]:
        """Whoever is asked for something must be let through by the step that does it."""
        form = raw.get("form") or ""
        asked = self.words.needs.get(form, ()) if form else (RECORDING,)
        for role in dict.fromkeys(w.role for w in self.protocol.graph.activities[raw["id"]].who):
            held = ALLOWED[Role(role)] if role in Role.values else frozenset(asked)
            lacking = [each for each in asked if each not in held]
            if lacking:
                step = f"the form “{form}”" if form else "recording it"
                message = (
                    f"“{raw['id']}” is asked of “{role}”, who may not do it: {step} needs "
                    f"{', '.join(lacking)}."
                )
                yield self.problem((*where, "who"), "not_able", message)

    def events(self, raw: Mapping[str, Any], where: Where, key: str) -> Iterator[Problem]:
        items = raw.get(key) or []
        for place, item in enumerate(items if isinstance(items, list) else [items]):
            name = item if isinstance(item, str) else item["event"]
            here = (*where, key, place)
            if name in self.known:
                continue
            if name not in self.words.events:
                message = f"Nothing in the product or the pack makes an event “{name}”."
                yield self.problem(here, "unknown_event", message)
                continue
            carried = (*self.words.events[name], *AUTHOR)
            every = isinstance(item, dict) and item.get("every")
            each = raw.get("each")
            if each and not every and each not in carried:
                message = f"“{name}” names no {each}, so it cannot say whose “{raw['id']}” it is."
                yield self.problem(here, "nameless_event", message)
            yield from self.authors(item, here)
            guard = item.get("when") if isinstance(item, dict) else None
            for path in _paths(guard):
                if path.startswith("data.") and path[5:] not in carried:
                    message = f"“{name}” carries no “{path[5:]}”."
                    yield self.problem((*here, "when"), "unknown_data", message)

    def authors(self, item: Any, where: Where) -> Iterator[Problem]:
        named = item.get("by") if isinstance(item, dict) else None
        for role in named if isinstance(named, list) else [named]:
            if role and role not in {*self.words.roles, *(each.value for each in Asked)}:
                message = f"There is no role “{role}”."
                yield self.problem((*where, "by"), "unknown_role", message)

    def duties(self, raw: Mapping[str, Any], where: Where) -> Iterator[Problem]:
        if not raw.get("due") and not raw.get("pending"):
            return
        if raw.get("observed"):
            message = f"“{raw['id']}” is only observed, so nobody can be obliged to it."
            yield self.problem((*where, "due"), "observed_duty", message)
        elif not raw.get("who"):
            message = f"“{raw['id']}” is due, but “who” names nobody."
            yield self.problem(where, "nobody", message)
        for place, item in enumerate(raw.get("due") or []):
            if not item.get("source") and not raw.get("source"):
                message = "This deadline names no source; it is shown as guidance only."
                yield self.problem((*where, "due", place), "no_source", message, warning=True)

        for place, item in enumerate(raw.get("due") or []):
            yield from self.carried(item, (*where, "due", place))

    def carried(self, item: Mapping[str, Any], where: Where) -> Iterator[Problem]:
        """A date or a start that no event ever brings would leave the duty without a term."""
        sources = item["after"] if isinstance(item["after"], list) else [item["after"]]
        for key in ("on", "from"):
            path = str(item.get(key) or "")
            for after in sources if path.startswith("data.") else ():
                names = self.labels_of(str(after).partition(".")[0])
                if names and not any(path[5:] in self.words.events.get(n, ()) for n in names):
                    message = f"“{after}” never brings “{path[5:]}”: no event of it carries that."
                    yield self.problem((*where, key), "unknown_data", message)

    def labels_of(self, activity: str) -> list[str]:
        """The product's and pack's events that complete or begin an activity."""
        return [
            label.event
            for each in self.protocol.graph.activities.values()
            if each.id.partition(".")[0] == activity
            for label in each.labels
            if label.event in self.words.events
        ]

    # ---- guards

    def guards(self) -> Iterator[Problem]:
        for where, text in _guards(self.document.values, ()):
            try:
                guard = compile_guard(text)
            except BadExpression:
                continue
            yield from self.facts(guard, where)

    def facts(self, guard: Guard, where: Where) -> Iterator[Problem]:
        for path in sorted(guard.paths):
            scope, name = path.split(".", 1)
            if scope != "facts":
                continue
            if name not in self.words.facts:
                message = f"Nobody records a fact “{name}” about a case."
                yield self.problem(where, "unknown_fact", message)
                continue
            possible = self.words.facts[name]
            for literal in sorted(map(str, guard.literals.get(path, ()))):
                if possible and literal.lower() not in (*possible, *map(str, UNKNOWN_ANSWERS)):
                    message = f"“{name}” is never “{literal}”; it is one of {', '.join(possible)}."
                    yield self.problem(where, "impossible_value", message)

    # ---- the graph

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
            if raw["id"] == name.partition(".")[0]:
                return ("activities", place, "id")
        return ()

    def title(self, name: str) -> str:
        return _title(self.protocol, name)


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


def _is_day(value: Any) -> bool:
    try:
        date.fromisoformat(str(value))
    except ValueError:
        return False
    return True


def _paths(text: Any) -> list[str]:
    try:
        return sorted(compile_guard(str(text)).paths) if text else []
    except BadExpression:
        return []


def _texts(values: Any, where: Where) -> Iterator[tuple[Where, Mapping[str, str]]]:
    for here, key, value in _walk(values, where):
        if key in ("title", "how", "about", "evidence") and isinstance(value, dict):
            yield here, value


def _guards(values: Any, where: Where) -> Iterator[tuple[Where, str]]:
    for here, key, value in _walk(values, where):
        if key in ("when", "applies") and isinstance(value, str):
            yield here, value
        elif key in ("from", "on", "person", "organisation") and isinstance(value, str):
            yield here, f"known({value})"


def _walk(values: Any, where: Where) -> Iterator[tuple[Where, str, Any]]:
    pairs = values.items() if isinstance(values, dict) else enumerate(values)
    for key, value in pairs:
        here = (*where, key)
        yield here, str(key), value
        if isinstance(value, dict | list):
            yield from _walk(value, here)
