"""Addresses of case pages, from wherever a page names a case."""

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from oslonac.access.actor import Actor
from oslonac.cases import tabs
from oslonac.cases.duties.steps import fulfilling
from oslonac.cases.models import Case
from oslonac.protocols.models import Obligation


def case_url(case_id: UUID, anchor: str = "") -> str:
    """The page of a case; with an anchor, that place on its tab."""
    return tabs.at(case_id, anchor) if anchor else tabs.url(case_id)


def step_label(duty: Obligation) -> str:
    """What the button says that leads there."""
    step = fulfilling.step_of(duty)
    return str(step.label or step.title) if step else _("Open")


def step_url(duty: Obligation) -> str:
    """Where an obligation is fulfilled."""
    slug, record_id = fulfilling.where(duty)
    if record_id is not None:
        return reverse("cases:step_on", args=[duty.case_id, slug, record_id])
    return reverse("cases:step", args=[duty.case_id, slug])


def lets_through(actor: Actor, duty: Obligation, case: Case | None) -> bool:
    """Whether the step that fulfils an obligation is the actor's to take: what a list knows of
    that without opening the case. The step and the action still ask for themselves."""
    step = fulfilling.step_of(duty)
    if step is None or case is None:
        return step is not None and step.permission in actor.permissions
    mine = step.who(actor, duty) if step.slug == fulfilling.DONE else True
    return step.competent(actor, case) and mine
