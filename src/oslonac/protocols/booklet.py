"""The table "who does what, when and how" of a protocol.

Belongs here: the rows in one language, as plain texts for a page or a printed booklet. Does not:
how they look.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from oslonac.kit.calendars import Amount, Unit
from oslonac.kit.wording import ENGLISH, Wording, counted, mark
from oslonac.protocols.dcr.graph import Condition, Milestone, Response
from oslonac.protocols.dcr.time import Deadline
from oslonac.protocols.protocol import LAPSED, STARTED, Protocol, Texts, text_in
from oslonac.protocols.spoken import spoken


@dataclass(frozen=True)
class Term:
    """One deadline of an activity, with its own ground: one may bind where another is guidance.
    `verified` False: guidance, nobody is late by it."""

    text: str
    source: str
    verified: bool

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Row:
    """One activity, all its terms and grounds."""

    id: str
    what: str
    who: tuple[str, ...]
    when: tuple[Term, ...]
    after: tuple[str, ...]
    how: str
    form: str
    evidence: str
    sources: tuple[str, ...]
    outcomes: tuple[str, ...] = ()

    @property
    def verified(self) -> tuple[bool, ...]:
        """Which of its terms bind, in their order."""
        return tuple(term.verified for term in self.when)


@dataclass(frozen=True)
class Section:
    """Steps of one group that stand together: the order is that of the file, which is the order of
    the work, so that a group may come again (a case is closed after its parts)."""

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
    found: list[tuple[str, list[Row]]] = []
    for step in protocol.steps.values():
        if step.observed:
            continue
        if not found or found[-1][0] != step.group:
            found.append((step.group, []))
        found[-1][1].append(teller.row(step.id))
    titles = {"": text(protocol.title, language)} | {
        group.id: text(group.title, language) for group in protocol.groups.values()
    }
    return tuple(Section(titles[group], tuple(rows)) for group, rows in found)


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
        terms = tuple(dict.fromkeys(map(self.term, self.incoming(id_))))
        grounds = [term.source for term in terms if term.source]
        if not grounds and step.source:
            grounds = [self.source(step.source)]
        return Row(
            id=id_,
            what=text(step.title, self.language),
            who=tuple(dict.fromkeys(w.role for w in self.protocol.graph.activities[id_].who)),
            when=terms,
            after=tuple(dict.fromkeys(self.waits(id_))),
            how=text(step.how, self.language),
            form=step.form,
            evidence=text(step.evidence, self.language),
            sources=tuple(dict.fromkeys(grounds)),
            outcomes=tuple(text(each, self.language) for each in step.outcomes.values()),
        )

    def term(self, response: Response) -> Term:
        norm = response.norm or self.protocol.graph.activities[response.target].norm
        return Term(self.when(response), self.source(norm.id) if norm.id else "", norm.verified)

    def incoming(self, id_: str) -> Iterable[Response]:
        for r in self.protocol.graph.relations:
            if isinstance(r, Response) and r.target in (id_, id_ + STARTED):
                yield r

    def title(self, name: str) -> str:
        """An activity as people read it; of a part of a step, the part as well."""
        step = self.protocol.step_of(name)
        title, part = text(step.title, self.language), name.partition(".")[2]
        if part in step.outcomes:
            return f"{title}: {text(step.outcomes[part], self.language)}"
        if part == LAPSED[1:]:
            return self.say(mark("%(what)s: lapsed"), what=title)
        return title

    def when(self, response: Response) -> str:
        """When it is due, in a phrase: how long, since when, in which case, and what becomes of a
        day without work."""
        told = {"after": self.title(response.source), "length": "", "start": ""}
        deadline = response.deadline
        began = response.target.endswith(STARTED)
        if deadline.amount is not None and deadline.start_text:
            told |= {"length": length(deadline.amount, self.say), "start": self.start(deadline)}
            phrase = mark("within %(length)s from %(start)s, once “%(after)s” is recorded")
            if began:
                phrase = mark(
                    "to be begun within %(length)s from %(start)s, once “%(after)s” is recorded"
                )
        elif deadline.amount is not None:
            told["length"] = length(deadline.amount, self.say)
            phrase = mark("within %(length)s after “%(after)s”")
            if began:
                phrase = mark("to be begun within %(length)s after “%(after)s”")
        elif deadline.day is not None:
            phrase = mark("by the date given in “%(after)s”")
        elif deadline.as_before:
            phrase = mark("again, with its former deadline, after “%(after)s”")
        elif deadline.start_text:
            told["start"] = self.start(deadline)
            phrase = mark("after “%(after)s”, counted from %(start)s; no deadline is set")
        else:
            phrase = mark("after “%(after)s”; no deadline is set")
        when = self.say(phrase, **told)
        if response.guard is not None:
            condition = spoken(response.guard.text, self.say, self.name)
            when = self.say(mark("%(when)s, %(condition)s"), when=when, condition=condition)
        if deadline.rolls:
            by = deadline.rolls_by
            phrase = mark("%(when)s; where that is a day without work, by the next working day")
            when = self.say(phrase, when=when) + (f" ({self.source(by)})" if by else "")
        return when

    def start(self, deadline: Deadline) -> str:
        return self.name(deadline.start_text.partition(".")[2])

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
