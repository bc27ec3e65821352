"""Notices about the own account: a new device, a changed password or second factor.

They also leave at night: whoever did not do it has to act. Belongs here: their words. Does not:
when they are sent (`accounts.journal`, `accounts.actions`).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from oslonac.accounts import telling
from oslonac.audit.events import title_of
from oslonac.notices.actions import notify
from oslonac.notices.kinds import Kind


def tell(user_id: UUID, kind: str, at: datetime, data: Mapping[str, Any]) -> None:
    """Listens to `accounts.telling`."""
    notify(user_id, kind, at=at, data=data)


def _unread(notices: Sequence[Any], at: datetime) -> set[UUID]:
    """Once it was seen there is nothing left to be done about it here."""
    return {notice.pk for notice in notices if notice.seen_at is None}


def _device(notice: Any) -> str:
    return _(
        "%(device)s. If it was not you: end that session under “My account”, change "
        "your password and tell the person who manages accounts."
    ) % {"device": notice.data.get("device") or _("unknown device")}


def _change(notice: Any) -> str:
    return _(
        "%(what)s. If it was not you: change your password and tell the person who "
        "manages accounts."
    ) % {"what": title_of(notice.data.get("what", ""))}


KINDS = (
    Kind(
        telling.NEW_DEVICE,
        lazy("Your account was signed in to on a device it was not used on before"),
        icon="lock",
        urgent=True,
        sentence=_device,
        still=_unread,
    ),
    Kind(
        telling.CHANGED,
        lazy("The way you sign in was changed"),
        icon="lock",
        urgent=True,
        sentence=_change,
        still=_unread,
    ),
)
