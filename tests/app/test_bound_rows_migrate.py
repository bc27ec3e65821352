"""What an earlier version wrote is bound when it is brought up to this one, and goes on working."""

from hashlib import sha256

import psycopg
import pytest
from allauth.mfa.totp.internal import auth as totp
from django.core.management import call_command

from oslonac.access import policy
from oslonac.accounts import actions as accounts
from oslonac.accounts import stepup
from oslonac.accounts.bound_factors import NAME
from oslonac.accounts.queries import user_by_token
from oslonac.audit import rows
from oslonac.kit.clock import now
from tests import cast, database

pytestmark = pytest.mark.django_db
BEFORE = {"accounts": "0006", "access": "0007"}


def test_tokens_posts_grants_and_factors_of_before_stay_good(
    fresh_database: str, database_server: database.TestServer
) -> None:
    ana = cast.ana()
    case = cast.case(cast.teodora(), ana, at=now())
    made = accounts.make_token(actor=ana.actor(), at=now(), user=ana.user, label="x")
    secret = made.secret  # type: ignore[attr-defined]
    totp.TOTP.activate(ana.user, totp.generate_totp_secret())
    app = database_server.django_settings("app", fresh_database)
    database.use(database_server.django_settings("owner", fresh_database))
    try:
        for name, migration in BEFORE.items():
            call_command("migrate", name, migration, verbosity=0)
        owner = database_server.dsn("owner", fresh_database)
        with psycopg.connect(owner, autocommit=True) as connection:
            digest = sha256(secret.encode()).digest()
            connection.execute("UPDATE accounts_apitoken SET digest = %s", [digest])
            connection.execute(f"UPDATE mfa_authenticator SET data = data::jsonb - '{NAME}'")
        call_command("migrate", verbosity=0)
    finally:
        database.use(app)
    assert rows.check() == []
    assert user_by_token(secret, at=now()) == ana.user
    assert user_by_token(secret + "x", at=now()) is None
    assert policy.reach(ana.actor(), case.pk, at=now()).level
    assert stepup.second_factors(ana.user) == {"totp"}
