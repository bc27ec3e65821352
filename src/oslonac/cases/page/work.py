"""Decisions and transfers as entries; what sections of the case page share."""

from collections.abc import Sequence
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from oslonac.accounts.queries import office_name
from oslonac.cases import moments, rules
from oslonac.cases.page.rows import CaseFile
from oslonac.cases.page.shapes import Entry, Section, texts
from oslonac.cases.steps import registry
from oslonac.directory import codes
from oslonac.protocols import catalogue
from oslonac.web.shapes import Action, Flag, Kind

RECENT = 4


def add(file: CaseFile, *slugs: str) -> list[Action]:
    found = (registry.button(slug, file.actor, file.case, kind="quiet") for slug in slugs)
    return [action for action in found if action is not None]


def joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)


def decisions(file: CaseFile) -> Section:
    entries = [_decision(file, row) for row in file.decisions]
    return Section(
        anchor="decisions",
        title=_("Decisions"),
        entries=entries[:RECENT],
        older=entries[RECENT:],
        empty=_("No decision is recorded yet."),
        actions=add(file, "best-interest"),
    )


def _decision(file: CaseFile, row: Any) -> Entry:
    kind, status = row.kind, row.status
    kinds: dict[str, Kind] = {
        "requested": "warn",
        "in_force": "ok",
        "returned": "alert",
        "withdrawn": "calm",
    }
    who = joined(
        moments.short(row.decided_at),
        file.name(row.decided_by_id),
        _("answered by %(name)s") % {"name": file.name(row.answered_by_id)}
        if row.answered_by_id
        else "",
    )
    return Entry(
        title=joined(capfirst(str(rules.DecisionKind(kind).label)), _code(kind, row.code)),
        line=who,
        flags=[Flag(str(rules.DecisionStatus(status).label), kinds[status])],
        texts=texts(
            (_("Done although these were open"), _overridden(file, row)),
            (_("Reasons"), file.text(row, "reason")),
            (_("Answer"), file.text(row, "answer")),
        ),
        actions=registry.buttons(
            file.actor, file.case, row, "closing-answer", "closing-withdraw", kind="quiet"
        ),
    )


def _overridden(file: CaseFile, row: Any) -> str:
    """The steps that were open when this one was done all the same, as its event names them."""
    if row.kind != rules.DecisionKind.STEP:
        return ""
    for event in file.events:
        if event.record_id == row.pk:
            return "; ".join(catalogue.title(each) for each in event.data.get("overridden", ()))
    return ""


def _code(kind: str, code: str) -> str:
    if kind in (rules.DecisionKind.STEP, rules.DecisionKind.CLOCK):
        return catalogue.title(code)
    lists = {
        "closing": "closure_reasons",
        "reopening": "reopening_reasons",
        "disclosure": "legal_grounds",
    }
    if kind in lists:
        return codes.title(lists[kind], code)
    if kind in ("opening", "priority"):
        return str(rules.Priority(code).label) if code in rules.Priority.values else code
    return str(rules.Pathway(code).label) if code in rules.Pathway.values else code


def transfers(file: CaseFile) -> Section | None:
    """Transfers; left out while there is none."""
    if not file.transfers:
        return None
    entries: Sequence[Entry] = [_transfer(file, row) for row in file.transfers]
    return Section(anchor="transfers", title=_("Transfers"), entries=entries)


def _transfer(file: CaseFile, row: Any) -> Entry:
    status = row.status
    kinds: dict[str, Kind] = {"accepted": "ok", "declined": "calm", "withdrawn": "calm"}
    return Entry(
        title=_("From %(sender)s to %(receiver)s")
        % {"sender": office_name(row.sender), "receiver": office_name(row.receiver)},
        line=joined(
            moments.short(row.proposed_at),
            file.name(row.proposed_by_id),
            codes.title("transfer_reasons", row.reason),
            _("arbiter: %(name)s") % {"name": str(row.arbiter)} if row.arbiter_id else "",
        ),
        flags=[Flag(str(rules.TransferStatus(status).label), kinds.get(status, "warn"))],
        texts=texts((_("Note"), file.text(row, "note")), (_("Answer"), file.text(row, "answer"))),
        actions=registry.buttons(
            file.actor, file.case, row, "transfer-answer", "transfer-withdraw", kind="quiet"
        ),
    )
