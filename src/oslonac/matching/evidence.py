"""Reasons a person can read: a translatable sentence and the values that go into it.

Belongs here: the shape of a reason and its English rendering. Does not belong here: what is
concluded from it. The caller translates: `gettext(reason.template) % reason.values`.
"""

from dataclasses import dataclass, field


def gettext_noop(text: str) -> str:
    """Marks a sentence for translators; the translation happens where it is shown."""
    return text


@dataclass(frozen=True, slots=True)
class Reason:
    """`weight`: nats; above 0 speaks for one person, below against, 0 is a remark. `code`: which
    fact it is about, for programs; empty for evidence of names."""

    template: str
    values: dict[str, str] = field(default_factory=dict)
    weight: float = 0.0
    code: str = field(default="", compare=False)

    def __str__(self) -> str:
        return self.template % self.values


@dataclass(frozen=True, slots=True)
class Comparison:
    """`probability` that both are one; `logit` the same in log odds, for combining. Of two names:
    `contradicts`: a word of each has no answer in the other; `given`: the first words are one, and
    no word that half a family bears."""

    probability: float
    logit: float
    reasons: tuple[Reason, ...]
    contradicts: bool = False
    given: bool = False

    def as_json(self) -> dict[str, object]:
        return {
            "probability": round(self.probability, 4),
            "reasons": [str(reason) for reason in self.reasons],
        }
