"""The database of a test run: one server, one migrated template, a clone for each worker.

Belongs here: making and dropping databases for tests. Does not belong here: fixtures
(`conftest`), data.

Every test connects as the application role, as the product does, so that row-level
security is on. That role may not TRUNCATE, so Django's flush after a transactional test
is replaced: such a test works in a clone of its own, which is dropped afterwards.
"""

import contextlib
import fcntl
import hashlib
import os
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

ROOT = Path(__file__).resolve().parents[1]
EXTERNAL_APP_ROLE = "oslonac_test_app"
TEMPLATE_PREFIX = "oslonac_template_"


def cache_folder() -> Path:
    """The folder of the test server, kept between runs; private, outside the checkout."""
    name = f"oslonac-tests-{os.geteuid()}"
    folder = Path(os.environ.get("OSLONAC_TEST_CACHE") or Path(tempfile.gettempdir()) / name)
    # Open for walking through: the server's own account lies below when root runs tests.
    folder.mkdir(mode=0o711, exist_ok=True)
    if folder.lstat().st_uid != os.geteuid() or folder.is_symlink():
        raise RuntimeError(f"{folder} belongs to another user; set OSLONAC_TEST_CACHE")
    checkout = folder / hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]
    checkout.mkdir(mode=0o711, exist_ok=True)
    return checkout


