"""The current reader of the database, and the time for which their grants are checked.

The connection tells PostgreSQL before a statement whenever this differs from what it was last
told (`access.database`), so no way of ending a request can leave somebody's sight behind.

Belongs here: the context and the ways to change it. Does not: what a row needs to be shown
(`vault.row_policy`, `row_level`).
"""

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from oslonac.access.actor import Actor
from oslonac.access.roles import Permission
from oslonac.vault.row_policy import Bypass

# Permissions that show rows by themselves; a RowPolicy names them as `right`.
RIGHTS = (Permission.LEDGER_READ, Permission.STATISTICS_READ, Permission.RETENTION_READ)
NOBODYS, ACTORS, SYSTEMS = "", "actor", "system"


@dataclass(frozen=True)
class Reader:
    """What PostgreSQL is told. `mode`: nobody (sees nothing), an actor, or the system."""

    mode: str = NOBODYS
    user_id: UUID | None = None
    principals: tuple[UUID, ...] = ()
    rights: tuple[str, ...] = ()
    offices: tuple[UUID, ...] = ()
    at: datetime | None = None
    bypass: frozenset[str] = frozenset()

    def settings(self) -> tuple[str, ...]:
        """Values of SETTINGS in their order; times exact to the microsecond."""
        return (
            self.mode,
            str(self.user_id or ""),
            _array(self.principals),
            ",".join(self.rights),
            _array(self.offices),
            self.at.isoformat() if self.at else "",
            ",".join(sorted(self.bypass)),
        )


def _array(ids: tuple[UUID, ...]) -> str:
    return "{" + ",".join(map(str, ids)) + "}" if ids else ""


SETTINGS = tuple(
    f"oslonac.{name}"
    for name in ("sight", "user_id", "principals", "rights", "offices", "at", "beyond")
)
# Tells a session, with the values of `Looking.settings()`.
TELL = "SELECT " + ", ".join(f"set_config('{name}', %s, false)" for name in SETTINGS)
NOBODY, SYSTEM = Reader(), Reader(SYSTEMS)
_looking: ContextVar[Reader] = ContextVar("looking", default=NOBODY)


def current() -> Reader:
    return _looking.get()


def of(actor: Actor | None, at: datetime) -> Reader:
    """The sight of an actor at a moment; nobody signed in sees nothing."""
    if actor is None:
        return NOBODY
    if actor.channel == "system":
        return SYSTEM
    if actor.user_id is None:
        return NOBODY
    rights = tuple(right.value for right in RIGHTS if right in actor.permissions)
    return Reader(ACTORS, actor.user_id, actor.principals, rights, actor.organisation_ids, at)


@contextlib.contextmanager
def acting(actor: Actor | None, at: datetime) -> Iterator[None]:
    """Inside the block the database shows what this actor may see at this moment."""
    with _as(of(actor, at)):
        yield


@contextlib.contextmanager
def system() -> Iterator[None]:
    """Inside the block the database shows everything: jobs, commands, loaders; no request."""
    with _as(SYSTEM):
        yield


@contextlib.contextmanager
def bypass(why: Bypass) -> Iterator[None]:
    """Inside the block the tables that name `why` are open, whoever looks."""
    looking = _looking.get()
    with _as(replace(looking, bypass=looking.bypass | {why.code})):
        yield


def become(actor: Actor | None, at: datetime) -> None:
    """From here to the end of the surrounding block: a request learns late whose token it is."""
    _looking.set(of(actor, at))


def become_system() -> None:
    """For a whole process that serves nobody: a command, the worker."""
    _looking.set(SYSTEM)


@contextlib.contextmanager
def _as(looking: Reader) -> Iterator[None]:
    token = _looking.set(looking)
    try:
        yield
    finally:
        _looking.reset(token)
