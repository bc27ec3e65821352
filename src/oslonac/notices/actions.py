"""Sending notices. `notify` is for every package above; the rest is the user's own settings."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import models, transaction
from django.utils.translation import gettext as _

from oslonac.access import reader
from oslonac.access.actor import Actor
from oslonac.access.roles import Permission
from oslonac.accounts.models import User
from oslonac.accounts.queries import holders
from oslonac.audit.actions import action, record
from oslonac.kit.clock import local_day
from oslonac.kit.errors import Hidden, Invalid, Refused
from oslonac.kit.text import clean_line
from oslonac.notices import kinds
from oslonac.notices.models import Absence, Channels, Delivery, Notice, Subscription
from oslonac.notices.posting import checked
from oslonac.notices.queries import led_by
from oslonac.notices.quiet import quiet_hours, zone
from oslonac.notices.rules import Channel, DeliveryState, not_before
from oslonac.notices.webpush import BadSubscription, Keys, read_keys
from oslonac.vault import keyring
from oslonac.vault.row_policy import Bypass
from oslonac.vault.sealing import seal

MOST_BROWSERS = 10
LONGEST_ABSENCE_DAYS = 366


@dataclass(frozen=True)
class Holders:
    """Whoever holds one of these roles at an organisation, at the moment of telling."""

    organisation_id: UUID
    roles: tuple[str, ...]


Recipient = UUID | Holders


@reader.bypass(Bypass.NOTICES)
def notify(
    to: Recipient | Iterable[Recipient],
    kind: str,
    *,
    at: datetime,
    key: str = "",
    record: models.Model | None = None,
    record_kind: str = "",
    record_id: UUID | None = None,
    by: UUID | None = None,
    data: Mapping[str, Any] | None = None,
    urgent: bool | None = None,
) -> list[Notice]:
    """Tell people that something happened or waits; call it inside the action that causes it.

        notify(
            Holders(case.organisation_id, (Role.SUPERVISOR, Role.HEAD)),
            "break_glass.opened",
            at=at, record=case, by=actor.user_id, key=f"break_glass:{grant.pk}",
        )

    `to`: user ids and Holders, mixed as needed. Everybody is told once, `by` not at all (nobody
    is told what they did), whoever is switched off neither. `kind` is registered with
    `kinds.register` in the caller's AppConfig.ready (UnknownKind otherwise). Under the same
    `key` a person is told once for ever, however often this is called; without one each call
    tells anew. `record` (or its kind and id) is what the inbox links to: named by whoever
    registered its kind with `kinds.register_subject`, as far as the reader's grants go; so a
    notice can be sent to somebody who sees little of the case. `data`: codes, ids, dates, counts.
    `urgent` overrides the kind's own answer to "also at night?".

    The inbox has it at once. E-mail and push follow from the job `notices.jobs.deliver`, to those
    who asked for them, gathered, and saying only that something waits. Rolls back with the
    action. Returns the new notices.
    """
    told = kinds.kind_of(kind)
    pressing = told.urgent if urgent is None else urgent
    if record is not None:
        record_kind, record_id = record._meta.model_name or "", record.pk
    notices = [
        Notice(
            user_id=user_id,
            kind=kind,
            key=key or f"{kind}:{uuid4()}",
            record_kind=record_kind,
            record_id=record_id,
            by_id=by,
            data=dict(data or {}),
            urgent=pressing,
            raised_at=at,
        )
        for user_id in _people(to, at=at)
        if user_id != by
    ]
    with transaction.atomic():
        new = _keep(notices)
        _send_out(new, at)
    return new


@reader.bypass(Bypass.NOTICES)
def end(kind: str, record_id: UUID, *, at: datetime) -> int:
    """What notices of a kind said of a record is over; they stop asking for attention.

    Returns how many there were.
    """
    return Notice.objects.filter(kind=kind, record_id=record_id, over_at__isnull=True).update(
        over_at=at
    )


def _people(to: Recipient | Iterable[Recipient], *, at: datetime) -> list[UUID]:
    """Ids of active users, each once, in a stable order."""
    wanted: set[UUID] = set()
    for each in [to] if isinstance(to, UUID | Holders) else to:
        if isinstance(each, Holders):
            found = holders(each.organisation_id, *each.roles, at=at)
            wanted |= set(found.values_list("pk", flat=True))
        else:
            wanted.add(each)
    active = User.objects.filter(pk__in=wanted, is_active=True)
    # In one order everywhere, so that two transactions that tell the same people cannot deadlock.
    return list(active.order_by("pk").values_list("pk", flat=True))


def _keep(notices: list[Notice]) -> list[Notice]:
    """Insert those that are new; of two transactions that tell the same, one does."""
    if not notices:
        return []
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
    kept = set(Notice.objects.filter(pk__in=[n.pk for n in notices]).values_list("pk", flat=True))
    return [notice for notice in notices if notice.pk in kept]


def _send_out(notices: list[Notice], at: datetime) -> None:
    """A delivery for each channel that its person has asked for."""
    people = {notice.user_id for notice in notices}
    wanted: dict[Channel, models.QuerySet[Any]] = {
        Channel.EMAIL: Channels.objects.filter(user__in=people, by_email=True),
        Channel.PUSH: Subscription.objects.filter(user__in=people, ended_at__isnull=True),
    }
    by_channel = {c: set(rows.values_list("user_id", flat=True)) for c, rows in wanted.items()}
    Delivery.objects.bulk_create(
        Delivery(
            notice=notice,
            user_id=notice.user_id,
            channel=channel.value,
            not_before=not_before(at, quiet_hours(), zone(), urgent=notice.urgent),
            moved_at=at,
        )
        for notice in notices
        for channel, users in by_channel.items()
        if notice.user_id in users
    )


# ---- a person's own settings


@action("channels.chosen", Permission.SIGNED_IN)
def choose_email(*, actor: Actor, at: datetime, email: str, by_email: bool) -> Channels:
    """Whether, and where, one wants e-mail. The address is sealed under one's own key."""
    address = clean_line(email)
    if by_email:
        try:
            validate_email(address)
        except ValidationError:
            raise Invalid({"email": _("This is not a valid e-mail address.")}) from None
    user = _own(actor)
    row = Channels.objects.select_for_update().filter(user=user).first()
    row = row or Channels(user=user, key=user.key)
    seal(row, user.key, email=address)
    row.by_email = by_email
    row.save()
    if not by_email:
        _drop(user.pk, Channel.EMAIL, at)
    record(
        "channels.chosen",
        actor=actor,
        at=at,
        subject=row,
        fields=["email"],
        data={"by_email": by_email},
    )
    return row


