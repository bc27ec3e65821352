"""The machine on which a measurement was made."""

import os
import platform
from pathlib import Path
from typing import Any

from django.db import connection

from tools.bench import calibration

_SETTINGS = (
    "shared_buffers",
    "work_mem",
    "max_wal_size",
    "wal_compression",
    "full_page_writes",
    "synchronous_commit",
    "fsync",
    "random_page_cost",
)


def describe() -> dict[str, Any]:
    """Processor, memory, Python, PostgreSQL, the settings that matter here, and how fast the
    machine is at this moment."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version')")
        version = cursor.fetchone()[0]
        settings = {}
        for name in _SETTINGS:
            cursor.execute("SELECT current_setting(%s)", [name])
            settings[name] = cursor.fetchone()[0]
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    return {
        "processor": _processor(),
        "processors": os.cpu_count(),
        "memory_mb": _memory(),
        "system": platform.platform(terse=True),
        "python": platform.python_version(),
        "postgresql": version,
        "settings": settings,
        "load_average": load,
        "calibration": calibration.measure(),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(errors="replace").splitlines()
    except OSError:
        return platform.processor()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def _memory() -> int | None:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1024**2
    except (ValueError, OSError, AttributeError):
        return None
