"""Which keys a reader can see: those of the rows they see, from the level that the row policy sets.

Rows of many kinds are sealed under keys of their own, and every statement that fetches a key
beside its row carries this policy along. Written out whole, PostgreSQL plans all of it into each of
those statements, which takes longer than the answer; all in a function, the reader's settings and
blocks are read again for every key, which is slow for a search that opens a hundred names
(docs/reference/benchmarks.md has both). So the kinds of most keys (`RowPolicy.key_often`) are
written out, and the others are in a function, planned once a connection and called for the few
keys that are left.
"""

# ruff: noqa: S608 - names of our own tables and columns, nothing that anybody typed

from collections.abc import Iterator, Mapping

from django.db.models import Model

from oslonac.access.session_sql import ACTS, SCHEMA, SEARCH_PATH, one_of
from oslonac.vault.row_policy import RowPolicy

Declared = Mapping[type[Model], RowPolicy]
FUNCTION = f"{SCHEMA}.opens_key"


def view(model: type[Model]) -> str:
    """Where the keys of a kind of rows stand with the level that the reader's grants reach."""
    return f"{SCHEMA}.keys_of_{model._meta.db_table}"


def ways(table: str, declared: Declared) -> Iterator[str]:
    """Conditions for the policy of the keys' own `table`, asked in this order."""
    key = f'"{table}".id'
    yield from (_way(model, said, key) for model, said in _holders(declared) if said.key_often)
    yield f"{FUNCTION}({key})"


def function(declared: Declared) -> str:
    """The statement that makes the function, for kinds that few keys are of. It reads as the
    tables' owner, and says no more than whether the reader sees a row under the key."""
    asked = "\n".join(
        f"  IF {_way(model, said, 'asked')} THEN RETURN true; END IF;"
        for model, said in _holders(declared)
        if not said.key_often
    )
    return (
        f"CREATE FUNCTION {FUNCTION}(asked uuid) RETURNS boolean LANGUAGE plpgsql STABLE "
        f"SECURITY DEFINER SET search_path = {SEARCH_PATH} AS $$\n"
        f"BEGIN\n{asked}\n  RETURN false;\nEND $$"
    )


def _holders(declared: Declared) -> list[tuple[type[Model], RowPolicy]]:
    """Kinds of rows that have keys of their own; what hangs on grants before what is a right."""
    found = [pair for pair in declared.items() if pair[1].key_level is not None]
    return sorted(found, key=lambda pair: not pair[1].hangs)


def _way(model: type[Model], said: RowPolicy, key: str) -> str:
    held = f'EXISTS (SELECT 1 FROM "{model._meta.db_table}" t WHERE t.key_id = {key})'
    if said.hangs:
        reached = (
            f"EXISTS (SELECT 1 FROM {view(model)} t WHERE t.key_id = {key} "
            f"AND t.level >= {said.key_level})"
        )
        # What is shown only as a whole is summed up for all of them at once: not for other keys.
        return f"({held} AND {reached})" if said.all_of else reached
    seen = ACTS if said.open else f"(SELECT {one_of('rights', [said.right])})"
    return f"({seen} AND {held})"
