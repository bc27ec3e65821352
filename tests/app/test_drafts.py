"""Keys of drafts: to whom they are given, what destroys them, when a draft counts as saved."""

import base64
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse

from oslonac.accounts import drafts, jobs
from oslonac.accounts.models import DraftKey
from oslonac.kit.clock import now
from tests import cast

pytestmark = pytest.mark.django_db
HERE, THERE = "0" * 32, "1" * 32
DRAFT = "d" * 43


def key(client: Client, browser: str = HERE) -> str:
    answer = client.post(reverse("accounts:draft_key"), {"browser": browser})
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"
    return str(answer.json()["key"])


def test_a_key_is_one_person_s_in_one_browser() -> None:
    ana, dragan = cast.ana(), cast.dragan()
    first = key(ana.client())
    assert len(base64.b64decode(first)) == 32
    assert key(ana.client()) == first, "after another sign-in too"
    assert (
        len({first, key(ana.client(), THERE), key(dragan.client()), key(dragan.client(), THERE)})
        == 4
    )


def test_a_key_lies_sealed_and_is_given_to_nobody_else() -> None:
    ana = cast.ana()
    found = key(ana.client())
    row = DraftKey.objects.get()
    assert found.encode() not in bytes(row.secret) and row.key_id == ana.user.key_id
    answer = Client().post(reverse("accounts:draft_key"), {"browser": HERE})
    assert answer.status_code == 302 and reverse("account_login") in answer.url  # type: ignore[attr-defined]
    assert ana.client().get(reverse("accounts:draft_key")).status_code == 405


@pytest.mark.parametrize("browser", ["", "x" * 32, "0" * 31, "0" * 64])
def test_a_browser_names_itself_in_one_way(browser: str) -> None:
    answer = cast.ana().client().post(reverse("accounts:draft_key"), {"browser": browser})
    assert answer.status_code == 400 and not DraftKey.objects.exists()


def test_signing_out_destroys_the_key_of_this_browser_alone() -> None:
    ana = cast.ana()
    here, there = ana.client(), ana.client()
    first, other = key(here), key(there, THERE)
    here.post(reverse("account_logout"))
    assert key(ana.client(), THERE) == other
    assert key(ana.client()) != first


def test_a_session_that_merely_ends_keeps_it() -> None:
    ana = cast.ana()
    client = ana.client()
    first = key(client)
    client.post(reverse("accounts:leave"))  # the quick exit
    assert key(ana.client()) == first
    Session.objects.all().delete()
    assert key(ana.client()) == first
    client = ana.client()
    key(client)
    session = client.session
    session["seen_at"] -= 3600
    session.save()
    assert client.get("/account/").status_code == 302
    assert key(ana.client()) == first


def test_keys_nobody_uses_any_more_are_removed() -> None:
    client = cast.ana().client()
    key(client)
    key(client, THERE)
    DraftKey.objects.filter(browser=HERE).update(used_at=now() - timedelta(days=9))
    jobs.forget_draft_keys.func()
    assert list(DraftKey.objects.values_list("browser", flat=True)) == [THERE]
    for number in range(drafts.MOST_BROWSERS + 3):
        key(client, f"{number:032x}")
    assert DraftKey.objects.count() == drafts.MOST_BROWSERS


def test_a_key_in_use_stays() -> None:
    client = cast.ana().client()
    first = key(client)
    DraftKey.objects.update(used_at=now() - timedelta(days=5))
    assert key(client) == first
    assert DraftKey.objects.get().used_at > now() - timedelta(minutes=5)


def send(client: Client, **fields: Any) -> Any:
    return client.post("/encounters/new/", {"draft": DRAFT} | fields)


def test_a_draft_counts_as_saved_only_where_it_is() -> None:
    client = cast.teodora().client()
    assert send(client).status_code == 422
    assert drafts.COOKIE not in client.cookies, "it came back with errors"
    assert send(Client(), reported_by="police").status_code == 302
    token = {"label": "import", "draft": DRAFT, "scope": "read", "days": "30"}
    client.post(reverse("accounts:tokens"), token)
    assert client.cookies[drafts.COOKIE].value == DRAFT
    assert not client.cookies[drafts.COOKIE]["httponly"], "the next page's script reads it"


@pytest.mark.parametrize("said", ["", "<script>", "d" * 44, f"{DRAFT}.", "d.d"])
def test_only_ids_of_drafts_are_said_back(said: str) -> None:
    client = cast.ana().client()
    client.post(reverse("accounts:tokens"), {"label": "import", "draft": said})
    assert drafts.COOKIE not in client.cookies


def test_a_step_that_is_owed_first_saves_nothing(settings: Any) -> None:
    client = cast.ana().client()
    settings.OSLONAC_SECOND_FACTOR = True
    answer = client.post(reverse("accounts:tokens"), {"label": "import", "draft": DRAFT})
    assert answer.status_code == 302 and drafts.COOKIE not in client.cookies
