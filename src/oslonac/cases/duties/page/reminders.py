"""Reminders on the case page: who gets them when, what is muted and why."""

from collections.abc import Sequence

from oslonac.cases.duties import reminding
from oslonac.cases.page.rows import CaseFile
from oslonac.web.shapes import Due

ANCHOR = "duty-"


def noted(file: CaseFile, lines: Sequence[Due]) -> list[Due]:
    """Lines of open duties, each with what is to be told of its reminders."""
    duties = {f"{ANCHOR}{duty.pk}": duty for duty in file.duties}
    shown = [duties[line.anchor] for line in lines if line.anchor in duties]
    rows = {name: file.rows[f"reminders.{name}"] for name in ("mutes", "heard")}
    told = reminding.words(file.actor, shown, at=file.at, rows=rows, names=file.names)
    return [
        reminding.added(file.actor, line, duties[line.anchor], told)
        if line.anchor in duties
        else line
        for line in lines
    ]
