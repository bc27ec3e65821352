"""Ids of another centre's file, tried on every route by people who may do the same at home.

Each id of an address is replaced alone and all of them together, then those in the body. The
answer is that there is no such record, and an event that says so; nothing is ever done.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from oslonac.access.roles import Role
from tools.access_matrix.asking import Asked, Asker
from tools.access_matrix.expected import Answer, Line
from tools.access_matrix.matrix import Matrix, Walk
from tools.access_matrix.relations import Relation
from tools.access_matrix.sending import OFFERED
from tools.access_matrix.walk import NAMED, Request


@dataclass(frozen=True)
class Try:
    """One request with somebody else's ids: which parameters, and what is sent."""

    ids: Mapping[str, Any]
    body: Any
    what: str


def ask(walk: Walk, found: Matrix) -> None:
    """Try them all; what is not hidden, or leaves no event, is a difference."""
    askers: dict[Role, Asker] = {}
    for request, line in walk.pairs:
        role = _who(walk, line)
        if role is None:
            continue
        if role not in askers:
            user = walk.world.people[role, Relation.OWN]
            askers[role] = Asker(user, walk.world.records, walk.world.own[user.pk])
        for each in _tries(walk, request, line, askers[role]):
            asker = Asker.like(askers[role], each.ids)
            _judge(found, line, role, each, asker.ask(request, each.body, line.use))


def _who(walk: Walk, line: Line) -> Role | None:
    """Somebody who is let in at home."""
    if not line.record and not line.office:
        return None
    able = (
        role for role in OFFERED if walk.table.answer(line, role, Relation.OWN) == Answer.LET_IN
    )
    return next(able, None)


def _tries(walk: Walk, request: Request, line: Line, asker: Asker) -> Iterator[Try]:
    """With one id replaced, with all of them, with those in the body."""
    strange = _theirs(walk)
    named = {name: asker.record(request, name, line.use) for name in NAMED.findall(request.path)}
    theirs = {name: strange[pk] for name, pk in named.items() if pk in strange}
    body = walk.sending.body(line)
    for name, pk in theirs.items():
        yield Try({name: pk}, body, name)
    if len(theirs) > 1:
        yield Try(theirs, body, "all ids of the address")
    replaced = _replaced(body, {str(own): str(pk) for own, pk in strange.items()})
    if replaced != body:
        yield Try({}, replaced, "ids in what is sent")


def _theirs(walk: Walk) -> dict[UUID, UUID]:
    """Of every record of our file, the same of the other centre's."""
    other = walk.world.other.records
    pairs = ((pk, other[name]) for name, pk in walk.world.home.records.items())
    return {own: pk for own, pk in pairs if isinstance(own, UUID)}


def _replaced(said: Any, ids: Mapping[str, str]) -> Any:
    if isinstance(said, str):
        return ids.get(said, said)
    if isinstance(said, list):
        return [_replaced(each, ids) for each in said]
    if isinstance(said, Mapping):
        return {name: _replaced(each, ids) for name, each in said.items()}
    return said


def _judge(found: Matrix, line: Line, role: Role, tried: Try, asked: Asked) -> None:
    found.combinations += 1
    in_body = not tried.ids
    wrong = [f"{name} was done" for name in asked.done]
    # A form offers only what one sees, so that an id it did not offer may be refused as such.
    if asked.answer != Answer.HIDDEN and not (in_body and not asked.let_in):
        wrong.append(asked.answer.value)
    elif not in_body and not asked.denied:
        wrong.append("no event says so")
    if wrong:
        found.differ(
            f"{line.title} with another centre's {tried.what}",
            Answer.HIDDEN.value,
            f"{'; '.join(wrong)} ({asked.status})",
            role.value,
            Relation.OWN.value,
        )
