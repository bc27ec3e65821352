"""The Today page: my tasks, requests from others, my cases, my team."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from oslonac.access import policy, roles
from oslonac.access.actor import Actor
from oslonac.access.roles import Permission, Role
from oslonac.access.rules import Reason
from oslonac.accounts import house_staff
from oslonac.accounts.acting import ActingRequest
from oslonac.accounts.guards import signed_in
from oslonac.accounts.queries import names_of
from oslonac.cases import lists, moments
from oslonac.cases.duties import requests
from oslonac.cases.duties.views import duties, reminders
from oslonac.cases.models import Case, Emergency
from oslonac.cases.rules import EncounterOutcome, Safety
from oslonac.cases.steps import registry
from oslonac.cases.trust.rules import EmergencyOutcome
from oslonac.cases.views.links import case_url
from oslonac.cases.views.lists import table_of
from oslonac.encounters import lists as met_lists
from oslonac.encounters.views.encounters import lines_of
from oslonac.protocols import queries as obligations
from oslonac.protocols.models import Obligation
from oslonac.today import by_child, caseload_picture
from oslonac.web.middleware import direction
from oslonac.web.navigation import links_for
from oslonac.web.shapes import Action, Flag, Link

MOST_DUTIES = 200
CASES_SHOWN = 10
TEAM_SHOWN = 8
MET_SHOWN = 6
EMERGENCIES_SHOWN = 6
# What fills the middle of the page; cases stand beside it, or in its place.
WORK = ("groups", "asked", "met", "team_late")


@dataclass(frozen=True)
class Duties:
    """Obligations of one page with the rows of their cases, opened together."""

    mine: Sequence[Obligation]
    team: Sequence[Obligation]
    asked: Sequence[requests.Request]
    rows: dict[UUID, lists.Row]
    muted: reminders.Muted
    shown_cases: Sequence[lists.Row]
    case_count: int
    team_count: int = 0


@signed_in
def today(request: ActingRequest) -> HttpResponse:
    actor, at = request.actor, request.at
    held = actor.permissions
    context: dict[str, Any] = {
        "page_title": _("Today"),
        "greeting": moments.full(at),
        "no_post": not actor.posts,
    }
    if Permission.CASE_READ in held:
        context |= _casework(actor, at)
        context["emergencies"] = _emergencies(actor, at)
    if Permission.ENCOUNTER_RECORD in held:
        context |= _encounters(actor, at)
    context["jumps"] = _jumps(context)
    context["beside"] = any(context.get(part) for part in WORK)
    if not held & {Permission.CASE_READ, Permission.ENCOUNTER_RECORD}:
        context["ways"] = [way for way in links_for(request) if not way.current]
        context["role_words"] = _role_words(actor)
    return render(request, "today/page.html", context)


def _casework(actor: Actor, at: datetime) -> dict[str, Any]:
    found = _collect(actor, at)
    by_time = duties.by_time(found.mine, at)
    late = {duty.subject_id for key in ("late", "past") for group in by_time[key] for duty in group}
    asked = [each for each in found.asked if each.subject_id not in late]
    return {
        "groups": by_child.groups(actor, by_time, found.rows, at),
        "asked": [duties.asked_line(each, found.rows, at) for each in asked],
        "cases": table_of(actor, found.shown_cases, at, _("My cases"), team=False),
        "brief": [(row, case_url(row.case.pk), _brief(row, at)) for row in found.shown_cases],
        "case_count": found.case_count,
        "more_cases": found.case_count > len(found.shown_cases),
        "mine_url": reverse("cases:mine"),
        **_team(actor, found, at),
        "has_casework": bool(found.mine or found.case_count),
    }


def _emergencies(actor: Actor, at: datetime) -> list[tuple[str, str, str, str]]:
    """Cases of the actor that somebody opened in an emergency and nobody has looked at yet:
    number, page, who, and until when. Those who opened it themselves know it."""
    own = policy.grants_of(actor, at=at).filter(reason__in=(Reason.ASSIGNMENT, Reason.SUPERVISION))
    rows = list(
        Emergency.objects.filter(
            case_id__in=own.values("record_id"), outcome=EmergencyOutcome.WAITING
        )
        .exclude(user=actor.user_id)
        .select_related("case")
        .order_by("-opened_at", "pk")[:EMERGENCIES_SHOWN]
    )
    names = names_of(row.user_id for row in rows)
    return [
        (
            row.case.number,
            case_url(row.case_id, "emergencies"),
            names.get(row.user_id, ""),
            moments.short(row.until),
        )
        for row in rows
    ]


def _brief(row: lists.Row, at: datetime) -> Flag | None:
    """When the next thing falls due, as a flag beside the name."""
    cell = duties.next_cell(row, at)
    return cell.flag or (Flag(cell.note) if cell.note else None)


def _jumps(context: dict[str, Any]) -> list[Link]:
    """Where on the page, with how much there is; nothing when there is little to jump over."""
    links = [Link(g.title, f"#{g.key}", count=g.count) for g in context.get("groups", ())]
    if context.get("asked"):
        links.append(Link(_("Requests from others"), "#asked", count=len(context["asked"])))
    if context.get("met"):
        links.append(Link(context["met_title"], "#encounters", count=context["met_count"]))
    if context.get("team_late"):
        links.append(Link(_("Late in your team"), "#team", count=context["team_count"]))
    if context.get("case_count"):
        links.append(Link(_("My cases"), "#cases", count=context["case_count"]))
    return links if len(links) > 2 else []


def _collect(actor: Actor, at: datetime) -> Duties:
    """Everything the page names a child for, so that names are opened once."""
    mine = list(obligations.open_for(actor, at=at)[:MOST_DUTIES])
    offices = _led(actor)
    late = obligations.overdue_in(actor, offices, at=at) if offices else None
    team = list(late[:TEAM_SHOWN]) if late is not None else []
    # Counted only where the list is cut: else it says itself how many there are.
    whole = late.count() if late is not None and len(team) == TEAM_SHOWN else len(team)
    muted = reminders.muted_in_team(actor, at=at)
    asked = requests.waiting(actor, at=at)
    own = lists.cases(actor, "mine", lists.Filters(), at=at)
    page = lists.page_of(own, 1, CASES_SHOWN)
    wanted = {duty.case_id for duty in (*mine, *team)} | {each.case_id for each in asked}
    wanted |= muted.case_ids
    wanted -= {case.pk for case in page}
    others = Case.objects.filter(pk__in=wanted).select_related("person", "organisation")
    rows = lists.opened(actor, [*page, *others], at=at, where="today")
    return Duties(
        mine=mine,
        team=team,
        asked=asked,
        muted=muted,
        rows={row.case.pk: row for row in rows},
        shown_cases=rows[: len(page)],
        case_count=page.paginator.count,
        team_count=whole,
    )


def _led(actor: Actor) -> list[UUID]:
    """The offices the actor leads."""
    return [
        post.organisation_id for post in actor.posts if post.role in (Role.SUPERVISOR, Role.HEAD)
    ]


def _team(actor: Actor, found: Duties, at: datetime) -> dict[str, Any]:
    if not _led(actor):
        return {}
    holders = names_of(duty.user_id for duty in found.team)
    hidden = _untold(found)
    loads = lists.team_managers(actor, at=at)
    named = [(name or _("not assigned"), n) for _pk, name, n in loads]
    picture, words = caseload_picture.draw(named, direction(get_language() or "en"))
    return {
        "leads": True,
        "team_muted": reminders.muted_lines(actor, found.muted, found.rows, at=at),
        "team_late": reminders.team_noted(
            actor,
            [
                duties.line(
                    duty,
                    found.rows,
                    at,
                    holder=_office(duty)
                    if duty.user_id is None or duty.user_id in hidden.get(duty.case_id, ())
                    else holders.get(duty.user_id, ""),
                    act=_assign(actor, found.rows.get(duty.case_id)),
                )
                for duty in found.team
            ],
            found.team,
            at=at,
        ),
        "team_count": found.team_count,
        "team_url": reverse("cases:team"),
        "loads": picture if named else "",
        "load_words": words,
    }


def _assign(actor: Actor, row: lists.Row | None) -> Action | None:
    """What a lead can do about a colleague's late work: give it to somebody."""
    if row is None:
        return None
    row.case.reach = row.reach
    return registry.button("assignment", actor, row.case)


