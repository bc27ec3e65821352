"""Hearing everything a process says, and looking in it for what nobody may read there.

Belongs here: loggers, warnings, what goes to the two streams, files below the data folder, details
of the ledger. Does not: making the noise.
"""

import json
import logging
import re
import warnings
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from oslonac.audit.models import Event
from oslonac.config.logs import Quiet
from tests.stolen import Thief

# What a traceback, a query, a path of the machine or a name of our code looks like to a reader.
INSIDES = re.compile(
    r"Traceback \(most recent|\bFile \"[^\"]+\", line \d|site-packages|/src/oslonac/|\.py\b"
    r"|\b(?:SELECT|INSERT INTO|UPDATE|DELETE FROM) [\"\w*]+ ?(?:FROM|SET|\(|\")"
    r"|\b(?:psycopg|django|oslonac|ninja|pydantic|allauth)\.\w+"
    r"|\b[A-Z]\w+(?:Error|Exception)\b|\bDoesNotExist\b|object has no attr|object at 0x|<class '"
    r"|<\w+: \w+ object"
    r"|row-level security|violates \w+ constraint|relation \"\w+\""
)


class Heard(logging.Handler):
    """Lines as the product's own formatter writes them."""

    def __init__(self) -> None:
        super().__init__(level=logging.DEBUG)
        self.setFormatter(Quiet("%(asctime)s %(levelname)s %(name)s %(message)s"))
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@contextmanager
def listening() -> Iterator[Heard]:
    """All loggers of this process at the level of the product, and its warnings."""
    heard, root = Heard(), logging.getLogger()
    root.addHandler(heard)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        try:
            yield heard
        finally:
            logging.captureWarnings(False)
            root.removeHandler(heard)


def told_in_ledger() -> str:
    """Everything that events say in words and details."""
    rows = Event.objects.values("name", "record_kind", "role", "channel", "fields", "data")
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)


def leaks(thief: Thief, heard: Heard, streams: str, folder: Path) -> dict[str, set[str]]:
    """Texts found in logs, on the streams, in the ledger and below the data folder, by place."""
    found: dict[str, set[str]] = {}
    for place, text in (
        ("log", "\n".join(heard.lines)),
        ("stream", streams),
        ("ledger", told_in_ledger()),
    ):
        if names := thief.finds(text.encode("utf-8", "surrogatepass")):
            found[place] = names
    return found | thief.searches(folder, without=[folder / "keys"])


def insides(text: str, typed: Iterable[Any] = ()) -> str:
    """What of the program's inside an answer shows, apart from what was typed itself; or ""."""
    for each in typed:
        if isinstance(each, str) and each:
            text = text.replace(each, "")
    found = INSIDES.search(text)
    return text[max(0, found.start() - 80) : found.end() + 80] if found else ""
