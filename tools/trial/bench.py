"""`oslonac bench names`: us and the rivals on the same registers and questions.

Belongs here: running everybody, the report. Does not belong here: registers and judging
(`registers`), a rival (`rivals`), families (`families`).
"""

import json
import random
import subprocess  # nosec
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from oslonac.matching.files import Row
from oslonac.matching.keys import pair_keys, single_keys
from oslonac.matching.known import Known, entries
from oslonac.matching.learning import held_back
from oslonac.matching.parts import Reader
from oslonac.matching.persons import PersonComparer, Record
from oslonac.matching.ranking import Evidence, Register
from tools.trial import fairness, registers, rivals
from tools.trial.families import families, labelled
from tools.trial.fitting import Pairs, calibration_error
from tools.trial.linkage import fresh

REQUIREMENTS = Path(__file__).parents[2] / "requirements" / "bench.txt"
# What a rival may take; those that compare every pair are given smaller registers.
SECONDS_OF_A_RIVAL = 60
LARGEST_FOR = {
    "nomenklatura logic-v2": 2_000,
    "rapidfuzz over rigour": 1_000_000,
    "trigrams over rigour": 1_000_000,
    "Double Metaphone over rigour": 1_000_000,
    "Splink": 1_000_000,
}
SMALL = 2_000


def environment(folder: Path | None) -> Path | None:
    """Python of the environment that holds the rivals; nothing when it cannot be had."""
    folder = folder or Path(tempfile.gettempdir()) / "oslonac-rivals"
    python = folder / "bin" / "python"
    if python.exists():
        return python
    if not REQUIREMENTS.exists():
        return None
    steps = (
        [sys.executable, "-m", "venv", str(folder)],
        [
            str(python),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--require-hashes",
            "-r",
            str(REQUIREMENTS),
        ],
    )
    for step in steps:
        if subprocess.run(step, check=False).returncode:  # noqa: S603 - our own command line
            return None
    return python


def report(
    sizes: Sequence[int],
    questions: int,
    folder: Path | None,
    python: Path | None,
    *,
    unseen: bool = False,
) -> dict[str, Any]:
    """Every measurement; `unseen` keeps to names nothing was learned from."""
    lines_ = [entry for entry in entries() if held_back(entry) or not unseen]
    known = Known([e for e in entries() if not held_back(e)]) if unseen else None
    tail = registers.tail_of(folder)
    out: dict[str, Any] = {
        "unseen": unseen,
        "rare_names": len(tail),
        "names": name_calibration(unseen, tail),
        "persons": person_pairs(),
        "sizes": {},
        "rivals": {},
        "fairness": fairness.report(lines_, Reader(known), tail),
    }
    if python is None:
        out["skipped"] = "Only our own is measured: no rivals asked for, or none installable."
    for size in sizes:
        made = registers.make(lines_, size, questions, seed=size + 11, tail=tail)
        out["sizes"][size] = ours(made, Reader(known))
        for rival, largest in LARGEST_FOR.items() if python else ():
            if python and size <= largest:
                out["rivals"].setdefault(rival, {})[size] = theirs(made, rival, python)
    if python:
        small = registers.make(lines_, SMALL, questions, seed=SMALL, tail=tail)
        out["sizes"].setdefault(SMALL, ours(small, Reader(known)))
        rival = "nomenklatura logic-v2"
        out["rivals"].setdefault(rival, {})[SMALL] = theirs(small, rival, python)
    return out


def ours(made: registers.MadeUp, reader: Reader) -> dict[str, Any]:
    """Ours by name alone, with sex and birth, and what the keys reach."""
    begun = time.perf_counter()
    register = Register(((str(row), name) for row, name in enumerate(made.names)), reader)
    seconds = time.perf_counter() - begun
    rows = [_row(made, row) for row in range(len(made.names))]
    comparer = PersonComparer(register.comparer)

    def by_name(question: registers.Question) -> list[tuple[int, float]]:
        found = register.rank(question.text)
        return [(int(one.id), one.probability) for one in found.answers]

    def with_birth(question: registers.Question) -> list[tuple[int, float]]:
        asked = Record(
            names=(question.text,),
            birth_from=question.born[0],
            birth_to=question.born[1],
            sex=rows[question.row].record.sex,
        )

        def beside(row: int) -> Any:
            reasons = comparer.evidence(asked, rows[row].record)
            return sum(reason.weight for reason in reasons), reasons

        evidence: Evidence = beside
        found = register.rank(
            question.text,
            other_evidence=evidence,
            nats=lambda row: comparer.nats(asked, rows[row].record),
        )
        return [(int(one.id), one.probability) for one in found.answers]

    measured = {
        "by name": registers.measure(made, by_name),
        "with sex and birth": registers.measure(made, with_birth),
    }
    for one in measured.values():
        one["calibration_error"] = calibration_error(one.pop("promised"))  # type: ignore[arg-type]
    return {**measured, "index_seconds": round(seconds, 1), "keys": key_reach(made)}


def _row(made: registers.MadeUp, row: int) -> Row:
    first, last = made.born[row]
    sex = "f" if made.people[row].female else "m"
    record = Record(names=(made.names[row],), birth_from=first, birth_to=last, sex=sex)
    return Row(str(row), made.names[row], record)


