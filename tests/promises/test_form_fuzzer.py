"""Whatever is typed into any form or address: an answer in words, nothing of the inside, no leak.

Every page that a reader is shown is read for forms and parameters, and each is sent what people and
attackers send. Belongs here: what must hold of every answer. Does not: the values
(`fuzzing/values`), what single forms mean (the tests of their package).
"""

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from oslonac.access import reader
from oslonac.accounts.guards import PUBLIC, permissions_of
from oslonac.cases.steps import registry
from tests import folders
from tests.fuzzing import canaries, stage, values
from tests.fuzzing.crawling import Walk
from tests.fuzzing.listening import insides, leaks, listening
from tests.fuzzing.pages import Form, Page
from tests.routes import PARAMETER, walked
from tests.stolen import Thief

FEW = ("manager", "head", "administrator", "auditor", "nobody")
ALL = (*FEW, "field worker", "supervisor", "lawyer", "elsewhere", "ngo", "editor", "analyst")
LANGUAGES = ("en", "sr-latn", "sr")
TEXT_KINDS = (
    "text",
    "textarea",
    "search",
    "tel",
    "email",
    "url",
    "date",
    "number",
    "datetime-local",
)


@pytest.fixture(scope="module")
def world(
    database_server: Any,
    database_template: str,
    django_db_setup: None,
    django_db_blocker: Any,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[stage.Stage, Path]]:
    folder = tmp_path_factory.mktemp("data")
    committed = folders.world(database_server, database_template, folder)
    with django_db_blocker.unblock(), committed, reader.system():
        yield stage.build(), folder


def beginnings(staged: stage.Stage, name: str) -> list[str]:
    """The start page, every route that the reader's posts permit, every step on the child."""
    member = staged.readers.get(name)
    may = {PUBLIC} | (set(member.actor().permissions) if member else set())
    ids: dict[str, Any] = {name: rows[0] for name, rows in staged.ids().items() if rows}
    ids |= {"case_id": staged.own.pk, "encounter_id": staged.own.encounter_id}
    ids |= {"person_id": staged.own.person_id, "code": "rs-vranje", "slug": "contact"}
    found = ["/", f"/cases/{staged.own.pk}/"]
    for route, entry in walked():
        if not route.startswith("api/") and permissions_of(entry.callback) & may:
            found.append("/" + PARAMETER.sub(lambda at: str(ids.get(at[1], 1)), route))
    for step in registry.all_steps():
        if step.part is None and step.permission in may:
            found.append(f"/cases/{staged.own.pk}/do/{step.slug}/")
    return found


class Sender:
    """Sends, judges the answers, and collects what is wrong instead of stopping at the first."""

    def __init__(self, staged: stage.Stage, name: str) -> None:
        self.member, self.name = staged.readers.get(name), name
        self.answers: Counter[int] = Counter()
        self.faults: dict[str, str] = {}
        self.sign_in()

    def sign_in(self) -> None:
        """A session with a fresh proof and one whose proof is an hour old; nobody has none."""
        if self.member is None:
            self.client = self.old = Client(raise_request_exception=False)
        else:
            self.client = stage.signed_in(self.member)
            self.old = stage.signed_in(self.member, fresh=False)

    def fault(self, where: str, what: str, more: str = "") -> None:
        self.faults.setdefault(f"{where}: {what[:140]}", f"[{self.name}] {more[:700]}")

    def post(self, place: str, form: Form, said: values.Sending, chance: Random) -> None:
        body, kind = said.body()
        client = self.old if chance.random() < 0.1 else self.client
        client.cookies["language"] = chance.choice(LANGUAGES)
        headers = {"HX-Request": "true"} if chance.random() < 0.1 else {}
        address = urlsplit(form.action)
        path = address.path + (f"?{address.query}" if address.query else "")
        answer = client.generic("POST", path, body, content_type=kind, headers=headers)
        self.judge(f"POST {place}", answer, said.typed(), str(said.pairs))
        if not said.kind and not headers:
            self._kept(place, form, said, answer)
        if _signed_out(answer):
            self.sign_in()

    def get(self, path: str, query: str, chance: Random) -> None:
        self.client.cookies["language"] = chance.choice(LANGUAGES)
        self.judge(f"GET {path}", self.client.get(f"{path}?{query}"), [], query)

    def look(self, where: str, answer: Any) -> None:
        """Judge a page that was only opened."""
        self.judge(where, answer, [], "")

    def judge(self, where: str, answer: Any, typed: list[str], more: str) -> None:
        status = answer.status_code
        self.answers[status] += 1
        if status >= 500:
            self.fault(where, _why(answer), more)
            return
        if answer.streaming or not answer["Content-Type"].startswith("text/html"):
            return
        text = answer.content.decode()
        if shown := insides(text if status >= 400 else "", typed):
            self.fault(where, f"{status} shows its inside", shown)
        if not any("['" in each for each in typed) and "[&#x27;" in text:
            self.fault(where, f"{status} shows a list instead of a sentence", more)
        if foreign := Page(text, "/").foreign:
            self.fault(where, "what was typed became an element", f"{foreign} {more}")

    def _kept(self, place: str, form: Form, said: values.Sending, answer: Any) -> None:
        """What was refused, or waits for a proof of who acts, still holds what was typed."""
        asks = answer.status_code == 403 and b'name="stepup' in answer.content
        if answer.status_code != 422 and not asks:
            return
        page = Page(answer.content.decode(), form.where)
        back = {each.name: each.value for shown in page.forms for each in shown.fields}
        typed = Counter(name for name, _value in said.pairs)
        for each in form.fields:
            if each.kind not in TEXT_KINDS or typed[each.name] != 1 or each.name == "request_key":
                continue
            value = next(value for name, value in said.pairs if name == each.name)
            if each.name not in back:
                self.fault(f"POST {place}", f"the field {each.name} is gone", str(said.pairs))
            elif _plain(back[each.name]) != _plain(value):
                told = f"{values.shortened(value)} became {values.shortened(back[each.name])}"
                self.fault(f"POST {place}", f"{each.name} was not kept", told)


