"""Django's sessions in the database, stored so that a copy of the database opens none of them.

A row is found under a keyed hash of the session's key, and its content (who, since when, what a
sign-in under way needs) is sealed under a key made of that key. Both take `session.key`, which
lies outside the database: a copied table, or a reader of it, has neither a cookie to send nor a
word to read. Whoever has a cookie's value alone can do what its owner could, as ever.

Belongs here: how sessions are stored. Does not: how long they last, who sees and ends them.
"""

import base64
import json
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils.crypto import salted_hmac

from oslonac.kit.clock import now
from oslonac.vault.aead import CannotOpen, decrypt, encrypt

# 160 bits: the width of Django's column, and more than anybody guesses.
KEPT_LENGTH = 40
_CONTEXT = "session"


def stored_key(session_key: str | None) -> str:
    """What stands in the database for a session's key; "" for none."""
    if not session_key:
        return ""
    found = salted_hmac("oslonac.session.key", session_key, algorithm="sha256")
    return found.hexdigest()[:KEPT_LENGTH]


def _sealing_key(session_key: str) -> bytes:
    return salted_hmac("oslonac.session.data", session_key, algorithm="sha256").digest()


class SessionStore(DatabaseStore):
    """`session_key` is what the cookie holds; only its hash reaches a table."""

    def _own_key(self) -> str:
        found: str = self._get_or_create_session_key()  # type: ignore[attr-defined]
        return found

    def encode(self, session_dict: dict[str, Any]) -> str:
        plain = json.dumps(session_dict, separators=(",", ":")).encode()
        sealed = encrypt(_sealing_key(self._own_key()), plain, _CONTEXT)
        return base64.b64encode(sealed).decode()

    def decode(self, session_data: str | bytes) -> dict[str, Any]:
        """The content; empty when it does not open (another `session.key`, a changed row)."""
        try:
            sealed = base64.b64decode(session_data, validate=True)
            plain = decrypt(_sealing_key(self.session_key or ""), sealed, _CONTEXT)
            found: dict[str, Any] = json.loads(plain)
        except (CannotOpen, ValueError):
            return {}
        return found

    def _get_session_from_db(self) -> Any:
        found = self.model.objects.filter(session_key=stored_key(self.session_key)).first()
        if found is None or found.expire_date <= now():
            self._session_key = None
            return None
        return found

    def exists(self, session_key: str) -> bool:
        return bool(self.model.objects.filter(session_key=stored_key(session_key)).exists())

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        return self.model(
            session_key=stored_key(self._own_key()),
            session_data=self.encode(data),
            expire_date=self.get_expiry_date(),
        )

    async def acreate_model_instance(self, data: dict[str, Any]) -> Any:
        """Nothing of ours is asynchronous; this only keeps a raw key out in any case."""
        return self.create_model_instance(data)

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key:
            self.model.objects.filter(session_key=stored_key(key)).delete()
