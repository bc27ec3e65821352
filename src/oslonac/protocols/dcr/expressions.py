"""Guards: expressions over what is known of a case (`facts.x`) and of an event (`data.x`).

Three-valued (Kleene's strong logic): true, false, or None for unknown. What nobody asked or
answered is unknown, and unknown is neither true nor false: `not unknown` is unknown, `false and
unknown` is false. Guards on relations: Hildebrandt, Normann, Marquard, Debois, Slaats, "Decision
Modelling in Timed Dynamic Condition Response Graphs with Data" (BPM workshops 2021).

    facts.priority == 'immediate' and not (data.kind in ['phone', 'online'])
    known(data.review_on)           # somebody said what it is
    answered(data.safety_offered)   # somebody was asked and answered: to decline is an answer

Nothing else can be written: no calls, no arithmetic, no names of Python.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Truth = bool | None
Values = Mapping[str, Any]
Evaluate = Callable[[Values, Values], Any]

# Answers that say nothing about the world. "none" is not among them: it is an answer.
DECLINED = "declined"
UNKNOWN_ANSWERS = (None, "", "unknown", "not_asked", DECLINED)
NOTHING: Values = {}
LONGEST = 500
DEEPEST = 20


class BadExpression(ValueError):
    """The text is no guard; the sentence says where."""


@dataclass(frozen=True)
class Guard:
    """A compiled guard. `paths` are the names it reads; `literals` what each is compared with;
    `holds` is the function of facts and data, the same as calling the guard."""

    text: str
    paths: frozenset[str]
    literals: Mapping[str, frozenset[Any]]
    holds: Callable[[Values, Values], Truth]

    def __call__(self, facts: Values, data: Values) -> Truth:
        return self.holds(facts, data)

    def unknown_paths(self, facts: Values, data: Values) -> list[str]:
        """The names nobody has answered yet, for the sentence that asks for them."""
        return sorted(p for p in self.paths if _says_nothing(_look_up(p)(facts, data)))


def compile_guard(text: str) -> Guard:
    """A guard from its text. Raises BadExpression."""
    if len(text) > LONGEST:
        raise BadExpression(f"A guard may have {LONGEST} characters; this one has {len(text)}.")
    parser = _Parser(text)
    evaluate = parser.whole()
    literals = {path: frozenset(values) for path, values in parser.literals.items()}
    return Guard(text, frozenset(parser.paths), literals, evaluate)


def compile_path(text: str) -> Evaluate:
    """The value behind `facts.x` or `data.x`, None where there is none. Raises BadExpression."""
    if not _PATH.fullmatch(text):
        raise BadExpression(f"“{text}” is neither facts.… nor data.….")
    return _look_up(text)


def conjunction(values: list[Truth]) -> Truth:
    """Kleene's strong conjunction."""
    if any(value is False for value in values):
        return False
    return None if any(value is None for value in values) else True


def disjunction(values: list[Truth]) -> Truth:
    """Kleene's strong disjunction."""
    if any(value is True for value in values):
        return True
    return None if any(value is None for value in values) else False


def negation(value: Truth) -> Truth:
    return None if value is None else not value


def _says_nothing(value: Any) -> bool:
    """An answer that is none; so is a list of answers with nothing in it."""
    return value in UNKNOWN_ANSWERS or (isinstance(value, list | tuple) and not value)


def _truth(value: Any) -> Truth:
    if isinstance(value, bool | int | float):
        return bool(value)
    return None if _says_nothing(value) else bool(value)


_PATH = re.compile(r"(facts|data)\.([a-z_][a-z0-9_]*)")
_TOKEN = re.compile(
    r"\s*(?:(?P<path>(?:facts|data)\.[a-z_][a-z0-9_]*)|(?P<word>[a-z_]+)|(?P<number>-?\d+(?:\.\d+)?)"
    r"|'(?P<text>[^']*)'|(?P<mark>==|!=|<=|>=|<|>|\(|\)|\[|\]|,))"
)
_CONSTANTS = {"true": True, "false": False, "none": "none"}


def _look_up(path: str) -> Evaluate:
    scope, name = path.split(".", 1)
    if scope == "facts":
        return lambda facts, data: facts.get(name)
    return lambda facts, data: data.get(name)


def _compare(mark: str, left: Any, right: Any) -> Truth:
    if left is None or (left in UNKNOWN_ANSWERS and right not in UNKNOWN_ANSWERS):
        return None
    if mark == "==":
        return bool(left == right)
    if mark == "!=":
        return bool(left != right)
    try:
        return bool(_ORDER[mark](left, right))
    except TypeError:
        return None


def _equals(path: str, wanted: Any, same: bool) -> Evaluate:
    """`_compare` for the usual guard, a name and a value: most of an evaluation is spent here."""
    scope, name = path.split(".", 1)
    of_facts, asks_for_unknown = scope == "facts", wanted in UNKNOWN_ANSWERS

    def holds(facts: Values, data: Values) -> Truth:
        found = (facts if of_facts else data).get(name)
        if found is None:
            return None
        if isinstance(found, list | tuple):  # several answers: whether it is among them
            return (wanted in found) is same if found else None
        if found == wanted:
            return same
        if found is True or found is False or asks_for_unknown:
            return not same
        return None if found in UNKNOWN_ANSWERS else not same

    return holds


