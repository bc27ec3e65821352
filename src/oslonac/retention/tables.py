"""The tables of the pages of retention and deletion."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from oslonac.accounts.queries import names_of
from oslonac.cases import moments, tabs
from oslonac.country import tag
from oslonac.directory.models import Organisation
from oslonac.kit.clock import local_day
from oslonac.retention import periods, queries
from oslonac.retention.casepage import words_of
from oslonac.retention.models import Disposal
from oslonac.retention.queries import Line
from oslonac.retention.rules import Category, DisposalStatus, Ground
from oslonac.web.shapes import Cell, Column, Fact, Flag, Table


def due(lines: Sequence[Line], at: datetime) -> Table:
    today = local_day(at)
    rows: list[list[Cell | str]] = []
    for line in lines:
        url = tabs.at(line.case.pk, "retention")
        closed = moments.day(line.case.closed_at) if line.case.closed_at else ""
        rows.append(
            [
                Cell(
                    line.case.number, url, note=str(line.case.organisation), flag=_flag(line, today)
                ),
                closed,
                ", ".join(map(periods.title, line.standing.categories)) or "–",
                words_of(line.standing),
            ]
        )
    columns = [Column(_("File")), Column(_("Closed")), Column(_("Categories")), Column(_("Period"))]
    return Table(
        _("Closed files"), columns, rows, _("You have no access to closed files of your centre.")
    )


def _flag(line: Line, today: date) -> Flag | None:
    if line.hold is not None:
        return Flag(_("legal hold"), "warn")
    if line.disposal is not None:
        return Flag(_("proposed"), "calm")
    if line.standing.is_over(today):
        return Flag(_("period ended"), "alert" if line.standing.verified else "warn")
    return None


def waiting(rows: Sequence[Disposal]) -> Table:
    names = names_of(row.proposed_by_id for row in rows)
    body: list[list[Cell | str]] = [
        [
            Cell(", ".join(row.numbers), reverse("retention:proposal", args=[row.pk])),
            str(Ground(row.ground).label),
            str(row.organisation),
            Cell(
                moments.day(row.proposed_at),
                note=names.get(row.proposed_by_id, "") if row.proposed_by_id else "",
            ),
        ]
        for row in rows
    ]
    columns = [Column(_("Files")), Column(_("Ground")), Column(_("Centre")), Column(_("Proposed"))]
    return Table(_("Waiting for a decision"), columns, body, _("Nothing to decide."))


def report(rows: Sequence[Disposal]) -> Table:
    names = names_of([each for row in rows for each in (row.proposed_by_id, row.answered_by_id)])
    body = [
        [
            Cell(
                ", ".join(row.numbers),
                reverse("retention:proposal", args=[row.pk]),
                note=str(row.organisation),
                flag=Flag(
                    str(DisposalStatus(row.status).label),
                    "alert" if row.status == DisposalStatus.DONE else "calm",
                ),
            ),
            Cell(str(Ground(row.ground).label), note=row.reference),
            Cell(
                moments.day(row.proposed_at),
                note=names.get(row.proposed_by_id, "") if row.proposed_by_id else "",
            ),
            Cell(
                moments.day(row.answered_at) if row.answered_at else "",
                note=names.get(row.answered_by_id, "") if row.answered_by_id else "",
            ),
        ]
        for row in rows
    ]
    columns = [Column(_("Files")), Column(_("Ground")), Column(_("Proposed")), Column(_("Decided"))]
    return Table(_("Report"), columns, body, _("Nothing was destroyed yet."))


def facts(row: Disposal) -> list[Fact]:
    """A proposal in lines; names of colleagues, never of the child."""
    names = names_of([row.proposed_by_id, row.answered_by_id])
    shown = [
        Fact(_("Files"), ", ".join(row.numbers)),
        Fact(_("Centre"), str(row.organisation)),
        Fact(_("Ground"), str(Ground(row.ground).label), note=row.reference),
        Fact(_("Categories"), ", ".join(map(periods.title, row.categories)) or "–"),
        Fact(
            _("Period ended on"),
            moments.of_day(row.period_ended_on) if row.period_ended_on else "–",
        ),
        Fact(_("Documents in it"), str(row.documents)),
        Fact(
            _("Proposed"),
            moments.day(row.proposed_at),
            note=names.get(row.proposed_by_id, "") if row.proposed_by_id else "",
        ),
        Fact(_("Outcome"), str(DisposalStatus(row.status).label)),
    ]
    if row.answered_at:
        name = names.get(row.answered_by_id, "") if row.answered_by_id else ""
        shown.append(Fact(_("Decided"), moments.day(row.answered_at), note=name))
    if row.shared_notes:
        words = _("%(n)d, because they also speak of others") % {"n": row.shared_notes}
        shown.append(Fact(_("Encounter notes that stay"), words))
    return shown


def categories(known: Iterable[Category], centres: Sequence[Organisation]) -> Table:
    own = {each.pk: queries.centre_periods(each.pk) for each in centres}
    language = tag()
    columns = [Column(_("Category")), Column(_("Country pack"))]
    columns += [Column(str(each)) for each in centres]
    rows = []
    for each in known:
        flag = None if each.verified else Flag(_("source not confirmed"), "warn")
        years = _("%(n)d years") % {"n": each.years} if each.years else _("not known")
        row: list[Cell | str] = [
            Cell(each.title.get(language, each.title["en"])),
            Cell(years, note=each.source, flag=flag),
        ]
        for centre in centres:
            period = own[centre.pk].get(each.code)
            if period is None:
                row.append(_("not recorded"))
            else:
                row.append(Cell(_("%(n)d years") % {"n": period.years}, note=period.document))
        rows.append(row)
    return Table(_("Retention periods"), columns, rows, _("The country pack names no categories."))
