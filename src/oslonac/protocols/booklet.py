"""The table "who does what, when and how" of a protocol.

Belongs here: the rows in one language, as plain texts for a page or a printed booklet. Does not:
how they look.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from oslonac.kit.calendars import Amount, Unit
from oslonac.kit.wording import ENGLISH, Wording, counted, mark
from oslonac.protocols.dcr.graph import Condition, Milestone, Response
from oslonac.protocols.protocol import STARTED, Protocol, Texts, text_in


@dataclass(frozen=True)
class Row:
    """One activity. `verified` False: guidance; None: nothing is due by it."""

    id: str
    what: str
    who: tuple[str, ...]
    when: tuple[str, ...]
    after: tuple[str, ...]
    how: str
    form: str
    evidence: str
    sources: tuple[str, ...]
    verified: bool | None


@dataclass(frozen=True)
class Section:
    """A group of activities, in the order of the file."""

    title: str
    rows: tuple[Row, ...]


def booklet(
    protocol: Protocol,
    language: str = "en",
    say: Wording = ENGLISH,
    name: Callable[[str], str] = str,
) -> tuple[Section, ...]:
    """The table of a protocol. What is only observed is nobody's work and left out.

    `name` gives facts and their values the names people know.
    """
    teller = _Teller(protocol, language, say, name)
    found: dict[str, list[Row]] = {}
    for step in protocol.steps.values():
        if not step.observed:
            found.setdefault(step.group, []).append(teller.row(step.id))
    titles = {"": text(protocol.title, language)} | {
        group.id: text(group.title, language) for group in protocol.groups.values()
    }
    return tuple(Section(titles[group], tuple(rows)) for group, rows in found.items())


def text(texts: Texts, language: str) -> str:
    """A text in a language, else in English, else in any."""
    return text_in(texts, language)


class _Teller:
    def __init__(
        self, protocol: Protocol, language: str, say: Wording, name: Callable[[str], str]
    ) -> None:
        self.protocol = protocol
        self.language = language
        self.say = say
        self.name = name

    def row(self, id_: str) -> Row:
        step = self.protocol.steps[id_]
        responses = list(self.incoming(id_))
        norms = [r.norm or self.protocol.graph.activities[id_].norm for r in responses]
        if not norms and step.source:
            norms = [self.protocol.sources[step.source].norm]
        return Row(
            id=id_,
            what=text(step.title, self.language),
            who=tuple(dict.fromkeys(w.role for w in self.protocol.graph.activities[id_].who)),
            when=tuple(dict.fromkeys(self.when(r) for r in responses)),
            after=tuple(dict.fromkeys(self.waits(id_))),
            how=text(step.how, self.language),
            form=step.form,
            evidence=text(step.evidence, self.language),
            sources=tuple(dict.fromkeys(self.source(norm.id) for norm in norms if norm.id)),
            verified=all(norm.verified for norm in norms) if norms else None,
        )

    def incoming(self, id_: str) -> Iterable[Response]:
        for r in self.protocol.graph.relations:
            if isinstance(r, Response) and r.target in (id_, id_ + STARTED):
                yield r

    def title(self, name: str) -> str:
        return text(self.protocol.step_of(name).title, self.language)

    def when(self, response: Response) -> str:
        """When it is due, in a phrase."""
        told = {"after": self.title(response.source), "length": ""}
        deadline = response.deadline
        if deadline.amount is not None:
            told["length"] = length(deadline.amount, self.say)
            phrase = mark("within %(length)s after “%(after)s”")
            if response.target.endswith(STARTED):
                phrase = mark("to be begun within %(length)s after “%(after)s”")
        elif deadline.day is not None:
            phrase = mark("by the date given in “%(after)s”")
        elif deadline.as_before:
            phrase = mark("again, with its former deadline, after “%(after)s”")
        else:
            phrase = mark("after “%(after)s”; no deadline is set")
        when = self.say(phrase, **told)
        if response.guard is None:
            return when
        guard = spoken(response.guard.text, self.say, self.name)
        return self.say(mark("%(when)s, if %(guard)s"), when=when, guard=guard)

    def waits(self, id_: str) -> Iterable[str]:
        for r in self.protocol.graph.relations:
            if r.target != id_:
                continue
            if isinstance(r, Condition):
                yield self.say(mark("only after “%(what)s”"), what=self.title(r.source))
            elif isinstance(r, Milestone):
                yield self.say(mark("not while “%(what)s” is due"), what=self.title(r.source))

    def source(self, id_: str) -> str:
        return self.protocol.sources[id_].cited(self.language)


LENGTHS = {
    Unit.HOURS: counted("%(n)d hour", "%(n)d hours"),
    Unit.CALENDAR_DAYS: counted("%(n)d day", "%(n)d days"),
    Unit.WORKING_DAYS: counted("%(n)d working day", "%(n)d working days"),
    Unit.MONTHS: counted("%(n)d month", "%(n)d months"),
}


def length(amount: Amount, say: Wording = ENGLISH) -> str:
    """An amount of time in words."""
    return say.count(LENGTHS[amount.unit], amount.count)


_PATH = r"(?:facts|data)\.(\w+)"
_SIMPLE: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(_PATH + r" == '([^']*)'"), mark("%(name)s is “%(value)s”")),
    (re.compile(_PATH + r" != '([^']*)'"), mark("%(name)s is not “%(value)s”")),
    (re.compile(_PATH + r" in \[([^\]]*)\]"), mark("%(name)s is one of %(value)s")),
    (re.compile(r"known\(" + _PATH + r"\)()"), mark("%(name)s is known")),
    (re.compile(r"not known\(" + _PATH + r"\)()"), mark("%(name)s is not known")),
)


def spoken(guard: str, say: Wording = ENGLISH, name: Callable[[str], str] = str) -> str:
    """A guard in words: `facts.priority == 'urgent'` is "priority is “urgent”".

    One that combines several things is told with fewer signs only.
    """
    for pattern, phrase in _SIMPLE:
        if found := pattern.fullmatch(guard.strip()):
            values = re.findall(r"[^',\s]+", found[2])
            told = ", ".join(f"“{name(v)}”" for v in values) if "[" in guard else name(found[2])
            return say(phrase, name=name(found[1]), value=told)
    plain = re.sub(r"(facts|data)\.", "", guard)
    plain = plain.replace("==", "is").replace("!=", "is not").replace("'", "").replace("_", " ")
    return re.sub(r"known\(([^)]*)\)", r"\1 is known", plain)
