"""The kinds of notices there are, and how a record is named in the inbox.

Packages above register theirs in `AppConfig.ready`; a kind that nobody registered cannot be sent.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from oslonac.access.actor import Actor


@dataclass(frozen=True)
class Kind:
    """`title` is the line in the inbox, a lazily translated sentence without names. `sentence`
    may say more from the data of a notice (codes, dates). `icon` is a symbol of the sprite.

    `urgent` leaves the system at night too. `still` is asked before a message leaves: of notices
    of this kind, the ids of those whose matter still stands.
    """

    code: str
    title: Any
    icon: str = "bell"
    urgent: bool = False
    sentence: Callable[[Any], str] | None = None
    still: Callable[[Sequence[Any], datetime], Collection[UUID]] | None = None


@dataclass(frozen=True)
class Subject:
    """A record as this reader may know it: "Case 2026-0417 · Farid R., 15", and its page."""

    text: str
    url: str


Describe = Callable[[Actor, Collection[UUID], datetime], Mapping[UUID, Subject]]

_kinds: dict[str, Kind] = {}
_subjects: dict[str, Describe] = {}


class UnknownKind(LookupError):
    """A notice of a kind that no package registered: a programming error."""


def register(*kinds: Kind) -> None:
    """Add kinds; the same code again replaces it."""
    for kind in kinds:
        _kinds[kind.code] = kind


def register_subject(record_kind: str, describe: Describe) -> None:
    """How records of a kind are named to a reader. Ids that `describe` leaves out are told
    without a name and without a link: the reader has no grant on them any more."""
    _subjects[record_kind] = describe


def kind_of(code: str) -> Kind:
    """Raises UnknownKind."""
    try:
        return _kinds[code]
    except KeyError:
        raise UnknownKind(code) from None


def known() -> tuple[Kind, ...]:
    return tuple(_kinds.values())


def described(actor: Actor, notices: Sequence[Any], at: datetime) -> dict[UUID, Subject]:
    """Records of notices by record id, as far as the actor may know them."""
    found: dict[UUID, Subject] = {}
    for record_kind, describe in _subjects.items():
        ids = {n.record_id for n in notices if n.record_kind == record_kind and n.record_id}
        if ids:
            found |= describe(actor, ids, at)
    return found
