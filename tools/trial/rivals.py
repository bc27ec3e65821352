"""Other ways of finding a name, measured on the same register and questions.

Belongs here: a runner that knows nothing of Oslonac, so that it can run in an environment
that holds the rivals (`requirements/bench.txt`) and not ours. Does not belong here: our way.

Run as `python rivals.py TASK.json RIVAL`: the task holds `names`, `queries`, `seconds`; the
answer on standard output holds the best ten rows of each query and milliseconds for each.
"""

import contextlib
import csv
import json
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from heapq import nlargest
from itertools import count
from pathlib import Path
from typing import Any

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
        return nlargest(TOP, scored, key=lambda one: one[1])

    return find


def _grams(name: str) -> set[str]:
    return {f"  {word} "[at : at + 3] for word in name.split() for at in range(len(word) + 1)}


def double_metaphone(names: list[str]) -> Finder:
    """Shared Double Metaphone codes (Philips 2000), both of each transliterated word."""
    from doublemetaphone import doublemetaphone

    to_ascii = _ascii()

    def codes(name: str) -> set[str]:
        return {code for word in to_ascii(name).split() for code in doublemetaphone(word)} - {""}

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
        return nlargest(TOP, scored, key=lambda one: one[1])

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


def splink(names: list[str], queries: list[str]) -> list[list[tuple[int, float]]]:
    """Splink on DuckDB: first and last transliterated word, all questions at once.

    Trained as Splink's documentation has it: the share of matches from the number of questions,
    u from random pairs, m by expectation-maximisation, twice, each time blocked on the other word.
    """
    import duckdb
    import splink.comparison_library as comparisons
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    base = duckdb.connect()
    for table, texts in (("registry", names), ("asked", queries)):
        _load(base, table, texts)
    api = DuckDBAPI(base)
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            comparisons.NameComparison(each).configure(term_frequency_adjustments=True)
            for each in ("first", "last")
        ],
        blocking_rules_to_generate_predictions=[
            block_on("first"),
            block_on("last"),
            block_on("substr(last,1,4)"),
            block_on("substr(first,1,2)", "substr(last,1,2)"),
        ],
        probability_two_random_records_match=1 / len(names),
    )
    linker = Linker([api.register("registry"), api.register("asked")], settings)
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for column in ("first", "last"):
        with contextlib.suppress(Exception):  # too few agreeing pairs to learn from: defaults stay
            linker.training.estimate_parameters_using_expectation_maximisation(block_on(column))
    table = linker.inference.predict(threshold_match_probability=0.0).physical_name
    best: list[list[tuple[int, float]]] = [[] for _ in queries]
    pairs = base.execute(
        f"select unique_id_r, unique_id_l, match_probability from {table} "  # noqa: S608
        "order by match_weight desc, unique_id_l"
    )
    for query, row, probability in pairs.fetchall():
        if len(best[query]) < TOP:
            best[query].append((row, probability))
    return best


def _load(base: Any, table: str, texts: list[str]) -> None:
    """First and last word of each name, by way of a file: row by row takes minutes."""
    to_ascii = _ascii()
    with tempfile.NamedTemporaryFile("w", suffix=".csv", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["unique_id", "first", "last"])
        for number, text in enumerate(texts):
            words = to_ascii(text).split() or [""]
            writer.writerow([number, words[0], words[-1]])
        file.flush()
        types = "{'unique_id': 'INTEGER', 'first': 'VARCHAR', 'last': 'VARCHAR'}"
        reading = f"read_csv('{file.name}', header=true, columns={types})"
        base.execute(f"create table {table} as select * from {reading}")  # noqa: S608


AT_ONCE = {"Splink": splink}
RIVALS = {
    "rapidfuzz over rigour": rapidfuzz_over_rigour,
    "trigrams over rigour": trigrams,
    "Double Metaphone over rigour": double_metaphone,
    "nomenklatura logic-v2": logic_v2,
}


def main() -> None:
    task = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    if sys.argv[2] in AT_ONCE:
        _run_at_once(AT_ONCE[sys.argv[2]], task)
        return
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


def _run_at_once(link: Callable[..., Any], task: dict[str, Any]) -> None:
    begun = time.perf_counter()
    with contextlib.redirect_stdout(sys.stderr):
        best = link(task["names"], task["queries"])
    each = (time.perf_counter() - begun) * 1000 / (len(best) or 1)
    json.dump({"answers": [{"best": rows, "ms": each} for rows in best]}, sys.stdout)


if __name__ == "__main__":
    main()
