"""Kinds of organisation: the country's own, by their code; the code asks what a kind does."""

from collections.abc import Collection, Iterator

from oslonac.country import country, in_language
from oslonac.country.values import Task


class Doing(Collection[str]):
    """Codes of the kinds that do any of these tasks, looked up when they are needed: for forms,
    which are written down before anybody knows the country."""

    def __init__(self, *tasks: Task) -> None:
        self._tasks = tasks

    def __iter__(self) -> Iterator[str]:
        return iter(doing(*self._tasks))

    def __len__(self) -> int:
        return len(doing(*self._tasks))

    def __contains__(self, code: object) -> bool:
        return code in doing(*self._tasks)


def doing(*tasks: Task) -> tuple[str, ...]:
    """Codes of the kinds that do any of these."""
    return country().offices_that(*tasks)


def competent() -> tuple[str, ...]:
    """Kinds of office that answer for children and hold their cases."""
    return doing(Task.COMPETENT)


def label(code: str) -> str:
    """What people call a kind; the code, readable, when the country does not know it."""
    known = country().offices.get(code)
    return in_language(known.title) if known else code.replace("_", " ")


def choices() -> list[tuple[str, str]]:
    return [(code, in_language(kind.title)) for code, kind in country().offices.items()]


def shown(code: str) -> str:
    """The form on the map that a kind has."""
    known = country().offices.get(code)
    return str(known.shown) if known else "other"


def rank(code: str) -> int:
    """Where a kind stands in lists: as the country orders them, unknown ones last."""
    order = list(country().offices)
    return order.index(code) if code in order else len(order)
