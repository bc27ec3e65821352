"""The web server's own log, written as all others are (`config.logs`).

Apart from it, because commands and the worker need no web server.
"""

from typing import Any

from gunicorn.glogging import Logger

from oslonac.config.logs import Quiet


class ServerLog(Logger):
    """Gunicorn's log. What it could not read as a request may hold anything, so only that it
    could not is written."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(Quiet(self.error_fmt, self.datefmt))

    def warning(self, msg: Any, *args: Any, **kwargs: Any) -> None:
        if str(msg).startswith("Invalid request"):
            msg, args = "Invalid request", ()
        super().warning(msg, *args, **kwargs)
