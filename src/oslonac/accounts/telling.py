"""Notices to users that their sign-in was changed or used on a new device.

The inbox is a package above this one and registers itself here. Belongs here: the door. Does not:
what the notice says (`notices.apps`), what is recorded in the ledger (`journal`, `actions`).
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from oslonac.kit.once import Once

NEW_DEVICE, CHANGED = "sign_in.new_device", "sign_in.changed"
Listener = Callable[[UUID, str, datetime, Mapping[str, Any]], None]
LISTENERS: list[Listener] = Once()


def told(user_id: UUID, kind: str, at: datetime, **data: str) -> None:
    """Tell the owner of an account, also of what was done in their own name: that is the point.

    Call it inside a transaction. `data`: codes and a device in words, nothing personal.
    """
    for listener in LISTENERS:
        listener(user_id, kind, at, data)
