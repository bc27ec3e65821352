"""The web server's worker, which does not wait for ever for the head of a request.

Each request takes a thread, and a connection that sends a byte of its headers now and then holds
one as long as it likes: sixteen of them stopped the server. So the headers of a request must be
there within seconds. Bodies are not held to that: a file over a weak line takes minutes. A proxy in
front (docs/how-to/proxy.md) takes both whole before it passes them on.

Does not belong here: settings of the server (`gunicorn_conf`).
"""

import contextlib
import socket
import threading
import time
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

# The first seconds of it the worker waits for any byte at all, without a thread afterwards.
HEADER_SECONDS = 10.0
_LOOK_EVERY_SECONDS = 0.5


class Waiting:
    """Connections whose headers are being read, and until when. Used by several threads."""

    def __init__(self) -> None:
        self._until: dict[Any, float] = {}
        self._lock = threading.Lock()

    def begin(self, conn: Any, at: float) -> None:
        with self._lock:
            self._until[conn] = at + HEADER_SECONDS

    def end(self, conn: Any) -> None:
        with self._lock:
            self._until.pop(conn, None)

    def close_late(self, at: float) -> int:
        """End the connections that took too long; how many. Whoever reads one meets its end."""
        with self._lock:
            late = [conn for conn, until in self._until.items() if until < at]
            for conn in late:
                del self._until[conn]
        for conn in late:
            with contextlib.suppress(OSError):
                conn.sock.shutdown(socket.SHUT_RDWR)
        return len(late)


class PatientWorker(ThreadWorker):
    """gunicorn's worker with threads; its headers have a deadline."""

    def init_process(self) -> None:
        self.waiting = Waiting()
        threading.Thread(target=self._watch, daemon=True).start()
        super().init_process()

    def _watch(self) -> None:
        while True:
            time.sleep(_LOOK_EVERY_SECONDS)
            self.waiting.close_late(time.monotonic())

    def handle(self, conn: Any) -> Any:
        self.waiting.begin(conn, time.monotonic())
        try:
            return super().handle(conn)
        finally:
            self.waiting.end(conn)

    def handle_request(self, req: Any, conn: Any) -> Any:
        """The head of the request is there."""
        self.waiting.end(conn)
        return super().handle_request(req, conn)
