"""Search in a sealed register: time for an answer, and what a ranking of everybody would add.

Belongs here: asking through the product's own `matching.index.service`, with the access filter and
with decryption, and judging. Does not: making the register (`bench.register`).
"""

import time
from collections.abc import Sequence
from functools import partial
from typing import Any

from oslonac.access import reader
from oslonac.access.actor import Actor
from oslonac.kit.clock import now
from oslonac.matching.index import scope, service
from oslonac.matching.index.models import Entry
from oslonac.matching.index.service import Answer, Question
from oslonac.matching.ranking import Register
from tools.bench.machine import describe
from tools.bench.measuring import Processor, Work
from tools.bench.register import person_id, readers
from tools.trial.registers import MadeUp

TARGET_P95_MS = 50.0
COMMON = (
    "Mohammad Ahmadi",
    "محمد احمدی",
    "Ali Hassan",
    "علی حسن",
    "Ahmad Khan",
    "Fatima Ali",
    "Mohamed Ali",
    "Ahmad",
    "محمد",
    "Hassan Hussaini",
    "Zahra Mohammadi",
    "Мухамед Али",
    "Jelena Jovanović",
    "Abdul Rahman",
    "Mehmet Yılmaz",
)
ODD = (
    "",
    " ",
    "м",
    "a",
    "م",
    "😀",
    "😀😀 🏳️‍🌈",
    "'; DROP TABLE matching_entry; --",
    "%_\\%",
    "\u202eilA damhA",
    "a\x00b",
    "ali " * 500,
    "Mohammad Ahmad Ali Hassan Rezai " * 100,
    "0",
    "علی Ali Али",
    "x" * 3000,
    "Al",
    "O",
    "Abd",
    "Haji",
)


def measure(made: MadeUp, *, exhaustive: bool) -> dict[str, Any]:
    """Everything, on the register that is there."""
    actors = readers()
    report: dict[str, Any] = {
        "machine": describe(),
        "people": Entry.objects.count(),
        "questions": len(made.questions),
        "space": _space(),
    }
    for text in COMMON:  # what a server that has run for a while has in memory
        for actor in actors.values():
            _ask(actor, Question(text=text))
    report["by_name"] = {name: _timed(made, actor, born=False) for name, actor in actors.items()}
    report["with_sex_and_birth"] = _timed(made, actors["sees everybody"], born=True)
    report["common_names"] = _of(actors["sees everybody"], [Question(text=t) for t in COMMON] * 5)
    report["found"] = _judged(made, actors["sees everybody"])
    if exhaustive:
        report["against_everybody_compared"] = _exhaustive(made, actors["sees everybody"])
    report["odd"] = _odd(actors["sees everybody"])
    worst = [row["total_ms"]["p95"] for row in report["by_name"].values()]
    report["targets"] = {
        "p95_ms": {
            "target": TARGET_P95_MS,
            "measured": max(worst),
            "met": max(worst) <= TARGET_P95_MS,
        },
        "common_p95_ms": {
            "target": TARGET_P95_MS,
            "measured": report["common_names"]["total_ms"]["p95"],
            "met": report["common_names"]["total_ms"]["p95"] <= TARGET_P95_MS,
        },
    }
    return report


def _ask(actor: Actor, question: Question) -> Answer:
    """As the search page asks: under the policies of the database, the scope found anew."""
    at = now()
    with reader.acting(actor, at):
        return service.find(question, scope.of(actor, at=at))


def _question(made: MadeUp, number: int, *, born: bool) -> Question:
    asked = made.questions[number]
    if not born:
        return Question(text=asked.text)
    sex = "female" if made.people[asked.row].female else "male"
    return Question(text=asked.text, sex=sex, born=asked.born)


def _timed(made: MadeUp, actor: Actor, *, born: bool) -> dict[str, Any]:
    return _of(actor, [_question(made, number, born=born) for number in range(len(made.questions))])


def _of(actor: Actor, questions: Sequence[Question]) -> dict[str, Any]:
    """Times of these questions. `processor_ms`, of both processes, says what a machine that does
    nothing else would need."""
    work, processor = Work(), Processor()
    for question in questions:
        with processor.spent():
            work.measure(partial(_ask, actor, question))
    return work.summary() | {"processor_ms": processor.samples.summary()}


def _odd(actor: Actor) -> dict[str, float | int]:
    """Questions that are no names: the slowest answer, and how many were neither answered nor
    told why not."""
    slowest, silent = 0.0, 0
    for text in ODD:
        begun = time.perf_counter()
        answer = _ask(actor, Question(text=text))
        slowest = max(slowest, (time.perf_counter() - begun) * 1000)
        silent += not (answer.found or answer.remarks or answer.compared)
    return {"questions": len(ODD), "slowest_ms": round(slowest, 1), "neither": silent}


def _judged(made: MadeUp, actor: Actor) -> dict[str, Any]:
    """Recall of the name as it truly is, and of the person meant; how often a limit is told."""
    found = {}
    rows = {person_id(row): row for row in range(len(made.names))}
    for label, born in (("by name", False), ("with sex and birth", True)):
        first = tenth = person = told = 0
        for number, asked in enumerate(made.questions):
            answer = _ask(actor, _question(made, number, born=born))
            hits = [rows[each.person_id] for each in answer.found]
            same = [made.same_name(asked.row, row) for row in hits[:10]]
            first, tenth = first + any(same[:1]), tenth + any(same)
            person += hits[:1] == [asked.row]
            told += bool(answer.remarks)
        count = len(made.questions)
        found[label] = {
            "recall_at_1": first / count,
            "recall_at_10": tenth / count,
            "person_at_1": person / count,
            "says_it_was_cut": told / count,
        }
    return found


def _exhaustive(made: MadeUp, actor: Actor) -> dict[str, Any]:
    """Of what comparing in memory finds, how much the index finds; misses it is silent about."""
    register = Register((str(row), name) for row, name in enumerate(made.names))
    rows = {person_id(row): row for row in range(len(made.names))}
    both = silent = of = 0
    spent = []
    for asked in made.questions:
        begun = time.perf_counter()
        best = [int(each.id) for each in register.rank(asked.text).answers[:10]]
        spent.append((time.perf_counter() - begun) * 1000)
        wanted = [row for row in best if made.same_name(asked.row, row)]
        if not wanted:
            continue
        of += 1
        answer = _ask(actor, Question(text=asked.text))
        hit = any(made.same_name(asked.row, rows[each.person_id]) for each in answer.found[:10])
        both += hit
        silent += not hit and not answer.remarks
    spent.sort()
    return {
        "questions_answered_in_memory": of,
        "found_by_the_index_too": both / of if of else None,
        "silent_misses": silent,
        "ms_median_in_memory": spent[len(spent) // 2],
    }


def _space() -> dict[str, int]:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_table_size('matching_entry'), pg_relation_size('entry_by_key'), "
            "pg_indexes_size('matching_entry')"
        )
        table, gin, indexes = cursor.fetchone()
    return {"table_bytes": table, "gin_bytes": gin, "index_bytes": indexes}
