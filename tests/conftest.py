"""What every test stands on: environment, database, keys.

Belongs here: fixtures that tests of more than one package need and that know nothing of
the domain. Does not belong here: the fictional cast. How databases are made is in
`tests/database.py`; what lies outside them, and worlds that a module makes once, in
`tests/folders.py`.

A test with `django_db` runs in a transaction that is rolled back; one with
`django_db(transaction=True)`, `fresh_database` or `live_server` gets a database of its own.
"""

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, nullcontext
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests import database, folders

# Set here and not in pyproject.toml: the settings read the environment when they are
# imported, and pytest-django would import them before this file.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oslonac.config.settings")
os.environ["OSLONAC_DATA"] = str(database.cache_folder())
os.environ["OSLONAC_KEYS"] = str(database.cache_folder() / "keys")
for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "OSLONAC_DB_ROLE", "OSLONAC_DEMO"):
    os.environ.pop(name, None)


RULES = Path(__file__).parent / "rules"


def pytest_addoption(parser: pytest.Parser) -> None:
    """How long the long fuzzers go on."""
    parser.addoption(
        "--examples", type=int, default=25, help="requests to each operation and form (long tests)"
    )


def pytest_configure() -> None:
    """Make the keys of the test run; several workers may ask at once."""
    from oslonac.config import datafolder
    from oslonac.vault.keyring import ensure_key_file

    with database.locked("keys"):
        ensure_key_file(datafolder.keys_dir())
    from django.conf import settings

    # Tests of sign-in switch it on; every other test signs in without a second factor.
    settings.OSLONAC_SECOND_FACTOR = False
    settings.OSLONAC_STEP_UP = False
    # Without the manifest that only `collectstatic` makes.
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": plain}}
    # Empty, but there: WhiteNoise warns of each client that it serves nothing.
    Path(settings.STATIC_ROOT).mkdir(exist_ok=True)
    # pytest-django looked for settings before this file named them.
    import django

    django.setup()
    # The product's hasher, its rounds left out: they cost half a second for each sign-in.
    from django.contrib.auth.hashers import PBKDF2PasswordHasher

    PBKDF2PasswordHasher.iterations = 100


@pytest.fixture(scope="session")
def database_server() -> Iterator[database.TestServer]:
    """The server of this run, stopped after the last worker."""
    server = database.TestServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def database_template(database_server: database.TestServer, django_db_blocker: Any) -> str:
    """The name of the migrated template."""
    with django_db_blocker.unblock():
        return database.ensure_template(database_server)


@pytest.fixture(scope="session")
def django_db_setup(
    database_server: database.TestServer, database_template: str, django_db_blocker: Any
) -> Iterator[None]:
    """Replaces pytest-django's own: a clone of the template, as the application role."""
    from django.db import connections

    database.drop_abandoned(database_server)
    clone = database.make_clone(database_server, database_template)
    with django_db_blocker.unblock():
        database.use(database_server.django_settings("app", clone))
    _give_transactional_tests_their_own(database_server, database_template)
    yield
    with django_db_blocker.unblock():
        connections.close_all()
    database.drop(database_server, clone)


def _give_transactional_tests_their_own(server: database.TestServer, template: str) -> None:
    """Replace Django's flush, which would need TRUNCATE, by a clone for each such test.

    `TestCase` has its own methods and never comes here.
    """
    from django.test import TransactionTestCase

    current = ExitStack()

    def set_up(_case: Any) -> None:
        current.enter_context(database.clone_in_use(server, template))

    def tear_down(_case: Any) -> None:
        current.close()

    TransactionTestCase._fixture_setup = classmethod(set_up)  # type: ignore[assignment]
    TransactionTestCase._fixture_teardown = tear_down  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def system_sight() -> Iterator[None]:
    """Tests set up and look as the system; requests and actions see as whoever acts."""
    from django.utils import translation

    from oslonac.access import reader

    translation.deactivate()  # a request of an earlier test may have left its language
    with reader.system():
        yield


@pytest.fixture(autouse=True)
def folder_of_its_own(
    request: pytest.FixtureRequest, settings: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """Files, keys and noted heads of this test alone, or of the world that its module made; not
    for rules, which are pure, unless they ask for a database."""
    if RULES in request.path.parents and not request.node.get_closest_marker("django_db"):
        yield
        return
    folder = tmp_path_factory.getbasetemp() / f"data-{uuid.uuid4().hex}"
    folder.mkdir()
    settings.OSLONAC_WITNESS = str(folder / "ledger")
    outside_of_worlds = str(database.cache_folder()) == settings.OSLONAC_DATA
    with folders.in_use(folder) if outside_of_worlds else nullcontext():
        yield
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def fresh_database(transactional_db: None) -> str:
    """A database of the test's own, really committed to; its name."""
    from django.db import connection

    return str(connection.settings_dict["NAME"])


@pytest.fixture
def owner_connection(
    fresh_database: str, database_server: database.TestServer
) -> Iterator[psycopg.Connection[Any]]:
    """A connection as the tables' owner, to look at what row-level security hides."""
    dsn = database_server.dsn("owner", fresh_database)
    with psycopg.connect(dsn, autocommit=True) as connection:
        yield connection
