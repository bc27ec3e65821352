"""What the case page, its timeline and the printed summary say of guardians."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from oslonac.access.rules import Reach
from oslonac.cases import moments, tabs
from oslonac.cases.extensions import Given
from oslonac.cases.models import Case
from oslonac.directory import codes
from oslonac.guardianship import queries, rules
from oslonac.guardianship.queries import AppointmentLine
from oslonac.web.drawings.timeline import Item, Lane
from oslonac.web.shapes import Fact


def reads(case_id: UUID, person_id: UUID) -> Mapping[str, QuerySet[Any]]:
    return {"appointments": queries.rows_of(case_id)}


def context(case: Case, found: Reach, given: Given) -> Mapping[str, Any]:
    """The panel's context, with each appointment told in lines."""
    known = dict(queries.panel(case, found, given.rows.get("appointments"), given.names))
    known["records"] = [line.appointment for line in known["appointments"]]
    known["shown"] = [(line, _line(line), _standing(line)) for line in known["appointments"]]
    return known


def _standing(line: AppointmentLine) -> str:
    kinds = {"oral": "warn", "written": "ok", "ended": "calm"}
    return kinds[line.appointment.status]


def _line(line: AppointmentLine) -> str:
    row = line.appointment
    ended = ""
    if row.ended_at:
        reasons = {"replaced": _("another guardian followed"), "case_closed": _("case closed")}
        reason = reasons.get(row.end_reason) or codes.title("guardian_end_reasons", row.end_reason)
        ended = _("until %(day)s: %(reason)s") % {
            "day": moments.day(row.ended_at),
            "reason": reason,
        }
    handed = ""
    if row.handed_over_at:
        day = moments.day(row.handed_over_at)
        with_child = row.handover_with_child
        handed = (
            _("handed over %(day)s, with the child") if with_child else _("handed over %(day)s")
        ) % {"day": day}
    parts = (
        capfirst(str(rules.GuardianKind(row.kind).label)),
        _("appointed %(moment)s") % {"moment": moments.short(row.appointed_at)},
        _("decision %(number)s") % {"number": moments.isolated(line.document_number)}
        if line.document_number
        else "",
        _("witness %(name)s") % {"name": moments.isolated(line.witness)} if line.witness else "",
        handed,
        ended,
    )
    return " · ".join(part for part in parts if part)


def strip(context: Mapping[str, Any]) -> Sequence[Fact]:
    current: list[AppointmentLine] = context["current"]
    if not current:
        return [Fact(_("Guardian"), _("nobody yet"), empty=True)]
    first = current[0]
    since = _("since %(day)s") % {"day": moments.day(first.appointment.appointed_at)}
    url = tabs.at(first.appointment.case_id, "guardians")
    return [Fact(_("Guardian"), first.name, note=since, url=url)]


def lanes(context: Mapping[str, Any]) -> Sequence[Lane]:
    items = [
        Item(
            line.appointment.appointed_at,
            line.name,
            end=line.appointment.ended_at,
            open_end=line.appointment.ended_at is None,
            kind="calm" if line.appointment.ended_at else "ok",
            anchor=tabs.at(line.appointment.case_id, "guardians"),
        )
        for line in context["appointments"]
    ]
    return [Lane(_("Guardian"), items)]


def counts(context: Mapping[str, Any]) -> Sequence[Fact]:
    people = {line.appointment.guardian_id or line.name for line in context["appointments"]}
    return [Fact(_("Guardians"), str(len(people)))]


def texts(context: Mapping[str, Any]) -> Mapping[UUID, str]:
    return {line.appointment.pk: line.name for line in context["appointments"]}


def paper(context: Mapping[str, Any]) -> Mapping[str, Any]:
    return {
        "title": _("Guardian"),
        "empty": _("No guardian is appointed."),
        "columns": [_("Who"), _("Status"), _("Details")],
        "rows": [
            [
                line.name,
                str(rules.AppointmentStatus(line.appointment.status).label),
                _line(line),
            ]
            for line in context["appointments"]
        ],
    }
