"""Rows that decide who may do what, forged: by a thief who has the application's database role, and
by whoever owns the database. Neither has the key file.

The thief is refused by the database. What the owner writes opens nothing, and `audit verify` names
it. Belongs here: grants, posts, blocks, ties, tokens, factors, passwords. Does not: the events
(`app/test_ledger_tampering`), rights beside rows (`test_rights_of_the_role`).
"""

from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from typing import Any

import psycopg
import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from oslonac.access import policy, reader, session_proof
from oslonac.access.actor import SYSTEM
from oslonac.access.models import Block, Grant, Tie
from oslonac.access.roles import Permission, Role
from oslonac.accounts import actions as accounts
from oslonac.accounts import stepup
from oslonac.accounts.models import ApiToken, Membership, User
from oslonac.accounts.queries import user_by_token
from oslonac.audit import rows
from oslonac.cases import actions
from oslonac.kit.clock import now
from oslonac.vault.binding import Forged
from tests import cast
from tests.database import TestServer

pytestmark = pytest.mark.django_db
TOKEN = "osl_anything000000000000000000"
PASSWORD = "lipa reka kamen oblak"
Connection = psycopg.Connection[Any]
REFUSED = (psycopg.errors.ObjectNotInPrerequisiteState, psycopg.errors.InsufficientPrivilege)


@pytest.fixture
def thief(fresh_database: str, database_server: TestServer) -> Iterator[Connection]:
    """Signed in as the application's role, saying of itself that it is the system."""
    with psycopg.connect(database_server.dsn("app", fresh_database), autocommit=True) as opened:
        opened.execute(reader.TELL, reader.SYSTEM.settings())
        yield opened


@pytest.fixture
def owner(fresh_database: str, database_server: TestServer) -> Iterator[Connection]:
    with psycopg.connect(database_server.dsn("owner", fresh_database), autocommit=True) as opened:
        yield opened


def broken() -> set[tuple[str, str]]:
    return {(each.kind, dict(each.said)["table"]) for each in rows.check()}


def bearer(token: str) -> Client:
    return Client(headers={"Authorization": f"Bearer {token}"})


def given(to: cast.Member, case: Any, **more: Any) -> Grant:
    values: dict[str, Any] = {
        "record_kind": "case",
        "record_id": case.pk,
        "principal": to.user.pk,
        "grantee": to.user,
        "level": 60,
        "whereabouts": True,
        "reason": "decision",
        "starts_at": now() - timedelta(hours=1),
    }
    return Grant.objects.create(**(values | more))


def copied(owner: Connection, table: str, key: Any, **changes: str) -> None:
    """A row once more, MAC and all, under a fresh id, with changes in SQL."""
    found = owner.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 "
        "AND NOT attisdropped",
        [table],
    ).fetchall()
    changes = {"id": "gen_random_uuid()"} | changes
    listed = [row[0] for row in found]
    values = ", ".join(changes.get(name, name) for name in listed)
    owner.execute(
        f"INSERT INTO {table} ({', '.join(listed)}) SELECT {values} FROM {table} WHERE id = %s",
        [key],
    )


# The thief


def test_a_stolen_role_sees_no_row_whatever_it_says_of_itself(thief: Connection) -> None:
    cast.case(cast.teodora(), cast.ana(), at=now())
    for table in ("cases_case", "access_grant", "people_person", "vault_datakey", "audit_event"):
        with pytest.raises(psycopg.errors.ObjectNotInPrerequisiteState):
            thief.execute(f"SELECT * FROM {table}")
    thief.execute("SELECT set_config('oslonac.sight', '', false)")
    thief.execute("SELECT set_config('oslonac.beyond', '', false)")
    row = thief.execute("SELECT count(*) FROM cases_case").fetchone()
    assert row is not None and row[0] == 0


def test_a_stolen_role_cannot_make_itself_the_application(thief: Connection) -> None:
    for statement in (
        "SELECT setval('proof.opened', 1)",
        "SELECT nextval('proof.opened')",
        "ALTER SEQUENCE proof.opened RESTART",
        "SELECT * FROM proof.secret",
        "INSERT INTO proof.secret VALUES (true, 'x', 'x')",
        "CREATE OR REPLACE FUNCTION proof.given() RETURNS boolean LANGUAGE sql AS 'SELECT true'",
    ):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            thief.execute(statement)
    # Neither a wrong answer, nor one that was right for another session.
    assert not session_proof.prove(thief, b"0" * 32)
    asked = thief.execute("SELECT proof.challenge()").fetchone()
    assert asked is not None and asked[0] < 0
    for answer in (b"", b"0" * 32, sha256(str(asked[0]).encode()).digest()):
        row = thief.execute("SELECT proof.answer(%s)", [answer]).fetchone()
        assert row is not None and not row[0]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        thief.execute("UPDATE accounts_membership SET role = 'auditor'")
    assert thief.execute("SELECT count(*) FROM cases_case WHERE false").fetchone() == (0,)


