"""The list of a user's sessions: device, place, start, last use.

Every sign-in is a row beside Django's session and names it as its table does, by the hash of its
key (`session_store`); callers give the key itself. Ending one deletes the session, so the next
request of that device is signed out. All end when the account closes; all but the present one when
the password or the second factor changes. The address is sealed under the user's key.

Belongs here: keeping and ending sessions. Does not: how long they last (`middleware`), pages.
"""

import ipaddress
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from oslonac.access import policy
from oslonac.access.actor import Actor
from oslonac.access.roles import Permission
from oslonac.accounts.devices import device_of
from oslonac.accounts.models import SignIn, User
from oslonac.accounts.session_store import stored_key
from oslonac.audit.actions import action, record
from oslonac.kit.clock import now
from oslonac.kit.errors import Hidden
from oslonac.vault.sealing import open_many, seal


def opened(request: Any, user: User) -> None:
    """Note a sign-in. Django has just given the session its key."""
    if not request.session.session_key:
        request.session.save()
    at = now()
    row = SignIn(
        key=user.key,
        user=user,
        session_key=stored_key(request.session.session_key),
        device=device_of(request.headers.get("User-Agent", "")),
        opened_at=at,
        seen_at=at,
    )
    seal(row, user.key, address=_address(request))
    row.save(force_insert=True)


def moved(old_key: str | None, new_key: str | None) -> None:
    """A session got a new key (its owner proved again who they are); the row follows it."""
    if old_key and new_key and old_key != new_key:
        SignIn.objects.filter(session_key=stored_key(old_key)).update(
            session_key=stored_key(new_key)
        )


def seen(session_key: str | None, at: datetime) -> None:
    """The session was used. Called every few minutes, not on every request."""
    if session_key:
        SignIn.objects.filter(session_key=stored_key(session_key)).update(seen_at=at)


def closed(session_key: str | None, at: datetime) -> None:
    """The session ended by itself or by signing out."""
    if session_key:
        rows = SignIn.objects.filter(session_key=stored_key(session_key), ended_at__isnull=True)
        rows.update(ended_at=at)


def signed_in_before(user: User) -> bool:
    """Whether this is not the account's first sign-in."""
    return SignIn.objects.filter(user=user)[1:2].exists()


def running(user: User) -> list[SignIn]:
    """Sessions that still open something, the last used first."""
    rows = SignIn.objects.filter(user=user, ended_at__isnull=True).select_related("key")
    alive = set(
        Session.objects.filter(
            session_key__in=rows.values("session_key"), expire_date__gt=now()
        ).values_list("session_key", flat=True)
    )
    return [row for row in rows.order_by("-seen_at") if row.session_key in alive]


def places(rows: Iterable[SignIn]) -> dict[UUID, str]:
    """Where each session comes from, as far as an address tells: we ask no foreign service."""
    opened_ = open_many(list(rows), "address")
    return {pk: _place(texts["address"]) for pk, texts in opened_.items()}


def is_present(row: SignIn, session_key: str | None) -> bool:
    """Whether a row is the session with this key."""
    return bool(session_key) and row.session_key == stored_key(session_key)


@action("session.ended_elsewhere", Permission.SIGNED_IN, fresh=True)
def end_session(*, actor: Actor, at: datetime, sign_in: SignIn) -> SignIn:
    """End one session: one's own, or anybody's by whoever manages users."""
    if sign_in.user_id != actor.user_id:
        policy.require(actor, Permission.USERS_MANAGE)
    if sign_in.ended_at is not None:
        raise Hidden("session", sign_in.pk)
    _end([sign_in], at)
    record("session.ended_elsewhere", actor=actor, at=at, subject=sign_in, data={"count": 1})
    sign_in.refresh_from_db()
    return sign_in


@action("sessions.ended", Permission.SIGNED_IN, fresh=True)
def end_sessions(*, actor: Actor, at: datetime, user: User, keep: str = "") -> int:
    """End all sessions of a user but the one with the key `keep`. How many ended."""
    if user.pk != actor.user_id:
        policy.require(actor, Permission.USERS_MANAGE)
    count = _end_all(user, keep, at)
    record("sessions.ended", actor=actor, at=at, subject=user, data={"count": count})
    return count


def end_after_change(user: User, *, keep: str | None = "", at: datetime | None = None) -> int:
    """The same as a consequence of another action, which records its own event."""
    return _end_all(user, keep or "", at or now())


def _end_all(user: User, keep: str, at: datetime) -> int:
    rows = SignIn.objects.filter(user=user, ended_at__isnull=True)
    if keep:
        rows = rows.exclude(session_key=stored_key(keep))
    return _end(list(rows), at)


def _end(rows: list[SignIn], at: datetime) -> int:
    with transaction.atomic():
        Session.objects.filter(session_key__in=[row.session_key for row in rows]).delete()
        SignIn.objects.filter(pk__in=[row.pk for row in rows]).update(ended_at=at)
    return len(rows)


def _address(request: Any) -> str:
    """Where a request came from; empty when nothing says so (a program signs somebody in)."""
    from allauth.account.adapter import get_adapter

    try:
        found: str = get_adapter().get_client_ip(request) or ""
    except PermissionDenied:
        return ""
    return found


def _place(address: str) -> str:
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return _("unknown address")
    if ip.is_loopback:
        return _("this machine")
    if ip.is_private:
        return _("office network, %(address)s") % {"address": address}
    return address
