"""The job that sends messages: collects the notices of a person into one message.

What leaves says only that something waits and where to read it. It names nobody and no case, and
does not say what is due: it passes through other people's machines and shows on locked screens.
"""

import json
import logging
from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oslonac.accounts.models import User
from oslonac.notices import kinds
from oslonac.notices.models import Channels, Delivery, Notice, Subscription
from oslonac.notices.posting import Answer, post
from oslonac.notices.rules import (
    GATHER,
    SENDING_PATIENCE,
    Channel,
    DeliveryState,
    retry_at,
)
from oslonac.notices.webpush import BadSubscription, Keys
from oslonac.vault.keyring import CannotOpen
from oslonac.vault.sealing import open_many, open_one

log = logging.getLogger(__name__)
MOST = 500
PATIENCE_SECONDS = 15


def deliver(*, at: datetime) -> int:
    """Send what may leave now. Returns how many messages left."""
    _bury(at)
    sent = 0
    for (user_id, channel), deliveries in _claimed(at).items():
        sent += _send(user_id, Channel(channel), deliveries, at)
    return sent


def _bury(at: datetime) -> None:
    """What a process was sending when it died is not sent a second time."""
    Delivery.objects.filter(state=DeliveryState.SENDING, moved_at__lt=at - SENDING_PATIENCE).update(
        state=DeliveryState.UNKNOWN, moved_at=at
    )


@transaction.atomic
def _claimed(at: datetime) -> dict[tuple[UUID, str], list[Delivery]]:
    """Deliveries that this process, and no other, sends now, by person and channel.

    The claim is committed before anything is sent.
    """
    rows = Delivery.objects.select_for_update(skip_locked=True, of=("self",)).select_related(
        "notice"
    )
    ready = rows.filter(state=DeliveryState.WAITING, not_before__lte=at)
    found: dict[tuple[UUID, str], list[Delivery]] = {}
    listed = ready.order_by("user_id", "channel", "not_before")[:MOST]
    for key, group in groupby(listed, key=lambda d: (d.user_id, d.channel)):
        deliveries = list(group)
        if any(d.notice.urgent for d in deliveries) or not _lately(*key, at):
            found[key] = deliveries
    claimed = [d.pk for deliveries in found.values() for d in deliveries]
    Delivery.objects.filter(pk__in=claimed).update(state=DeliveryState.SENDING, moved_at=at)
    return found


def _lately(user_id: UUID, channel: str, at: datetime) -> bool:
    """Whether the person got a message a short while ago; then what is not urgent is gathered."""
    return Delivery.objects.filter(
        user_id=user_id, channel=channel, state=DeliveryState.SENT, moved_at__gt=at - GATHER
    ).exists()


def _send(user_id: UUID, channel: Channel, deliveries: Sequence[Delivery], at: datetime) -> int:
    standing = _standing([d.notice for d in deliveries], at)
    pointless = [d for d in deliveries if d.notice_id not in standing]
    _move(pointless, DeliveryState.DROPPED, at)
    left = [d for d in deliveries if d.notice_id in standing]
    if not left:
        return 0
    user = User.objects.select_related("key").get(pk=user_id)
    if not user.is_active:
        _move(left, DeliveryState.DROPPED, at)
        return 0
    urgent = any(d.notice.urgent for d in left)
    with translation.override(user.language or settings.LANGUAGE_CODE):
        send = _by_email if channel is Channel.EMAIL else _by_push
        state = send(user, len(left), urgent, at)
    if state is DeliveryState.WAITING:
        _try_again(left, at)
    else:
        _move(left, state, at)
    return 1 if state is DeliveryState.SENT else 0


def _standing(notices: Sequence[Notice], at: datetime) -> set[UUID]:
    """Those not seen meanwhile and not over, as whoever raised them says."""
    fresh = Notice.objects.filter(
        pk__in=[n.pk for n in notices], seen_at__isnull=True, over_at__isnull=True
    )
    found: set[UUID] = set()
    for code, group in groupby(fresh.order_by("kind"), key=lambda n: n.kind):
        of_kind, still = list(group), kinds.kind_of(code).still
        found |= {n.pk for n in of_kind} if still is None else set(still(of_kind, at))
    return found


