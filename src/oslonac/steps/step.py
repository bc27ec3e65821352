"""What a step is, on what it is taken, and the list of all of them.

A `Step` says once what is asked (a form), what it does (an action) and on what (a `Target`).
Everything else follows: the page, the operation of the API, the questions for other programs.
"""

import inspect
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from oslonac.access.actor import Actor
from oslonac.access.roles import Permission
from oslonac.access.rules import Level
from oslonac.kit.errors import Hidden
from oslonac.web.shapes import Fact

SAVE = _("Save")
# What a form sends, or an action takes, besides the answers.
NO_ANSWERS = frozenset({"actor", "at", "request_key", "revision", "button"})


@dataclass(frozen=True)
class Doing:
    """A step being taken: by whom, when, on which record of the target, and on which part of it."""

    actor: Actor
    at: datetime
    of: Any
    subject: Any = None
    request_key: str = ""
    revision: int = 0

    @property
    def record(self) -> Any:
        """What the revision of the form speaks of."""
        return self.subject if self.subject is not None else self.of

    @property
    def standing(self) -> int:
        """The revision of the record as it was read."""
        return getattr(self.record, "revision", 0) or 0


def _nothing(*_args: Any) -> dict[str, Any]:
    return {}


def _yes(*_args: Any) -> bool:
    return True


def _no(*_args: Any) -> bool:
    return False


def _no_words(*_args: Any) -> str:
    return ""


def _own_events(record: Any) -> dict[str, Any]:
    return {"record_id": record.pk}


@dataclass(frozen=True)
class Target:
    """Records on which steps are taken.

    `find` raises Hidden or Denied; `home` is the address of the record's page, to which a step
    returns. `page` and `rest` are the beginnings of the addresses of its steps, on the pages and in
    the API, with the name of the id in them. `of` makes a target of the parts of the same record.
    """

    name: str
    model: type[Model] | None
    find: Callable[[Actor, UUID, datetime], Any]
    home: Callable[[Any], str]
    # The place on that page where an anchor stands, for pages in parts.
    place: Callable[[Any, str], str] | None = None
    crumbs: Callable[[Doing], Sequence[Any]] = lambda doing: ()
    page: str = ""
    rest: str = ""
    # The record a page without an id in its address is about, from what it was asked with.
    asked: Callable[[Any], Any] | None = None
    permission: Permission | None = None
    doing: type[Doing] = Doing
    template: str = "steps/step.html"
    # What stands beside the form, and which sealed fields of the record that shows.
    beside: Callable[[Doing], tuple[Mapping[str, Any], Sequence[str]]] = lambda doing: ({}, ())
    # What the record says now, shown whole after a lost race, and which sealed fields that shows.
    stands: Callable[[Doing], tuple[Sequence[Fact], Sequence[str]]] = lambda doing: ((), ())
    case_id: Callable[[Doing], UUID | None] = lambda doing: None
    events: Callable[[Any], dict[str, Any]] = _own_events
    competent: Callable[["Step", Actor, Any], bool] = _yes
    # Raises Denied for whoever sees less of the record than a step needs.
    require: Callable[[Actor, Any, Level, datetime], Any] = _nothing
    closed: Callable[[Any], str] = _no_words
    # Finds a part of any kind by its model, its id and the path from it to the record.
    parts: Callable[[Any, type[Model], Any, str], Any] | None = None
    through: str = ""
    part: type[Model] | None = None
    find_part: Callable[[Any, Any], Any] | None = None

    def of(
        self,
        part: type[Model],
        *,
        through: str = "",
        find: Callable[[Any, Any], Any] | None = None,
    ) -> "Target":
        """The records of `part` that belong to one of these."""

        def standard(record: Any, part_id: Any) -> Any:
            assert self.parts is not None  # noqa: S101  (or `find` is given)
            return self.parts(record, part, part_id, through or self.through)

        return replace(self, part=part, find_part=find or standard)

    def begin(
        self,
        actor: Actor,
        at: datetime,
        record_id: Any,
        part_id: Any = None,
        *,
        slug: str = "",
        level: Level | None = None,
    ) -> Doing:
        """A step about to be taken. Raises Hidden, Denied below `level`."""
        doing = self.doing(actor, at, self.find(actor, record_id, at))
        if level is not None:
            self.require(actor, doing.of, level, at)
        if part_id is None or self.part is None:
            return doing
        assert self.find_part is not None  # noqa: S101  (made by `of`)
        found = self.find_part(doing.of, part_id)
        if found is None:
            raise Hidden(slug or self.name, part_id)
        return replace(doing, subject=found)

    def at(self, record: Any, anchor: str) -> str:
        """The address of a place on the record's page."""
        if self.place is not None:
            return self.place(record, anchor)
        return f"{self.home(record)}#{anchor}" if anchor else self.home(record)

    def again(self, doing: Doing) -> Doing:
        """The same as it stands now."""
        part_id = None if doing.subject is None else doing.subject.pk
        if part_id is not None and self.part is None:
            return doing
        now = self.begin(doing.actor, doing.at, doing.of.pk, part_id)
        return replace(doing, of=now.of, subject=now.subject)


@dataclass(frozen=True)
class Rest:
    """The operation of a step: its address below that of the target, its name, that of its body.

    `words` describe fields for programs, where the question to a person does not say it.
    """

    path: str
    name: str
    body: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    status: int = 0
    method: str = "POST"


