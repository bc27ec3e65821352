"""Addresses of case pages, from wherever a page names a case."""

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from oslonac.cases import tabs
from oslonac.cases.steps import fulfilling
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
