"""Which step completes an obligation: the form that its procedure names, or "done", with evidence.

A form that exists on a record only (answering *this* transfer) needs the record the obligation is
about; where there is none, or the product has no such form, `DONE` on the obligation itself
fulfils it, so that nothing is owed that nobody can do.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from oslonac.cases.steps import registry
from oslonac.cases.steps.registry import Step
from oslonac.protocols import catalogue
from oslonac.protocols.models import Obligation

DONE = "duty"


def where(duty: Obligation) -> tuple[str, UUID | None]:
    """The slug of the step, and the record it is taken on (None: the case)."""
    form = catalogue.form(duty.activity)
    if duty.subject_id is not None and registry.find(form, on_record=True):
        return form, duty.subject_id
    if registry.find(form, on_record=False):
        return form, None
    return DONE, duty.pk


def by_step(duties: Iterable[Obligation], at: datetime) -> list[list[Obligation]]:
    """Obligations that one step fulfils, together: what presses most first in each, and by it the
    groups. A contact may meet five norms; it is asked for once, and says which."""
    groups: dict[tuple[UUID, str, UUID | None], list[Obligation]] = {}
    for duty in sorted(duties, key=lambda duty: urgency(duty, at)):
        groups.setdefault((duty.case_id, *where(duty)), []).append(duty)
    return list(groups.values())


def urgency(duty: Obligation, at: datetime) -> tuple[bool, bool, datetime, str]:
    """Late by law first, then by date, what has none last; guidance past its date is not late."""
    late = duty.due_at is not None and duty.due_at < at and duty.verified
    return not late, duty.due_at is None, duty.due_at or at, duty.key


def step_of(duty: Obligation) -> Step | None:
    slug, record_id = where(duty)
    return registry.find(slug, on_record=record_id is not None)


def has_own(activity: str, each: str) -> bool:
    """Whether the product has a form of its own for an activity."""
    form = catalogue.form(activity)
    on_record = bool(each) and registry.find(form, on_record=True) is not None
    return on_record or registry.find(form, on_record=False) is not None
