"""What whoever approves a closing reads first: the request, its reason, what is still open, what
was asked before, and the last events.

Belongs here: the words beside the answer. Does not: whether the case may close (`cases.rules`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oslonac.access.rules import Level
from oslonac.accounts.queries import names_of
from oslonac.audit.actions import record_read
from oslonac.cases import moments, queries, rules, timeline
from oslonac.cases.models import Decision
from oslonac.cases.page.shapes import Entry, texts
from oslonac.cases.steps.registry import Doing
from oslonac.directory import codes
from oslonac.protocols.models import Obligation, State
from oslonac.vault.sealing import open_many
from oslonac.web.shapes import Event, Flag

LATEST = 3


@dataclass(frozen=True)
class Asked:
    """A request to close, as far as the reader may read it."""

    request: Entry
    checks: Sequence[tuple[bool, str]]
    earlier: Sequence[Entry]
    latest: Sequence[Event]


def asked(doing: Doing) -> Asked:
    """The request that `doing` answers."""
    case, decision = doing.case, doing.subject
    closings = list(case.decisions.filter(kind=rules.DecisionKind.CLOSING).order_by("-decided_at"))
    events = queries.events_of(case.pk)
    names = names_of(
        {row.decided_by_id for row in closings}
        | {row.answered_by_id for row in closings}
        | {event.actor_id for event in events}
    )
    told: dict = {}
    if case.reach.shows(Level.NARRATIVE):
        told = open_many(closings, "reason", "answer", keys={case.key_id: case.key})
        record_read(
            actor=doing.actor,
            at=doing.at,
            subject=decision,
            fields=["reason", "answer"],
            case_id=case.pk,
        )
    entries = {row.pk: _entry(row, names, told.get(row.pk, {})) for row in closings}
    return Asked(
        request=entries.pop(decision.pk),
        checks=_checks(doing),
        earlier=list(entries.values()),
        latest=timeline.listed(events, names, {}, LATEST),
    )


def _entry(row: Decision, names: dict, told: dict) -> Entry:
    asked_by = _("asked by %(name)s on %(moment)s") % {
        "name": moments.isolated(names.get(row.decided_by_id, "")),
        "moment": moments.short(row.decided_at),
    }
    answered = ""
    if row.answered_by_id:
        answered = _("answered by %(name)s") % {
            "name": moments.isolated(names.get(row.answered_by_id, ""))
        }
    return Entry(
        title=codes.title("closure_reasons", row.code),
        line=" · ".join(part for part in (asked_by, answered) if part),
        flags=[Flag(str(rules.DecisionStatus(row.status).label), "warn")],
        texts=texts((_("Reasons"), told.get("reason", "")), (_("Answer"), told.get("answer", ""))),
    )


def _checks(doing: Doing) -> list[tuple[bool, str]]:
    """What should be in order before a case is closed: whether it is, in a sentence."""
    case = doing.case
    suspicions = case.concerns.filter(is_suspicion=True).exclude(status=rules.ConcernStatus.ENDED)
    promises = case.promises.filter(status=rules.PromiseStatus.OPEN).count()
    duties = Obligation.objects.filter(case_id=case.pk, state=State.OPEN)
    late = duties.filter(verified=True, due_at__lt=doing.at).count()
    offered = doing.subject.feedback_offered
    return [
        _counted(
            suspicions.count(),
            _("No suspicion is open."),
            lambda n: ngettext("%(n)d suspicion is open.", "%(n)d suspicions are open.", n),
        ),
        _counted(
            promises,
            _("No promise to the child is open."),
            lambda n: ngettext("%(n)d promise is open.", "%(n)d promises are open.", n),
        ),
        _counted(
            late,
            _("Nothing that the law asks for is late."),
            lambda n: ngettext("%(n)d duty is late by law.", "%(n)d duties are late by law.", n),
        ),
        (
            case.last_alone_at is not None,
            _("Last spoken with alone: %(when)s.")
            % {"when": moments.ago(case.last_alone_at, doing.at)}
            if case.last_alone_at
            else _("Nobody has spoken with the person alone yet."),
        ),
        (
            bool(offered),
            _("The child was asked how the help was.")
            if offered
            else _("It is not recorded that the child was asked how the help was."),
        ),
    ]


def _counted(number: int, none: str, some: Callable[[int], str]) -> tuple[bool, str]:
    if not number:
        return True, none
    return False, some(number) % {"n": number}
