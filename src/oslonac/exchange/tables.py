"""Tables of exports."""

from collections.abc import Sequence

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from oslonac.accounts.queries import names_of
from oslonac.exchange.models import Export
from oslonac.exchange.rules import Form, Kind, Purpose
from oslonac.vault.sealing import open_many
from oslonac.web.shapes import Cell, Column, Table


def exports(rows: Sequence[Export]) -> Table:
    """The log, the latest first. The caller checked that the reader may see receivers."""
    texts = open_many(rows, "receiver", "note")
    names = names_of(row.made_by_id for row in rows)
    body = [
        [
            Cell(f"{localtime(row.made_at):%Y-%m-%d %H:%M}", note=str(Kind(row.kind).label)),
            Cell(texts[row.pk]["receiver"], note=str(Purpose(row.purpose).label)),
            Cell(
                names.get(row.made_by_id, "") if row.made_by_id else "",
                note=str(Form(row.form).label),
            ),
        ]
        for row in rows
    ]
    columns = [Column(_("When")), Column(_("To whom")), Column(_("Who made it"))]
    return Table(_("Exports"), columns, body, _("Nothing was taken out."))
