"""The lists that people pick from and read stand in the order of the alphabet of the page."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest

from oslonac.access.roles import Role
from oslonac.kit.clock import now
from tests import cast
from tests.http import page_of

pytestmark = pytest.mark.django_db


def _letters(text: str) -> list[str]:
    return text.split()


# Written down here, not read from the pack: what a reader expects.
ALPHABETS = {
    "sr-latn": _letters("a b c č ć d dž đ e f g h i j k l lj m n nj o p q r s š t u v w x y z ž"),
    "sr": _letters("а б в г д ђ е ж з и ј к л љ м н њ о п р с т ћ у ф х ц ч џ ш"),
}
LETTERS = {
    "sr-latn": re.compile(r"dž|lj|nj|\d+|[^\W\d]|\s|[-,.]"),
    "sr": re.compile(r"\d+|[^\W\d]|\s|[-,.]"),
}
WORDS = {"Čačak", "Čajetina", "Ćuprija", "Šabac", "Чачак", "Чајетина", "Ћуприја", "Шабац"}


def order(text: str, language: str) -> list[int]:
    found = []
    for letter in LETTERS[language].findall(text.casefold()):
        known = letter in ALPHABETS[language]
        found.append(ALPHABETS[language].index(letter) + 1 if known else 0)
    return found


def assert_in_order(names: list[str], language: str) -> None:
    """Names in the script of the page; those in another one (a foreign name) are passed over."""
    own = [
        n for n in names if set(re.findall(r"[^\W\d_]", n.casefold())) <= set(ALPHABETS[language])
    ]
    assert own == sorted(own, key=lambda name: order(name, language)), language
    assert len(own) > 5
    assert any(name.startswith(word) or f" {word}" in name for name in own for word in WORDS)


def options(page: str, tag: str, name: str) -> list[str]:
    """Labels of a select or of a datalist, without the empty choice."""
    found = re.search(rf"<{tag}[^>]*\b(?:name|id)=\"{name}\"[^>]*>(.*?)</{tag}>", page, re.DOTALL)
    assert found, (tag, name)
    rows = re.findall(r"<option value=\"([^\"]*)\"[^>]*>(?:([^<]*)</option>)?", found[1])
    return [html.unescape(label or value) for value, label in rows if value]


@pytest.mark.parametrize("language", ALPHABETS)
def test_centres_and_places_of_an_encounter(language: str) -> None:
    page = page_in(cast.teodora(), "/encounters/new/", language)
    assert_in_order(options(page, "select", "responsible"), language)
    assert_in_order(options(page, "datalist", "places"), language)


@pytest.mark.parametrize("language", ALPHABETS)
def test_the_directory(language: str) -> None:
    ana = cast.ana()
    page = page_in(ana, "/directory/", language)
    assert_in_order(options(page, "select", "city"), language)
    listed = page[page.index('<ul class="entries">') :].partition("</ul>")[0]
    names = re.findall(
        r'href="/directory/(?:organisations/)?[0-9a-f-]{36}/"[^>]*>(?:<bdi>)?([^<]+)', listed
    )
    assert len(names) > 10
    letters = set(ALPHABETS[language])
    own = [n for n in names if set(re.findall(r"[^\W\d_]", n.casefold())) <= letters]
    found = [order(" ".join(re.findall(r"\w+", name)), language) for name in own]
    assert found == sorted(found)


@pytest.mark.parametrize("language", ALPHABETS)
def test_organisations_of_the_administration(language: str, settings: Any) -> None:
    settings.OSLONAC_STEP_UP = False
    admin = cast.member("Admina Adminić", Role.ADMINISTRATOR)
    page = page_in(admin, "/administration/users/", language)
    assert_in_order(options(page, "select", "organisation"), language)


@pytest.mark.parametrize("language", ALPHABETS)
def test_people_offered_by_a_step(language: str) -> None:
    ana = cast.ana()
    case = cast.case(cast.teodora(), ana, at=now() - timedelta(hours=3))
    wanted = ["Cana C", "Čeda Č", "Ćira Ć", "Dana D", "Džo D", "Đole Đ", "Ljilja L", "Žika Ž"]
    for name in wanted[::-1]:
        cast.member(name, Role.CASE_MANAGER)
    page = page_in(cast.dragan(), f"/cases/{case.pk}/do/grant/", language)
    names = [label.split(",")[0] for label in options(page, "select", "user")]
    assert [name for name in names if name in wanted] == wanted


def page_in(who: cast.Member, path: str, language: str) -> Any:
    client = who.client()
    client.cookies["language"] = language
    answer = client.get(path)
    assert answer.status_code == 200, path
    return page_of(answer)
