"""Talking to the API as a person of the cast: JSON in, JSON out, the status asserted."""

import uuid
from typing import Any

from tests.cast import Member

API = "/api/v1"


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
