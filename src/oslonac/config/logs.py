"""Log lines: in UTC, one line each, without what people typed.

Belongs here: the one formatter of all our logs and where they go. An address may hold a name that
somebody typed, so the route it matched is written instead; the database quotes values of a row in
the DETAIL of an error, so that line goes. What was typed could also end a line and begin one of its
own making, so control characters are written as signs, and what follows a line (a traceback) is
set off from it. Who did what stands in the event ledger. All logs: docs/security/logs.md.

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
from pathlib import Path
from typing import Any

NO_ROUTE = "(an address that leads nowhere)"
LINE = "%(asctime)s %(levelname)s %(name)s %(message)s"
# "DETAIL:  Key (name)=(…) already exists.", "Failing row contains (…)", with what follows of it.
_DETAIL = re.compile(r"^\s*(DETAIL|CONTEXT|HINT):.*(?:\n(?!\S*Error|Traceback|\s+File).*)*", re.M)
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
        record = _without_address(record)
        said = _one_line(record.getMessage())
        record = copy.copy(record)
        record.msg, record.args = said, ()
        return super().format(record)

    def formatException(self, ei: object) -> str:
        found = super().formatException(ei)  # type: ignore[arg-type]
        lines = _DETAIL.sub("DETAIL: (not written)", found).splitlines()
        return _SET_OFF.join(["", *(_one_line(line) for line in lines)])[1:]


class Json(Quiet):
    """The same as one JSON object a line (fields as in OpenTelemetry's log model, shortened)."""

    def format(self, record: logging.LogRecord) -> str:
        plain = _without_address(record)
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


def _without_address(record: logging.LogRecord) -> logging.LogRecord:
    request = getattr(record, "request", None)
    if request is None or not isinstance(record.args, tuple):
        return record
    args, record = record.args, copy.copy(record)
    match = getattr(request, "resolver_match", None)
    route = match.route if match is not None else NO_ROUTE
    # Django writes addresses in an escaped form, so they are told by how they begin.
    record.args = tuple(
        route if isinstance(arg, str) and arg.startswith("/") else arg for arg in args
    )
    return record


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
            "class": "logging.handlers.SysLogHandler", "formatter": formatter(),
            "address": syslog, "facility": logging.handlers.SysLogHandler.LOG_AUTHPRIV,
        }  # fmt: skip
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
