"""Casework at scale: list, case page, one update; time, log and space."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import connection
from django.test import Client
from django.urls import NoReverseMatch, reverse

from oslonac.access import reader
from oslonac.access.actor import Actor
from oslonac.access.roles import Role
from oslonac.accounts.models import Membership, User
from oslonac.accounts.queries import actor_for
from oslonac.cases import actions, queries
from oslonac.cases.models import Case
from oslonac.cases.rules import CaseStatus
from oslonac.cases.tabs import Tab, url
from oslonac.kit.clock import now
from oslonac.kit.ids import uuid7
from oslonac.planning import actions as planning
from oslonac.protocols import queries as obligations
from tools.bench import calibration
from tools.bench.machine import describe
from tools.bench.measuring import Samples, Work, log_position

PAGE = 50
TARGETS = {
    "caseload_query_p95_ms": 3.0,
    "case_tab_p95_ms": 40.0,
    "case_tab_statements": 12,
    "working_page_p95_ms": 40.0,
    "wal_bytes_per_update": 4096,
}
_HOST = "localhost"


@dataclass
class Reader:
    """A member of staff who measures: case managers and supervisors with full lists."""

    user: User
    actor: Actor
    cases: list[UUID]


def measure(
    *, rounds: int, updates: int, checkpoint: Callable[[], None], seed: int = 1
) -> dict[str, Any]:
    """Everything; `checkpoint` is asked for before bytes of log are counted."""
    rng = random.Random(seed)  # noqa: S311 - repeatable on purpose
    managers, leads = _readers(rng, Role.CASE_MANAGER), _readers(rng, Role.SUPERVISOR)
    report: dict[str, Any] = {
        "machine": describe(),
        "cases": Case.objects.count(),
        "open_cases": Case.objects.filter(status=CaseStatus.OPEN).count(),
        "rounds": rounds,
        "caseload": Samples([float(len(r.cases)) for r in managers]).summary(),
        "queries": _queries(managers, leads, rounds),
        "pages": _pages(managers, leads, rounds),
        "updates": _updates(managers, updates, checkpoint),
        "space": space(),
    }
    report["targets"] = _judged(report)
    # The machine may have become slower meanwhile; then the report says so itself.
    report["calibration_after"] = calibration.measure()
    return report


def _readers(rng: random.Random, role: Role, count: int = 12) -> list[Reader]:
    posts = list(Membership.objects.filter(role=role).select_related("user__key").order_by("id"))
    found = []
    for post in rng.sample(posts, min(count, len(posts))):
        actor = actor_for(post.user, at=now())
        ids = list(queries.mine(actor, at=now()).values_list("pk", flat=True))
        found.append(Reader(post.user, actor, ids))
    return found


def _queries(managers: list[Reader], leads: list[Reader], rounds: int) -> dict[str, Any]:
    """The queries behind the lists, each with its rows fetched."""
    measured: dict[str, tuple[list[Reader], Callable[[Reader], Any]]] = {
        "mine": (managers, lambda r: list(queries.mine(r.actor, at=now())[:PAGE])),
        "mine_count": (managers, lambda r: queries.mine(r.actor, at=now()).count()),
        "teams": (leads, lambda r: list(queries.teams(r.actor, at=now())[:PAGE])),
        "teams_count": (leads, lambda r: queries.teams(r.actor, at=now()).count()),
        "shared": (managers, lambda r: list(queries.shared(r.actor, at=now())[:PAGE])),
        "open_for": (managers, lambda r: list(obligations.open_for(r.actor, at=now())[:PAGE])),
        "overdue_in": (
            leads,
            lambda r: list(
                obligations.overdue_in(r.actor, r.actor.organisation_ids, at=now())[:PAGE]
            ),
        ),
        "encounters": (leads, lambda r: list(queries.encounters(r.actor, at=now())[:PAGE])),
    }
    found = {}
    for name, (readers, ask) in measured.items():
        for asker in readers:
            ask(asker)
        work = Work()
        for index in range(rounds):
            asker = readers[index % len(readers)]
            # Under the policies of the database, as a request asks.
            with reader.acting(asker.actor, now()):
                work.measure(partial(ask, asker))
        found[name] = work.summary()
    return found


def _pages(managers: list[Reader], leads: list[Reader], rounds: int) -> dict[str, Any]:
    """Real requests through the whole stack of middleware, in this process."""
    pages: dict[str, tuple[list[Reader], Callable[[Reader, int], str]]] = {
        "today": (managers, lambda r, i: reverse("today:page")),
        "caseload": (managers, lambda r, i: reverse("cases:mine")),
        "team": (leads, lambda r, i: reverse("cases:team")),
        **{_tab_name(tab): (managers, partial(_tab, tab)) for tab in Tab},
    }
    found: dict[str, Any] = {}
    for name, (readers, address) in pages.items():
        useful = [r for r in readers if r.cases] if name.startswith("case_") else readers
        try:
            found[name] = _page(useful, address, rounds)
        except NoReverseMatch:
            found[name] = None
    return found


def _tab_name(tab: Tab) -> str:
    return f"case_{tab.value}"


def _tab(tab: Tab, asker: Reader, index: int) -> str:
    return url(asker.cases[index % len(asker.cases)], tab)


def _page(
    readers: list[Reader], address: Callable[[Reader, int], str], rounds: int
) -> dict[str, Any]:
    clients = [client_of(asker.user) for asker in readers]
    for asker, client in zip(readers, clients, strict=True):
        _answered(client.get(address(asker, 0)))
    work, size = Work(), Samples()
    for index in range(rounds):
        which = index % len(readers)
        where = address(readers[which], index // len(readers))
        answer = work.measure(partial(clients[which].get, where))
        _answered(answer)
        size.add(float(len(answer.content)))
    return {**work.summary(), "bytes": size.summary()}


def client_of(user: User) -> Client:
    client = Client(HTTP_HOST=_HOST)
    client.force_login(user)
    return client


def _answered(answer: Any, expected: int = 200) -> None:
    if answer.status_code != expected:
        raise SystemExit(f"A page that is measured answers {answer.status_code}; nothing is said.")


def _updates(managers: list[Reader], count: int, checkpoint: Callable[[], None]) -> dict[str, Any]:
    """Each kind twice over the same cases after a checkpoint: the first touch of a page writes
    the whole page to the log, later ones only what changed. Both are reported."""
    pairs = [(r, case_id) for r in managers for case_id in r.cases]
    half = min(len(pairs) // 2, count)
    kinds: dict[str, tuple[list[Any], Callable[[Reader, UUID], Any]]] = {
        "contact": (pairs[:half], _contact),
        "priority": (pairs[half : 2 * half], _priority),
    }
    found: dict[str, Any] = {}
    for name, (chosen, update) in kinds.items():
        checkpoint()
        first = _logged(chosen, update)[1]
        work, again = _logged(chosen, update)
        found[name] = {
            **work.summary(),
            "wal_bytes_first_touch": first.summary(),
            "wal_bytes": again.summary(),
        }
    found["priority_request"] = _requests(pairs[half : 2 * half])
    return found


def _logged(
    pairs: list[tuple[Reader, UUID]], update: Callable[[Reader, UUID], Any]
) -> tuple[Work, Samples]:
    work, written = Work(), Samples()
    for asker, case_id in pairs:
        before = log_position()
        work.measure(partial(update, asker, case_id))
        written.add(float(log_position() - before))
    return work, written


def _contact(asker: Reader, case_id: UUID) -> None:
    at = now()
    planning.record_contact(
        actor=asker.actor,
        at=at,
        case=queries.case(asker.actor, case_id, at=at),
        kind="visit",
        happened_at=at - timedelta(minutes=30),
        alone_with_child="yes",
        interpreter="Sohrab Nuri",
        narrative="Talked about sleep, food and the room. Wants to call home on Friday. " * 3,
        request_key=str(uuid7()),
    )


def _priority(asker: Reader, case_id: UUID) -> None:
    at = now()
    case = queries.case(asker.actor, case_id, at=at)
    actions.change_priority(
        actor=asker.actor,
        at=at,
        case=case,
        revision=case.revision,
        priority="regular" if case.priority == "urgent" else "urgent",
        reason="The reasons for the first decision no longer hold.",
        request_key=str(uuid7()),
    )


def _requests(pairs: list[tuple[Reader, UUID]]) -> dict[str, Any] | None:
    """The same change of priority as a form that is sent."""
    try:
        reverse("cases:step", args=[uuid7(), "priority"])
    except NoReverseMatch:
        return None
    clients = {asker.user.pk: client_of(asker.user) for asker, _ in pairs}
    work, written = Work(), Samples()
    for asker, case_id in pairs:
        case = Case.objects.get(pk=case_id)
        form = {
            "priority": "regular" if case.priority == "urgent" else "urgent",
            "reason": "The reasons for the first decision no longer hold.",
            "revision": case.revision,
            "request_key": str(uuid7()),
        }
        address = reverse("cases:step", args=[case_id, "priority"])
        client, before = clients[asker.user.pk], log_position()
        answer = work.measure(partial(client.post, address, form))
        written.add(float(log_position() - before))
        _answered(answer, 302)
    return {**work.summary(), "wal_bytes": written.summary()}


def space() -> dict[str, Any]:
    """Bytes of tables, of what is stored beside them, and of indexes; a case each, and the
    largest tables."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, pg_table_size(c.oid), pg_indexes_size(c.oid) FROM pg_class c "
            "JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE c.relkind = 'r' AND n.nspname = 'public' ORDER BY pg_total_relation_size(c.oid) "
            "DESC"
        )
        rows = [(name, int(table), int(index)) for name, table, index in cursor.fetchall()]
    cases = max(1, Case.objects.count())
    tables, indexes = sum(row[1] for row in rows), sum(row[2] for row in rows)
    return {
        "table_bytes": tables,
        "index_bytes": indexes,
        "table_bytes_per_case": round(tables / cases),
        "index_bytes_per_case": round(indexes / cases),
        "largest": [
            {"table": name, "table_bytes": table, "index_bytes": index}
            for name, table, index in rows[:12]
        ],
    }


def _judged(report: dict[str, Any]) -> dict[str, Any]:
    """Each target with what was measured and whether it is met; None where nothing was."""
    tabs = [row for name, row in report["pages"].items() if row and name.startswith("case_")]
    others = [report["pages"][name] for name in ("today", "caseload", "team")]
    updates = report["updates"]
    figures = {
        "caseload_query_p95_ms": report["queries"]["mine"]["sql_ms"]["p95"],
        "case_tab_p95_ms": max(row["total_ms"]["p95"] for row in tabs),
        "case_tab_statements": max(row["queries"]["p95"] for row in tabs),
        "working_page_p95_ms": max(row["total_ms"]["p95"] for row in others if row),
        "wal_bytes_per_update": max(
            updates[k]["wal_bytes"]["p50"] for k in ("contact", "priority")
        ),
    }
    return {
        name: {
            "target": TARGETS[name],
            "measured": figure,
            "met": None if figure is None else figure <= TARGETS[name],
        }
        for name, figure in figures.items()
    }