@dataclass(frozen=True, kw_only=True, eq=False)
class Step:
    """`run` only where a step does more than call its action with the answers. `initial` fills the
    form; `saved` says what the other person saved after a lost race (the same unless said)."""

    action: Callable[..., Any]
    on: Target
    slug: str
    title: Any
    form: Any
    done: Any
    run: Callable[[Any, dict[str, Any]], Any] | None = None
    given: Mapping[str, Any] | Callable[[Any], Mapping[str, Any]] = field(default_factory=dict)
    rest: Rest | None = None
    anchor: str = ""
    group: Any = None
    label: Any = ""
    help: Any = ""
    icon: str = ""
    level: Level = Level.CASE
    when_closed: bool = False
    applies: Callable[[Any, Any], bool] = _yes
    who: Callable[[Actor, Any], bool] = _yes
    initial: Callable[[Any], dict[str, Any]] = _nothing
    saved: Callable[[Any], dict[str, Any]] | None = None
    instead: Callable[[Any], Any] | None = None
    compares: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    # After a lost race: whether what the other person did leaves nothing to save here.
    settled: Callable[[Any], bool] = _no
    # Sealed fields that `saved` shows besides.
    reveals: tuple[str, ...] = ()
    buttons: Sequence[tuple[str, Any]] = ()
    save: Any = SAVE
    alarming: bool = False
    aliases: Mapping[str, str] = field(default_factory=dict)
    undone_by: str = ""
    undo_data: Mapping[str, str] | None = None
    # Besides the steps whose permission always is (access.roles.OF_THE_CENTRE).
    of_the_centre: bool = False
    # A button on another page: it has no page of its own, and says there what refused it.
    press: bool = False
    address: str | None = None
    template: str = ""
    context: Callable[[Any], Mapping[str, Any]] = _nothing
    then: Callable[[Any], str] | None = None

    @property
    def permission(self) -> Permission:
        return self.action.permission  # type: ignore[attr-defined]

    @property
    def part(self) -> type[Model] | None:
        """The kind of part it is taken on; None for the target's record itself."""
        return self.on.part

    @property
    def record_argument(self) -> str:
        """How the action calls the record; empty for one that takes none."""
        wanted = self.on.part or self.on.model
        for name, hint in hints_of(self.action).items():
            if wanted is not None and hint is wanted:
                return name
        return ""

    @property
    def revised(self) -> bool:
        """Whether the action takes the revision that was read."""
        return "revision" in inspect.signature(self.action).parameters

    def competent(self, actor: Actor, record: Any) -> bool:
        """Whether the actor holds the permission where it counts for this record."""
        return self.on.competent(self, actor, record)

    def open_to(self, actor: Actor, record: Any, subject: Any = None) -> bool:
        """Whether the actor would be let through now; the action still decides."""
        reach = getattr(record, "reach", None)
        return (
            self.competent(actor, record)
            and (reach is None or bool(reach.shows(self.level)))
            and (self.when_closed or not self.on.closed(record))
            and self.applies(record, subject)
            and self.who(actor, subject)
        )

    def take(self, doing: Doing, data: Mapping[str, Any]) -> Any:
        """Do it: by `run`, or by the action with the answers as its arguments."""
        if self.run is not None:
            return self.run(doing, dict(data))
        return self.action(
            actor=doing.actor,
            at=doing.at,
            request_key=doing.request_key,
            **self.arguments(doing, data),
        )

    def arguments(self, doing: Doing, data: Mapping[str, Any]) -> dict[str, Any]:
        """What the action is given besides who acts, when and under which key."""
        found = {name: value for name, value in data.items() if name not in NO_ANSWERS}
        if self.record_argument:
            found[self.record_argument] = doing.record
        if self.revised:
            found["revision"] = doing.revision
        given = self.given(doing) if callable(self.given) else self.given
        return found | dict(given)


def hints_of(action: Callable[..., Any]) -> dict[str, Any]:
    """The annotations of an action."""
    return typing.get_type_hints(inspect.unwrap(action))


_on_records: dict[tuple[str, str], Step] = {}
_on_parts: dict[tuple[str, str], Step] = {}


def register(*steps: Step) -> tuple[Step, ...]:
    """Add steps; a slug again replaces, so that a reloaded module does no harm."""
    for step in steps:
        shelf = _on_records if step.part is None else _on_parts
        shelf[step.on.name, step.slug] = step
    return steps


def find(target: str, slug: str, *, on_part: bool = False) -> Step | None:
    """A step by the name of its target and its slug. The same slug may stand for the record (make
    a promise) and for a part of it (end one)."""
    return (_on_parts if on_part else _on_records).get((target, slug))


def all_steps(target: str = "") -> list[Step]:
    steps = [*_on_records.values(), *_on_parts.values()]
    return [step for step in steps if target in ("", step.on.name)]


def page_name(step: Step) -> str:
    """The name of the route of a step that has an address of its own."""
    return step.slug.replace("-", "_")


def url(step: Step, namespace: str, record: Any) -> str:
    """The address of a step that has a route of its own."""
    args = [record.pk] if step.on.page.find("<") >= 0 else []
    return reverse(f"{namespace}:{page_name(step)}", args=args)
