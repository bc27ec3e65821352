"""Made-up registers and queries: what `bench names` asks of us and of the rivals alike.

Belongs here: drawing a register of realistic size and name frequencies, queries in another
script, judging answers. Does not belong here: the rivals (`rivals`).

An answer counts as found when its name, as it truly is, is the name asked for, with parts
left out or not: two bearers of one name cannot be told apart by the name alone. `person`
counts only the one record meant.
"""

import math
import random
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from oslonac.matching.known import Entry
from tools.trial.people import ORIGIN_NAMES, Crowd, Drawn, Word, write

Search = Callable[["Question"], list[tuple[int, float]]]
Born = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Question:
    """A query: how somebody wrote one row's person, and what else they knew."""

    text: str
    row: int
    script: str
    born: Born


@dataclass
class MadeUp:
    """A register: rows as written, the truth behind them, questions about some of them."""

    people: list[Drawn]
    names: list[str]
    scripts: list[str]
    born: list[tuple[date, date]]
    questions: list[Question] = field(default_factory=list)

    def same_name(self, row: int, other: int) -> bool:
        one = {word.name for word in self.people[row].words}
        two = {word.name for word in self.people[other].words}
        return one <= two or two <= one


def make(
    entries: Sequence[Entry],
    size: int,
    questions: int,
    seed: int,
    tail: Sequence[Word] = (),
    of_each: int = 0,
) -> MadeUp:
    """`size` people written in their own script or Latin; questions always in another script.

    `of_each`: instead of `questions` at random, so many of every origin.
    """
    chance = random.Random(seed)
    crowd = Crowd(entries, chance, tail)
    people = [crowd.person() for _ in range(size)]
    scripts = [chance.choice(("native", "latin")) for _ in people]
    names = [write(p, s, chance) for p, s in zip(people, scripts, strict=True)]
    days = [date(1990, 1, 1) + timedelta(days=chance.randrange(30 * 365)) for _ in people]
    made = MadeUp(people, names, scripts, [_written(day, chance) for day in days])
    asked = chance.sample(range(size), min(questions, size))
    if of_each:
        asked = [
            row
            for origin in ORIGIN_NAMES
            for row in [at for at, person in enumerate(people) if person.origin == origin][:of_each]
        ]
    for row in asked:
        script = _other_script(people[row].origin, scripts[row], chance)
        text = write(people[row], script, chance)
        made.questions.append(Question(text, row, script, _written(days[row], chance)))
    return made


def _other_script(origin: str, script: str, chance: random.Random) -> str:
    others = [one for one in ("native", "latin", "cyrillic") if one != script]
    if origin in "sr" and script == "native":
        return "latin"
    if origin in "twq":  # both of its own are Latin
        return "cyrillic"
    return chance.choice(others)


def _written(day: date, chance: random.Random) -> tuple[date, date]:
    """As registers have it: exact, 1 January, or the year, one in eight a year off."""
    if chance.random() < 0.35:
        return day, day
    year = day.year + chance.choice((0, 0, 0, 0, 0, 0, 1, -1))
    return date(year, 1, 1), date(year, 1, 1) if chance.random() < 0.5 else date(year, 12, 31)


def tail_of(folder: Path | None, file: str = "ar2en-eval.txt") -> list[Word]:
    """Rare names from the Arabic-Latin pairs, where the folder holds them."""
    path = folder / file if folder else None
    if path is None or not path.exists():
        return []
    lines = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
    return [Word((line[0],), (line[1],)) for line in lines]


def measure(made: MadeUp, search: Search) -> dict[str, object]:
    """Recall, precision at 0.9, time for a query, by script and origin too."""
    first = tenth = person = sure = right = 0
    spent: list[float] = []
    found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    promised: list[tuple[float, int]] = []
    for question in made.questions:
        begun = time.perf_counter()
        answers = search(question)
        spent.append((time.perf_counter() - begun) * 1000)
        hits = [made.same_name(question.row, row) for row, _ in answers[:10]]
        first, tenth = first + any(hits[:1]), tenth + any(hits)
        person += bool(answers) and answers[0][0] == question.row
        for row, probability in answers[:3]:
            promised.append((probability, int(row == question.row)))
            sure += probability >= 0.9
            right += probability >= 0.9 and row == question.row
        for group in _groups(made, question):
            found[group][0] += any(hits)
            found[group][1] += 1
    count = len(made.questions) or 1
    spent.sort()
    return {
        "questions": len(made.questions),
        "recall_at_1": first / count,
        "recall_at_10": tenth / count,
        "person_at_1": person / count,
        "answers_at_0.9": sure,
        "precision_at_0.9": right / sure if sure else None,
        "ms_median": spent[len(spent) // 2],
        "ms_p95": spent[int(len(spent) * 0.95)],
        "promised": promised,
        "recall_at_10_of": {group: [round(a / b, 3), b] for group, (a, b) in sorted(found.items())},
    }


def interval(share: float, count: int) -> tuple[float, float]:
    """Where the true share lies with 95 % probability (Wilson 1927)."""
    if not count:
        return 0.0, 1.0
    z = 1.96
    middle = (share + z * z / (2 * count)) / (1 + z * z / count)
    half = z / (1 + z * z / count) * math.sqrt(share * (1 - share) / count + (z / (2 * count)) ** 2)
    return max(0.0, middle - half), min(1.0, middle + half)


def _groups(made: MadeUp, question: Question) -> tuple[str, str]:
    written = "own script" if made.scripts[question.row] == "native" else "latin"
    asked = "own script" if question.script == "native" else question.script
    return f"origin {ORIGIN_NAMES[made.people[question.row].origin]}", f"{asked} to {written}"
