"""A fixed piece of Python and a fixed piece of SQL, timed beside every benchmark.

The same machine is not as fast on every day: other guests of its host, its clock, its heat. A
figure divided by the calibration of its run compares with one of another day.

Belongs here: the two pieces, unchanged for ever (a change would make old figures worthless). Does
not: what is measured.
"""

import hashlib
import json
import time
from typing import Any

from django.db import connection

from tools.bench.measuring import Samples

ROUNDS = 15
# Some 10 ms each on the machine on which this was written.
_PYTHON_ROUNDS = 400
_SQL = (
    "SELECT sum(length(md5(n::text))) FROM generate_series(1, 12000) AS n "
    "WHERE md5(n::text) > '1' ORDER BY 1"
)


def measure() -> dict[str, Any]:
    """Milliseconds of each piece: `python_ms`, `sql_ms`."""
    python, sql = Samples(), Samples()
    for _round in range(ROUNDS):
        python.add(_timed(_python))
        sql.add(_timed(_database))
    return {"python_ms": python.summary(), "sql_ms": sql.summary()}


def _timed(work: Any) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def _python() -> str:
    """What pages do: small dicts, text, sorting, hashing."""
    digest = hashlib.sha256()
    for number in range(_PYTHON_ROUNDS):
        rows = [{"id": n, "name": f"row {n * number}", "due": (n * 7919) % 31} for n in range(12)]
        rows.sort(key=lambda row: (row["due"], row["name"]))
        digest.update(json.dumps(rows).encode())
    return digest.hexdigest()


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_SQL)
        cursor.fetchall()
