"""Quiet hours as the pack sets them (`reminders.yaml`, key `quiet`)."""

from datetime import time
from functools import lru_cache
from pathlib import Path

import yaml
from django.conf import settings

from oslonac.notices.rules import Quiet

FILE = "reminders.yaml"
# For a pack that says nothing.
USUAL = Quiet(time(20), time(7))


def zone() -> str:
    """The zone in which it is night."""
    return str(settings.TIME_ZONE)


def quiet_hours() -> Quiet:
    return _read(Path(settings.OSLONAC_PACK) / FILE)


@lru_cache(maxsize=4)
def _read(path: Path) -> Quiet:
    if not path.is_file():
        return USUAL
    found = (yaml.safe_load(path.read_text("utf-8")) or {}).get("quiet") or {}
    return Quiet(
        time.fromisoformat(str(found.get("from", USUAL.start))),
        time.fromisoformat(str(found.get("until", USUAL.end))),
    )
