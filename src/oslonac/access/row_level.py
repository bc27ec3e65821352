"""From the `RowPolicy` of each model to SQL: views of what the reader's grants reach, and policies.

Schema `sight` holds the views. They hang on `sight.records` (`reader`), are read as the tables'
owner, so that policies neither recurse nor pay twice, and show ids of the reader's own records
only. A policy asks by EXISTS: for a few rows
PostgreSQL probes the index of grants, for many it reads the reader's records once.

Literature: PostgreSQL documentation, "Row Security Policies" and "Rules and Privileges".
Belongs here: writing SQL. Does not: carrying it out (`enforcement`).
"""

# ruff: noqa: S608 - names of our own tables and columns, nothing that anybody typed

from collections.abc import Iterator
from dataclasses import replace

from django.apps import apps
from django.db import connection
from django.db.models import Model

from oslonac.access import keys_shown
from oslonac.access.session_proof import GIVEN
from oslonac.access.session_sql import (
    ACTS,
    PRINCIPALS,
    RECORDS,
    SCHEMA,
    SYSTEM,
    XID,
    blocked,
    one_of,
    told,
)
from oslonac.vault.row_policy import Adding, RowPolicy

POLICIES = {"shown": "SELECT", "added": "INSERT", "changed": "UPDATE", "removed": "DELETE"}
COLUMNS = "v.level, v.whereabouts, v.kept_off"


def declared() -> dict[type[Model], RowPolicy]:
    """Every model of ours with its declaration, in the order of installed applications."""
    ours = (m for m in apps.get_models() if m.__module__.startswith("oslonac."))
    return {model: model.ROW_POLICY for model in ours if hasattr(model, "ROW_POLICY")}


def protected() -> dict[type[Model], RowPolicy]:
    """Those whose rows are held by policies."""
    return {model: said for model, said in declared().items() if not said.open}


def views() -> Iterator[str]:
    """Statements that make the views, parents before children."""
    yield from RECORDS
    made: set[type[Model]] = set()
    for model in _hung_on():
        yield from _views_for(model, made)
    yield keys_shown.function(declared())
    for model, said in protected().items():
        if said.search:
            table = model._meta.db_table
            yield f'CREATE VIEW {searched(model)} AS SELECT * FROM "{table}" WHERE {_opened(said)}'
        if said.apart:
            yield f"CREATE VIEW {partly(model)} AS {_partly(model, said)}"


def partly(model: type[Model]) -> str:
    """The view of rows without whereabouts: the columns of `RowPolicy.apart` are empty."""
    return f"{SCHEMA}.partly_{model._meta.db_table}"


def _partly(model: type[Model], said: RowPolicy) -> str:
    table, empty = model._meta.db_table, said.apart.split()
    columns = ", ".join(
        f"NULL::{str(field.db_type(connection)).partition('(')[0]} AS {field.column}"
        if field.column in empty
        else str(field.column)
        for field in model._meta.concrete_fields
    )
    return f'SELECT {columns} FROM "{table}" WHERE {visible(model, replace(said, apart=""))}'


def searched(model: type[Model]) -> str:
    """What to search instead of a table whose RowPolicy says `search`, with a bypass: for all other
    readers it is empty. A policy lets PostgreSQL use an index only with operators that
    cannot tell what they compare, and those of arrays are not among them (documentation of CREATE
    POLICY and of LEAKPROOF). Which of the rows found may be shown is asked of `reached`."""
    return f"{SCHEMA}.found_{model._meta.db_table}"


def reached(model: type[Model]) -> str:
    """Ids that the reader's own grants reach, with their level: what policies ask of each row, for
    code that asks it of a few rows after it has chosen them."""
    return _view(model)


def _hung_on() -> Iterator[type[Model]]:
    """Models whose view some policy asks."""
    for model, said in protected().items():
        if said.carried_by or said.all_of or said.key_level is not None:
            yield model
        for _column, to in (_link(model, name) for name in f"{said.through} {said.either}".split()):
            yield to


def policies(model: type[Model]) -> Iterator[str]:
    """Statements that put one table under its policies."""
    said: RowPolicy = model.ROW_POLICY  # type: ignore[attr-defined]
    table = model._meta.db_table
    shown = visible(model, said)
    added = _allowed(model, said, said.add, said.add_level or said.level)
    changed = shown if said.change is Adding.SEEN else _allowed(model, said, said.change, 0)
    yield f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY'
    clauses = {
        "shown": f"USING ({shown})",
        "added": f"WITH CHECK ({added})",
        "changed": f"USING ({changed})",
        "removed": f"USING ({changed})",
    }
    for name, command in POLICIES.items():
        yield f'CREATE POLICY {name} ON "{table}" FOR {command} {clauses[name]}'


