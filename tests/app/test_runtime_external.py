"""The product runs on a PostgreSQL that is not its own, over TCP and with passwords."""

import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from oslonac.config.postgres import account, binaries, cluster
from tests.app.runtime import oslonac, reachable_folder, sentences

PASSWORD = "a p@ss/word"
QUOTED = "a%20p%40ss%2Fword"


@dataclass(frozen=True)
class External:
    """A server of somebody else's."""

    port: int

    def url(self, user: str, database: str = "cases") -> str:
        return f"postgresql://{user}:{QUOTED}@127.0.0.1:{self.port}/{database}?application_name=x"


@pytest.fixture(scope="module")
def external() -> Iterator[External]:
    """A server that the operator, not the product, runs."""
    with reachable_folder() as folder:
        yield from serve(folder / "home")


def serve(home: Path) -> Iterator[External]:
    """Debian's PostgreSQL where it is installed, otherwise the wheel's; on TCP."""
    owner = account.choose(home)
    home.mkdir(mode=0o700)
    if owner.switches:
        os.chown(home, owner.uid, owner.gid)
    found = binaries.candidates()
    debian = [one for one in found if str(one.folder).startswith("/usr/")]
    programs = binaries.readable_for(owner, (debian or found)[0])
    cluster.make(home / "data", programs, owner)
    cluster.configure(home / "data", home, owner)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    hba = "local all all peer map=oslonac\nhost all all 127.0.0.1/32 scram-sha-256\n"
    (home / "data" / "pg_hba.conf").write_text(hba)
    settings = ["-c", "listen_addresses=127.0.0.1", "-p", str(port), "-c", "fsync=off"]
    process = subprocess.Popen(
        [programs.program("postgres"), "-D", home / "data", *settings],
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **owner.popen_options(),
    )
    try:
        make_roles(home, port)
        yield External(port)
    finally:
        process.terminate()
        process.wait(20)


def make_roles(socket_dir: Path, port: int) -> None:
    """What the operator of such a server would do by hand."""
    deadline = time.monotonic() + 20
    while True:
        try:
            connection = psycopg.connect(
                host=str(socket_dir), port=port, user="postgres", dbname="postgres", autocommit=True
            )
            break
        except psycopg.OperationalError:
            assert time.monotonic() < deadline
            time.sleep(0.05)
    with connection:
        for role, may in (("tables", "CREATEDB"), ("web", ""), ("boss", "SUPERUSER")):
            connection.execute(f"CREATE ROLE {role} LOGIN {may} PASSWORD '{PASSWORD}'")
        connection.execute("CREATE DATABASE cases OWNER tables")
        connection.execute("CREATE DATABASE single OWNER tables")


def findings(output: str) -> dict[str, dict[str, str]]:
    return {one["code"]: one for one in json.loads(output)["findings"] if one["level"] != "ok"}


def test_two_roles_migrate_as_owner_and_run_as_application(
    external: External, tmp_path: Path
) -> None:
    urls = {"DATABASE_URL": external.url("web"), "DATABASE_OWNER_URL": external.url("tables")}
    migrated = oslonac("migrate", data=tmp_path, **urls)
    assert migrated.returncode == 0, sentences(migrated)
    doctor = oslonac("doctor", "--json", "--port", "0", data=tmp_path, **urls)
    assert doctor.returncode == 0, sentences(doctor)
    # No scanner runs here, and the doctor says so; nothing else is amiss.
    assert set(findings(doctor.stdout)) <= {"scanner"}
    assert not (tmp_path / "postgres").exists()
    with psycopg.connect(external.url("web")) as app:
        app.execute("SELECT count(*) FROM django_migrations")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("DROP TABLE django_migrations")


def test_one_role_works_with_a_warning(external: External, tmp_path: Path) -> None:
    urls = {"DATABASE_URL": external.url("tables", "single")}
    migrated = oslonac("migrate", data=tmp_path, **urls)
    assert migrated.returncode == 0, sentences(migrated)
    doctor = oslonac("doctor", "--json", "--port", "0", data=tmp_path, **urls)
    assert doctor.returncode == 0, sentences(doctor)
    assert findings(doctor.stdout)["roles"]["level"] == "warning"


def test_a_role_above_row_level_security_is_wrong(external: External, tmp_path: Path) -> None:
    urls = {"DATABASE_URL": external.url("boss")}
    doctor = oslonac("doctor", "--json", "--port", "0", data=tmp_path, **urls)
    assert doctor.returncode == 1
    assert "ALTER ROLE boss" in findings(doctor.stdout)["row-level-security"]["next_step"]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql://web:wrong@127.0.0.1:{port}/cases", "does not let the app role in"),
        ("postgresql://web:secret@127.0.0.1:1/cases", "does not let the app role in"),
        ("mysql://web:secret@127.0.0.1/cases", "must begin with postgresql://"),
    ],
)
def test_a_database_that_cannot_be_reached_is_a_sentence_without_the_password(
    external: External, tmp_path: Path, url: str, words: str
) -> None:
    address = url.format(port=external.port)
    doctor = oslonac("doctor", "--port", "0", data=tmp_path, DATABASE_URL=address)
    assert doctor.returncode == 1, sentences(doctor)
    assert words in doctor.stdout
    for secret in ("secret", ":wrong"):
        assert secret not in doctor.stdout + doctor.stderr