def test_a_stolen_role_writes_nothing(thief: Connection) -> None:
    ana = cast.ana()
    case = cast.case(cast.teodora(), ana, at=now())
    accounts.make_token(actor=ana.actor(), at=now(), user=ana.user, label="x")
    digest = sha256(TOKEN.encode()).digest()
    user, refused = ana.user.pk, 0
    for statement, values in (
        ("UPDATE accounts_membership SET role = 'auditor'", ()),
        ("UPDATE accounts_user SET is_active = true, password = 'x'", ()),
        ("DELETE FROM accounts_membership", ()),
        (
            "INSERT INTO accounts_apitoken (id, user_id, label, digest, made_at, expires_at, mac) "
            "SELECT gen_random_uuid(), %s, 'x', %s, now(), now() + '90 days', mac "
            "FROM accounts_apitoken",
            (user, digest),
        ),
        (
            "INSERT INTO mfa_authenticator (type, data, created_at, user_id) "
            "VALUES ('totp', '{}', now(), %s)",
            (user,),
        ),
        (
            "INSERT INTO audit_link (sequence, event_id, xid, leaf, hash, sealed_at) "
            "VALUES (999, gen_random_uuid(), 1, 'x', 'x', now())",
            (),
        ),
        ("UPDATE access_grant SET principal = %s WHERE record_id = %s", (user, case.pk)),
        ("DELETE FROM access_block", ()),
        ("DELETE FROM django_session", ()),
        ("UPDATE directory_organisation SET code = 'x'", ()),
    ):
        try:
            assert thief.execute(statement, values).rowcount == 0, statement
        except REFUSED:
            refused += 1
    assert refused >= 8
    assert rows.check() == []


# The owner of the database


def test_a_forged_token_opens_nothing(owner: Connection) -> None:
    ana, milan = cast.ana(), cast.milan()
    made = accounts.make_token(actor=ana.actor(), at=now(), user=ana.user, label="x")
    secret = made.secret  # type: ignore[attr-defined]
    assert bearer(secret).get("/api/v1/me").status_code == 200
    # A plain hash is not what is looked for; a copy of a good row for somebody else does not fit.
    copied(owner, "accounts_apitoken", made.pk, digest=f"sha256('{TOKEN}'::bytea)")
    assert bearer(TOKEN).get("/api/v1/me").status_code == 401
    owner.execute("UPDATE accounts_apitoken SET user_id = %s", [milan.user.pk])
    assert user_by_token(secret, at=now()) is None
    owner.execute("UPDATE accounts_apitoken SET user_id = %s", [ana.user.pk])
    assert user_by_token(secret, at=now()) == ana.user
    owner.execute("UPDATE accounts_apitoken SET expires_at = expires_at + '1 day'")
    assert user_by_token(secret, at=now()) is None
    assert ("row_forged", "accounts_apitoken") in broken()
    assert ("row_unsaid", "accounts_apitoken") in broken()


def test_a_revoked_token_that_is_put_back_is_named(owner: Connection) -> None:
    ana = cast.ana()
    made = accounts.make_token(actor=ana.actor(), at=now(), user=ana.user, label="x")
    before = bytes(ApiToken.objects.get().mac)
    accounts.revoke_token(actor=ana.actor(), at=now(), token=made)
    owner.execute("UPDATE accounts_apitoken SET revoked_at = NULL")
    assert user_by_token(made.secret, at=now()) is None  # type: ignore[attr-defined]
    owner.execute("UPDATE accounts_apitoken SET mac = %s", [before])
    assert broken() == {("row_undone", "accounts_apitoken")}


def test_a_forged_post_gives_no_permission(owner: Connection) -> None:
    ana = cast.ana()
    case = cast.case(cast.teodora(), ana, at=now())
    assert Permission.CASE_READ in ana.actor().permissions
    owner.execute(
        "UPDATE accounts_membership SET role = 'auditor' WHERE user_id = %s", [ana.user.pk]
    )
    assert not ana.actor().permissions and not ana.actor().posts
    assert ana.client().get("/administration/ledger/").status_code == 403
    assert ana.client().get(f"/cases/{case.pk}/").status_code in (403, 404)
    assert broken() == {("row_forged", "accounts_membership")}
    row = Membership.objects.get(user=ana.user)
    with pytest.raises(Forged):
        row.save()
    Membership.objects.filter(pk=row.pk).update(revision=9)
    assert not ana.actor().permissions  # a change of ours does not make it genuine


