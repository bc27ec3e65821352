"""Lines of the inbox, from notices and what their readers may know of the records."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import formats
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from oslonac.access.actor import Actor
from oslonac.accounts.queries import names_of
from oslonac.kit.text import day_and_hour
from oslonac.notices import kinds
from oslonac.notices.models import Notice


@dataclass(frozen=True)
class Line:
    """`about` is the record as the reader may know it; empty url: not to be opened any more."""

    title: Any
    icon: str
    about: str
    url: str
    sentence: str
    by: str
    when: str
    when_iso: str
    urgent: bool


@dataclass(frozen=True)
class Group:
    """Lines of one kind under its title, so that forty reminders are one heading."""

    title: Any
    icon: str
    lines: Sequence[Line]


def lines(actor: Actor, notices: Sequence[Notice], at: datetime) -> dict[UUID, Line]:
    """Lines by notice, names opened in one go."""
    subjects = kinds.described(actor, notices, at)
    names = names_of(notice.by_id for notice in notices)
    return {notice.pk: _line(notice, subjects, names) for notice in notices}


def groups(notices: Sequence[Notice], by_id: Mapping[UUID, Line]) -> list[Group]:
    """In the order of the latest of each kind; what is urgent first."""
    found: dict[str, list[Line]] = {}
    for notice in sorted(notices, key=lambda n: not n.urgent):
        found.setdefault(notice.kind, []).append(by_id[notice.pk])
    return [Group(some[0].title, some[0].icon, some) for some in found.values()]


def _line(
    notice: Notice, subjects: Mapping[UUID, kinds.Subject], names: Mapping[UUID, str]
) -> Line:
    kind = kinds.kind_of(notice.kind)
    subject = subjects.get(notice.record_id) if notice.record_id else None
    about = subject.text if subject else ""
    if notice.record_id and subject is None:
        about = _("A record you no longer have access to")
    return Line(
        title=kind.title,
        icon=kind.icon,
        about=about,
        url=subject.url if subject else "",
        sentence=kind.sentence(notice) if kind.sentence else "",
        by=names.get(notice.by_id, "") if notice.by_id else "",
        when=moment(notice.raised_at),
        when_iso=notice.raised_at.isoformat(timespec="minutes"),
        urgent=notice.urgent,
    )


def moment(at: datetime) -> str:
    """Day and hour: "6 Mar 2026, 16:05"."""
    local = localtime(at)
    day = formats.date_format(local, pgettext("date format", "j M Y"))
    return day_and_hour(day, f"{local:%H:%M}")
