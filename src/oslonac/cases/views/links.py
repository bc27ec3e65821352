"""Addresses of case pages, from wherever a page names a case."""

from uuid import UUID

from django.urls import reverse

from oslonac.cases.clocks import CLOCKS
from oslonac.protocols.models import Obligation


def case_url(case_id: UUID) -> str:
    return reverse("cases:case", args=[case_id])


def step_url(duty: Obligation) -> str:
    """Where an obligation is fulfilled: the step of its clock, on its subject when it has one."""
    slug = CLOCKS[duty.activity].step
    if duty.subject_id:
        return reverse("cases:step_on", args=[duty.case_id, slug, duty.subject_id])
    return reverse("cases:step", args=[duty.case_id, slug])
