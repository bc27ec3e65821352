"""From keys to people, the likeliest first, without opening a name.

Belongs here: the queries on the entries and their limits. Does not: which keys (`recipe`),
comparing opened names (`answering`).

What agrees is summed in the database over the small array `fine`, weighted by the rarity of each
word, so that only the best are decrypted. A limit that left anybody out is reported.
"""

from collections.abc import Iterable, Sequence
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
MOST_LOOKED_AT = 6_000  # entries one step brings at most
MOST_KEPT = 1_500  # of them, the best
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
    """`scores` by person; `cut`: words of which more people bear a like one than were looked at."""

    scores: dict[UUID, float] = field(default_factory=dict)
    cut: list[str] = field(default_factory=list)

    def best(self) -> list[UUID]:
        return sorted(self.scores, key=lambda pk: (-self.scores[pk], pk))


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
            rows = self._rows(where, [ids, self._sealed(keys)], len(ids))
            found.scores = dict(rows)
        return found

    def many(self, step: recipe.Step, into: Gathered) -> None:
        """Add what one step brings."""
        if not step.keys:
            return
        rows = self._rows("e.keys && %s::bigint[]", [self._sealed(step.keys)], MOST_LOOKED_AT + 1)
        if len(rows) > MOST_LOOKED_AT:
            into.cut.append(step.word)
        best = sorted(rows, key=lambda row: -row[1])[:MOST_KEPT]
        for person_id, score in best:
            into.scores[person_id] = max(score, into.scores.get(person_id, 0.0))

    def _sealed(self, keys: Iterable[str]) -> list[int]:
        return self.generation.sealer.of_question(keys)

    def _rows(self, where: str, values: list[Any], most: int) -> list[tuple[UUID, float]]:
        score, score_values = self._score()
        narrow, narrow_values = self._narrow()
        # Looked up by index always: a plan that reads the table is right on average and
        # far too slow for the rare name that most questions are about.
        query = (
            f"SELECT e.person_id, ({score})::float8 FROM (SELECT * FROM {_SEARCHED} e "  # noqa: S608
            f"WHERE e.generation_id = %s AND {where} {narrow} LIMIT %s) e"
        )
        given = [*score_values, self.generation.number, *values, *narrow_values, most]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL jit = off")
            cursor.execute(query, given)
            return cursor.fetchall()

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
