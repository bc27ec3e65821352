"""Lists that packages add to at start-up."""

from typing import SupportsIndex, TypeVar

T = TypeVar("T")


class Once(list[T]):
    """What was added already is not added again: Django calls `AppConfig.ready` once more whenever
    the set of installed applications changes in a running process. What is added must compare
    equal to itself then: a function, a frozen dataclass of functions, not a new lambda."""

    def append(self, item: T) -> None:
        if item not in self:
            super().append(item)

    def insert(self, index: SupportsIndex, item: T) -> None:
        if item not in self:
            super().insert(index, item)
