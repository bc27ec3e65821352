"""How sensitive each column is. Every field of every model of ours has a mark; a sealed one also
says to whom it is opened."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Mark(StrEnum):
    OPEN = "open"  # codes, dates, ids: carries no identity by itself
    PERSONAL = "personal"  # about a person, readable in the database, never in logs or exports
    SEALED = "sealed"  # encrypted under the subject's own key


@dataclass(frozen=True)
class Opening:
    """From which level of a grant a sealed column is opened, and whether only to those who may
    know where the child is."""

    level: int
    whereabouts: bool = False


@dataclass(frozen=True)
class Sensitivity:
    """Field names by mark, written as space-separated words to stay readable in a model.

    `sealed` by its opening; None, or plain words, for columns that no grant opens (keys, tokens,
    notes of those who administer): their own code says who reads them.
    """

    open: str = ""
    personal: str = ""
    sealed: str | Mapping[str, int | Opening | None] = ""
    by_field: dict[str, Mark] = field(init=False)
    openings: dict[str, Opening] = field(init=False)

    def __post_init__(self) -> None:
        said: Mapping[str, int | Opening | None] = (
            {self.sealed: None} if isinstance(self.sealed, str) else self.sealed
        )
        marks = {name: Mark.OPEN for name in self.open.split()}
        marks |= {name: Mark.PERSONAL for name in self.personal.split()}
        marks |= {name: Mark.SEALED for names in said for name in names.split()}
        object.__setattr__(self, "by_field", marks)
        openings = {
            name: each if isinstance(each, Opening) else Opening(each)
            for names, each in said.items()
            if each is not None
            for name in names.split()
        }
        object.__setattr__(self, "openings", openings)
