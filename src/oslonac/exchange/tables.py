"""Tables of exports."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from oslonac.accounts.queries import names_of
from oslonac.exchange.models import Export
from oslonac.exchange.rules import Form, Kind, Purpose
from oslonac.web.shapes import Cell, Column, Table


def exports(
    rows: Sequence[Export],
    texts: Mapping[UUID, Mapping[str, str | None]],
    names: Mapping[UUID, str] | None = None,
) -> Table:
    """The log, the latest first. `texts`: `queries.texts_of`; `names`: of staff, where the caller
    read them already."""
    if names is None:
        names = names_of(row.made_by_id for row in rows)
    body = [
        [
            Cell(f"{localtime(row.made_at):%Y-%m-%d %H:%M}", note=str(Kind(row.kind).label)),
            Cell(
                _("not shown: the file is not open to you")
                if texts[row.pk]["receiver"] is None
                else str(texts[row.pk]["receiver"]),
                note=str(Purpose(row.purpose).label),
            ),
            Cell(
                names.get(row.made_by_id, "") if row.made_by_id else "",
                note=str(Form(row.form).label),
            ),
        ]
        for row in rows
    ]
    columns = [Column(_("When")), Column(_("To whom")), Column(_("Who made it"))]
    return Table(_("Exports"), columns, body, _("Nothing was taken out."))
