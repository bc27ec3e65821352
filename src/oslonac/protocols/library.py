"""The procedures as people read them: a list, one in full, its versions, the booklet.

Belongs here: what pages and papers show, in the language of the moment. Does not: running a
procedure, and HTML.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.cache import cache

from oslonac.country import alphabetical
from oslonac.protocols import changes, editions, wording
from oslonac.protocols.booklet import Section, booklet, text
from oslonac.protocols.models import Edition, ProcedureSet
from oslonac.protocols.protocol import Protocol, Source


@dataclass(frozen=True)
class Kept:
    """A version of a procedure with when this installation took it."""

    edition: UUID
    protocol: Protocol
    loaded_at: datetime
    current: bool

    @property
    def title(self) -> str:
        return said(self.protocol.title)


def said(texts: Any) -> str:
    """A text of the pack in the language of the moment."""
    return text(texts, wording.tag())


def current() -> list[Kept]:
    """The procedures that new cases begin on, by title."""
    chosen = ProcedureSet.objects.filter(pk=editions.current().pk).get()
    rows = Edition.objects.filter(pk__in=chosen.editions).defer("text")
    return sorted((_kept(row, True) for row in rows), key=lambda kept: alphabetical(kept.title))


def versions(protocol_id: str) -> list[Kept]:
    """Every version of a procedure that was ever loaded, the latest first."""
    now = set(editions.current().editions)
    rows = Edition.objects.filter(protocol=protocol_id).order_by("-loaded_at", "-version")
    return [_kept(row, row.pk in now) for row in rows.defer("text")]


def _kept(row: Edition, now: bool) -> Kept:
    return Kept(row.pk, editions.protocol_of(row.pk), row.loaded_at, now)


def told(protocol: Protocol) -> tuple[Section, ...]:
    """Who does what, when and how."""
    return booklet(protocol, wording.tag(), wording.wording(), wording.name)


def changed(before: Protocol, after: Protocol) -> list[changes.Change]:
    """What one version says otherwise than another."""
    return changes.changes(told(before), told(after))


@dataclass(frozen=True)
class Ground:
    """A source as people cite it; days are None where the pack names none."""

    id: str
    cited: str
    read: str
    verified: bool
    since: date | None
    until: date | None


def grounds(protocol: Protocol) -> list[Ground]:
    """The sources of a procedure, those we have read first."""
    found = [_ground(source) for source in protocol.sources.values()]
    return sorted(found, key=lambda ground: not ground.verified)


def _ground(source: Source) -> Ground:
    return Ground(
        source.norm.id,
        source.cited(wording.tag()) or source.norm.id,
        source.read,
        source.norm.verified,
        _day(source.norm.in_force_from),
        _day(source.norm.in_force_until),
    )


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


@dataclass(frozen=True)
class Checked:
    """What `oslonac protocol check` says of a procedure; its sentences are English."""

    errors: Sequence[str]
    warnings: Sequence[str]


def checked() -> dict[str, Checked] | None:
    """The check of the pack's procedures, by id; None until the worker has made it. Never made
    here: it takes seconds, and a page waits for nothing."""
    found = cache.get(_check_key())
    return None if found is None else {id_: Checked(*said) for id_, said in found.items()}


def check_anew() -> bool:
    """Make the check of the procedures in use unless it is there: once for each content of the
    pack. Whether it was made. Called by the worker."""
    from oslonac.protocols.checking import check_paths

    key = _check_key()
    if cache.get(key) is not None:
        return False
    found = {
        report.id: ([p.message for p in report.errors], [p.message for p in report.warnings])
        for report in check_paths([Path(settings.OSLONAC_PACK)])
    }
    cache.set(key, found, None)
    return True


def _check_key() -> str:
    return f"protocols.checked:{editions.current().pk}"
