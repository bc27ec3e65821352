"""Other ways of finding a name, measured on the same register and questions.

Belongs here: a runner that knows nothing of Oslonac, so that it can run in an environment
that holds the rivals (`requirements/bench.txt`) and not ours. Does not belong here: our way.

Run as `python rivals.py TASK.json RIVAL`: the task holds `names`, `queries`, `seconds`; the
answer on standard output holds the best ten rows of each query and milliseconds for each.
"""

import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from itertools import count
from pathlib import Path

Finder = Callable[[str], list[tuple[int, float]]]
TOP = 10


def _ascii() -> Callable[[str], str]:
    from rigour.text.translit import ascii_text

    return lambda name: ascii_text(name).lower()


def rapidfuzz_over_rigour(names: list[str]) -> Finder:
    """Token-sorted similarity of rigour's transliteration."""
    from rapidfuzz import fuzz, process

    to_ascii = _ascii()
    read = [to_ascii(name) for name in names]

    def find(query: str) -> list[tuple[int, float]]:
        best = process.extract(to_ascii(query), read, scorer=fuzz.token_sort_ratio, limit=TOP)
        return [(row, score / 100) for _, score, row in best]

    return find


def trigrams(names: list[str]) -> Finder:
    """Shared trigrams over all trigrams, as PostgreSQL's pg_trgm counts, of transliterations."""
    to_ascii = _ascii()
    index: dict[str, list[int]] = defaultdict(list)
    sizes = []
    for row, name in enumerate(names):
        grams = _grams(to_ascii(name))
        sizes.append(len(grams))
        for gram in grams:
            index[gram].append(row)

    def find(query: str) -> list[tuple[int, float]]:
        grams = _grams(to_ascii(query))
        shared: Counter[int] = Counter()
        for gram in grams:
            shared.update(index.get(gram, ()))
        scored = ((row, both / (len(grams) + sizes[row] - both)) for row, both in shared.items())
        return sorted(scored, key=lambda one: -one[1])[:TOP]

    return find


def _grams(name: str) -> set[str]:
    return {f"  {word} "[at : at + 3] for word in name.split() for at in range(len(word) + 1)}


def metaphone(names: list[str]) -> Finder:
    """Shared Metaphone codes of transliterated words, rarest first (no wheel has the Double)."""
    import jellyfish

    to_ascii = _ascii()

    def codes(name: str) -> set[str]:
        return {jellyfish.metaphone(word) for word in to_ascii(name).split()} - {""}

    index: dict[str, list[int]] = defaultdict(list)
    read = [codes(name) for name in names]
    for row, found in enumerate(read):
        for code in found:
            index[code].append(row)

    def find(query: str) -> list[tuple[int, float]]:
        asked = codes(query)
        shared: Counter[int] = Counter()
        for code in asked:
            shared.update(index.get(code, ()))
        scored = ((row, 2 * n / (len(asked) + len(read[row]))) for row, n in shared.items())
        return sorted(scored, key=lambda one: -one[1])[:TOP]

    return find


def logic_v2(names: list[str]) -> Finder:
    """nomenklatura's logic-v2 on person entities, every pair compared."""
    from followthemoney import model
    from nomenklatura.matching import LogicV2
    from nomenklatura.matching.types import ScoringConfig

    config = ScoringConfig.defaults()

    def entity(row: int, name: str) -> object:
        data = {"id": f"p{row}", "schema": "Person", "properties": {"name": [name]}}
        return model.get_proxy(data)

    read = [entity(row, name) for row, name in enumerate(names)]
    asked_before = count()
    LogicV2.compare(read[0], read[-1], config)  # loads its tables, half a minute, uncounted

    def find(query: str) -> list[tuple[int, float]]:
        asked = entity(len(names) + next(asked_before), query)  # it caches by id
        scored = [
            (row, LogicV2.compare(asked, other, config).score) for row, other in enumerate(read)
        ]
        return sorted(scored, key=lambda one: -one[1])[:TOP]

    return find


RIVALS = {
    "rapidfuzz over rigour": rapidfuzz_over_rigour,
    "trigrams over rigour": trigrams,
    "Metaphone over rigour": metaphone,
    "nomenklatura logic-v2": logic_v2,
}


def main() -> None:
    task = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    find = RIVALS[sys.argv[2]](task["names"])
    until = time.monotonic() + task["seconds"]
    answers = []
    for query in task["queries"]:
        begun = time.perf_counter()
        best = find(query)
        answers.append({"best": best, "ms": (time.perf_counter() - begun) * 1000})
        if time.monotonic() > until:
            break
    json.dump({"answers": answers}, sys.stdout)


if __name__ == "__main__":
    main()