_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}


class _Parser:
    """Recursive descent: or, and, not, comparison. One pass, straight to closures."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = self._split(text)
        self.place = 0
        self.depth = 0
        self.paths: set[str] = set()
        self.literals: dict[str, set[Any]] = {}

    @staticmethod
    def _split(text: str) -> list[tuple[str, str]]:
        tokens, at = [], 0
        text = text.rstrip()
        while at < len(text):
            found = _TOKEN.match(text, at)
            if found is None:
                raise BadExpression(f"“{text[at : at + 20].strip()}” cannot stand in a guard.")
            kind = str(found.lastgroup)
            tokens.append((kind, found[kind]))
            at = found.end()
        return tokens

    def whole(self) -> Evaluate:
        result = self._either()
        if self.place < len(self.tokens):
            raise BadExpression(f"“{self.tokens[self.place][1]}” was not expected here.")
        return result

    def _take(self, *wanted: str) -> str | None:
        """The next token if it is one of the wanted marks or words."""
        if self.place < len(self.tokens):
            kind, value = self.tokens[self.place]
            if kind in ("mark", "word") and value in wanted:
                self.place += 1
                return value
        return None

    def _need(self, mark: str) -> None:
        if self._take(mark) is None:
            raise BadExpression(f"“{mark}” is missing.")

    def _either(self) -> Evaluate:
        self.depth += 1
        if self.depth > DEEPEST:
            raise BadExpression("The brackets are nested too deeply.")
        parts = [self._both()]
        while self._take("or"):
            parts.append(self._both())
        self.depth -= 1
        if len(parts) == 1:
            return parts[0]
        return lambda facts, data: disjunction([part(facts, data) for part in parts])

    def _both(self) -> Evaluate:
        parts = [self._not()]
        while self._take("and"):
            parts.append(self._not())
        if len(parts) == 1:
            return parts[0]
        return lambda facts, data: conjunction([part(facts, data) for part in parts])

    def _not(self) -> Evaluate:
        times = 0
        while self._take("not"):
            times += 1
        inner = self._comparison()
        if times % 2 == 0:
            return inner
        return lambda facts, data: negation(inner(facts, data))

    def _comparison(self) -> Evaluate:
        if self._take("("):
            inner = self._either()
            self._need(")")
            return inner
        if word := self._take("known", "answered"):
            return self._known(word)
        path, left = self._operand()
        mark = self._take("==", "!=", "<=", ">=", "<", ">", "in")
        if mark is None:
            return lambda facts, data: _truth(left(facts, data))
        if mark == "in":
            return self._membership(path, left)
        other, right = self._operand()
        self._note(path, right if other is None else None)
        self._note(other, left if path is None else None)
        if path is not None and other is None and mark in ("==", "!="):
            return _equals(path, right({}, {}), mark == "==")
        return lambda facts, data: _compare(mark, left(facts, data), right(facts, data))

    def _known(self, word: str) -> Evaluate:
        self._need("(")
        path, value = self._operand()
        if path is None:
            raise BadExpression(f"{word}(…) asks for facts.… or data.….")
        self._need(")")
        if word == "answered":
            return lambda facts, data: (
                not _says_nothing(value(facts, data)) or (value(facts, data) == DECLINED)
            )
        return lambda facts, data: not _says_nothing(value(facts, data))

    def _membership(self, path: str | None, left: Evaluate) -> Evaluate:
        self._need("[")
        values = [self._literal()]
        while self._take(","):
            values.append(self._literal())
        self._need("]")
        for value in values:
            self._note(path, lambda facts, data, value=value: value)

        def member(facts: Values, data: Values) -> Truth:
            found = left(facts, data)
            if isinstance(found, list | tuple):  # several answers: whether any is among them
                return any(each in values for each in found) if found else None
            if found in UNKNOWN_ANSWERS and found not in values:
                return None
            return found in values

        return member

    def _note(self, path: str | None, literal: Any) -> None:
        if path is not None and literal is not None:
            self.literals.setdefault(path, set()).add(literal({}, {}))

    def _operand(self) -> tuple[str | None, Evaluate]:
        if self.place < len(self.tokens) and self.tokens[self.place][0] == "path":
            path = self.tokens[self.place][1]
            self.place += 1
            self.paths.add(path)
            return path, _look_up(path)
        value = self._literal()
        return None, lambda facts, data: value

    def _literal(self) -> Any:
        if self.place >= len(self.tokens):
            raise BadExpression("The guard ends too early.")
        kind, value = self.tokens[self.place]
        self.place += 1
        if kind == "text":
            return value
        if kind == "number":
            return float(value) if "." in value else int(value)
        if kind == "word" and value in _CONSTANTS:
            return _CONSTANTS[value]
        raise BadExpression(f"“{value}” is neither facts.…, data.… nor a value.")
