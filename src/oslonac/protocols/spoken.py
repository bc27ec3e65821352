"""Guards in words: `facts.priority == 'urgent'` is "if the priority is “urgent”".

Each comparison is a whole condition of its own ("if …"), because languages put the verb in
different places; several are joined by "and" and "or". `not` is carried down to the comparisons.
"""

from collections.abc import Callable
from dataclasses import dataclass

from oslonac.kit.wording import ENGLISH, Wording, mark
from oslonac.protocols.dcr.expressions import BadExpression, tokens

Name = Callable[[str], str]
AND, OR = mark("%(one)s and %(other)s"), mark("%(one)s or %(other)s")
# By sign, and by whether it is denied.
PHRASES = {
    ("==", False): mark("if %(name)s is “%(value)s”"),
    ("==", True): mark("if %(name)s is not “%(value)s”"),
    ("in", False): mark("if %(name)s is one of %(value)s"),
    ("in", True): mark("if %(name)s is none of %(value)s"),
    ("<", False): mark("if %(name)s is less than %(value)s"),
    ("<=", False): mark("if %(name)s is at most %(value)s"),
    (">", False): mark("if %(name)s is more than %(value)s"),
    (">=", False): mark("if %(name)s is at least %(value)s"),
    ("known", False): mark("if %(name)s is known"),
    ("known", True): mark("if %(name)s is not known"),
    ("answered", False): mark("if there is an answer on %(name)s"),
    ("answered", True): mark("if there is no answer on %(name)s"),
    ("true", False): mark("if it is so: %(name)s"),
    ("true", True): mark("if it is not so: %(name)s"),
}
DENIED = {"<": ">=", "<=": ">", ">": "<=", ">=": "<"}


def spoken(guard: str, say: Wording = ENGLISH, name: Name = str) -> str:
    """A guard in words. Raises BadExpression for a text that is none."""
    told = _Told(tokens(guard), say, name)
    return told.either(False)


@dataclass
class _Told:
    """The grammar of `dcr.expressions` once more, to words. `denied`: under an odd number of
    nots."""

    left: list[tuple[str, str]]
    say: Wording
    name: Name

    def take(self, *wanted: str) -> str:
        if self.left and self.left[0][0] in ("word", "mark") and self.left[0][1] in wanted:
            return self.left.pop(0)[1]
        return ""

    def either(self, denied: bool) -> str:
        return self.joined("or", self.both, AND if denied else OR, denied)

    def both(self, denied: bool) -> str:
        return self.joined("and", self.negated, OR if denied else AND, denied)

    def joined(self, word: str, part: Callable[[bool], str], phrase: str, denied: bool) -> str:
        found = part(denied)
        while self.take(word):
            found = self.say(phrase, one=found, other=part(denied))
        return found

    def negated(self, denied: bool) -> str:
        while self.take("not"):
            denied = not denied
        if self.take("("):
            found = self.either(denied)
            self.take(")")
            return found
        return self.comparison(denied)

    def comparison(self, denied: bool) -> str:
        if sign := self.take("known", "answered"):
            self.take("(")
            name = self.operand()
            self.take(")")
            return self.phrase(sign, denied, name, "")
        name = self.operand()
        sign = self.take("==", "!=", "<=", ">=", "<", ">", "in")
        if not sign:
            return self.phrase("true", denied, name, "")
        if sign == "in":
            self.take("[")
            values = [self.quoted()]
            while self.take(","):
                values.append(self.quoted())
            self.take("]")
            return self.phrase("in", denied, name, ", ".join(values))
        if self.left and self.left[0] in (("word", "true"), ("word", "false")):
            wanted = self.left.pop(0)[1] == "true"
            return self.phrase("true", denied is (wanted is (sign == "==")), name, "")
        value = self.operand()
        if sign == "!=":
            sign, denied = "==", not denied
        if denied and sign in DENIED:
            sign, denied = DENIED[sign], False
        return self.phrase(sign, denied, name, value)

    def phrase(self, sign: str, denied: bool, name: str, value: str) -> str:
        return self.say(PHRASES[sign, denied], name=name, value=value)

    def operand(self) -> str:
        if not self.left:
            raise BadExpression("The guard ends too early.")
        kind, text = self.left.pop(0)
        return self.name(text.partition(".")[2] if kind == "path" else text)

    def quoted(self) -> str:
        return self.say(mark("“%(value)s”"), value=self.operand())
