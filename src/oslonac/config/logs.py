"""Log lines without what people typed.

Belongs here: the one formatter of all our logs. An address may hold a name that somebody typed, so
the route it matched is written instead; the database quotes values of a row in the DETAIL of an
error, so that line goes. Who did what stands in the event ledger.
"""

import copy
import logging
import re

NO_ROUTE = "(an address that leads nowhere)"
# "DETAIL:  Key (name)=(…) already exists.", "Failing row contains (…)", with what follows of it.
_DETAIL = re.compile(r"^\s*(DETAIL|CONTEXT|HINT):.*(?:\n(?!\S*Error|Traceback|\s+File).*)*", re.M)


class Quiet(logging.Formatter):
    """As `logging.Formatter`, without addresses and values."""

    def format(self, record: logging.LogRecord) -> str:
        request = getattr(record, "request", None)
        if request is not None and isinstance(record.args, tuple):
            args, record = record.args, copy.copy(record)
            match = getattr(request, "resolver_match", None)
            route = match.route if match is not None else NO_ROUTE
            # Django writes addresses in an escaped form, so they are told by how they begin.
            record.args = tuple(
                route if isinstance(arg, str) and arg.startswith("/") else arg for arg in args
            )
        return super().format(record)

    def formatException(self, ei: object) -> str:
        return _DETAIL.sub("DETAIL: (not written)", super().formatException(ei))  # type: ignore[arg-type]
