"""Writes of assessing and planning.

Callers import `oslonac.planning.actions` and nothing below it."""

from oslonac.planning.actions.assessing import (
    begin_assessment,
    complete_assessment,
    save_assessment,
)
from oslonac.planning.actions.concerns import decide_concern, notify_concern, raise_concern
from oslonac.planning.actions.contacts import record_contact, record_review
from oslonac.planning.actions.plans import (
    add_activity,
    add_goal,
    draft_plan,
    end_activity,
    end_promise,
    make_promise,
    put_plan_in_force,
    save_goal,
)

__all__ = [
    "add_activity",
    "add_goal",
    "begin_assessment",
    "complete_assessment",
    "decide_concern",
    "draft_plan",
    "end_activity",
    "end_promise",
    "make_promise",
    "notify_concern",
    "put_plan_in_force",
    "raise_concern",
    "record_contact",
    "record_review",
    "save_assessment",
    "save_goal",
]