def _move(deliveries: Sequence[Delivery], state: DeliveryState, at: datetime) -> None:
    Delivery.objects.filter(pk__in=[d.pk for d in deliveries]).update(state=state, moved_at=at)


def _try_again(deliveries: Sequence[Delivery], at: datetime) -> None:
    for delivery in deliveries:
        delivery.tries += 1
        later = retry_at(at, delivery.tries)
        delivery.state = DeliveryState.WAITING if later else DeliveryState.FAILED
        delivery.not_before = later or delivery.not_before
        delivery.moved_at = at
    Delivery.objects.bulk_update(deliveries, ["tries", "state", "not_before", "moved_at"])


# ---- e-mail


def _by_email(user: User, count: int, urgent: bool, at: datetime) -> DeliveryState:
    row = Channels.objects.select_related("key").filter(user=user, by_email=True).first()
    try:
        address = open_one(row, "email") if row else ""
    except CannotOpen:
        address = ""
    if not address or not settings.OSLONAC_MAIL:
        return DeliveryState.DROPPED
    try:
        mail(address, *words(count)).send()
    except Exception as error:  # whatever a mail server answers, the inbox has it
        # The error may hold the address; only its kind is logged.
        log.warning("an e-mail could not be sent (%s)", type(error).__name__)
        return DeliveryState.WAITING
    return DeliveryState.SENT


def words(count: int) -> tuple[str, str]:
    """Subject and body: that something waits, and where. Nothing else, ever."""
    body = ngettext(
        "You have a notice in Oslonac. Open it to read it:",
        "You have %(n)d notices in Oslonac. Open it to read them:",
        count,
    ) % {"n": count}
    why = _("You asked for these messages. You can stop them in Oslonac under “Inbox, Settings”.")
    return _("Oslonac: you have a notice"), f"{body}\n{settings.OSLONAC_ADDRESS}\n\n{why}\n"


def mail(address: str, subject: str, body: str) -> EmailMessage:
    return EmailMessage(
        subject,
        body,
        settings.DEFAULT_FROM_EMAIL,
        [address],
        connection=get_connection(timeout=PATIENCE_SECONDS)
        if "smtp" in settings.EMAIL_BACKEND
        else None,
        headers={"Auto-Submitted": "auto-generated"},
    )


# ---- web push


def _by_push(user: User, count: int, urgent: bool, at: datetime) -> DeliveryState:
    """To all browsers of a person; sent when one took it."""
    rows = list(Subscription.objects.filter(user=user, ended_at__isnull=True))
    opened = open_many(rows, "endpoint", "p256dh", "auth")
    text = pushed_text()
    answers = set()
    for row in rows:
        secret = opened[row.pk]
        try:
            keys = Keys(secret["p256dh"], secret["auth"])
            found = post(secret["endpoint"], keys, text, at=at, urgent=urgent)
        except BadSubscription:
            found = Answer.GONE
        _note(row, found, at)
        answers.add(found)
    if Answer.TAKEN in answers:
        return DeliveryState.SENT
    return DeliveryState.WAITING if Answer.LATER in answers else DeliveryState.DROPPED


def pushed_text() -> bytes:
    """What shows on a locked screen."""
    said = {"title": "Oslonac", "body": _("A step is due. Open Oslonac.")}
    return json.dumps(said, ensure_ascii=False).encode()


def _note(row: Subscription, found: Answer, at: datetime) -> None:
    if found is Answer.GONE:
        Subscription.objects.filter(pk=row.pk, ended_at__isnull=True).update(ended_at=at)
    elif found is Answer.TAKEN:
        Subscription.objects.filter(pk=row.pk).update(used_at=at)