def key_reach(made: registers.MadeUp, sample: int = 20_000) -> dict[str, float]:
    """How often the key of a question meets that of its person, and how many others it meets."""
    rows = random.Random(3).sample(range(len(made.names)), min(sample, len(made.names)))
    stored = [(pair_keys(made.names[row]), single_keys(made.names[row])) for row in rows]
    met = [0, 0]
    others = [0, 0]
    questions = made.questions[:100]
    for question in questions:
        asked = (pair_keys(question.text), single_keys(question.text))
        meant = (pair_keys(made.names[question.row]), single_keys(made.names[question.row]))
        for kind in (0, 1):
            met[kind] += not asked[kind].isdisjoint(meant[kind])
            others[kind] += sum(not asked[kind].isdisjoint(row[kind]) for row in stored)
    scale = len(made.names) / len(rows) / (len(questions) or 1)
    return {
        "pair_recall": met[0] / (len(questions) or 1),
        "pair_candidates": round(others[0] * scale, 1),
        "single_recall": met[1] / (len(questions) or 1),
        "single_candidates": round(others[1] * scale, 1),
        "keys_a_person": round(sum(len(a) + len(b) for a, b in stored) / len(stored), 1),
    }


def theirs(made: registers.MadeUp, rival: str, python: Path) -> dict[str, Any]:
    """A rival on the same register; questions it had no time for are not counted."""
    with tempfile.TemporaryDirectory() as folder:
        task = Path(folder) / "task.json"
        asked = [question.text for question in made.questions]
        content = {"names": made.names, "queries": asked, "seconds": SECONDS_OF_A_RIVAL}
        task.write_text(json.dumps(content), encoding="utf-8")
        command = [str(python), rivals.__file__, str(task), rival]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        return {"skipped": f"{rival} could not run: {done.stderr.strip().splitlines()[-1:]}"}
    answers = json.loads(done.stdout)["answers"]
    seen = registers.MadeUp(
        made.people, made.names, made.scripts, made.born, made.questions[: len(answers)]
    )
    prepared = iter(answers)
    measured = registers.measure(seen, lambda _: [(r, p) for r, p in next(prepared)["best"]])
    spent = sorted(answer["ms"] for answer in answers)
    measured |= {"ms_median": spent[len(spent) // 2], "ms_p95": spent[int(len(spent) * 0.95)]}
    measured.pop("promised")
    return {**measured, "questions": len(answers)}


def name_calibration(unseen: bool, tail: Sequence[Any], count: int = 4000) -> dict[str, float]:
    """Calibration and precision on labelled pairs of names drawn afresh."""
    from oslonac.matching.names import Comparer

    lines_ = [entry for entry in entries() if held_back(entry) or not unseen]
    reader = Reader(Known([e for e in entries() if not held_back(e)])) if unseen else Reader()
    pairs, comparer = Pairs(lines_, reader, random.Random(77), tail), Comparer(reader)
    drawn = [pairs.draw() for _ in range(count)]
    return _quality([(comparer.compare(a, b).probability, label) for a, b, label in drawn])


def person_pairs(count: int = 4000) -> dict[str, float]:
    """The same for pairs of records from made-up families."""
    chance = random.Random(2)
    comparer = fresh()
    drawn = labelled(families(entries(), chance, 2500), chance, count)
    return _quality([(comparer.compare(a, b).probability, label) for a, b, label in drawn])


def _quality(found: list[tuple[float, int]]) -> dict[str, float]:
    out = {"calibration_error": round(calibration_error(found), 4)}
    for edge in (0.5, 0.8, 0.9):
        sure = [label for p, label in found if p >= edge]
        out[f"precision_at_{edge}"] = round(sum(sure) / (len(sure) or 1), 4)
        out[f"recall_at_{edge}"] = round(sum(sure) / sum(label for _, label in found), 4)
    return out


def lines(report_: dict[str, Any]) -> Iterator[str]:
    """The report for a person."""
    yield "Names unseen in learning." if report_["unseen"] else "Names as they come."
    yield f"Pairs of names: {report_['names']}"
    yield f"Pairs of persons: {report_['persons']}"
    if "skipped" in report_:
        yield report_["skipped"]
    yield from fairness.lines(report_["fairness"])
    for size, found in sorted(report_["sizes"].items()):
        yield f"Register of {size:,}, index made in {found['index_seconds']} s"
        yield f"  keys: {found['keys']}"
        for way in ("by name", "with sex and birth"):
            yield _line(f"ours, {way}", found[way])
        for rival, sizes in report_["rivals"].items():
            if size in sizes:
                yield _line(rival, sizes[size])
        yield f"    recall at 10 by name: {found['by name']['recall_at_10_of']}"


def _line(who: str, found: dict[str, Any]) -> str:
    if "skipped" in found:
        return f"  {found['skipped']}"
    sure = found["precision_at_0.9"]
    return (
        f"  {who:<28} recall@1 {found['recall_at_1']:.3f} {_within(found, 'recall_at_1')}  "
        f"@10 {found['recall_at_10']:.3f} {_within(found, 'recall_at_10')}  "
        f"person@1 {found['person_at_1']:.3f}  precision at 0.9 "
        f"{'none so sure' if sure is None else f'{sure:.3f}'}  "
        f"ms {found['ms_median']:.0f} (p95 {found['ms_p95']:.0f})"
    )


def _within(found: dict[str, Any], what: str) -> str:
    low, high = registers.interval(found[what], found["questions"])
    return f"({low:.3f}–{high:.3f})"
