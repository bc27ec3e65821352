"""Recording who somebody is. Nothing here overwrites earlier statements."""

from oslonac.people.actions.family import (
    check_relation,
    decide_member,
    form_group,
    join_group,
    relate,
)
from oslonac.people.actions.identity import add_name, appear, make_person, state
from oslonac.people.actions.typed import birth_interval, clean_line, clean_reason, clean_text

__all__ = [
    "add_name",
    "appear",
    "birth_interval",
    "check_relation",
    "clean_line",
    "clean_reason",
    "clean_text",
    "decide_member",
    "form_group",
    "join_group",
    "make_person",
    "relate",
    "state",
]
