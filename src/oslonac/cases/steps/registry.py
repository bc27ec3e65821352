"""What the steps on a case share: the target, the headings of the page, the buttons on it.

Clocks name slugs, so obligations link here. A slug may stand twice: once for the case (`promise`:
make one) and once on a record of the case (`promise` on a promise: end it).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.urls import get_script_prefix, reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from oslonac.access import policy
from oslonac.access.actor import Actor
from oslonac.access.roles import OF_THE_CENTRE, Permission
from oslonac.access.rules import Level
from oslonac.cases import queries, tabs
from oslonac.cases.models import Case
from oslonac.cases.rules import CaseStatus
from oslonac.kit.choices import TextChoices
from oslonac.steps import step as steps
from oslonac.steps.step import Rest, Step, Target, register
from oslonac.vault.sealing import open_many
from oslonac.web.shapes import Action, Link

__all__ = ["CASE", "Doing", "Group", "Rest", "Step", "Target", "register"]


class Group(TextChoices):
    """Under which heading the case page offers a step."""

    CHILD = "child", _("Contacts and promises")
    ASSESS = "assess", _("Assess and plan")
    PROTECT = "protect", _("Protect")
    IDENTITY = "identity", _("Identity")
    AROUND = "around", _("Family and other people")
    DUTY = "duty", _("Responsibility and access")


class Doing(steps.Doing):
    """A step on a case, or on a record of it."""

    @property
    def case(self) -> Case:
        found: Case = self.of
        return found


@lru_cache(maxsize=256)
def _home(case_id: UUID, _prefix: str) -> str:
    """A page names dozens of steps of one case; its address is worked out once."""
    return reverse("cases:case", args=[case_id])


def _find(actor: Actor, case_id: UUID, at: datetime) -> Case:
    return queries.case(actor, case_id, at=at)


def _part(case: Case, model: Any, record_id: Any, through: str) -> Any:
    return queries.part(case, model, record_id, through=through)


def _require(actor: Actor, case: Case, level: Level, at: datetime) -> None:
    policy.require_level(actor, "case", case.pk, level, at=at)


def _competent(step: Step, actor: Actor, case: Case) -> bool:
    if step.of_the_centre or step.permission in OF_THE_CENTRE:
        return actor.may_at(step.permission, case.organisation_id)
    return step.permission in actor.permissions


def _closed(case: Case) -> str:
    return _now("The case is closed. Re-open it first.") if case.status == CaseStatus.CLOSED else ""


def _beside(doing: Any) -> tuple[Mapping[str, Any], Sequence[str]]:
    """The child's name beside the form, so that nobody writes into the wrong file."""
    from oslonac.cases.page.identity import whose  # the page stands above the steps

    case, name, shown = doing.of, "", []
    if case.reach.shows(Level.IDENTITY):
        keys = {case.person.key_id: case.person.key}
        name = open_many([case.person], "shown_name", keys=keys)[case.person_id]["shown_name"]
        shown = ["shown_name"]
    return {
        "whose": name,
        "whose_facts": whose(case, doing.at),
        "case": case,
        "aside_template": "cases/parts/whose.html",
        "stylesheet": "cases/css/case.css",
        "page_class": "page-step",
    }, shown


def _crumbs(doing: Any) -> list[Link]:
    words = _now("Case %(number)s") % {"number": doing.of.number}
    return [Link(words, _home(doing.of.pk, get_script_prefix()))]


CASE = Target(
    name="case",
    model=Case,
    find=_find,
    home=lambda case: _home(case.pk, get_script_prefix()),
    place=lambda case, anchor: tabs.at(case.pk, anchor),
    crumbs=_crumbs,
    rest="/cases/{case_id}/",
    permission=Permission.CASE_READ,
    doing=Doing,
    beside=_beside,
    case_id=lambda doing: doing.of.pk,
    events=lambda case: {"case_id": case.pk},
    competent=_competent,
    require=_require,
    closed=_closed,
    parts=_part,
    through="case",
)


def find(slug: str, *, on_record: bool) -> Step | None:
    return steps.find(CASE.name, slug, on_part=on_record)


def all_steps() -> list[Step]:
    """Every step on a case or on a record of one."""
    return steps.all_steps(CASE.name)


def url(step: Step, case: Case, subject: Any = None) -> str:
    base = f"{_home(case.pk, get_script_prefix())}do/{step.slug}/"
    return base if subject is None else f"{base}{subject.pk}/"


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
    own = [step for step in all_steps() if step.part is None and step.slug not in without]
    for group in Group:
        actions = [button(s.slug, actor, case, kind="plain") for s in own if s.group == group]
        kept = [action for action in actions if action is not None]
        if kept:
            groups.append((str(group.label), kept))
    return groups