def _allowed(model: type[Model], said: RowPolicy, who: Adding, level: int) -> str:
    if who is Adding.ANYBODY:
        return f"(SELECT {GIVEN})"
    if who is Adding.ACTOR:
        return f"{_opened(said)} OR {ACTS}"
    if who is Adding.OPENED:
        return _opened(said)
    return visible(model, said, level=level, strict=False)


def visible(
    model: type[Model], said: RowPolicy, *, level: int | None = None, strict: bool = True
) -> str:
    """The condition under which a row is shown from `level` on (default: the declared one)."""
    table = model._meta.db_table
    always = [_opened(said)]
    if said.written:
        always.append(f'"{table}".{said.written} = {XID}')
    ways = list(_ways(model, said, said.level if level is None else level, strict))
    if said.closes:
        closed = blocked("record", "all")
        kept = (f'COALESCE("{table}".{name} = ANY {closed}, false)' for name in said.closes.split())
        return f"{' OR '.join(always)} OR (({' OR '.join(ways)}) AND NOT ({' OR '.join(kept)}))"
    return " OR ".join(always + ways)


def _ways(model: type[Model], said: RowPolicy, level: int, strict: bool) -> Iterator[str]:
    """What shows a row to an actor: grants on what it hangs on, themselves, an office, a right."""
    table = model._meta.db_table
    # PostgreSQL asks the ways in this order. Whoever reads a million grants of their own must not
    # have the records of all of them gathered first.
    if said.mine:
        yield f'"{table}".{said.mine} = ANY ({PRINCIPALS})'
    if said.keys:
        yield from keys_shown.ways(table, declared())
    elif said.hangs:
        hangs = _reached(model, said, level, said.whereabouts)
        if strict:
            hangs += _stricter(model, said) + _apart(model, said)
        yield f"({hangs})"
    if said.right:
        yield f"(SELECT {one_of('rights', [said.right])})"
    if said.own:
        yield f'"{table}".{said.own} = {told("user_id", "uuid")}'
    if said.office:
        may = f"(SELECT {one_of('rights', [said.office_right])})"
        offices = f"({told('offices', 'uuid[]')})::uuid[]"
        yield f'({may} AND "{table}".{said.office} = ANY ({offices}))'


def _opened(said: RowPolicy) -> str:
    """System mode, or a reason to look past sight that the declaration names."""
    ways = [SYSTEM]
    if said.bypass:
        ways.append(one_of("beyond", [why.code for why in said.bypass]))
    return f"(SELECT {' OR '.join(ways)})"


def _apart(model: type[Model], said: RowPolicy) -> str:
    """As `Reach.tells_where`: a block wins, then a grant with whereabouts or no restriction."""
    if not said.apart:
        return ""
    told = _exists(model, said, "v.whereabouts")
    if said.apart_if:
        link, _, flag = said.apart_if.partition(".")
        column, to = _link(model, link)
        rows, here = to._meta.db_table, model._meta.db_table
        told += f' OR NOT (SELECT r.{flag} FROM "{rows}" r WHERE r.id = "{here}".{column})'
    return f" AND NOT {_exists(model, said, 'v.kept_off')} AND ({told})"


def _stricter(model: type[Model], said: RowPolicy) -> str:
    table, found = model._meta.db_table, ""
    for rule in said.stricter:
        values = ", ".join(f"'{value}'" for value in rule.values)
        more = _reached(model, said, rule.level, rule.whereabouts)
        found += f' AND ("{table}".{rule.column} NOT IN ({values}) OR ({more}))'
    return found


def _reached(model: type[Model], said: RowPolicy, level: int, whereabouts: bool) -> str:
    """Whether the reader's grants reach the row. Level and whereabouts may come from two."""
    asked = [_exists(model, said, f"v.level >= {level}")]
    if whereabouts:
        asked.append(_exists(model, said, "v.whereabouts"))
        asked.append(f"NOT {_exists(model, said, 'v.kept_off')}")
    return " AND ".join(asked)


def _exists(model: type[Model], said: RowPolicy, more: str) -> str:
    table = model._meta.db_table
    if said.record:
        hook = f"v.record_kind = '{said.record}' AND v.record_id = \"{table}\".id"
        return f"EXISTS (SELECT 1 FROM {SCHEMA}.records v WHERE {hook} AND {more})"
    if said.about:
        hooks = (f'v.record_id = "{table}".{column}' for column in said.about.split())
        ways = (
            f"EXISTS (SELECT 1 FROM {SCHEMA}.records v WHERE {hook} AND {more})" for hook in hooks
        )
        return f"({' OR '.join(ways)})"
    if said.carried_by or said.all_of:
        return _in_view(model, f'"{table}".id', more)
    if said.either:
        links = [_link(model, name) for name in said.either.split()]
        ways = (_in_view(to, f'"{table}".{column}', more) for column, to in links)
        return f"({' OR '.join(ways)})"
    links = [_link(model, name) for name in said.through.split()]
    return " AND ".join(_in_view(to, f'"{table}".{column}', more) for column, to in links)


