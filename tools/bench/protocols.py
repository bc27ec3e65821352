"""How fast procedures run: one long case, and every open case of a country again.

Cases are invented but shaped like those of the ledger: an opening, then what a worker does, with
more contacts than anything else. The engine needs no database; what reading and writing rows add
is measured where there is one (`kept`).
"""

import gc
import random
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from uuid import UUID

from oslonac.kit.calendars import WorkCalendar
from oslonac.protocols.dcr.execution import replay_all
from oslonac.protocols.dcr.state import obligations
from oslonac.protocols.procedure import load_procedure, recurring
from oslonac.protocols.rules import CaseEvent

LONG = 200
LONG_TARGET_MS = 2.0
COUNTRY_TARGET_S = 60.0
START = datetime(2025, 6, 1, tzinfo=UTC)
CALENDAR = WorkCalendar("Europe/Paris", "FR")  # any country costs the same
CHUNK = 2_500
USUAL: list[tuple[str, dict[str, Any], int]] = [
    ("contact.made", {"in_person": True, "kind": "visit", "alone": "yes", "language": "ps"}, 20),
    ("contact.made", {"in_person": False, "kind": "phone"}, 10),
    ("promise.made", {"promise": "%d", "due_on": "2026-01-10"}, 3),
    ("activity.planned", {"activity": "%d", "due_on": "2026-01-20"}, 3),
    ("goal.added", {}, 3),
    ("assessment.begun", {"kind": "initial"}, 1),
    ("assessment.completed", {"kind": "initial"}, 1),
    ("plan.in_force", {}, 1),
    ("plan.reviewed", {}, 1),
    ("placement.made", {"placement": "1", "emergency": True, "kind": "foster"}, 1),
    ("placement.made", {"placement": "2", "emergency": False, "kind": "foster"}, 1),
    ("placement.ended", {"placement": "1"}, 1),
    ("concern.raised", {"concern": "%d", "suspicion": True, "trafficking": True}, 1),
    ("guardian.appointed", {"appointment": "%d", "form": "oral"}, 1),
]


def case(seed: int, length: int) -> tuple[list[CaseEvent], dict[str, Any]]:
    """Events and facts of an invented case; the same for the same seed."""
    rng = random.Random(seed)  # noqa: S311 - repeatable on purpose
    at = START + timedelta(hours=rng.randrange(3000))
    names = [("case.opened", {"pathway": "full"}), ("case.assigned", {})]
    weights = [weight for *_, weight in USUAL]
    names += [(n, d) for n, d, _ in rng.choices(USUAL, weights, k=length - 2)]
    events = []
    for number, (name, data) in enumerate(names):
        at += timedelta(minutes=rng.randrange(1, 3000))
        told = {k: v % number if v == "%d" else v for k, v in data.items()}
        events.append(CaseEvent(UUID(int=rng.getrandbits(128), version=4), name, at, told))
    facts = {
        "priority": rng.choice(["immediate", "urgent", "regular"]),
        "pathway": "full",
        "accompaniment": rng.choice(["unaccompanied", "accompanied"]),
        "informed_at": events[0].at,
        "organisation_id": events[0].id,
        "manager_id": events[1].id,
        "age": "from_14",
    }
    return events, facts


def long_case(folder: Path, rounds: int = 200) -> dict[str, float]:
    """Milliseconds for one case with 200 events: on the longest procedure, and on the whole pack.
    The median of many rounds, of the processor's time."""
    events, facts = case(1, LONG)
    whole = load_procedure(folder)
    one = max(whole.protocols, key=lambda p: len(p.graph.activities))

    def run_one() -> None:
        (run,) = replay_all((one.graph,), events, facts, CALENDAR, watch=False)
        obligations(run, recurring(run.graph))

    return {
        "one_procedure_ms": _median(run_one, rounds),
        "whole_pack_ms": _median(lambda: whole(events, facts, CALENDAR), rounds),
    }


def _median(work: Any, rounds: int) -> float:
    # What was loaded before is not this measure's garbage.
    gc.collect()
    gc.freeze()
    for _ in range(5):
        work()
    taken = []
    for _ in range(rounds):
        began = time.process_time()
        work()
        taken.append(time.process_time() - began)
    gc.unfreeze()
    return round(sorted(taken)[rounds // 2] * 1000, 3)


def country(folder: Path, cases: int, processes: int) -> dict[str, Any]:
    """All open cases of a country evaluated again, on some processors side by side.

    `seconds`: from handing out until the last answer, without inventing the cases (each process
    invents its own between the measured stretches). `duties`: how many were derived.
    """
    parts = [range(n, cases, processes) for n in range(processes)]
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        results = list(pool.map(_evaluate, [folder] * processes, parts))
    return {
        "cases": cases,
        "processes": processes,
        "seconds": round(max(wall for wall, _, _ in results), 2),
        "processor_seconds": round(sum(cpu for _, cpu, _ in results), 2),
        "duties": sum(found for _, _, found in results),
    }


def _evaluate(folder: Path, seeds: Sequence[int]) -> tuple[float, float, int]:
    """Seconds by the clock, of the processor, and duties, for some cases."""
    procedure = load_procedure(folder)
    gc.collect()
    gc.freeze()
    wall = cpu = 0.0
    found = 0
    for first in range(0, len(seeds), CHUNK):
        invented = [case(seed, 12 + seed % 20) for seed in seeds[first : first + CHUNK]]
        began, of_processor = time.perf_counter(), time.process_time()
        found += sum(len(procedure(events, facts, CALENDAR)) for events, facts in invented)
        wall += time.perf_counter() - began
        cpu += time.process_time() - of_processor
    return wall, cpu, found


def kept() -> dict[str, Any]:
    """On the cases of this installation: working everything out again from the ledger and
    comparing it with the rows, and the job of the night. Nothing differs afterwards."""
    from oslonac.cases.duties import reckoning
    from oslonac.cases.models import Case
    from oslonac.cases.rules import CaseStatus
    from oslonac.kit.clock import now

    ids = list(Case.objects.filter(status=CaseStatus.OPEN).values_list("pk", flat=True))
    began = time.perf_counter()
    done = reckoning.reckon(ids)
    rebuilt = time.perf_counter() - began
    began = time.perf_counter()
    young = reckoning.came_of_age(now())
    found = time.perf_counter() - began
    return {
        "open_cases": len(ids),
        "rebuild_seconds": round(rebuilt, 2),
        "rows_written": done.rows,
        "job_looks_seconds": round(found, 3),
        "job_touches": len(young),
    }
