"""Continuity: how many professionals, guardians, interpreters and places the person had."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from oslonac.cases.page.rows import CaseFile
from oslonac.cases.rules import AloneWithChild
from oslonac.web.shapes import Fact


def counts(file: CaseFile, more: Sequence[Fact]) -> list[Fact]:
    """Distinct people, not contacts. `more` is what packages above count."""
    seen = [c for c in file.contacts if c.alone_with_child != AloneWithChild.NOT_CHILD]
    met = {c.by_id for c in seen if c.by_id}
    told = {c.by_id for c in file.contacts if c.told_story and c.by_id}
    interpreters = {bytes(c.interpreter_key) for c in file.contacts if c.interpreter_key}
    managers = [e for e in file.events if e.name == "case.assigned"]
    return [
        Fact(_("Professionals the person met"), str(len(met))),
        Fact(_("People who heard the story"), str(len(told))),
        Fact(_("Interpreters"), str(len(interpreters))),
        Fact(_("Case managers"), str(len({e.data.get("manager") for e in managers}))),
        *more,
    ]


def alone_note(file: CaseFile) -> str:
    """When somebody last spoke with the person alone."""
    from oslonac.cases import moments

    if file.case.last_alone_at is None:
        return _("Nobody has spoken with the person alone yet.")
    return _("Last spoken with alone: %(when)s.") % {
        "when": moments.ago(file.case.last_alone_at, file.at)
    }
