"""Writing down who somebody is. Nothing here overwrites what was said before."""

from oslonac.people.actions.family import (
    check_relation,
    decide_member,
    form_group,
    join_group,
    relate,
)
from oslonac.people.actions.identity import add_name, appear, make_person, state
from oslonac.people.actions.typed import birth_interval, line, narrative

__all__ = [
    "add_name",
    "appear",
    "birth_interval",
    "check_relation",
    "decide_member",
    "form_group",
    "join_group",
    "line",
    "make_person",
    "narrative",
    "relate",
    "state",
]
