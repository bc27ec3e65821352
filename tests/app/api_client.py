"""A client of the JSON API that acts with a token, as a program would."""

import json
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from oslonac.accounts import actions
from tests import cast

ROOT = "/api/v1"


class Api:
    """Requests in the name of one member of the cast. Answers carry `.data`, the read JSON, or
    `.body`, the bytes of a file."""

    def __init__(self, who: cast.Member) -> None:
        actor = who.actor()
        from oslonac.kit.clock import now

        made = actions.make_token(actor=actor, at=now(), user=who.user, label="test")
        self.headers = {"Authorization": f"Bearer {made.secret}"}  # type: ignore[attr-defined]
        self.client = Client(raise_request_exception=False)

    def get(self, path: str, **query: Any) -> Any:
        return _read(self.client.get(ROOT + path, query, headers=self.headers))

    def post(self, path: str, body: Any = None, *, key: str = "", method: str = "POST") -> Any:
        headers = self.headers | ({"Idempotency-Key": key} if key else {})
        content = b"" if body is None else json.dumps(body).encode()
        return self.raw(path, content, method=method, headers=headers)

    def form(self, path: str, fields: Any, content: bytes = b"", *, key: str = "") -> Any:
        """A form with one file, as a program sends it."""
        headers = self.headers | ({"Idempotency-Key": key} if key else {})
        file = {"file": SimpleUploadedFile("nalaz.pdf", content)} if content else {}
        return _read(self.client.post(ROOT + path, fields | file, headers=headers))

    def put(self, path: str, body: Any, **more: Any) -> Any:
        return self.post(path, body, method="PUT", **more)

    def raw(self, path: str, content: bytes, *, method: str = "POST", **more: Any) -> Any:
        more.setdefault("headers", self.headers)
        more.setdefault("content_type", "application/json")
        return _read(self.client.generic(method, ROOT + path, content, **more))

    def made(self, path: str, body: Any = None, **more: Any) -> Any:
        """Post, expect success, return what came back."""
        answer = self.post(path, body, **more)
        assert answer.status_code in (200, 201), (path, answer.status_code, answer.data)
        return answer.data


def _read(answer: Any) -> Any:
    if answer.streaming:  # a file
        answer.body, answer.data = b"".join(answer.streaming_content), None
    else:
        answer.data = json.loads(answer.content) if answer.content else None
    return answer
