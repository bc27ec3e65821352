"""Addresses of case pages, from wherever a page names a case."""

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from oslonac.cases.clocks import CLOCKS
from oslonac.cases.steps import registry
from oslonac.protocols.models import Obligation


def case_url(case_id: UUID) -> str:
    return reverse("cases:case", args=[case_id])


def step_label(duty: Obligation) -> str:
    """What the button says that leads there."""
    slug = CLOCKS[duty.activity].step
    step = registry.find(slug, on_record=duty.subject_id is not None)
    step = step or registry.find(slug, on_record=False)
    return str(step.label or step.title) if step else _("Open")


def step_url(duty: Obligation) -> str:
    """Where an obligation is fulfilled: the step of its clock, on its subject when it has one."""
    slug = CLOCKS[duty.activity].step
    if duty.subject_id:
        return reverse("cases:step_on", args=[duty.case_id, slug, duty.subject_id])
    return reverse("cases:step", args=[duty.case_id, slug])
