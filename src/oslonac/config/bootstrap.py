"""Getting a process ready to use the database, for every command.

Belongs here: starting the embedded server for as long as a command needs it, choosing the
role, setting Django up. Does not belong here: what a command does.
"""

import contextlib
import os
from collections.abc import Iterator

from oslonac.config import datafolder

SETTINGS = "oslonac.config.settings"


@contextlib.contextmanager
def database_running() -> Iterator[None]:
    """Keep the database up inside the block. An external one is taken as it is.

    Raises `DatabaseStartError` when the embedded server cannot start.
    """
    if datafolder.is_external():
        yield
        return
    server = datafolder.embedded_server()
    server.ensure_running()
    try:
        yield
    finally:
        server.stop()


@contextlib.contextmanager
def django_ready(role: str = "app") -> Iterator[None]:
    """Database up, keys there, Django set up as `role`, inside the block."""
    datafolder.make_folders()
    with database_running():
        ensure_keys()
        setup_django(role)
        from oslonac.access import reader

        try:
            with reader.system():
                yield
        finally:
            close_connections()


def setup_django(role: str = "app") -> None:
    """Set Django up in this process, to connect as `role` ("app" or "owner")."""
    os.environ["OSLONAC_DB_ROLE"] = role
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    import django

    django.setup()


def use_role(role: str) -> None:
    """From now on, connect as `role` in a process where Django is set up already."""
    from django.db import connections

    close_connections()
    os.environ["OSLONAC_DB_ROLE"] = role
    connections.settings["default"].update(datafolder.settings_for(role))
    if hasattr(connections._connections, "default"):  # type: ignore[attr-defined]
        del connections["default"]


def close_connections() -> None:
    """Close what this thread has open, so that the server can stop at once."""
    from django.db import connections

    connections.close_all()


def ensure_keys() -> None:
    """Make the key file of a new installation; never of one that has sealed data.

    Raises `KeysMissing`: new keys would hide the loss until somebody opens a case.
    """
    from oslonac.config.health.keys import KeysMissing, missing_keys
    from oslonac.vault.keyring import ensure_key_file

    if (problem := missing_keys()) is not None:
        raise KeysMissing(f"{problem.sentence} {problem.next_step}")
    ensure_key_file(datafolder.keys_dir())
