"""Sentences of modules that know no framework: written down where they are said, translated by
whoever shows them.

A pure module marks its English texts with `mark` and `counted`, which change nothing; the
extraction of messages finds them by these names (`config.messages_extract`). It says them through
a `Wording`, which the pages make from Django's catalogue and tests leave as it is.
"""

from collections.abc import Callable
from dataclasses import dataclass


def mark(text: str) -> str:
    """A text that can be translated."""
    return text


def counted(one: str, many: str) -> tuple[str, str]:
    """A text with a number in it, for one and for many; both hold `%(n)d`."""
    return one, many


def _english(one: str, many: str, count: int) -> str:
    return one if count == 1 else many


@dataclass(frozen=True)
class Wording:
    """How texts are said: `text` translates one, `plural` chooses the form for a number."""

    text: Callable[[str], str] = str
    plural: Callable[[str, str, int], str] = _english

    def __call__(self, text: str, **values: object) -> str:
        """A marked text with its values filled in."""
        return self.text(text) % values if values else self.text(text)

    def count(self, forms: tuple[str, str], count: int) -> str:
        """A counted text with its number filled in."""
        return self.plural(*forms, count) % {"n": count}


ENGLISH = Wording()
