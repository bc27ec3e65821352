"""The access matrix: every request x every role x every relation, expected against observed.

Besides the answer itself four things are looked at: that what was refused became an event, that
nothing refused was done all the same, that no body holds a text of the child's that the asker does
not see, and that every line and every action was really reached by somebody.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from oslonac.access.roles import Role
from oslonac.audit.actions import ACTIONS
from tools.access_matrix import walk
from tools.access_matrix.asking import Asked, Asker
from tools.access_matrix.bodies import Bodies
from tools.access_matrix.casefile import SECRETS
from tools.access_matrix.expected import PUBLIC, Answer, Line, Table
from tools.access_matrix.relations import Relation
from tools.access_matrix.sending import Sending
from tools.access_matrix.walk import Request
from tools.access_matrix.world import World

NOBODY = "nobody"
# In these relations also what has nothing to do with the record is asked.
_ALL_OF = (Relation.OWN, Relation.NONE)
_REFUSED = (Answer.FORBIDDEN, Answer.HIDDEN)


@dataclass
class Matrix:
    """What came out. A difference names request, role, relation, expected and observed."""

    combinations: int = 0
    differences: list[dict[str, str]] = field(default_factory=list)
    answers: Counter[str] = field(default_factory=Counter)
    reached: set[str] = field(default_factory=set)  # lines that somebody was let through
    expected: set[str] = field(default_factory=set)  # lines that somebody may pass
    done: set[str] = field(default_factory=set)  # actions carried out

    def as_json(self) -> dict[str, Any]:
        return {
            "combinations": self.combinations,
            "differences": self.differences,
            "answers": dict(sorted(self.answers.items())),
        }

    def __iadd__(self, other: "Matrix") -> "Matrix":
        self.combinations += other.combinations
        self.differences += other.differences
        self.answers += other.answers
        self.reached |= other.reached
        self.expected |= other.expected
        self.done |= other.done
        return self

    def differ(
        self, request: str, expected: str, observed: str, who: str = "", how: str = ""
    ) -> None:
        self.differences.append(
            {
                "request": request,
                "role": who,
                "relation": how,
                "expected": expected,
                "observed": observed,
            }
        )


@dataclass
class Walk:
    """One world, one table, everything that can be asked."""

    world: World
    table: Table
    description: Mapping[str, Any]

    def __post_init__(self) -> None:
        known = walk.requests(self.description)
        self.pairs = [
            (request, line) for request in known for line in self.table.lines.get(request.name, ())
        ]
        listed = {request.path for request, _line in self.pairs}
        # A method that a page's line leaves out answers 405, or no more than the other one.
        self.others = [
            request
            for request in known
            if request.name not in self.table.lines and request.path in listed
        ]
        self.names = {request.name for request in known}
        self.unlisted = {request.path for request in known} - listed
        bodies = Bodies(self.description, self.world.at)
        self.sending = Sending(self.world, self.world.at, bodies, self.pairs)

    def check_lines(self, found: Matrix) -> None:
        """A route without a reviewed line, or a line nobody can ask for, is a difference."""
        for path in sorted(self.unlisted):
            found.differ(path, "a line in the reviewed table", "no line")
        for name in sorted(set(self.table.lines) - self.names):
            found.differ(name, "a request like this", "no such route")

    def check_reached(self, found: Matrix) -> None:
        """Every line that somebody may pass was passed; every action was carried out."""
        lines = {line.title: line for _request, line in self.pairs}
        for title in sorted(found.expected - found.reached):
            if not lines[title].refused:
                found.differ(title, "somebody is let through", "refused by form or state to all")
        for title in sorted(found.reached & {t for t, line in lines.items() if line.refused}):
            found.differ(title, "nobody is let through", "somebody was")
        for name in sorted(set(ACTIONS) - found.done - set(self.table.undone)):
            found.differ(name, "an action that somebody carries out", "nobody did")
        for name in sorted(
            set(self.table.undone) & found.done | set(self.table.undone) - set(ACTIONS)
        ):
            found.differ(name, "not carried out, by the table", "carried out, or no such action")

    def ask_as(self, role: Role, relation: Relation, found: Matrix, every: int = 1) -> None:
        """Everything as one person; with `every`, each n-th request only."""
        user = self.world.people[role, relation]
        asker = Asker(user, self.world.records, self.world.own[user.pk])
        first = hash_of(role, relation) % every
        for request, line in self._asked(relation)[first::every]:
            asked = asker.ask(request, self.sending.body(line), line.use)
            self._judge(request, line, asked, role, relation, found)
        for request in self.others[first::every] if relation in _ALL_OF else ():
            asked = asker.ask(request, use=self._lines_of(request)[0].use)
            self._judge_other(request, asked, role, relation, found)

    def _asked(self, relation: Relation) -> list[tuple[Request, Line]]:
        """What shows no record is asked in two relations only: for it they are all the same."""
        return [pair for pair in self.pairs if relation in _ALL_OF or not pair[1].apart]

    def ask_as_nobody(self, found: Matrix) -> None:
        """Everything without signing in."""
        asker = Asker(None, self.world.records)
        for request, line in self.pairs:
            asked = asker.ask(request, self.sending.body(line), line.use)
            self._judge(request, line, asked, None, Relation.NONE, found)

    def _judge(
        self,
        request: Request,
        line: Line,
        asked: Asked,
        role: Role | None,
        relation: Relation,
        found: Matrix,
    ) -> None:
        expected = self.table.answer(line, role, relation)
        found.combinations += 1
        found.answers[_word(asked)] += 1
        found.done |= set(asked.done)
        if expected == Answer.LET_IN:
            found.expected.add(line.title)
            if asked.let_in:
                found.reached.add(line.title)
        led = role is None and line.takes == (PUBLIC,) and asked.answer == Answer.SIGN_IN
        wrong = [] if led or asked.answer == expected else [_word(asked)]
        wrong += self._beside(line, asked, role, relation)
        if wrong:
            observed = f"{'; '.join(wrong)} ({asked.status})"
            found.differ(
                line.title, expected.value, observed, role.value if role else NOBODY, relation.value
            )

    def _judge_other(
        self, request: Request, asked: Asked, role: Role, relation: Relation, found: Matrix
    ) -> None:
        allowed = {self.table.answer(line, role, relation) for line in self._lines_of(request)}
        allowed.add(Answer.NO_SUCH_METHOD)
        found.combinations += 1
        found.answers[_word(asked)] += 1
        wrong = [] if asked.answer in allowed else [_word(asked)]
        wrong += [f"{name} was done" for name in asked.done]
        wrong += self._leak(asked, role, relation)
        if wrong:
            expected = " or ".join(sorted(each.value for each in allowed))
            found.differ(
                request.name,
                expected,
                f"{'; '.join(wrong)} ({asked.status})",
                role.value,
                relation.value,
            )

    def _lines_of(self, request: Request) -> list[Line]:
        return [line for other, line in self.pairs if other.path == request.path]

    def _beside(self, line: Line, asked: Asked, role: Role | None, relation: Relation) -> list[str]:
        wrong = []
        refused = asked.answer in _REFUSED
        if refused and not (line.quiet or asked.denied or line.takes == (PUBLIC,)):
            wrong.append("no event says that it was refused")
        if asked.answer != Answer.LET_IN:
            wrong += [f"{name} was done all the same" for name in asked.done]
        return wrong + self._leak(asked, role, relation)

    def _leak(self, asked: Asked, role: Role | None, relation: Relation) -> list[str]:
        """Texts in the answer that this role and relation do not show."""
        seen = self.table.widest(role, relation)
        secret = [
            (level, text)
            for level, texts in SECRETS[self.world.home.number].items()
            for text in texts
        ]
        wrong = [
            f"the answer holds a text of the level {level.name.lower()}"
            for level, text in secret
            if (seen is None or seen < level) and text in asked.body
        ]
        for texts in SECRETS[self.world.other.number].values():
            wrong += [
                "the answer holds a text of another centre's child"
                for text in texts
                if text in asked.body
            ]
        if self.world.other.case.number in asked.body and not self.table.oversees(role):
            wrong.append("the answer names another centre's case")
        return list(dict.fromkeys(wrong))


def hash_of(role: Role, relation: Relation) -> int:
    """A number for each asker, so that with `every` each asks other requests."""
    return list(Role).index(role) * len(Relation) + list(Relation).index(relation)


def _word(asked: Asked) -> str:
    if asked.answer == Answer.LET_IN and not asked.let_in:
        return "let in, refused by form or state"
    return asked.answer.value