def _signed_out(answer: Any) -> bool:
    return answer.status_code == 302 and "/account/login" in answer["Location"]


def _plain(text: str) -> str:
    """Without what a browser, a header or the database cannot hold."""
    text = "".join(c for c in text if unicodedata.category(c)[0] not in "CZ" and c != "\ufffd")
    return unicodedata.normalize("NFC", text)


def _why(answer: Any) -> str:
    info = getattr(answer, "exc_info", None)
    if not info:
        return f"{answer.status_code}"
    frames, last = [], info[2]
    while last is not None:
        name = last.tb_frame.f_code.co_filename
        if "/oslonac/" in name:
            frames.append(f"{name.rsplit('/oslonac/', 1)[1]}:{last.tb_lineno}")
        last = last.tb_next
    return f"{answer.status_code} {info[0].__name__}: {str(info[1])[:100]} at {frames[-2:]}"


def fuzz(sender: Sender, walk: Walk, examples: int) -> None:
    """Each form `examples` times, each page with parameters as often."""
    for (place, _names), form in sorted(walk.forms.items()):
        _often(partial(_send, sender, place, form), place, examples)
    for path, names in sorted(walk.parameters.items()):
        _often(partial(_ask, sender, path, sorted({*names, "page"})), path, examples)


def _often(send: Callable[[Random], None], place: str, examples: int) -> None:
    """Hypothesis draws; its first draw is always the same, so a single one is seeded by hand."""
    if examples == 1:
        send(Random(place))
        return

    @settings(
        max_examples=examples,
        phases=[Phase.generate],
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(chance=st.randoms(use_true_random=True))
    def one(chance: Random) -> None:
        send(chance)

    one()


def _send(sender: Sender, place: str, form: Form, chance: Random) -> None:
    sender.post(place, form, values.sending(form, chance), chance)


def _ask(sender: Sender, path: str, names: list[str], chance: Random) -> None:
    sender.get(path, values.parameters(names, chance), chance)


def go(
    staged: stage.Stage, folder: Path, readers: Iterable[str], examples: int, streams: Any
) -> Counter[int]:
    """Walk, send, and walk again over what was stored, as each reader; the answers by status."""
    thief = Thief(canaries.sealed_texts() | set(canaries.TYPED))
    faults: dict[str, str] = {}
    answers: Counter[int] = Counter()
    known: set[Any] = set()
    streams.readouterr()
    with listening() as heard:
        for name in readers:
            sender = Sender(staged, name)
            walk = Walk(sender.client, sender.look)
            walk.begin(beginnings(staged, name))
            if examples == 1:  # a form that somebody was shown already is not sent again
                walk.forms = {key: form for key, form in walk.forms.items() if key not in known}
                known |= walk.forms.keys()
            fuzz(sender, walk, examples)
            if examples > 1 or name == "manager":
                again = Walk(sender.client, sender.look, files=True)
                again.begin([path for path, code in walk.statuses.items() if code == 200])
            faults = sender.faults | faults
            answers += sender.answers
    assert not faults, "\n\n".join(f"{k}\n   {v}" for k, v in sorted(faults.items()))
    assert leaks(thief, heard, "".join(streams.readouterr()), folder) == {}
    return answers


@pytest.fixture
def asked_again(settings: Any) -> None:
    """Steps that guard much want a proof of who acts, as in the product."""
    settings.OSLONAC_STEP_UP = True
    settings.OSLONAC_STEP_UP_MINUTES = 600


@pytest.mark.long
@pytest.mark.usefixtures("asked_again")
def test_no_form_and_no_address_breaks_leaks_or_runs_what_was_typed(
    world: tuple[stage.Stage, Path], capfd: Any
) -> None:
    answers = go(*world, FEW, 1, capfd)
    assert min(answers[200], answers[302], answers[422]) >= 30, answers


@pytest.mark.long
@pytest.mark.usefixtures("asked_again")
def test_the_same_for_every_role_and_for_long(
    world: tuple[stage.Stage, Path], request: Any, capfd: Any
) -> None:
    examples = request.config.getoption("examples")
    answers = go(*world, ALL, examples, capfd)
    assert min(answers[200], answers[302], answers[422]) >= 40 * examples, answers
