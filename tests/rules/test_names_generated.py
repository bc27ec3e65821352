"""Made-up names held back from learning: calibrated, precise, fair between origins."""

import random
from collections import defaultdict

from oslonac.matching.known import Known, entries
from oslonac.matching.learning import held_back
from oslonac.matching.names import Comparer
from oslonac.matching.parts import Reader
from oslonac.matching.persons import PersonComparer
from oslonac.matching.ranking import Register
from tools.trial import registers
from tools.trial.families import families, labelled
from tools.trial.fitting import Pairs, calibration_error


def test_probability_of_unseen_names_keeps_its_promise() -> None:
    unseen = [entry for entry in entries() if held_back(entry)]
    reader = Reader(Known([entry for entry in entries() if not held_back(entry)]))
    pairs, comparer = Pairs(unseen, reader, random.Random(4), people=1500), Comparer(reader)
    found = [
        (comparer.compare(a, b).probability, y) for a, b, y in (pairs.draw() for _ in range(1500))
    ]
    assert calibration_error(found) <= 0.04
    sure = [label for p, label in found if p >= 0.9]
    assert sum(sure) / len(sure) >= 0.98


def test_person_pairs_from_families() -> None:
    chance = random.Random(8)
    comparer = PersonComparer()
    drawn = labelled(families(entries(), chance, 700), chance, 1500)
    found = [(comparer.compare(a, b).probability, label) for a, b, label in drawn]
    sure = [label for p, label in found if p >= 0.9]
    assert calibration_error(found) <= 0.03
    assert sum(sure) / len(sure) >= 0.98
    assert sum(sure) / sum(label for _, label in found) >= 0.93


def test_a_register_is_searched_alike_for_every_origin() -> None:
    made = registers.make(entries(), 3000, 250, seed=5)
    register = Register((str(row), name) for row, name in enumerate(made.names))
    met: dict[str, list[bool]] = defaultdict(list)
    for question in made.questions:
        answers = register.rank(question.text).answers[:10]
        met["all"].append(any(made.same_name(question.row, int(one.id)) for one in answers))
        met[made.people[question.row].origin].append(met["all"][-1])
    assert sum(met["all"]) / len(met["all"]) >= 0.97
    assert all(sum(hits) >= len(hits) - 1 - len(hits) // 30 for hits in met.values())
