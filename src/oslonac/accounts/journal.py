"""Sessions, passwords and second factors in the ledger.

Hears the signals of Django and django-allauth, so that no way of signing in can forget its
event. Events name ids only: a login name that was typed wrong is often a password.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from allauth.account.internal.flows.login import record_authentication
from allauth.account.signals import authentication_step_completed, password_changed
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from allauth.socialaccount.signals import social_account_added
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db import transaction
from django.http import HttpRequest

from oslonac.access import reader
from oslonac.access.actor import Actor
from oslonac.accounts import sessions, telling
from oslonac.accounts.hashers import is_handed_over
from oslonac.accounts.models import User
from oslonac.accounts.queries import actor_for, names_of
from oslonac.audit.actions import record, record_refusal
from oslonac.audit.models import Event, Outcome
from oslonac.kit.clock import now

NOBODY = Actor(user_id=None)
# Keys of the session: plain moments and marks.
STRONG = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
# Changes of how somebody signs in: their owner is told, in case it was not they.
_TOLD = frozenset(
    {
        "password.changed",
        "second_factor.added",
        "second_factor.removed",
        "second_factor.renewed",
        "sign_in.linked",
    }
)
OPENED, SEEN, PROVED, OWES_PASSWORD = "opened_at", "seen_at", "second_factor", "owes_password"


def connect() -> None:
    """Called once, when the application is ready."""
    user_logged_in.connect(_opened, dispatch_uid="journal.opened")
    authentication_step_completed.connect(_proved_again, dispatch_uid="journal.proved_again")
    user_logged_out.connect(_closed, dispatch_uid="journal.closed")
    password_changed.connect(_password_changed, dispatch_uid="journal.password")
    mfa.authenticator_used.connect(_proved, dispatch_uid="journal.proved")
    mfa.authenticator_added.connect(_added, dispatch_uid="journal.added")
    mfa.authenticator_removed.connect(_removed, dispatch_uid="journal.removed")
    mfa.authenticator_reset.connect(_reset, dispatch_uid="journal.reset")
    social_account_added.connect(_linked, dispatch_uid="journal.linked")
    mfa.authentication_failed.connect(_code_refused, dispatch_uid="journal.code_refused")


def refused(user: User | None) -> None:
    """A sign-in was refused; `user` when the account exists."""
    record_refusal(
        actor=NOBODY,
        at=now(),
        what="session.refused",
        kind="user",
        record_id=user.pk if user else None,
    )


def _tell(name: str, user: User, *, quiet: bool = False, **data: Any) -> None:
    """`quiet`: its owner was asked to do it, and is not told that they did."""
    at = now()
    with transaction.atomic():
        record(name, actor=actor_for(user, at=at), at=at, subject=user, data=data)
        if name in _TOLD and not quiet:
            telling.told(user.pk, telling.CHANGED, at, what=name)


def _opened(sender: Any, request: HttpRequest | None, user: User, **kwargs: Any) -> None:
    if request is not None and hasattr(request, "session"):
        moment = now().timestamp()
        request.session[OPENED] = request.session[SEEN] = moment
        if is_handed_over(user.password):
            request.session[OWES_PASSWORD] = True
        if hasattr(request, "actor"):  # what is left of this request is theirs
            at = now()
            reader.become(actor_for(user, at=at), at)
        sessions.opened(request, user)
    _tell("session.opened", user)


def _closed(
    sender: Any, request: HttpRequest | None, user: User | None = None, **kwargs: Any
) -> None:
    if user is not None:
        reason = getattr(request, "closing_reason", "signed_out")
        if request is not None:
            sessions.closed(request.session.session_key, now())
        _tell("session.closed", user, reason=reason)


def _password_changed(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    owed = bool(request.session.pop(OWES_PASSWORD, False))
    # Django gave this session a new key and lets no other one live with the old password.
    sessions.end_after_change(user)
    sessions.opened(request, user)
    _tell("password.changed", user, quiet=owed)


def _proved(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    request.session[PROVED] = True


def _proved_again(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Identity was proven in an open session: it gets a new key, so that whoever copied the old
    one does not come along to what the proof opens."""
    present = getattr(request, "user", None)
    if not kwargs.get("reauthenticated") or present is None or present.pk != user.pk:
        return  # the sign-in itself: Django gives it a new key
    old = request.session.session_key
    request.session.cycle_key()
    sessions.moved(old, request.session.session_key)


def _added(
    sender: Any, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:
    if authenticator.type in STRONG:
        request.session[PROVED] = True
        # Its first code was a proof: the recovery codes are shown without asking for another.
        record_authentication(
            request, user, method="mfa", type=authenticator.type, reauthenticated=True
        )
        sessions.end_after_change(user, keep=request.session.session_key)
    codes = authenticator.type not in STRONG  # they come with the factor
    _tell("second_factor.added", user, quiet=codes, kind=authenticator.type)


def _removed(
    sender: Any, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:
    if authenticator.type in STRONG:
        sessions.end_after_change(user, keep=request.session.session_key)
        if not Authenticator.objects.filter(user=user, type__in=STRONG).exists():
            request.session.pop(PROVED, None)
    _tell("second_factor.removed", user, kind=authenticator.type)


def _reset(
    sender: Any, request: HttpRequest, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:
    _tell("second_factor.renewed", user, kind=authenticator.type)


def _code_refused(sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
    refused(user)


def _linked(sender: Any, request: HttpRequest, sociallogin: Any, **kwargs: Any) -> None:
    _tell("sign_in.linked", sociallogin.user)


def last_change(record_id: UUID) -> tuple[str, datetime | None]:
    """Who last changed a record, and when; for the page that two writers meet on."""
    event = Event.objects.filter(record_id=record_id, outcome=Outcome.DONE).order_by("-at").first()
    if event is None:
        return "", None
    names = names_of([event.actor_id])
    return names.get(event.actor_id, "") if event.actor_id else "", event.at
