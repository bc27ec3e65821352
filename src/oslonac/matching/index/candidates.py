"""From keys to people, the likeliest first, without opening a name.

Belongs here: the queries on the entries and their limits. Does not: which keys (`recipe`),
comparing opened names (`answering`).

What agrees is summed in the database over the small array `fine`, weighted by the rarity of each
word, so that only the best are decrypted. A limit that left anybody out is reported.
"""

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from oslonac.access.row_level import searched
from oslonac.matching.index import recipe
from oslonac.matching.index.generations import Live
from oslonac.matching.index.models import Entry
from oslonac.matching.index.scope import Scope

_SEARCHED = searched(Entry)
MOST_LOOKED_AT = 6_000  # entries a step of two words brings at most
MOST_OF_A_WORD = 3_000  # and a step of one word, for which there may be any number
MOST_KEPT = 720  # of them, the best
WEAK = 0.7  # what a word that only sounds alike brings of an exact one
SAME_YEAR, NEAR_YEAR, SAME_SEX = 3.0, 1.0, 0.5  # nats, roughly as `persons` weighs them


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What everybody found must not contradict. Not known never contradicts."""

    sex: str = ""
    years: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """What brings somebody forward among those found."""

    sex: str = ""
    years: tuple[int, int] | None = None


@dataclass
class Gathered:
    """`scores` by person. `cut`: words that more people bear than were looked at (empty for a
    pair of words). `left`: those who may be found and were not opened; nobody else is counted
    anywhere, for a count would tell of people who may not be found."""

    scores: dict[UUID, float] = field(default_factory=dict)
    cut: list[str] = field(default_factory=list)
    left: list[UUID] = field(default_factory=list)

    def best(self) -> list[UUID]:
        return sorted(self.scores, key=lambda pk: (-self.scores[pk], pk))


def _dropped_as_good(rows: list[tuple[UUID, float, int]]) -> bool:
    """Whether somebody as good as those in the middle of the kept ones was not kept."""
    return rows[0][2] > len(rows) and rows[-1][1] >= rows[len(rows) // 2][1]


@contextlib.contextmanager
def _by_index() -> Iterator[Any]:
    """A cursor whose queries go by index always: a plan that reads the table is right on average
    and far too slow for the rare name that most questions are about."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL jit = off")
        yield cursor


@dataclass(frozen=True)
class Asker:
    """Everything the queries of one question share."""

    generation: Live
    scope: Scope
    words: Sequence[recipe.Word] = ()
    narrowing: Narrowing = Narrowing()
    wish: Wish = Wish()

    def few(self, keys: Iterable[str]) -> Gathered:
        """Everybody of a scope of few people who has any of the keys."""
        found = Gathered()
        ids = list(self.scope.ids or ())
        if ids:
            where = "e.person_id = ANY(%s::uuid[]) AND e.keys && %s::bigint[]"
            with _by_index() as cursor:
                rows = self._rows(cursor, where, [ids, self._sealed(keys)], len(ids))
            found.scores = {person_id: score for person_id, score, _all in rows}
        return found

    def many(self, steps: Iterable[recipe.Step], into: Gathered) -> None:
        """Add what the steps bring."""
        with _by_index() as cursor:
            for step in steps:
                most = MOST_OF_A_WORD if step.word else MOST_LOOKED_AT
                rows = self._rows(
                    cursor, "e.keys && %s::bigint[]", [self._sealed(step.keys)], most + 1
                )
                if rows and (rows[0][2] > most or _dropped_as_good(rows)):
                    into.cut.append(step.word)
                for person_id, score, _all in rows:
                    into.scores[person_id] = max(score, into.scores.get(person_id, 0.0))

    def _sealed(self, keys: Iterable[str]) -> list[int]:
        return self.generation.sealer.of_question(keys)

    def _rows(
        self, cursor: Any, where: str, values: list[Any], most: int
    ) -> list[tuple[UUID, float, int]]:
        """(person, score, how many there were) of the best, the best first."""
        score, score_values = self._score()
        narrow, narrow_values = self._narrow()
        query = (
            f"SELECT e.person_id, ({score})::float8 AS score, count(*) OVER () FROM "  # noqa: S608
            f"(SELECT * FROM {_SEARCHED} e WHERE e.generation_id = %s AND {where} {narrow} "
            f"LIMIT %s) e ORDER BY score DESC LIMIT {MOST_KEPT}"
        )
        given = [*score_values, self.generation.number, *values, *narrow_values, most]
        cursor.execute(query, given)
        found: list[tuple[UUID, float, int]] = cursor.fetchall()
        return found

    def _score(self) -> tuple[str, list[Any]]:
        parts: list[str] = []
        values: list[Any] = []
        for word in self.words:
            parts.append(
                "CASE WHEN e.fine && %s::bigint[] THEN %s WHEN e.fine && %s::bigint[] THEN %s "
                "ELSE 0 END"
            )
            values += [self._sealed(word.strong), word.nats]
            values += [self._sealed(word.weak), word.nats * WEAK]
        if self.wish.sex:
            parts.append("CASE WHEN e.sex = %s THEN %s ELSE 0 END")
            values += [self.wish.sex, SAME_SEX]
        if self.wish.years:
            first, last = self.wish.years
            parts.append(
                "CASE WHEN e.year_from <= %s AND e.year_to >= %s THEN %s "
                "WHEN e.year_from <= %s AND e.year_to >= %s THEN %s ELSE 0 END"
            )
            values += [last, first, SAME_YEAR, last + 2, first - 2, NEAR_YEAR]
        return " + ".join(parts) or "0", values

    def _narrow(self) -> tuple[str, list[Any]]:
        text = ""
        values: list[Any] = []
        if self.narrowing.sex:
            text += " AND (e.sex = %s OR e.sex NOT IN ('female', 'male'))"
            values.append(self.narrowing.sex)
        if self.narrowing.years:
            first, last = self.narrowing.years
            text += " AND (e.year_from IS NULL OR (e.year_from <= %s AND e.year_to >= %s))"
            values += [last, first]
        return text, values
