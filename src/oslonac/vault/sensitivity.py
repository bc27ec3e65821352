"""How sensitive each column is. Every field of every model of ours has a mark."""

from dataclasses import dataclass, field
from enum import StrEnum


class Mark(StrEnum):
    OPEN = "open"  # codes, dates, ids: carries no identity by itself
    PERSONAL = "personal"  # about a person, readable in the database, never in logs or exports
    SEALED = "sealed"  # encrypted under the subject's own key


@dataclass(frozen=True)
class Sensitivity:
    """Field names by mark, written as space-separated words to stay readable in a model."""

    open: str = ""
    personal: str = ""
    sealed: str = ""
    by_field: dict[str, Mark] = field(init=False)

    def __post_init__(self) -> None:
        marks = {name: Mark.OPEN for name in self.open.split()}
        marks |= {name: Mark.PERSONAL for name in self.personal.split()}
        marks |= {name: Mark.SEALED for name in self.sealed.split()}
        object.__setattr__(self, "by_field", marks)
