"""Deciding on pairs: not sure, two people, one person; and undoing it."""

from oslonac.duplicates.actions.deciding import (
    answer,
    ask,
    name_pair,
    say_apart,
    unname_pair,
)
from oslonac.duplicates.actions.joining import (
    confirm_merge,
    refuse_merge,
    request_merge,
    unmerge,
    withdraw_merge,
)

__all__ = [
    "answer",
    "ask",
    "confirm_merge",
    "name_pair",
    "refuse_merge",
    "request_merge",
    "say_apart",
    "unmerge",
    "unname_pair",
    "withdraw_merge",
]
