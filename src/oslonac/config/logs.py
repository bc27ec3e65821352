"""Log lines: in UTC, one line each, without what people typed.

Belongs here: the one formatter of all our logs and where they go. An address may hold a name that
somebody typed, so the route it matched is written instead; the message of an exception may quote
a value ("invalid literal …", "Key (name)=(…) already exists"), so its class and the lines of code
that it came through are written. What was typed could also end a line and begin one of its own
making, so control characters are written as signs, and what follows a line (a traceback) is set
off from it. Who did what stands in the event ledger. All logs: docs/security/logs.md.

  OSLONAC_LOG=json       a JSON object a line, for programs
  OSLONAC_SYSLOG         socket of the machine's syslog (/dev/log), or host:port: lines also go
                         there, and every refusal of the ledger as a line of its own (ids and codes)
"""

import copy
import json
import logging
import logging.handlers
import os
import re
import time
import traceback
from pathlib import Path
from typing import Any

NO_ROUTE = "(an address that leads nowhere)"
LINE = "%(asctime)s %(levelname)s %(name)s %(message)s"
NOT_WRITTEN = "(not written)"
# Messages of these repeat what was sent: a host, the name of a file, a field.
QUOTING = "django.security."
# The web server tells what it could not read; that may be the line with the address.
UNREADABLE = "Invalid request"
# Control characters, and what Unicode counts as the end of a line or turns one around.
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
_SET_OFF = "\n    | "


class Quiet(logging.Formatter):
    """As `logging.Formatter`, in UTC, without addresses, values and forged lines."""

    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    @staticmethod
    def converter(seconds: float | None) -> time.struct_time:
        return time.gmtime(seconds)

    def format(self, record: logging.LogRecord) -> str:
        record = _without_values(record)
        record.msg, record.args = _one_line(record.getMessage()), ()
        return super().format(record)

    def formatException(self, ei: Any) -> str:
        lines = "\n".join(_chain(ei[1])).splitlines()
        return _SET_OFF.join(["", *(_one_line(line) for line in lines)])[1:]


class Json(Quiet):
    """The same as one JSON object a line (fields as in OpenTelemetry's log model, shortened)."""

    def format(self, record: logging.LogRecord) -> str:
        plain = _without_values(record)
        said: dict[str, Any] = {
            "at": self.formatTime(record),
            "level": record.levelname,
            "logger": record.name,
            "process": record.process,
            "message": _one_line(plain.getMessage()),
        }
        if record.exc_info:
            said["trace"] = self.formatException(record.exc_info)
        return json.dumps(said, ensure_ascii=False)


def _without_values(record: logging.LogRecord) -> logging.LogRecord:
    """A copy in which no argument and no message repeats what somebody sent."""
    record = copy.copy(record)
    record.exc_text = None  # another formatter may have left its own
    request = getattr(record, "request", None)
    from_server = record.name.startswith("gunicorn.")
    if isinstance(record.args, tuple):
        match = getattr(request, "resolver_match", None)
        route = match.route if match is not None else NO_ROUTE
        hides = from_server or request is not None
        record.args = tuple(_said(each, route if hides else "") for each in record.args)
    if record.name.startswith(QUOTING) and not record.args:
        record.msg = NOT_WRITTEN
    elif from_server and str(record.msg).startswith(UNREADABLE):
        record.msg, record.args = UNREADABLE, ()
    return record


def _said(argument: Any, route: str) -> Any:
    """Django writes addresses in an escaped form, so they are told by how they begin."""
    if isinstance(argument, BaseException):
        return type(argument).__name__
    return route if route and isinstance(argument, str) and argument[:1] == "/" else argument


def _chain(error: BaseException | None) -> list[str]:
    """Each exception of a chain, the first cause first: where it came through, what it is."""
    found: list[str] = []
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        frames = "".join(traceback.format_tb(error.__traceback__)).rstrip()
        found[:0] = [*([frames] if frames else []), _name(error)]
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return found


def _name(error: BaseException) -> str:
    """The class; of the database's errors also the code and the rule that was broken."""
    told = [getattr(error, "sqlstate", None)]
    told.append(getattr(getattr(error, "diag", None), "constraint_name", None))
    more = ", ".join(each for each in told if each)
    return type(error).__name__ + (f" ({more})" if more else "")


def _one_line(text: str) -> str:
    text = text.replace("\n", "\\n").replace("\t", " ")
    return _CONTROL.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


def formatter() -> str:
    """Name of the formatter that OSLONAC_LOG asks for."""
    return "json" if os.environ.get("OSLONAC_LOG") == "json" else "line"


def configuration() -> dict[str, Any]:
    """Django's LOGGING, and gunicorn's."""
    syslog = syslog_address()
    handlers: dict[str, Any] = {
        "stderr": {"class": "logging.StreamHandler", "formatter": formatter()}
    }
    if syslog is not None:
        handlers["syslog"] = {
            "class": "logging.handlers.SysLogHandler",
            "formatter": formatter(),
            "address": syslog,
            "facility": logging.handlers.SysLogHandler.LOG_AUTHPRIV,
        }
    away = [name for name in handlers if name != "stderr"]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "line": {"()": "oslonac.config.logs.Quiet", "format": LINE},
            "json": {"()": "oslonac.config.logs.Json"},
        },
        "handlers": handlers,
        "root": {"handlers": list(handlers), "level": "WARNING"},
        "loggers": {
            # Refusals are in the ledger; from here they leave the machine, where it is set up.
            "oslonac.security": {"handlers": away, "level": "INFO", "propagate": False},
            # A line for each HEAD request, whose body gunicorn drops as it should.
            "gunicorn.http.wsgi": {"level": "ERROR"},
            "gunicorn.error": {"handlers": list(handlers), "level": "WARNING", "propagate": False},
        },
    }


def syslog_address() -> str | tuple[str, int] | None:
    """Where OSLONAC_SYSLOG sends lines: a socket file, or host and port; None for nowhere."""
    given = os.environ.get("OSLONAC_SYSLOG", "").strip()
    if not given:
        return None
    if given.startswith("/"):
        # A handler of a socket that is not there would stop the start.
        return given if Path(given).exists() else None
    host, _colon, port = given.rpartition(":")
    return host.strip("[]"), int(port)
