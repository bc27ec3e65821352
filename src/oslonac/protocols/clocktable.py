"""Every deadline of a pack as rows of a table: what, who, since, within, ground. English."""

from collections.abc import Iterable, Iterator, Sequence

from oslonac.kit.calendars import Amount
from oslonac.protocols.dcr.graph import Response
from oslonac.protocols.protocol import STARTED, Protocol

Row = tuple[str, str, str, str, str, str, str]


def tables(protocols: Iterable[Protocol]) -> Iterator[tuple[str, Sequence[Row]]]:
    """Title and rows of each procedure that asks for anything."""
    for protocol in protocols:
        rows = list(_rows(protocol))
        if rows:
            yield protocol.title["en"], rows


def _rows(protocol: Protocol) -> Iterator[Row]:
    for relation in protocol.graph.relations:
        if not isinstance(relation, Response):
            continue
        activity = protocol.graph.activities[relation.target]
        step = protocol.step_of(relation.target)
        norm = relation.norm or activity.norm
        source = protocol.sources.get(norm.id)
        begin = "begin: " if relation.target.endswith(STARTED) else ""
        when = f", when `{relation.guard.text}`" if relation.guard else ""
        yield (
            f"`{step.id}`",
            begin + step.title["en"],
            ", ".join(dict.fromkeys(who.role for who in activity.who)) or "-",
            protocol.step_of(relation.source).title["en"] + when.replace("|", "or"),
            _term(relation),
            source.title.get("en", norm.id) if source else "-",
            "yes" if norm.verified else "no, guidance",
        )


def _term(relation: Response) -> str:
    deadline = relation.deadline
    if deadline.day is not None:
        return "its own day"
    if deadline.amount is None:
        return "as before" if deadline.as_before else "no term"
    return _amount(deadline.amount) + (
        f", from `{deadline.start_text}`" if deadline.start_text else ""
    )


def _amount(amount: Amount) -> str:
    return f"{amount.count} {amount.unit.value.replace('_', ' ')}"
