"""Talking to the product as a person of the cast: the API in JSON, and pages as they read.

A page is compared as `page_of` gives it, so that no test depends on how a template is laid out.
"""

import re
import uuid
from typing import Any

from tests.cast import Member

API = "/api/v1"

# What keeps its white space in a browser, and what no reader sees.
_KEPT = re.compile(
    r"(<(?:textarea|pre|script|style)\b.*?</(?:textarea|pre|script|style)>)", re.DOTALL
)


def squeezed(html: str) -> str:
    """HTML without the white space of its layout: none beside a tag, one blank elsewhere."""
    parts = _KEPT.split(html)
    for place in range(0, len(parts), 2):
        parts[place] = re.sub(r"\s*(<[^>]*>)\s*", r"\1", re.sub(r"\s+", " ", parts[place]))
    return "".join(parts)


def page_of(response: Any) -> str:
    """The page that a response holds, squeezed."""
    return squeezed(response.content.decode())


class Http:
    """One signed-in person. Every write carries a key of its own."""

    def __init__(self, who: Member) -> None:
        self.who = who
        self.client = who.client()

    def get(self, path: str, status: int = 200) -> Any:
        response = self.client.get(API + path)
        assert response.status_code == status, (path, response.status_code, response.content)
        return response.json()

    def post(self, path: str, expect: int | tuple[int, ...] = (200, 201), **body: Any) -> Any:
        response = self.client.post(
            API + path,
            body,
            content_type="application/json",
            headers={"Idempotency-Key": uuid.uuid4().hex},
        )
        allowed = (expect,) if isinstance(expect, int) else expect
        assert response.status_code in allowed, (path, response.status_code, response.content)
        return response.json()

    def duties(self, case_id: str, state: str = "open") -> dict[str, Any]:
        """Obligations of a case by activity."""
        found = self.get(f"/cases/{case_id}/obligations")
        rows = found["items"] if isinstance(found, dict) else found
        return {row["activity"]: row for row in rows if row["state"] == state}
