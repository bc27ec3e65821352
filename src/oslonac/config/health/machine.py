"""The machine: Python, disk, the data folder, the port.

Belongs here: checks that need neither Django nor the database.
"""

import contextlib
import errno
import os
import shutil
import socket
import sys
from pathlib import Path

import psutil

from oslonac.config import datafolder, uplock
from oslonac.config.health.finding import Finding, error, ok, warning
from oslonac.config.outgoing import is_here

OLDEST_PYTHON = (3, 11)
MEBIBYTE = 1024 * 1024
# Below the first the database cannot be trusted to write; below the second it soon cannot.
DISK_FULL_BYTES = 200 * MEBIBYTE
DISK_LOW_BYTES = 2048 * MEBIBYTE


def python_version() -> Finding:
    """Whether this Python is one the product is tested on."""
    here = ".".join(map(str, sys.version_info[:3]))
    wanted = ".".join(map(str, OLDEST_PYTHON))
    if sys.version_info[:2] < OLDEST_PYTHON:
        return error(
            "python",
            f"Python {here} is too old.",
            f"Install Python {wanted} or newer, remove .venv and run `make setup` again.",
        )
    return ok("python", f"Python {here} is recent enough.")


def data_folder() -> Finding:
    """Whether the data folder is ours and can be written."""
    folder = datafolder.data_dir()
    for place in (folder, *(folder / name for name in datafolder.FOLDERS if name != "postgres")):
        if place.exists() and (problem := _not_ours(place)) is not None:
            return problem
    nearest = _nearest_existing(folder)
    if not os.access(nearest, os.W_OK | os.X_OK):
        return error(
            "data-folder",
            f"The data folder {folder} cannot be made, because {nearest} cannot be written.",
            "Choose another folder with OSLONAC_DATA, or correct the permissions.",
        )
    if not folder.exists():
        return ok("data-folder", f"The data folder {folder} does not exist yet and can be made.")
    return ok("data-folder", f"The data folder {folder} can be written.")


def _not_ours(place: Path) -> Finding | None:
    if not place.is_dir():
        return error(
            "data-folder",
            f"{place} is not a folder.",
            "Move it away, or choose another data folder with OSLONAC_DATA.",
        )
    owner = place.stat().st_uid
    if owner != os.geteuid():
        return error(
            "data-folder",
            f"{place} belongs to user number {owner}, and you are number {os.geteuid()}.",
            "Run the command as its owner, or choose another data folder with OSLONAC_DATA.",
        )
    if not os.access(place, os.W_OK | os.X_OK):
        return error("data-folder", f"{place} cannot be written.", f"Run `chmod u+rwx '{place}'`.")
    return None


def _nearest_existing(folder: Path) -> Path:
    return next(place for place in (folder, *folder.parents) if place.exists())


def disk_space() -> Finding:
    """Whether the disk of the data folder has room."""
    folder = _nearest_existing(datafolder.data_dir())
    free = shutil.disk_usage(folder).free
    amount = f"{free // MEBIBYTE} MB"
    if free < DISK_FULL_BYTES:
        return error(
            "disk",
            f"The disk of {folder} is full: {amount} are free.",
            f"Free at least {DISK_FULL_BYTES // MEBIBYTE} MB; nothing is lost meanwhile.",
        )
    if free < DISK_LOW_BYTES:
        return warning("disk", f"Only {amount} are free in {folder}.", "Free some space soon.")
    return ok("disk", f"{amount} are free in {folder}.")


def behind_a_proxy(host: str) -> Finding:
    """Whether the web server is out of reach of a network, or stands behind a proxy."""
    if host and is_here(host):
        return ok("proxy", f"The web server listens on {host} only.")
    if os.environ.get("OSLONAC_HTTPS") == "1":
        return ok("proxy", f"The web server listens on {host} for a proxy.")
    return error(
        "proxy",
        f"The web server would listen on {host}, where others reach it without encryption and can "
        "hold its connections open.",
        "Let it listen on 127.0.0.1 behind a proxy (docs/how-to/proxy.md) with OSLONAC_HTTPS=1.",
    )


def port_free(host: str, port: int) -> Finding:
    """Whether the web server can listen, and if not, who does."""
    with socket.socket() as probe:
        # As the web server does: an address left by a closed connection is not "taken".
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            return _why_not(host, port, problem)
    return ok("port", f"Port {port} on {host} is free.")


def _why_not(host: str, port: int, problem: OSError) -> Finding:
    if problem.errno == errno.EACCES:
        return error(
            "port",
            f"Port {port} may not be used by you: ports below 1024 are for root.",
            "Choose another with --port, as in `oslonac up --port 8000`.",
        )
    if problem.errno != errno.EADDRINUSE:
        return error(
            "port",
            f"{host} is not an address of this machine ({problem.strerror}).",
            "Choose another with --host, as in `oslonac up --host 127.0.0.1`.",
        )
    ours = uplock.holder()
    if ours is not None and ours.port == port:
        return ok("port", f"Oslonac itself runs on port {port} (process {ours.pid}).")
    return error(
        "port",
        f"Port {port} is taken by {_listener(port)}.",
        f"End that program, or choose another port: `oslonac up --port {port + 1}`.",
    )


def _listener(port: int) -> str:
    with contextlib.suppress(psutil.Error):
        for one in psutil.net_connections("tcp"):
            if one.status == psutil.CONN_LISTEN and one.laddr.port == port and one.pid:
                return f"process {one.pid} ({psutil.Process(one.pid).name()})"
    return "another program"
