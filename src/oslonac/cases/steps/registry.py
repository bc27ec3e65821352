"""One declaration for each step on a case: its form, who may take it, when it applies.

A slug may stand twice: once for the case (`promise`: make one) and once on a record of the case
(`promise` on a promise: end it). Clocks name slugs, so obligations link here.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import models
from django.urls import get_script_prefix, reverse
from django.utils.translation import gettext_lazy as _

from oslonac.access.actor import Actor
from oslonac.access.roles import OF_THE_CENTRE, Permission
from oslonac.access.rules import Level
from oslonac.cases.models import Case
from oslonac.cases.rules import CaseStatus
from oslonac.kit.choices import TextChoices
from oslonac.web.shapes import Action

SAVE = _("Save")


class Group(TextChoices):
    """Under which heading the case page offers a step."""

    CHILD = "child", _("Contacts and promises")
    ASSESS = "assess", _("Assess and plan")
    PROTECT = "protect", _("Protect")
    IDENTITY = "identity", _("Identity")
    AROUND = "around", _("Family and other people")
    DUTY = "duty", _("Responsibility and access")


@dataclass(frozen=True)
class Doing:
    """A step being taken: by whom, when, on which case and on which record of it."""

    actor: Actor
    at: datetime
    case: Case
    subject: Any = None
    request_key: str = ""
    revision: int = 0

    @property
    def record(self) -> Any:
        """What the revision of the form speaks of."""
        return self.subject if self.subject is not None else self.case


def _always(case: Case, subject: Any) -> bool:
    return True


def _anybody(actor: Actor, subject: Any) -> bool:
    return True


def _nothing(doing: Doing) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Step:
    """`run` calls the action with the cleaned form; `initial` fills the form and, after a lost
    race, says what the other person saved in the fields named by `compares`."""

    slug: str
    title: Any
    permission: Permission
    form: Any
    run: Callable[[Doing, dict[str, Any]], models.Model]
    done: Any
    anchor: str
    group: Group | None = None
    label: Any = ""
    help: Any = ""
    icon: str = ""
    on: type[models.Model] | None = None
    through: str = "case"
    find: Callable[[Case, UUID], Any] | None = None
    level: Level = Level.CASE
    when_closed: bool = False
    applies: Callable[[Case, Any], bool] = _always
    who: Callable[[Actor, Any], bool] = _anybody
    initial: Callable[[Doing], dict[str, Any]] = _nothing
    instead: Callable[[Case], Any] | None = None
    compares: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    buttons: Sequence[tuple[str, Any]] = ()
    save: Any = SAVE
    alarming: bool = False
    aliases: Mapping[str, str] = field(default_factory=dict)
    undone_by: str = ""
    undo_data: Mapping[str, str] | None = None
    # Besides the steps whose permission always is (access.roles.OF_THE_CENTRE).
    of_the_centre: bool = False

    def competent(self, actor: Actor, case: Case) -> bool:
        """Whether the actor holds the permission where it counts for this case."""
        if self.of_the_centre or self.permission in OF_THE_CENTRE:
            return actor.may_at(self.permission, case.organisation_id)
        return self.permission in actor.permissions

    def open_to(self, actor: Actor, case: Case, subject: Any = None) -> bool:
        """Whether the actor would be let through now; the action still decides."""
        closed = case.status == CaseStatus.CLOSED
        return (
            self.competent(actor, case)
            and case.reach.shows(self.level)
            and (self.when_closed or not closed)
            and self.applies(case, subject)
            and self.who(actor, subject)
        )


_on_case: dict[str, Step] = {}
_on_record: dict[str, Step] = {}


def register(*steps: Step) -> None:
    """Add steps; a slug again replaces, so that a reloaded module does no harm."""
    for step in steps:
        (_on_case if step.on is None else _on_record)[step.slug] = step


def find(slug: str, *, on_record: bool) -> Step | None:
    return (_on_record if on_record else _on_case).get(slug)


def all_steps() -> list[Step]:
    return [*_on_case.values(), *_on_record.values()]


def url(step: Step, case: Case, subject: Any = None) -> str:
    base = f"{_home(case.pk, get_script_prefix())}do/{step.slug}/"
    return base if subject is None else f"{base}{subject.pk}/"


@lru_cache(maxsize=256)
def _home(case_id: UUID, _prefix: str) -> str:
    """A page names dozens of steps of one case; its address is worked out once."""
    return reverse("cases:case", args=[case_id])


def button(
    slug: str, actor: Actor, case: Case, subject: Any = None, *, kind: Any = "quiet"
) -> Action | None:
    """A link to a step when it is open to the actor; None otherwise."""
    step = find(slug, on_record=subject is not None)
    if step is None or not step.open_to(actor, case, subject):
        return None
    return Action(
        str(step.label or step.title), url(step, case, subject), kind=kind, icon=step.icon
    )


def buttons(actor: Actor, case: Case, subject: Any, *slugs: str, kind: Any = "plain") -> list:
    found = (button(slug, actor, case, subject, kind=kind) for slug in slugs)
    return [action for action in found if action is not None]


def offered(
    actor: Actor, case: Case, without: frozenset[str] = frozenset()
) -> list[tuple[str, list[Action]]]:
    """Steps on the case itself that are open to the actor, under their headings."""
    groups = []
    for group in Group:
        steps = [s for s in _on_case.values() if s.group == group and s.slug not in without]
        actions = [button(s.slug, actor, case, kind="plain") for s in steps]
        kept = [action for action in actions if action is not None]
        if kept:
            groups.append((str(group.label), kept))
    return groups
