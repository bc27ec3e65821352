"""From keys to people, the likeliest first, without opening a name.

Belongs here: the queries on the entries and their limits. Does not: which keys (`recipe`),
comparing opened names (`answering`).

What agrees is summed in the database over the small array `fine`, weighted by the rarity of each
word, so that only the best are decrypted. A limit that left anybody out is reported.

Entries are read past the asker's sight, ids and sums alone: a condition on each of the thousands
that share a key would cost a hundred times as much as the search. In the same statement the scope
is asked about the best of them, one after the other, until there are enough. Names are opened
under the policies of the database.
"""

import contextlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from oslonac.access import row_level
from oslonac.matching.index import planning, scope
from oslonac.matching.index.generations import Live
from oslonac.matching.index.models import Entry

_SEARCHED = row_level.searched(Entry)
MOST_LOOKED_AT = 2_000  # entries a step of two words brings at most
MOST_OF_A_WORD = 1_000  # and a step of one word, for which there may be any number
MOST_BEARERS = 20_000  # who, by the table of names, may have the keys of a step of two words
MOST_KEPT = 720  # of them, the best
MOST_PROBED = 600  # of the best, so many are asked about until enough may be found
# What a word that only sounds alike, or only roughly so, brings of an exact one.
WEAK, ROUGH = 0.7, 0.4
EXACT = 0.05  # nats more for the very writing, so that it is among those kept
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


@dataclass(frozen=True)
class _Part:
    """What one step asks of the entries. `whole`: for everybody who has its keys."""

    where: str
    values: list[Any]
    most: int
    word: str = ""
    whole: bool = True
    alike: tuple[tuple[str, float], ...] = ()


@contextlib.contextmanager
def _by_index() -> Iterator[Any]:
    """A cursor past sight whose queries go by index always: a plan that reads the table is right
    on average and far too slow for the rare name that most questions are about."""
    with scope.past_sight(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL jit = off")
        yield cursor


@dataclass(frozen=True)
class Asker:
    """Everything the queries of one question share. `size`: people in the register, roughly;
    `wanted`: how many people that may be found are enough."""

    generation: Live
    scope: scope.Scope
    words: Sequence[planning.Word] = ()
    narrowing: Narrowing = Narrowing()
    wish: Wish = Wish()
    size: int = 0
    wanted: int = MOST_KEPT

    def few(self, keys: Iterable[str]) -> Gathered:
        """Everybody of a scope of few people who has any of the keys."""
        found = Gathered()
        ids = list(self.scope.ids or ())
        if ids:
            where = "e.person_id = ANY(%s::uuid[]) AND e.keys && %s::bigint[]"
            part = _Part(where, [ids, self._sealed(keys)], len(ids))
            rows, _counts = self._rows([part])
            found.scores = dict(rows)
        return found

    def many(self, steps: Sequence[planning.Step], into: Gathered) -> None:
        """Add what the steps bring, in one statement."""
        if not steps:
            return
        parts = [self._part(step) for step in steps]
        rows, counts = self._rows(parts)
        for part, count in zip(parts, counts, strict=True):
            if not part.whole or count > part.most:
                into.cut.append(part.word)
        if sum(counts) > self._kept and self._fell_short(rows):
            into.cut.append("")
        for person_id, score in rows:
            into.scores[person_id] = max(score, into.scores.get(person_id, 0.0))

    @property
    def _kept(self) -> int:
        return MOST_KEPT if self.scope.query is None else MOST_PROBED

    def _fell_short(self, rows: Sequence[tuple[UUID, float]]) -> bool:
        """Whether somebody may be missing because only the best were kept."""
        if self.scope.query is not None:
            return len(rows) < self.wanted
        return bool(rows) and rows[-1][1] >= rows[len(rows) // 2][1]

    def _part(self, step: planning.Step) -> _Part:
        most = MOST_OF_A_WORD if step.word else MOST_LOOKED_AT
        if step.both:
            where = "e.keys && %s::bigint[] AND e.keys && %s::bigint[]"
            sealed_both = [self._sealed(step.keys), self._sealed(step.both)]
            return _Part(where, sealed_both, most, step.word, alike=step.alike)
        # What is expected of pairs is a guess, mostly too high, and reading the index is cheap.
        bearers = most if step.word else MOST_BEARERS
        sealed, whole = self.generation.sealer.of_question_up_to(step.keys, bearers, self.size)
        return _Part("e.keys && %s::bigint[]", [sealed], most, step.word, whole, step.alike)

    def _sealed(self, keys: Iterable[str]) -> list[int]:
        return self.generation.sealer.of_question(keys)

    def _rows(self, parts: Sequence[_Part]) -> tuple[list[tuple[UUID, float]], list[int]]:
        """(person, score) of the best that may be found, the best first; how many each part
        brought, at most one more than it may."""
        narrow, narrow_values = self._narrow()
        named, values = [], []
        for number, part in enumerate(parts):
            score, score_values = self._score(part.alike)
            named.append(
                f"s{number} AS MATERIALIZED (SELECT e.person_id, ({score})::float8 AS score FROM "  # noqa: S608
                f"(SELECT * FROM {_SEARCHED} e WHERE e.generation_id = %s AND {part.where} "
                f"{narrow} LIMIT %s) e)"
            )
            values += [*score_values, self.generation.number, *part.values, *narrow_values]
            values.append(part.most + 1)
        sets = [f"SELECT * FROM s{number}" for number in range(len(parts))]  # noqa: S608
        every = " UNION ALL ".join(sets)
        counts = ", ".join(f"(SELECT count(*) FROM ({each}) n)" for each in sets)  # noqa: S608
        allowed, allowed_values = self.scope.condition("c.person_id")
        query = (
            f"WITH {', '.join(named)}, c AS MATERIALIZED ("  # noqa: S608
            f"SELECT person_id, max(score) AS score FROM ({every}) u GROUP BY person_id "
            f"ORDER BY 2 DESC, person_id LIMIT {self._kept}) "
            f"(SELECT c.person_id, c.score, NULL::bigint[] FROM c WHERE {allowed} "
            f"LIMIT {self._kept if self.scope.query is None else self.wanted}) "
            f"UNION ALL SELECT NULL, NULL, ARRAY[{counts}]"
        )
        with _by_index() as cursor:
            cursor.execute(query, [*values, *allowed_values])
            *rows, (_, _, brought) = cursor.fetchall()
        return [(person_id, score) for person_id, score, _none in rows], brought

    def _score(self, alike: Sequence[tuple[str, float]]) -> tuple[str, list[Any]]:
        """What agrees, in nats. Of `alike` it is known already that they are so, roughly."""
        parts: list[str] = []
        values: list[Any] = []
        for word in self.words:
            parts.append(
                "CASE WHEN e.fine && %s::bigint[] THEN %s WHEN e.fine && %s::bigint[] THEN %s "
                "WHEN e.fine && %s::bigint[] THEN %s ELSE %s END"
            )
            values += [self._sealed(word.strong[:1]), word.nats + EXACT]
            values += [self._sealed(word.strong), word.nats]
            values += [self._sealed(word.weak), word.nats * WEAK]
            values.append(dict(alike).get(word.text, 0.0) * ROUGH)
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
