"""The fuzzers would find what they look for: each check is shown the fault that it is for."""

import logging
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from oslonac.audit.models import Event
from oslonac.kit.clock import now
from tests.fuzzing import values
from tests.fuzzing.listening import insides, leaks, listening
from tests.fuzzing.pages import Page
from tests.promises.test_form_fuzzer import Sender
from tests.stolen import Thief

NAME = "Zvezdana Kanarinac-Ptičić"
FORM = """<form method="post"><input name="who" value="{}"><textarea name="why">
{}</textarea><input type="hidden" name="request_key" value="1"><select name="kind"><option value="">
<option value="a" selected></select><input type="radio" name="r" value="1">
<input type="radio" name="r" value="2" checked></form>"""


@pytest.mark.parametrize("typed", values.MARKUP)
def test_an_element_that_was_typed_is_seen_and_an_escaped_one_is_not(typed: str) -> None:
    from html import escape

    raw = f"<p title='{typed}'>{typed}</p><textarea>{typed}</textarea>"
    assert Page(raw, "/").foreign
    kept = escape(typed)
    assert not Page(f'<p title="{kept}">{kept}</p><textarea>{kept}</textarea>', "/").foreign


@pytest.mark.parametrize(
    "shown",
    [
        "Traceback (most recent call last)",
        "Case.DoesNotExist",
        'SELECT "cases_case"."id" FROM "cases_case"',
        "/srv/app/src/oslonac/cases/views/step.py",
        "django.db.utils failed",
        "new row violates row-level security policy",
        "<Case: Case object (1)>",
        "ValueError: 12",
    ],
)
def test_the_inside_of_the_program_is_seen(shown: str) -> None:
    assert insides(f"<p>Something went wrong. {shown} Try again.</p>")
    assert not insides(f"<p>You typed {shown}</p>", [shown])
    assert not insides("<p>Select a centre. This update was not saved; the error is ours.</p>")


def test_a_form_is_read_as_a_browser_reads_it() -> None:
    (form,) = Page(FORM.format("a&amp;b", "x"), "/here/?a=1").forms
    assert (form.action, form.method, form.names) == (
        "/here/?a=1",
        "post",
        ("kind", "r", "request_key", "who", "why"),
    )
    assert dict(form.values()) == {
        "who": "a&b",
        "why": "x",
        "request_key": "1",
        "kind": "a",
        "r": "2",
    }


def answering(html: str, status: int) -> Any:
    class Answers(Client):
        def generic(self, *args: Any, **more: Any) -> Any:
            return HttpResponse(html, status=status)

    return Answers()


def faults(html: str, status: int, **said: str) -> dict[str, str]:
    """What the fuzzer says of one answer."""
    sender = object.__new__(Sender)
    sender.name, sender.faults, sender.answers = "tester", {}, Counter()
    sender.client = sender.old = answering(html, status)
    (form,) = Page(FORM.format("", ""), "/here/").forms
    sender.post("here", form, values.Sending(list(said.items()), [], False), _Never())
    return sender.faults


class _Never(values.Random):
    def random(self) -> float:
        return 0.99


def test_the_form_fuzzer_complains_of_each_kind_of_fault() -> None:
    good = FORM.format("Ana", "Noću")
    assert faults(good, 422, who="Ana", why="Noću") == {}
    assert "was not kept" in str(faults(good, 422, who="Ana", why="Danju"))
    assert "is gone" in str(faults("<p>No.</p>", 422, who="Ana"))
    assert "500" in str(faults("x", 500, who="Ana"))
    assert "became an element" in str(faults(f"<p>{values.MARKUP[0]}</p>", 200, who="Ana"))
    assert "shows its inside" in str(faults("<p>KeyError</p>", 404, who="Ana"))


@pytest.mark.django_db
def test_a_name_is_found_wherever_it_is_told(tmp_path: Path) -> None:
    thief = Thief([NAME])
    with listening() as heard:
        assert leaks(thief, heard, "", tmp_path) == {}
        logging.getLogger("somebody.elses").warning("seen: %s", NAME)
    assert set(leaks(thief, heard, "", tmp_path)) == {"log"}
    heard.lines.clear()
    assert set(leaks(thief, heard, f"x {NAME}", tmp_path)) == {"stream"}
    (tmp_path / "a.log").write_text(NAME)
    assert set(leaks(thief, heard, "", tmp_path)) == {str(tmp_path / "a.log")}
    (tmp_path / "a.log").unlink()
    Event.objects.create(name="case.noted", outcome="done", at=now(), data={"who": NAME}, mac=b"x")
    assert set(leaks(thief, heard, "", tmp_path)) == {"ledger"}
