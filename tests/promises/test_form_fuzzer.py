"""Whatever is typed into any form or address: an answer in words, nothing of the inside, no leak.

Every page that a reader is shown is read for forms and parameters, and each is sent what people and
attackers send. Belongs here: what must hold of every answer. Does not: the values
(`fuzzing/values`), what single forms mean (the tests of their package).
"""

import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from oslonac.access import sight
from oslonac.cases.steps import registry
from tests.fuzzing import canaries, stage, values
from tests.fuzzing.crawling import LEFT_OUT, Walk
from tests.fuzzing.listening import insides, leaks, listening
from tests.fuzzing.pages import Form, Page
from tests.promises.test_every_route_every_role import PARAMETER, WALKED
from tests.stolen import Thief

READERS = ("manager",)
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
    committed = stage.committed(database_server, database_template, folder)
    with django_db_blocker.unblock(), committed, sight.system():
        yield stage.build(), folder


def beginnings(staged: stage.Stage) -> list[str]:
    """The start page, every route with ids of real records, every step on the reader's child."""
    ids: dict[str, Any] = {name: rows[0] for name, rows in staged.ids().items() if rows}
    ids |= {"case_id": staged.own.pk, "encounter_id": staged.own.encounter_id}
    ids |= {"person_id": staged.own.person_id, "code": "rs-vranje", "slug": "contact"}
    found = ["/", f"/cases/{staged.own.pk}/"]
    for route, _entry in WALKED:
        if not route.startswith("api/"):
            found.append("/" + PARAMETER.sub(lambda name: str(ids.get(name[1], 1)), route))
    found += [
        f"/cases/{staged.own.pk}/do/{step.slug}/"
        for step in registry.all_steps()
        if step.on is None
    ]
    return [each for each in found if not LEFT_OUT.match(each)]


class Sender:
    """Sends, judges the answers, and collects what is wrong instead of stopping at the first."""

    def __init__(self, staged: stage.Stage, name: str) -> None:
        self.member, self.name = staged.readers[name], name
        self.answers: Counter[int] = Counter()
        self.faults: dict[str, str] = {}
        self.sign_in()

    def sign_in(self) -> None:
        self.client = stage.signed_in(self.member)

    def fault(self, where: str, what: str, more: str = "") -> None:
        self.faults.setdefault(f"{where}: {what[:140]}", f"[{self.name}] {more[:700]}")

    def post(self, place: str, form: Form, said: values.Sending, language: str) -> None:
        body, kind = said.body()
        self.client.cookies["language"] = language
        address = urlsplit(form.action)
        path = address.path + (f"?{address.query}" if address.query else "")
        answer = self.client.generic("POST", path, body, content_type=kind)
        self.judge(f"POST {place}", answer, said.typed(), str(said.pairs))
        if answer.status_code == 422 and not said.kind:
            self._kept(place, form, said, answer)
        elsewhere = answer.status_code == 302 and "/account/login" in answer["Location"]
        if elsewhere or not self.client.cookies.get("sessionid"):
            self.sign_in()

    def get(self, path: str, query: str, language: str) -> None:
        self.client.cookies["language"] = language
        answer = self.client.get(f"{path}?{query}")
        self.judge(f"GET {path}", answer, [], query)

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
        if foreign := Page(text, "/").foreign:
            self.fault(where, "what was typed became an element", f"{foreign} {more}")

    def _kept(self, place: str, form: Form, said: values.Sending, answer: Any) -> None:
        """A refused form still holds what was typed into it."""
        text = answer.content.decode()
        page = Page(text, form.where)
        back = {each.name: each for shown in page.forms for each in shown.fields}
        typed = Counter(name for name, _value in said.pairs)
        for each in form.fields:
            if each.kind not in TEXT_KINDS or typed[each.name] != 1 or each.name == "once":
                continue
            value = next(value for name, value in said.pairs if name == each.name)
            if each.name not in back:
                self.fault(f"POST {place}", f"the field {each.name} is gone after 422", text[:300])
            elif _plain(back[each.name].value) != _plain(value):
                told = f"{values.shortened(value)} became {values.shortened(back[each.name].value)}"
                self.fault(f"POST {place}", f"{each.name} was not kept", told)


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
    rules = settings(
        max_examples=examples, phases=[Phase.generate], derandomize=True, database=None,
        deadline=None, suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    for (place, _names), form in sorted(walk.forms.items()):

        @rules
        @given(chance=st.randoms(use_true_random=True), language=st.sampled_from(LANGUAGES))
        def one(chance: Random, language: str) -> None:
            sender.post(place, form, values.sending(form, chance), language)

        one()
    for path, names in sorted(walk.parameters.items()):

        @rules
        @given(chance=st.randoms(use_true_random=True), language=st.sampled_from(LANGUAGES))
        def ask(chance: Random, language: str) -> None:
            sender.get(path, values.parameters(sorted({*names, "page"}), chance), language)

        ask()


def test_no_form_and_no_address_breaks_leaks_or_runs_what_was_typed(
    world: tuple[stage.Stage, Path], settings: Any, request: Any, capfd: Any
) -> None:
    settings.OSLONAC_STEP_UP = True
    settings.OSLONAC_STEP_UP_MINUTES = 600
    staged, folder = world
    thief = Thief(canaries.sealed_texts() | set(canaries.TYPED))
    capfd.readouterr()
    import time
    DEBUG, began = [], time.process_time()
    faults: dict[str, str] = {}
    answers: Counter[int] = Counter()
    with listening() as heard:
        for name in READERS:
            sender = Sender(staged, name)
            walk = Walk(sender.client, name)
            walk.begin(beginnings(staged))
            fuzz(sender, walk, request.config.getoption("examples"))
            DEBUG.append((name, len(walk.forms), len(walk.parameters), len(walk.statuses), Counter(walk.statuses.values()), dict(sender.answers), sorted(str(k) for k in walk.forms), {k: v for k, v in walk.statuses.items() if v >= 400}, walk.parameters, time.process_time() - began))
            faults = sender.faults | faults
            answers += sender.answers
    import pprint
    Path("/tmp/fz/counts.txt").write_text(pprint.pformat(DEBUG, width=200))
    assert not faults, "\n\n".join(f"{k}\n   {v}" for k, v in sorted(faults.items()))
    assert leaks(thief, heard, "".join(capfd.readouterr()), folder) == {}
