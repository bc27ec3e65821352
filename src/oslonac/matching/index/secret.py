"""Keys of the recipe as they are stored and searched: keyed, salted, cut to 64 bits.

Belongs here: the hash, the salt, reading the hashing key of a generation. Does not: which keys
there are (`recipe`).

HMAC-SHA-256 under a key outside the database. A key that many bear is spread over several
values, by the person, so that none is much more frequent than `MOST_BEARERS_SHARE`: how often a
value occurs would otherwise say which name it is (frequency smoothing, Lacharité & Paterson
2018). A search asks for all the values of a key. 64 bits: at forty million values a stranger
meets one of a question's hundred keys once in four billion searches.
"""

import hmac
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

from oslonac.matching.index import recipe

MOST_BEARERS_SHARE = 0.004
MOST_SALTS = 25


@dataclass(frozen=True)
class Sealer:
    """Seals keys of one generation."""

    generation: int
    secret: bytes

    def of_person(self, person_id: UUID, keys: Iterable[str]) -> list[int]:
        """One value a key: which of its salts is the person's does not change."""
        return sorted({self._value(key, self._salt(person_id, key)) for key in keys})

    def of_question(self, keys: Iterable[str]) -> list[int]:
        """Every value under which a person may have one of the keys."""
        found = {self._value(key, salt) for key in keys for salt in range(salts(key))}
        return sorted(found)

    def of_question_up_to(
        self, keys: Sequence[str], most: int, size: int
    ) -> tuple[list[int], bool]:
        """The same for the first of the keys, until so many bearers are to be expected in a
        register of `size` people; and whether that was all of them. Under a part of its values
        a key brings a part of its bearers, drawn by chance."""
        found: set[int] = set()
        rows, whole = 0.0, True
        for key in keys:
            count = salts(key)
            each = recipe.expected_share(key) * size / count
            for salt in range(count):
                if found and rows + each > most:
                    whole = False
                    break
                found.add(self._value(key, salt))
                rows += each
        return sorted(found), whole

    def _salt(self, person_id: UUID, key: str) -> int:
        count = salts(key)
        if count == 1:
            return 0
        drawn = hmac.digest(self.secret, b"salt:" + person_id.bytes + key.encode(), "sha256")
        return int.from_bytes(drawn[:4], "big") % count

    def _value(self, key: str, salt: int) -> int:
        said = f"{self.generation}|{salt}|{key}".encode()
        return int.from_bytes(hmac.digest(self.secret, said, "sha256")[:8], "big", signed=True)


@lru_cache(maxsize=100_000)
def salts(key: str) -> int:
    """Over how many values a key is spread: 1 for all but the common ones."""
    share = recipe.expected_share(key)
    return max(1, min(MOST_SALTS, math.ceil(share / MOST_BEARERS_SHARE)))


def proof(secret: bytes) -> bytes:
    """What a generation remembers of its key, to notice that the key file has another."""
    return hmac.digest(secret, b"proof", "sha256")[:16]
