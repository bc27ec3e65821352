"""The data folder, and the database settings that follow from it and the environment.

Belongs here: where everything this installation keeps lies, and which database Django
talks to as which role. Does not belong here: starting a server (importing this module
touches nothing), or making keys (`vault.keyring`).

Environment:
  OSLONAC_DATA        the data folder
  OSLONAC_KEYS        the folder of the key file, when it shall lie apart from the data
  DATABASE_URL        an external PostgreSQL for the application role
  DATABASE_OWNER_URL  the same database for the role that owns the tables
  OSLONAC_DB_PRIVATE  1: no network lies between here and the external server
  OSLONAC_DB_ROLE     app (default) or owner: whom this process connects as
"""

import os
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from oslonac.config.outgoing import is_here
from oslonac.config.postgres import APP_ROLE, DATABASE, OWNER_ROLE, PORT, EmbeddedServer

FOLDERS = ("postgres", "keys", "log", "run", "files")
PRIVATE_MODE = 0o700
# Threads of the web server live long; a connection checked before use outlasts a restart
# of the database.
CONNECTION_SECONDS = 300
CONNECT_TIMEOUT_SECONDS = 10
# Statements are planned once for each connection: a page asks the same two dozen questions again
# and again.
OPTIONS = {"server_side_binding": True, "prepare_threshold": 5}
# Tables of a session's own never stand in the place of ours; they would be looked up first.
SESSION = "-c search_path=public,pg_temp"
# A transaction that somebody left open holds up the ledger (`audit.chain`), and vacuum.
IDLE_SESSION = "-c idle_in_transaction_session_timeout=300000"


class BadDatabaseUrl(ValueError):
    """DATABASE_URL or DATABASE_OWNER_URL cannot be read. The message never quotes it."""


def project_root() -> Path | None:
    """The checkout this code runs from, or None when it is installed as a package."""
    root = Path(__file__).resolve().parents[3]
    return root if (root / "pyproject.toml").is_file() else None


def data_dir() -> Path:
    """The data folder, which may not exist yet."""
    if chosen := os.environ.get("OSLONAC_DATA"):
        return Path(chosen).expanduser().resolve()
    if root := project_root():
        return root / "var"
    base = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(base) / "oslonac"


def keys_dir() -> Path:
    """The folder of the key file; best on another disk than the backups."""
    chosen = os.environ.get("OSLONAC_KEYS")
    return Path(chosen).expanduser().resolve() if chosen else data_dir() / "keys"


def files_dir() -> Path:
    """The folder of sealed attachments."""
    return data_dir() / "files"


def log_dir() -> Path:
    """The folder of logs."""
    return data_dir() / "log"


def run_dir() -> Path:
    """The folder of locks and other things that mean nothing after a restart."""
    return data_dir() / "run"


def make_folders() -> None:
    """Make the data folder and what is missing in it, closed to everybody else.

    Leaves `postgres` to the embedded server, whose account owns it. Raises OSError.
    """
    data_dir().mkdir(parents=True, exist_ok=True)
    for folder in (keys_dir(), log_dir(), run_dir(), files_dir()):
        folder.mkdir(mode=PRIVATE_MODE, parents=True, exist_ok=True)


def embedded_server() -> EmbeddedServer:
    """The server of this data folder (not started by this call)."""
    return EmbeddedServer(data_dir())


def is_external() -> bool:
    """Whether DATABASE_URL names a server that is not ours to start and stop."""
    return bool(os.environ.get("DATABASE_URL"))


def has_two_roles() -> bool:
    """Whether tables are owned by another role than the application connects as."""
    if not is_external():
        return True
    return _external("owner").get("user") != _external("app").get("user")


def app_role() -> str:
    """The name of the role that the application connects as."""
    return str(_external("app").get("user") or "") if is_external() else APP_ROLE


def dsn(role: str = "app") -> str:
    """The libpq connection string of a role ("app" or "owner"), external or embedded."""
    if is_external():
        return make_conninfo(**_external(role))
    return embedded_server().dsn("owner" if role == "owner" else "app")


def current_role() -> str:
    """The role of this process, "app" unless OSLONAC_DB_ROLE says "owner"."""
    return "owner" if os.environ.get("OSLONAC_DB_ROLE") == "owner" else "app"


def database_settings() -> dict[str, dict[str, Any]]:
    """Django's DATABASES for this process. Raises `BadDatabaseUrl`."""
    return {"default": settings_for(current_role())}


def settings_for(role: str) -> dict[str, Any]:
    """One entry of Django's DATABASES, for the given role."""
    common = {
        "ENGINE": "oslonac.access.database",
        "CONN_MAX_AGE": CONNECTION_SECONDS,
        "CONN_HEALTH_CHECKS": True,
    }
    if not is_external():
        return common | {
            "NAME": DATABASE,
            "USER": OWNER_ROLE if role == "owner" else APP_ROLE,
            "HOST": str(embedded_server().layout.socket_dir()),
            "PORT": str(PORT),
            "OPTIONS": OPTIONS | {"options": _session(role)},
        }
    parts = _external(role)
    known = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host"}
    entry = {django: str(parts.pop(libpq, "") or "") for django, libpq in known.items()}
    entry["PORT"] = str(parts.pop("port", "") or "")
    own = {"options": f"{parts.pop('options', '')} {_session(role)}".strip()}
    return common | entry | {"OPTIONS": OPTIONS | parts | own}


def _session(role: str) -> str:
    """Settings that every connection of a role begins with."""
    return SESSION if role == "owner" else f"{SESSION} {IDLE_SESSION}"


def _external(role: str) -> dict[str, Any]:
    """The parts of the URL of a role; where no owner is named, the application is it."""
    url = os.environ.get("DATABASE_URL", "")
    if role == "owner":
        url = os.environ.get("DATABASE_OWNER_URL") or url
    if not url.startswith(("postgresql://", "postgres://")):
        raise BadDatabaseUrl(
            "DATABASE_URL must begin with postgresql://, as in "
            "postgresql://user:password@host:5432/database?sslmode=verify-full."
        )
    try:
        parts = dict(conninfo_to_dict(url))
    except psycopg.ProgrammingError as error:
        raise BadDatabaseUrl(
            "DATABASE_URL cannot be read. Write characters such as @ : / # in the password in "
            "their %-form, as in %40 for @."
        ) from error
    parts.setdefault("connect_timeout", CONNECT_TIMEOUT_SECONDS)
    _demand_tls(parts)
    return parts


def _demand_tls(parts: dict[str, Any]) -> None:
    """Over a network only to a server whose certificate is verified; libpq's own default falls
    back to plain text. A private network of one machine (containers) says so itself."""
    hosts = str(parts.get("host") or parts.get("hostaddr") or "").split(",")
    if all(is_here(host) for host in hosts) or os.environ.get("OSLONAC_DB_PRIVATE") == "1":
        return
    if parts.setdefault("sslmode", "verify-full") != "verify-full":
        raise BadDatabaseUrl(
            "DATABASE_URL leads over a network, so it must say sslmode=verify-full (and "
            "sslrootcert, where the certificate is your own). Only where no network lies between, "
            "as among containers of one machine, set OSLONAC_DB_PRIVATE=1."
        )
    if "sslrootcert" not in parts and not (Path.home() / ".postgresql" / "root.crt").exists():
        parts["sslrootcert"] = "system"
