"""Tables of exports."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils.formats import date_format
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
            Cell(
                date_format(localtime(row.made_at), "DATETIME_FORMAT"),
                note=str(Kind(row.kind).label),
            ),
            Cell(
                _("not shown: you have no access to the file")
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
    return Table(_("Exports"), columns, body, _("No exports."))
