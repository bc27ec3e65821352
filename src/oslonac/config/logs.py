"""Log lines without what people typed.

Belongs here: the one formatter of all our logs. An address may hold a name
that somebody typed, so the route it matched is written instead; the message of an exception may
quote a value ("invalid literal …", "Key (name)=(…) already exists"), so its class and the lines of
code it came through are written. Who did what stands in the event ledger.
"""

import copy
import logging
import traceback
from typing import Any

NO_ROUTE = "(an address that leads nowhere)"
NOT_WRITTEN = "(not written)"
# Their messages repeat what was sent: a host, a file name, a field.
QUOTING = "django.security."


class Quiet(logging.Formatter):
    """As `logging.Formatter`, without addresses and values."""

    def format(self, record: logging.LogRecord) -> str:
        request = getattr(record, "request", None)
        record = copy.copy(record)
        record.exc_text = None  # another formatter may have left its own
        if isinstance(record.args, tuple):
            match = getattr(request, "resolver_match", None)
            route = match.route if match is not None else NO_ROUTE
            record.args = tuple(_said(arg, route) for arg in record.args)
        if record.name.startswith(QUOTING) and not record.args:
            record.msg = NOT_WRITTEN
        return super().format(record)

    def formatException(self, ei: Any) -> str:
        return "\n".join(_chain(ei[1]))


def _said(argument: Any, route: str) -> Any:
    """Django writes addresses in an escaped form, so they are told by how they begin."""
    if isinstance(argument, BaseException):
        return type(argument).__name__
    return route if isinstance(argument, str) and argument.startswith("/") else argument


def _chain(error: BaseException | None) -> list[str]:
    """Each exception of a chain, the first cause first: where it came through, what it is."""
    if error is None:
        return []
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    frames = "".join(traceback.format_tb(error.__traceback__)).rstrip()
    return [*_chain(earlier), f"{frames}\n{_name(error)}".strip()]


def _name(error: BaseException) -> str:
    """The class; of the database's errors also the code and the rule that was broken."""
    told = [getattr(error, "sqlstate", None)]
    told.append(getattr(getattr(error, "diag", None), "constraint_name", None))
    more = ", ".join(each for each in told if each)
    return type(error).__name__ + (f" ({more})" if more else "")
