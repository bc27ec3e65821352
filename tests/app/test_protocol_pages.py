"""The pages and papers of the procedures."""

import re
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils.html import escape

from oslonac.access.roles import Role
from oslonac.kit.clock import now
from oslonac.protocols import editions, library
from oslonac.protocols.models import Edition
from tests import cast
from tests.http import page_of
from tests.next_version import next_version, version_of

pytestmark = pytest.mark.django_db
CSW = "csw-case-management"


@pytest.fixture
def client() -> Client:
    return cast.member("Lidija R.", Role.INTERPRETER).client()


def body(client: Client, url: str, language: str = "en") -> str:
    client.cookies["language"] = language
    response = client.get(url)
    assert response.status_code == 200, (url, response.status_code)
    return page_of(response)


@pytest.fixture(autouse=True)
def _nothing_checked_yet() -> None:
    cache.clear()


def test_the_list_names_every_procedure_with_version_norms_and_check(client: Client) -> None:
    # The worker checks, no page: until it has, the page says so.
    with patch("oslonac.protocols.modelcheck.check", side_effect=AssertionError("in a request")):
        assert "being checked" in body(client, "/protocols/")
        body(client, f"/protocols/{CSW}/")
    assert library.check_anew()
    assert not library.check_anew()
    page = body(client, "/protocols/")
    current = editions.current()
    rows = Edition.objects.filter(pk__in=current.editions)
    assert rows.count() >= 10
    for row in rows:
        assert f'href="/protocols/{row.protocol}/"' in page
    assert page.count("nothing found") == rows.count()
    assert "verified" in page
    assert "as guidance" in page
    assert 'href="/protocols/"' in page.split("<main")[0]


@pytest.mark.parametrize("language", ["en", "sr", "sr-latn"])
def test_every_procedure_has_its_page_with_picture_table_and_sources(
    client: Client, language: str
) -> None:
    for row in Edition.objects.filter(pk__in=editions.current().editions):
        page = body(client, f"/protocols/{row.protocol}/", language)
        protocol = editions.protocol_of(row.pk)
        tag = {"en": "en", "sr": "sr-Cyrl", "sr-latn": "sr-Latn"}[language]
        assert protocol.title[tag] in page
        assert page.count("<svg xmlns") == 1
        asked = [step for step in protocol.steps.values() if not step.observed]
        for step in asked:
            assert f'id="step-{step.id}"' in page
            assert f'href="#step-{step.id}"' in page
        assert "style=" not in page.replace("font-style=", "")
        assert "<style" not in page


def test_a_step_of_a_case_leads_to_its_row(client: Client) -> None:
    protocol = next(p for p in editions.procedure_of(None).protocols if p.id == CSW)
    step = next(step for step in protocol.steps.values() if not step.observed)
    answer = client.get(f"/protocols/steps/{step.id}/")
    assert answer.status_code == 302
    assert answer["Location"] == f"/protocols/{CSW}/#step-{step.id}"
    assert client.get("/protocols/steps/no-such-step/").status_code == 404


def test_what_is_guidance_is_marked_and_sources_say_whether_they_were_read(client: Client) -> None:
    page = body(client, "/protocols/accommodation-limits/")
    assert "not confirmed: guidance only" in page
    edition = Edition.objects.get(
        pk__in=editions.current().editions, protocol="accommodation-limits"
    )
    sources = editions.protocol_of(edition.pk).sources.values()
    read = [escape(source.read) for source in sources if source.norm.verified]
    others = [escape(source.read) for source in sources if not source.norm.verified]
    assert read and others
    assert all(f"read: {where}" in page for where in read)
    assert not [where for where in others if f"read: {where}" in page]


def test_an_older_version_is_kept_and_what_changed_is_told(client: Client) -> None:
    old = editions.current()
    row = Edition.objects.get(pk__in=old.editions, protocol=CSW)
    title = (
        editions.protocol_of(row.pk).steps["raise_concerns"].title["en"]
        if ("raise_concerns" in editions.protocol_of(row.pk).steps)
        else next(
            s.title["en"] for s in editions.protocol_of(row.pk).steps.values() if not s.observed
        )
    )
    text = next_version(row.text).replace(title, f"{title}, anew")
    assert title in row.text
    new = Edition.objects.create(
        id=editions.edition_id(text),
        protocol=CSW,
        version=version_of(text),
        file=row.file,
        text=text,
        loaded_at=now() + timedelta(hours=1),
    )
    editions.make_current([pk for pk in old.editions if pk != row.pk] + [new.pk])
    page = body(client, f"/protocols/{CSW}/")
    assert f"Version {version_of(text)}" in page
    assert f"What changed since version {row.version}" in page
    assert re.search(rf"<del>{re.escape(title)}</del>", page)
    assert re.search(rf"<ins\s*>{re.escape(title)}, anew</ins>", page)
    older = body(client, f"/protocols/{CSW}/?version={row.pk}")
    assert "This version is kept for the cases that use it." in older
    assert f"{title}, anew" not in older


def test_a_version_or_procedure_that_is_none_is_not_found(client: Client) -> None:
    for url in ("nothing/", f"{CSW}/?version=x", "nothing/dcr.xml", f"{CSW}/booklet/xx.pdf"):
        assert client.get(f"/protocols/{url}").status_code == 404, url


@pytest.mark.parametrize("tag", ["en", "sr-Latn", "sr-Cyrl"])
def test_the_booklet_is_a_pdf_in_each_language(client: Client, tag: str) -> None:
    for url in (f"/protocols/booklet/{tag}.pdf", f"/protocols/{CSW}/booklet/{tag}.pdf"):
        answer = client.get(url)
        assert answer["Content-Type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF")
        assert len(answer.content) > 20_000


def test_the_picture_and_the_exchange_form_are_files(client: Client) -> None:
    picture = client.get(f"/protocols/{CSW}/diagram.svg")
    assert picture["Content-Type"] == "image/svg+xml"
    assert "attachment" in picture["Content-Disposition"]
    assert b"<style>" in picture.content
    exchange = client.get(f"/protocols/{CSW}/dcr.xml")
    assert b"<dcrgraph" in exchange.content


def test_nobody_without_an_account_reads_them() -> None:
    assert Client().get("/protocols/").status_code == 302
