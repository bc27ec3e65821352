"""Making a request as somebody, through the whole stack, without a trace.

Requests go through middleware, guards, views and actions by Django's test client, each inside a
transaction that is rolled back, so that ten thousand of them see the same world.
"""

import contextlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from unittest import mock
from uuid import UUID, uuid4

from allauth.account.internal.flows.login import record_authentication
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from oslonac.accounts.journal import PROVED
from oslonac.accounts.models import User
from oslonac.audit import actions as audit
from oslonac.audit.models import Event, Outcome
from oslonac.kit.ids import uuid7
from oslonac.web import pdf
from tools.access_matrix.bodies import FILE
from tools.access_matrix.expected import Answer
from tools.access_matrix.walk import API, NAMED, READS, Request

_HOST = "localhost"
_WORDS: Mapping[str, Any] = {
    "code": "rs-vranje",
    "name": "concerns",
    "slug": "caseload",
    "revision": 1,
    "kind": "caseload",
    "form": "csv",
    "tag": "en",
    "protocol": "unaccompanied-child",
    "provider_id": "work",
    "pk": 1,
}


@dataclass
class Asked:
    """How a request ended. `done`: actions that were carried out; `denied`: events that say what
    was refused, and of which record."""

    status: int
    answer: Answer
    body: str
    done: tuple[str, ...] = ()
    denied: tuple[UUID | None, ...] = ()

    @property
    def let_in(self) -> bool:
        """Let in, and nothing in the way: the page was shown or the step was taken."""
        return self.answer == Answer.LET_IN and self.status < 400


@dataclass
class Asker:
    """One person with a browser session that has just been proved; nobody when `user` is None.

    `records`: ids by parameter name, see `world.World`; `own`: those of this person's account.
    """

    user: User | None
    records: Mapping[str, UUID]
    own: Mapping[str, UUID] = field(default_factory=dict)
    instead: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.client = Client(raise_request_exception=False, HTTP_HOST=_HOST)
        if self.user is not None:
            self.client.force_login(self.user, backend="oslonac.accounts.backends.LoginName")
            session = self.client.session
            session[PROVED] = True
            record_authentication(SimpleNamespace(session=session), self.user, "mfa")
            session.save()
        self.saved = dict(self.client.cookies.items())

    @classmethod
    def like(cls, other: "Asker", ids: Mapping[str, Any]) -> "Asker":
        """The same person in the same session, who names these records instead."""
        made = cls(None, other.records, other.own, ids)
        made.client, made.saved = other.client, other.saved
        return made

    def ask(
        self, request: Request, body: Any = None, use: Mapping[str, str] | None = None
    ) -> Asked:
        """`use`: which variant of a record to name, by parameter (`{"case_id": "closed"}`)."""
        address = self.address(request, use or {})
        started = uuid7()
        done: list[str] = []
        with transaction.atomic(), _watching(done):
            response = self._send(request, address, body)
            # A streamed answer reads the database while it is sent.
            raw = b"".join(response.streaming_content) if response.streaming else response.content
            denied = Event.objects.filter(pk__gt=started, outcome=Outcome.DENIED)
            told = tuple(denied.values_list("record_id", flat=True))
            transaction.set_rollback(True)
        self.client.cookies.clear()
        self.client.cookies.update(self.saved)
        text = raw.decode(errors="replace")
        return Asked(response.status_code, answer_of(response), text, tuple(done), told)

    def address(self, request: Request, use: Mapping[str, str]) -> str:
        """The address with real ids."""
        return NAMED.sub(lambda found: str(self.record(request, found[1], use)), request.path)

    def record(self, request: Request, name: str, use: Mapping[str, str]) -> Any:
        """What stands for a parameter: a record of the file, one's own, or a plain word."""
        if name in self.instead:
            return self.instead[name]
        variant = use.get(name, "")
        if variant.startswith("="):
            return variant[1:]
        if variant.startswith("@"):
            return self.records[variant[1:]]
        wanted = f"{name}.{variant}" if variant else name
        if "/tracing/" in request.path and f"tracing.{name}" in self.records:
            wanted = f"tracing.{name}"
        if not variant and name in self.own:
            return self.own[name]
        found = self.records.get(wanted)
        return found if found is not None else _WORDS.get(name) or uuid4()

    def _send(self, request: Request, address: str, body: Any) -> Any:
        if request.method == READS:
            return self.client.get(address, body or {})
        if request.path.startswith(API) and not _has_file(body):
            data = "" if body is None else json.dumps(body)
            return self.client.generic(request.method, address, data, "application/json")
        return self.client.post(address, _with_files(body or {}))


def _has_file(body: Any) -> bool:
    return isinstance(body, Mapping) and FILE in body.values()


def _with_files(body: Mapping[str, Any]) -> dict[str, Any]:
    """FILE stands for something to upload; it is read to its end each time it is sent."""
    return {
        name: SimpleUploadedFile("note.txt", b"A note.\n") if said == FILE else said
        for name, said in body.items()
    }


@contextlib.contextmanager
def _watching(done: list[str]) -> Iterator[None]:
    """Note which actions are carried out to their end."""
    perform = audit._perform

    def performed(function: Any, name: str, *arguments: Any) -> Any:
        result = perform(function, name, *arguments)
        done.append(name)
        return result

    with mock.patch.object(audit, "_perform", performed):
        yield


@contextlib.contextmanager
def papers_as_text() -> Iterator[None]:
    """Papers are not typeset: their texts are looked at instead, which a PDF would hide."""

    def plain(template: str, data: Any, **_form: Any) -> bytes:
        return json.dumps([template, data], ensure_ascii=False, default=str).encode()

    with mock.patch.object(pdf, "_compile", plain):
        yield


def answer_of(response: Any) -> Answer:
    """What a response says about access."""
    status = response.status_code
    if status >= 500:
        return Answer.FAILED
    if status == 401 or (status == 302 and "/account/login/" in response.headers["Location"]):
        return Answer.SIGN_IN
    if status == 405:
        return Answer.NO_SUCH_METHOD
    if status == 403:
        return Answer.FORBIDDEN
    return Answer.HIDDEN if status == 404 else Answer.LET_IN