def test_a_copied_post_and_one_that_ended_and_is_put_back(owner: Connection) -> None:
    ana, stanka = cast.ana(), cast.member("Stanka D.", Role.NGO_WORKER)
    post = Membership.objects.get(user=ana.user)
    copied(owner, "accounts_membership", post.pk, user_id=f"'{stanka.user.pk}'")
    assert Permission.CASE_DECIDE not in stanka.actor().permissions
    assert {
        ("row_forged", "accounts_membership"),
        ("row_unsaid", "accounts_membership"),
    } == broken()
    owner.execute(
        "DELETE FROM accounts_membership WHERE user_id = %s AND role = %s",
        [
            stanka.user.pk,
            post.role,
        ],
    )
    before = owner.execute(
        "SELECT mac, revision FROM accounts_membership WHERE id = %s", [post.pk]
    ).fetchone()
    assert before is not None
    accounts.end_membership(
        actor=SYSTEM, at=now(), membership=post, revision=1, ends_on=cast.today()
    )
    owner.execute(
        "UPDATE accounts_membership SET ends_on = NULL, mac = %s, revision = %s WHERE id = %s",
        [*before, post.pk],
    )
    assert broken() == {("row_undone", "accounts_membership")}
    owner.execute("DELETE FROM accounts_membership WHERE id = %s", [post.pk])
    assert broken() == {("row_removed", "accounts_membership")}


def test_a_forged_grant_opens_nothing(owner: Connection) -> None:
    ana, marko = cast.ana(), cast.jelena()
    case = cast.case(cast.teodora(), ana, at=now())
    own = Grant.objects.filter(principal=ana.user.pk, record_id=case.pk).first()
    assert own is not None
    page = marko.client()
    assert page.get(f"/cases/{case.pk}/").status_code == 404
    copied(
        owner,
        "access_grant",
        own.pk,
        principal=f"'{marko.user.pk}'",
        grantee_id=f"'{marko.user.pk}'",
    )
    assert page.get(f"/cases/{case.pk}/").status_code == 404
    assert page.get(f"/api/v1/cases/{case.pk}").status_code == 404
    assert not policy.reach(marko.actor(), case.pk, at=now()).level
    assert broken() == {("row_forged", "access_grant")}


@pytest.mark.parametrize(
    "change",
    [
        "level = 60",
        "ends_at = NULL",
        "whereabouts = true, level = 20",
        "starts_at = now() - '9 d'::interval",
    ],
)
def test_a_grant_that_was_widened_opens_nothing(owner: Connection, change: str) -> None:
    marko = cast.jelena()
    case = cast.case(cast.teodora(), cast.ana(), at=now())
    grant = given(marko, case, level=20, whereabouts=False, ends_at=now() + timedelta(seconds=60))
    assert policy.reach(marko.actor(), case.pk, at=now()).level == 20
    owner.execute(f"UPDATE access_grant SET {change} WHERE id = %s", [grant.pk])
    assert not policy.reach(marko.actor(), case.pk, at=now()).level
    # Ended by us it stays what it is.
    Grant.objects.filter(pk=grant.pk).update(ends_at=now() + timedelta(days=1))
    assert not policy.reach(marko.actor(), case.pk, at=now()).level
    assert broken() == {("row_forged", "access_grant")}


def test_blocks_and_ties_that_are_gone_or_were_changed_are_named(owner: Connection) -> None:
    dragan, milan = cast.dragan(), cast.milan()
    case = cast.case(cast.teodora(), cast.ana(), at=now() - timedelta(hours=1))
    set_ = actions.keep_away(
        actor=dragan.actor(),
        at=now(),
        case=case,
        scope="all",
        reason="suspected",
        why="Viđen sa krijumčarem.",
        user=milan.user,
    )
    actions.note_tie(
        actor=dragan.actor(),
        at=now(),
        case=case,
        user=milan.user,
        person=case.person,
        kind="lawyer",
    )
    assert rows.check() == []
    owner.execute("UPDATE access_block SET ends_at = now() WHERE id = %s", [set_.pk])
    owner.execute("UPDATE access_tie SET ends_at = now()")
    assert broken() == {("row_forged", "access_block"), ("row_forged", "access_tie")}
    owner.execute("DELETE FROM access_block")
    owner.execute("DELETE FROM access_tie")
    assert broken() == {("row_removed", "access_block"), ("row_removed", "access_tie")}
    assert not Block.objects.exists() and not Tie.objects.exists()