def _in_view(model: type[Model], value: str, more: str) -> str:
    return f"EXISTS (SELECT 1 FROM {_view(model)} v WHERE v.id = {value} AND {more})"


def _view(model: type[Model]) -> str:
    return f"{SCHEMA}.{model._meta.db_table}"


def _link(model: type[Model], name: str) -> tuple[str, type[Model]]:
    field = model._meta.get_field(name)
    return field.column, field.related_model  # type: ignore[union-attr, return-value]


def _carrier(said: RowPolicy) -> tuple[type[Model], str]:
    label, _, name = said.carried_by.rpartition(".")
    carrier = apps.get_model(label)
    return carrier, carrier._meta.get_field(name).column


def _views_for(model: type[Model], made: set[type[Model]]) -> Iterator[str]:
    """The view that other tables hang on: the row's id, with level and whereabouts."""
    said = protected().get(model)
    if said is None or model in made or not said.hangs:
        return
    made.add(model)
    for _column, to in (_link(model, name) for name in f"{said.through} {said.either}".split()):
        yield from _views_for(to, made)
    if said.carried_by:
        yield from _views_for(_carrier(said)[0], made)
    if said.all_of:
        yield from _views_for(_parts(said)[2], made)
    yield f"CREATE VIEW {_view(model)} AS {_rows(model, 'id')}"
    if said.key_level is not None:
        yield (
            f"CREATE VIEW {keys_shown.view(model)} AS SELECT t.key_id, v.level "
            f'FROM "{model._meta.db_table}" t JOIN {_view(model)} v ON v.id = t.id'
        )


def _rows(model: type[Model], column: str) -> str:
    """SELECT of (id, level, whereabouts): `column` of the rows that the reader's grants reach."""
    said: RowPolicy = model.ROW_POLICY  # type: ignore[attr-defined]
    table = model._meta.db_table
    if said.record:
        return (
            f"SELECT v.record_id AS id, {COLUMNS} "
            f"FROM {SCHEMA}.records v WHERE v.record_kind = '{said.record}'"
        )
    if said.all_of:
        return _whole(model, said)
    if said.carried_by:
        return _closed(_rows(*_carrier(said)), said) if said.closed_by else _rows(*_carrier(said))
    select = f'SELECT t.{column} AS id, {COLUMNS} FROM "{table}" t JOIN '
    if said.about:
        on = " OR ".join(f"v.record_id = t.{each}" for each in said.about.split())
        return f"{select}{SCHEMA}.records v ON {on}"
    if said.either:
        links = (_link(model, name) for name in said.either.split())
        return " UNION ALL ".join(f"{select}{_view(to)} v ON v.id = t.{own}" for own, to in links)
    # Where several must be shown, the first decides the level of what hangs on this row.
    own, to = _link(model, said.through.split()[0])
    return f"{select}{_view(to)} v ON v.id = t.{own}"


def _parts(said: RowPolicy) -> tuple[type[Model], str, type[Model], str]:
    """The rows that point to a whole, by which column, to what of which all must be shown, by
    which column."""
    label, link, to = said.all_of.rsplit(".", 2)
    carrier = apps.get_model(label)
    column, shown = _link(carrier, to)
    return carrier, _link(carrier, link)[0], shown, column


def _whole(model: type[Model], said: RowPolicy) -> str:
    """As `_rows` of what is shown only as a whole: the least that the reader sees of any part,
    and nothing where one part is missing."""
    carrier, link, shown, column = _parts(said)
    return (
        "SELECT s.id, min(v.level) AS level, bool_and(v.whereabouts) AS whereabouts, "
        f'bool_or(v.kept_off) AS kept_off FROM "{model._meta.db_table}" s '
        f'JOIN "{carrier._meta.db_table}" t ON t.{link} = s.id '
        "CROSS JOIN LATERAL (SELECT max(each.level) AS level, bool_or(each.whereabouts) AS "
        f"whereabouts, bool_or(each.kept_off) AS kept_off FROM {_view(shown)} each "
        f"WHERE each.id = t.{column}) v "
        "WHERE v.level IS NOT NULL GROUP BY s.id, s.parts HAVING count(*) >= s.parts"
    )


def _closed(rows: str, said: RowPolicy) -> str:
    """A child whose own record is closed to the reader stays closed in the records of others."""
    kept = blocked(said.closed_by, "whereabouts")
    return (
        f"SELECT v.id, v.level, v.whereabouts, v.kept_off OR v.id = ANY {kept} AS kept_off "
        f"FROM ({rows}) v WHERE v.id <> ALL {blocked(said.closed_by, 'all')}"
    )