def _untold(found: Duties) -> Mapping[Any, Collection[UUID]]:
    """By case, whoever works where the child lives: their name would tell the reader where."""
    silent = [
        pk
        for pk, row in found.rows.items()
        if not row.reach.tells_where(row.case.whereabouts_restricted)
    ]
    return house_staff.of_records(silent) if silent else {}


def _office(duty: Obligation) -> str:
    return roles.label(duty.role) if duty.role else ""


def _encounters(actor: Actor, at: datetime) -> dict[str, Any]:
    """Encounters that wait for a decision; for responders, what came of those they reported."""
    decides = Permission.ENCOUNTER_DECIDE in actor.permissions
    if decides:
        found = met_lists.encounters(actor, EncounterOutcome.PENDING, at=at)
    else:
        found = met_lists.own_encounters(actor, at=at)
    shown = list(found[:MET_SHOWN])
    # Counted only where the list is cut: else it says itself how many there are.
    count = found.count() if len(shown) == MET_SHOWN else len(shown)
    return {
        "may_record": True,
        "met_title": _("Encounters waiting for a decision") if decides else _("You reported"),
        "met": lines_of(met_lists.met(actor, shown, at=at, where="today"), at),
        "met_count": count,
        "met_first": decides and any(row.safety == Safety.AT_RISK for row in shown),
        "met_decides": decides,
        "met_url": reverse("encounters:all"),
    }


def _role_words(actor: Actor) -> str:
    """A sentence for those who see no case content, so that the page explains itself."""
    if actor.holds(Role.ADMINISTRATOR):
        return _("You manage accounts and posts. You do not have access to case records.")
    if actor.holds(Role.AUDITOR):
        return _("You check who did and saw what. You do not see names or narratives.")
    if actor.holds(Role.ANALYST, Role.COORDINATOR):
        return _("You work with figures. You do not have access to case records.")
    if actor.holds(Role.EDITOR):
        return _(
            "You keep the directory up to date: places, organisations, services and phone lines."
        )
    if actor.holds(Role.INTERPRETER):
        return _("You see no records. Case managers contact you when you are needed.")
    return _("You do not have access to case records.")
