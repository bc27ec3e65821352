"""Pairs on the pages and through the API, from the list to joined and back."""

from typing import Any

import pytest

from oslonac.audit.models import Event
from oslonac.cases.models import Case
from oslonac.duplicates.models import Pair
from oslonac.duplicates.rules import PairStatus
from oslonac.people.models import Statement
from tests.app.case_tabs import shown_to
from tests.app.pairs import client_list, fresh, requested, staff, two
from tests.cast import Member
from tests.forms import fill
from tests.http import page_of

__all__ = ["staff", "two"]
pytestmark = pytest.mark.django_db


def test_the_walk_through_the_pages(two: tuple[Case, Case, Pair], staff: dict[str, Member]) -> None:
    one, other, pair = two
    ana, dragan = staff["ana"].client(), staff["dragan"].client()
    url = f"/duplicates/{pair.pk}/"
    listed = page_of(ana.get("/duplicates/"))
    assert url in listed and "Mohammad Ali Rezayi" in listed and "محمد علی رضایی" in listed
    page = page_of(ana.get(url))
    for word in ("Born", "Sex", "Phone numbers", "Not known for either:", "agrees"):
        assert word.casefold() in page.casefold(), word
    assert Event.objects.filter(name="sealed.read", record_id=one.person_id).exists()
    asked = fill(ana, f"{url}ask/", question="Did you see both boys?")
    assert asked.status_code == 302 and fresh(pair).status == PairStatus.ASKED
    assert "Did you see both boys?" in dragan.get(url).content.decode()
    assert fill(dragan, f"{url}answer/", text="It is one boy.").status_code == 302
    kept = fill(ana, f"{url}join/", survivor=str(one.person_id), why="", sight_read="on")
    assert kept.status_code == 422
    sent = fill(ana, f"{url}join/", survivor=str(one.person_id), why="He says so", sight_read="on")
    assert sent.status_code == 302, sent.content.decode()[:3000]
    assert url in ana.get("/duplicates/?show=waiting").content.decode()
    assert ana.get(f"{url}confirm/").status_code == 403
    assert fill(dragan, f"{url}confirm/", sight_read="on").status_code == 302
    assert fresh(pair).status == PairStatus.MERGED
    assert url in ana.get("/duplicates/?show=joined").content.decode()
    assert url not in ana.get("/duplicates/").content.decode()
    shown = shown_to(ana, other)
    assert "Other records of this person" in shown and "Mohammad Ali Rezayi" in shown
    assert fill(dragan, f"{url}separate/", why="Two boys.", then="open").status_code == 302
    assert fill(ana, f"{url}apart/", apart="namesakes", why="I know both").status_code == 302
    again = ana.post(f"{url}again/")
    assert again.status_code == 302 and fresh(pair).status == PairStatus.OPEN


def test_a_request_is_refused_or_taken_back(
    two: tuple[Case, Case, Pair], staff: dict[str, Member]
) -> None:
    pair = requested(staff, two[2], two[0].person_id)
    url = f"/duplicates/{pair.pk}/"
    assert fill(staff["dragan"].client(), f"{url}refuse/", why="Not sure").status_code == 302
    assert fresh(pair).status == PairStatus.OPEN
    pair = requested(staff, pair, two[0].person_id)
    staff["ana"].client().post(f"{url}withdraw/", {"revision": pair.revision})
    assert fresh(pair).status == PairStatus.OPEN and fresh(pair).requested_by_id is None


def test_an_empty_list_says_what_happens_by_itself(staff: dict[str, Member]) -> None:
    assert "There are no possible duplicates." in client_list(staff["dragan"])
    for show in ("waiting", "joined", "apart"):
        assert staff["dragan"].client().get(f"/duplicates/?show={show}").status_code == 200
    answer = staff["dragan"].client().get("/duplicates/?found=change&least=0.9")
    assert "No pairs match these filters." in answer.content.decode()


def test_the_whole_walk_through_the_api(
    two: tuple[Case, Case, Pair], staff: dict[str, Member]
) -> None:
    one, _other, pair = two
    ana, dragan = staff["ana"].client(), staff["dragan"].client()
    base = f"/api/v1/duplicates/{pair.pk}"

    def post(client: Any, path: str, **body: Any) -> Any:
        return client.post(f"{base}/{path}", body, content_type="application/json")

    listed = ana.get("/api/v1/duplicates").json()["pairs"]
    assert [row["id"] for row in listed] == [str(pair.pk)] and "Rezayi" not in str(listed)
    seen = ana.get(base).json()
    assert {line["kind"]: line["agreement"] for line in seen["lines"]}["names"] == "agrees"
    wrong = post(
        ana,
        "joining",
        revision=pair.revision,
        survivor=str(one.pk),
        why="Same boy.",
        sight_read=True,
    )
    assert wrong.status_code == 422
    asked = post(
        ana,
        "joining",
        revision=pair.revision,
        survivor=str(one.person_id),
        why="Same boy.",
        sight_read=True,
    )
    assert asked.status_code == 200 and asked.json()["status"] == "requested"
    assert post(ana, "joining/confirmation", revision=1, sight_read=True).status_code == 403
    late = post(dragan, "joining/confirmation", revision=1, sight_read=True)
    assert late.status_code == 409
    done = post(dragan, "joining/confirmation", revision=asked.json()["revision"], sight_read=True)
    assert done.json()["status"] == "merged"
    undone = post(
        dragan, "separation", revision=done.json()["revision"], why="Two boys", then="open"
    )
    assert undone.json()["status"] == "open"
    apart = post(ana, "two-people", revision=undone.json()["revision"], apart="twins", why="Seen.")
    assert apart.json()["status"] == "apart"
    assert not Statement.objects.filter(person=one.person_id, attribute="other").exists()
