"""Steps that are possible now and not yet possible on the case page, and the versions of
the procedures the case runs on."""

from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from oslonac.cases.page.rows import CaseFile
from oslonac.cases.page.shapes import Entry
from oslonac.cases.rules import CaseStatus
from oslonac.cases.situation import Standing, has_own_form, situation
from oslonac.cases.steps import registry
from oslonac.protocols import catalogue, wording


@dataclass(frozen=True)
class Procedures:
    """Two lists for reading."""

    possible: list[Entry]
    blocked: list[Entry]


def procedures(file: CaseFile) -> Procedures:
    """For a reader who reaches the case; of a closed case nothing may be done."""
    if file.case.status == CaseStatus.CLOSED:
        return Procedures([], [])
    found = situation(file.case, file.at, events=file.events)
    pending = {duty.activity for duty in file.duties if duty.state == "open"}
    possible = [_possible(file, each) for each in found.possible() if each.step.id not in pending]
    blocked = [_blocked(each) for each in _once(found.blocked())]
    return Procedures(possible, blocked)


def _once(found: list[Standing]) -> list[Standing]:
    """One line for an activity, whatever number of copies waits for the same."""
    return list({(each.step.id, each.missing): each for each in found}.values())


def _possible(file: CaseFile, each: Standing) -> Entry:
    actions = []
    if has_own_form(each.step) and registry.find(each.step.form, on_record=False):
        button = registry.button(each.step.form, file.actor, file.case, kind="plain")
        actions = [button] if button else []
    return Entry(title=_title(each), line=_line(each), actions=actions)


def _blocked(each: Standing) -> Entry:
    return Entry(
        title=_title(each), line=_("Not yet: %(why)s.") % {"why": catalogue.missing(each.missing)}
    )


def _title(each: Standing) -> str:
    return catalogue.in_language(each.step.title)


def _line(each: Standing) -> str:
    role = capfirst(wording.role(each.step.who)) if each.step.who else ""
    return " · ".join(part for part in (role, catalogue.in_language(each.protocol.title)) if part)
