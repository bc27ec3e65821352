"""Everything that changes a search for somebody; the only way in for pages and the API."""

from oslonac.tracing.actions.requests import open_request, withdraw_request
from oslonac.tracing.actions.searching import (
    ask_about,
    close_search,
    dismiss,
    look_again,
    reopen_search,
    seek,
)
from oslonac.tracing.actions.verifying import check, follow_up, reunify, share

__all__ = [
    "ask_about",
    "check",
    "close_search",
    "dismiss",
    "follow_up",
    "look_again",
    "open_request",
    "reopen_search",
    "reunify",
    "seek",
    "share",
    "withdraw_request",
]