def test_a_forged_second_factor_does_not_count(owner: Connection) -> None:
    ana, milan = cast.ana(), cast.milan()
    owner.execute(
        "INSERT INTO mfa_authenticator (type, data, created_at, user_id) "
        "VALUES ('totp', '{\"secret\": \"x\"}', now(), %s)",
        [ana.user.pk],
    )
    assert stepup.second_factors(ana.user) == frozenset()
    assert not Authenticator.objects.filter(user=ana.user).exists()
    own = totp.TOTP.activate(milan.user, totp.generate_totp_secret()).instance
    assert stepup.second_factors(milan.user) == {"totp"}
    assert broken() == {("row_forged", "mfa_authenticator")}
    # Another's own factor, put in for somebody: the row fits whom it was made for alone.
    owner.execute("DELETE FROM mfa_authenticator WHERE user_id = %s", [ana.user.pk])
    owner.execute("UPDATE mfa_authenticator SET user_id = %s", [ana.user.pk])
    assert stepup.second_factors(ana.user) == frozenset()
    owner.execute("UPDATE mfa_authenticator SET user_id = %s", [milan.user.pk])
    own.refresh_from_db()
    own.record_usage()
    assert stepup.second_factors(milan.user) == {"totp"}
    assert rows.check() == []


def test_the_public_key_of_a_passkey_is_not_exchanged(owner: Connection) -> None:
    ana = cast.ana()
    Authenticator.objects.create(
        user=ana.user, type="webauthn", data={"name": "Ana", "credential": {"id": "mine"}}
    )
    assert stepup.second_factors(ana.user) == {"webauthn"}
    owner.execute(
        "UPDATE mfa_authenticator "
        "SET data = jsonb_set(data::jsonb, '{credential,id}', '\"theirs\"')"
    )
    assert stepup.second_factors(ana.user) == frozenset()
    row = Authenticator._base_manager.get()
    row.data = row.data | {"name": "Ana 2"}
    with pytest.raises(Forged):
        row.save()


def test_a_password_put_in_by_hand_signs_nobody_in(owner: Connection) -> None:
    ana, milan = cast.ana(), cast.milan()
    for each in (ana, milan):
        each.user.set_password(PASSWORD if each is milan else "drugo nešto sasvim novo")
        each.user.save(update_fields=["password"])
    assert Client().login(username=milan.user.username, password=PASSWORD)
    owner.execute(
        "UPDATE accounts_user SET password = (SELECT password FROM accounts_user WHERE id = %s) "
        "WHERE id = %s",
        [milan.user.pk, ana.user.pk],
    )
    assert not Client().login(username=ana.user.username, password=PASSWORD)
    assert broken() == {("row_forged", "accounts_user")}


def test_an_account_switched_on_by_hand_stays_closed(owner: Connection) -> None:
    ana = cast.ana()
    client = ana.client()
    accounts.change_user(
        actor=SYSTEM, at=now(), user=ana.user, revision=1, name="Ana Kostić", is_active=False
    )
    before = bytes(User.objects.get(pk=ana.user.pk).mac)
    owner.execute("UPDATE accounts_user SET is_active = true WHERE id = %s", [ana.user.pk])
    assert client.get("/").status_code == 302
    assert ("row_forged", "accounts_user") in broken()
    assert bytes(User.objects.get(pk=ana.user.pk).mac) == before


def test_what_the_product_writes_itself_fits(fresh_database: str) -> None:
    ana, dragan = cast.ana(), cast.dragan()
    case = cast.case(cast.teodora(), ana, at=now() - timedelta(days=2))
    actions.assign_case(
        actor=dragan.actor(), at=now(), case=case, manager=dragan.user, revision=case.revision
    )
    block = actions.keep_away(
        actor=dragan.actor(),
        at=now(),
        case=case,
        scope="all",
        reason="suspected",
        why="Viđen sa krijumčarem.",
        user=ana.user,
        until=now() + timedelta(days=3),
    )
    actions.lift_block(
        actor=dragan.actor(), at=now(), case=case, block=block, why="Bila je greška."
    )
    accounts.hand_over_password(actor=SYSTEM, at=now(), user=ana.user)
    assert rows.how_many() > 10
    assert rows.check() == []
