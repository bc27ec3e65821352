"""Samples and what is said of them; time spent in the database; bytes of write-ahead log."""

import contextlib
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection


@dataclass
class Samples:
    """Milliseconds or bytes of one thing measured many times."""

    values: list[float] = field(default_factory=list)

    def add(self, value: float) -> None:
        self.values.append(value)

    def percentile(self, share: float) -> float:
        """Nearest-rank percentile; NaN without samples."""
        if not self.values:
            return math.nan
        ordered = sorted(self.values)
        return ordered[max(0, math.ceil(share * len(ordered)) - 1)]

    def summary(self) -> dict[str, float]:
        """`n`, `p50`, `p95` and `max`, to three decimals."""
        return {
            "n": len(self.values),
            "p50": round(self.percentile(0.5), 3),
            "p95": round(self.percentile(0.95), 3),
            "max": round(max(self.values, default=math.nan), 3),
        }


@dataclass
class Database:
    """What one piece of work asked of the database."""

    milliseconds: float = 0.0
    queries: int = 0


@contextlib.contextmanager
def in_database() -> Iterator[Database]:
    """Count queries of this connection and the time until each is answered."""
    spent = Database()

    def timed(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        began = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            spent.milliseconds += (time.perf_counter() - began) * 1000
            spent.queries += 1

    with connection.execute_wrapper(timed):
        yield spent


@dataclass
class Work:
    """Whole time, time in the database, number of queries."""

    total: Samples = field(default_factory=Samples)
    sql: Samples = field(default_factory=Samples)
    queries: Samples = field(default_factory=Samples)

    def measure(self, work: Callable[[], Any]) -> Any:
        with in_database() as spent:
            began = time.perf_counter()
            result = work()
            self.total.add((time.perf_counter() - began) * 1000)
        self.sql.add(spent.milliseconds)
        self.queries.add(spent.queries)
        return result

    def summary(self) -> dict[str, Any]:
        return {
            "total_ms": self.total.summary(),
            "sql_ms": self.sql.summary(),
            "queries": self.queries.summary(),
        }


@dataclass
class Processor:
    """Milliseconds of processor of this process and of its connection's server process, where the
    system tells them of both (Linux, a server on this machine); of this process alone elsewhere.
    """

    samples: Samples = field(default_factory=Samples)

    @contextlib.contextmanager
    def spent(self) -> Iterator[None]:
        own, server = time.process_time(), self._server()
        yield
        self.samples.add((time.process_time() - own) * 1000 + self._server() - server)

    @staticmethod
    def _server() -> float:
        connection.ensure_connection()
        told = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
        try:
            return float(told.read_text().split()[0]) / 1e6
        except OSError:
            return 0.0


def log_position() -> int:
    """Bytes of write-ahead log written so far by the whole server."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn")
        return int(cursor.fetchone()[0])
