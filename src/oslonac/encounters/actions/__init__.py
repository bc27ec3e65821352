"""Writes on encounters. Callers import `oslonac.encounters.actions` and nothing below it."""

from oslonac.encounters.actions.encounters import (
    attach_person,
    correct_triage,
    decide_triage,
    record_encounter,
    tell_reporter,
)
from oslonac.encounters.actions.intake import (
    Birth,
    MetToo,
    Said,
    add_child,
    birth_by_age,
    contradict,
    open_from_encounter,
    record_intake,
)

__all__ = [
    "Birth",
    "MetToo",
    "Said",
    "add_child",
    "attach_person",
    "birth_by_age",
    "contradict",
    "correct_triage",
    "decide_triage",
    "open_from_encounter",
    "record_encounter",
    "record_intake",
    "tell_reporter",
]
