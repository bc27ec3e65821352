"""Two given names in each other's place: Mohammad Ali and Ali Mohammad are father and son.

Belongs here: whether the order of linked words says another person. Does not belong here: which
words are linked, what that costs (`names`).
"""

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Protocol

from oslonac.matching.known import Known
from oslonac.matching.parts import Name, Part


class Linked(Protocol):
    """A word of the one name, or two written apart, answered by some of the other."""

    @property
    def left(self) -> tuple[int, ...]: ...

    @property
    def right(self) -> tuple[int, ...]: ...


def exchanged(left: Name, right: Name, links: Sequence[Linked], known: Known) -> bool:
    """Whether two given names stand in each other's place. One word may have moved from one end
    to the other: a surname put first exchanges nobody."""
    if len(links) < 2:
        return False
    if not any(_inverted(links)):
        return False
    two = len(left.parts) == len(right.parts) == 2
    moved = [link for link in links if _moved(link, len(left.parts), len(right.parts))]
    for one in moved if not two else ():
        if not any(_inverted([link for link in links if link is not one])):
            return False
    return any(_of_father_and_son(left, right, pair, known) for pair in _inverted(links))


def _inverted(links: Sequence[Linked]) -> Iterator[tuple[Linked, Linked]]:
    for one, other in combinations(sorted(links, key=lambda link: link.left), 2):
        if one.right > other.right:
            yield one, other


def _moved(link: Linked, size: int, other_size: int) -> bool:
    to_front = link.left[-1] == size - 1 and link.right[0] == 0
    return to_front or (link.left[0] == 0 and link.right[-1] == other_size - 1)


def _of_father_and_son(left: Name, right: Name, pair: tuple[Linked, Linked], known: Known) -> bool:
    """Both may be men's given names. Where they stand first and second nothing else is asked;
    elsewhere, or with nothing behind them, the table must know both as such."""
    parts = [left.parts[link.left[0]] for link in pair]
    kinds = [_kinds(part, known) for part in parts]
    if any(part.optional for part in parts) or sum(kind == {"f"} for kind in kinds) == 1:
        return False
    first = {link.left for link in pair} == {(0,), (1,)} == {link.right for link in pair}
    if first and min(len(left.parts), len(right.parts)) > 2:
        return True
    return all(kind == {"m"} for kind in kinds)


def _kinds(part: Part, known: Known) -> set[str]:
    return {known.entries[number].kind for number in part.known}