@contextlib.contextmanager
def locked(name: str) -> Iterator[None]:
    """One worker at a time inside the block."""
    with (cache_folder() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def schema_hash() -> str:
    """Changes when a migration, a model or the pack changes: then a new template is needed."""
    digest = hashlib.sha256()
    files = [*ROOT.glob("src/oslonac/**/migrations/*.py"), *ROOT.glob("src/oslonac/**/models.py")]
    files += [*ROOT.glob("src/oslonac/*/models/*.py"), *ROOT.glob("packs/serbia/**/*.*")]
    files += [ROOT / "requirements" / "runtime.txt", ROOT / "src/oslonac/config/settings.py"]
    files += [
        *ROOT.glob("src/oslonac/country/*.py"),
        ROOT / "src/oslonac/directory/loading.py",
        ROOT / "src/oslonac/vault/row_policy.py",
    ]
    files += [*ROOT.glob("src/oslonac/*/analysis.py"), *ROOT.glob("src/oslonac/access/*.py")]
    for path in sorted(path for path in files if path.exists()):
        digest.update(str(path).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


class TestServer:
    """Where test databases live: our embedded server, or the one of TEST_DATABASE_URL."""

    __test__ = False

    def __init__(self) -> None:
        self.url = os.environ.get("TEST_DATABASE_URL", "")
        self._password = ""
        self._embedded: Any = None

    def start(self) -> None:
        """Start or share the server and make sure that both roles are there."""
        if self.url:
            self._make_external_role()
            return
        from oslonac.config.postgres import EmbeddedServer

        self._embedded = EmbeddedServer(cache_folder())
        self._embedded.ensure_running()
        with locked("tuning"), self.admin() as connection:
            # Speed for safety: what a crash would lose here is made anew by the next run.
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                connection.execute(f"ALTER SYSTEM SET {setting} = off")
            connection.execute("SELECT pg_reload_conf()")

    def stop(self) -> None:
        """Let go of the server; the last worker's call stops it."""
        if self._embedded is not None:
            self._embedded.stop()

    def admin(self) -> psycopg.Connection[Any]:
        """A connection that may make databases, to none of the test databases."""
        dsn = self.url or self._embedded.dsn("superuser", "postgres")
        return psycopg.connect(dsn, autocommit=True)

    def dsn(self, role: str, database: str) -> str:
        """The connection string of "app" or "owner" to a test database."""
        if not self.url:
            return str(self._embedded.dsn(role, database))
        parts = conninfo_to_dict(self.url) | {"dbname": database}
        if role == "app":
            parts |= {"user": EXTERNAL_APP_ROLE, "password": self._password}
        return make_conninfo(**parts)

    def django_settings(self, role: str, database: str) -> dict[str, Any]:
        """What to put into Django's settings of the default connection."""
        parts = conninfo_to_dict(self.dsn(role, database))
        return {
            "NAME": database,
            "USER": parts.get("user") or "",
            "PASSWORD": parts.get("password") or "",
            "HOST": parts.get("host") or "",
            "PORT": str(parts.get("port") or ""),
        }

    def owner_role(self) -> str:
        """The role that owns test databases."""
        return str(conninfo_to_dict(self.dsn("owner", "postgres"))["user"])

    def app_role(self) -> str:
        """The role that tests connect as."""
        return str(conninfo_to_dict(self.dsn("app", "postgres"))["user"])

    def _make_external_role(self) -> None:
        # The same for all workers of a run, and of no use outside this test server.
        self._password = hashlib.sha256(self.url.encode()).hexdigest()[:24]
        with locked("role"), self.admin() as connection:
            query = "SELECT 1 FROM pg_roles WHERE rolname = %s"
            exists = connection.execute(query, [EXTERNAL_APP_ROLE]).fetchone()
            verb = "ALTER" if exists else "CREATE"
            may = f"LOGIN NOBYPASSRLS PASSWORD '{self._password}'"
            connection.execute(f"{verb} ROLE {EXTERNAL_APP_ROLE} {may}")


def use(settings: dict[str, Any]) -> None:
    """Point Django's default connection elsewhere."""
    from django.db import connections

    connections["default"].close()
    connections.settings["default"].update(settings)
    del connections["default"]


def ensure_template(server: TestServer) -> str:
    """The name of a database with migrations and country pack; made once for each schema."""
    name = f"{TEMPLATE_PREFIX}{schema_hash()}"
    with locked("template"), server.admin() as admin:
        query = "SELECT datname FROM pg_database WHERE datname LIKE %s"
        found = {row[0] for row in admin.execute(query, [f"{TEMPLATE_PREFIX}%"])}
        if name in found:
            return name
        for stale in found:
            admin.execute(f'DROP DATABASE IF EXISTS "{stale}" WITH (FORCE)')
        unfinished = f"oslonac_unfinished_{secrets.token_hex(4)}"
        admin.execute(f'CREATE DATABASE "{unfinished}" OWNER "{server.owner_role()}"')
        try:
            _migrate(server, unfinished)
        except BaseException:
            admin.execute(f'DROP DATABASE IF EXISTS "{unfinished}" WITH (FORCE)')
            raise
        admin.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')
    return name


def _migrate(server: TestServer, database: str) -> None:
    from django.core.management import call_command
    from django.db import connections

    from oslonac.config.packs import load_if_changed
    from oslonac.config.postgres.roles import open_future_tables

    with psycopg.connect(server.dsn("owner", database), autocommit=True) as owner:
        open_future_tables(owner, server.app_role())
    use(server.django_settings("owner", database))
    call_command("migrate", run_syncdb=True, verbosity=0)
    load_if_changed()
    connections.close_all()


def make_clone(server: TestServer, template: str) -> str:
    """A new database with the template's content; drop it with `drop`."""
    name = f"oslonac_test_{os.getpid()}_{secrets.token_hex(4)}"
    with server.admin() as admin:
        owner = server.owner_role()
        # Copying files asks for a checkpoint, which costs nothing where nothing is synced: a
        # third of the time of writing every page to the log.
        how = "" if server.url else "STRATEGY FILE_COPY"
        admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" OWNER "{owner}" {how}')
        # As `roles.close_doors` does it: rights on a database are not copied with it.
        admin.execute(f'REVOKE TEMPORARY, CREATE ON DATABASE "{name}" FROM PUBLIC')
    return name


@contextlib.contextmanager
def clone_in_use(server: TestServer, template: str) -> Iterator[str]:
    """A clone that Django's default connection goes to inside the block, as the application role;
    afterwards it goes where it went before. Its name.

    For a world that is made once: filled in a fixture of a module, and given back by every test
    as it was found, for each runs in a transaction that is rolled back.
    """
    from django.db import connections

    before = dict(connections.settings["default"])
    clone = make_clone(server, template)
    use(server.django_settings("app", clone))
    try:
        yield clone
    finally:
        connections.close_all()
        use({name: before[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")})
        drop(server, clone)


def drop(server: TestServer, name: str) -> None:
    """Drop a clone, whoever is still connected to it."""
    with server.admin() as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def drop_abandoned(server: TestServer) -> None:
    """Drop clones of runs that were killed (their process is gone)."""
    with server.admin() as admin:
        rows = admin.execute("SELECT datname FROM pg_database WHERE datname LIKE 'oslonac_test_%'")
        for (name,) in rows.fetchall():
            pid = name.split("_")[2]
            if pid.isdigit() and not Path(f"/proc/{pid}").exists():
                admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