@action("subscription.made", Permission.SIGNED_IN)
def subscribe(
    *, actor: Actor, at: datetime, endpoint: str, p256dh: str, auth: str, label: str
) -> Subscription:
    """Let a browser take pushed messages. The same browser again takes the place of the former
    subscription, also of somebody else's who used it before."""
    try:
        checked(endpoint)
        read_keys(Keys(p256dh, auth))
    except BadSubscription:
        raise Invalid({"endpoint": _("This browser gave no valid address for messages.")}) from None
    user = _own(actor)
    digest = keyring.current().keyed_hash("index", f"push:{endpoint}".encode())
    Subscription.objects.filter(digest=digest).delete()
    own = Subscription.objects.filter(user=user, ended_at__isnull=True)
    if own.count() >= MOST_BROWSERS:
        raise Refused(
            "subscription.too_many",
            _("You already get messages in ten browsers. Remove one of them first."),
        )
    row = Subscription(
        user=user, key=user.key, digest=digest, label=clean_line(label)[:60], made_at=at
    )
    seal(row, user.key, endpoint=endpoint, p256dh=p256dh, auth=auth)
    row.save(force_insert=True)
    record("subscription.made", actor=actor, at=at, subject=row)
    return row


@action("subscription.ended", Permission.SIGNED_IN)
def unsubscribe(*, actor: Actor, at: datetime, subscription_id: UUID) -> Subscription:
    """A browser of one's own takes no messages any more. Its address is forgotten."""
    row = Subscription.objects.filter(pk=subscription_id, user=actor.user_id).first()
    if row is None:
        raise Hidden("subscription", subscription_id)
    Subscription.objects.filter(pk=row.pk).update(
        ended_at=row.ended_at or at, endpoint=None, p256dh=None, auth=None
    )
    record("subscription.ended", actor=actor, at=at, subject=row)
    row.refresh_from_db()
    return row


@action("absence.recorded", Permission.SIGNED_IN)
def record_absence(
    *, actor: Actor, at: datetime, user_id: UUID, starts_on: date, ends_on: date
) -> Absence:
    """Days on which a person is away: one's own, or, for who leads an office, a colleague's."""
    if user_id != actor.user_id and user_id not in {u.pk for u in led_by(actor, at=at)}:
        raise Hidden("user", user_id)
    if ends_on < starts_on:
        raise Invalid({"ends_on": _("The end is before the start.")})
    if ends_on < local_day(at) or (ends_on - starts_on).days > LONGEST_ABSENCE_DAYS:
        raise Invalid({"ends_on": _("Enter a date from today, at most a year ahead.")})
    row = Absence.objects.create(
        user_id=user_id, starts_on=starts_on, ends_on=ends_on, recorded_by_id=actor.user_id
    )
    data = {"user": str(user_id), "from": starts_on, "until": ends_on}
    record("absence.recorded", actor=actor, at=at, subject=row, data=data)
    return row


@action("absence.ended", Permission.SIGNED_IN)
def end_absence(*, actor: Actor, at: datetime, absence_id: UUID) -> Absence:
    """Somebody is back, or was never away."""
    row = Absence.objects.filter(pk=absence_id).first()
    theirs = {actor.user_id, *(user.pk for user in led_by(actor, at=at))}
    if row is None or row.user_id not in theirs:
        raise Hidden("absence", absence_id)
    Absence.objects.filter(pk=row.pk, ended_at__isnull=True).update(ended_at=at)
    record("absence.ended", actor=actor, at=at, subject=row)
    row.refresh_from_db()
    return row


@action("notices.tried", Permission.SIGNED_IN)
def send_test(*, actor: Actor, at: datetime) -> Notice:
    """A notice to oneself by every way one has chosen, to see that it arrives."""
    assert actor.user_id is not None  # noqa: S101  the permission is a person's
    (notice,) = notify(actor.user_id, "notices.test", at=at)
    record("notices.tried", actor=actor, at=at, subject=notice)
    return notice


def see(actor: Actor, shown: Iterable[Notice], *, at: datetime) -> None:
    """Whoever looks at the inbox has seen what it shows. Bookkeeping, not a deed: no event."""
    new = [notice.pk for notice in shown if notice.seen_at is None]
    Notice.objects.filter(pk__in=new, user=actor.user_id, seen_at__isnull=True).update(seen_at=at)


def _own(actor: Actor) -> User:
    return User.objects.select_related("key").get(pk__in=[actor.user_id])


def _drop(user_id: UUID, channel: Channel, at: datetime) -> None:
    Delivery.objects.filter(user_id=user_id, channel=channel, state=DeliveryState.WAITING).update(
        state=DeliveryState.DROPPED, moved_at=at
    )
