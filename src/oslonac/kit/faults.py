"""What stands behind an error that nobody expected, as far as it is the machine's fault.

Belongs here: telling a full disk and a database that does not answer from mistakes of ours. Does
not: the answers (`web.refusals`, `accounts.api_problems`).
"""

import errno
import shutil
from enum import StrEnum
from pathlib import Path

from django.conf import settings
from django.db import InterfaceError, OperationalError

FULL_BYTES = 16 * 1024 * 1024
_DISK_FULL = "53100"  # of PostgreSQL's error codes


class Fault(StrEnum):
    DISK_FULL = "disk_full"
    NO_DATABASE = "no_database"
    OURS = ""


def fault_of(error: BaseException | None) -> Fault:
    """Looks at the error and what caused it; PostgreSQL that cannot write ends its connections, so
    that where one is lost the disk is looked at too."""
    lost = False
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
        if full or getattr(error, "sqlstate", None) == _DISK_FULL:
            return Fault.DISK_FULL
        lost = lost or isinstance(error, OperationalError | InterfaceError)
        error = error.__cause__ or error.__context__
    if not lost:
        return Fault.OURS
    return Fault.DISK_FULL if _disk_is_full() else Fault.NO_DATABASE


def _disk_is_full() -> bool:
    place = Path(settings.OSLONAC_DATA)
    try:
        return shutil.disk_usage(place).free < FULL_BYTES
    except OSError:
        return False
