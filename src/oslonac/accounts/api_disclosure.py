"""What an API answer shows of one record: sealed texts within the reach, and a read event.

A part that the reach does not show is `null`, and `withheld` names why; an empty text is "".
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import Model

from oslonac.access import opening, reader
from oslonac.access.rules import Level, Reach
from oslonac.accounts.api_operations import ApiRequest
from oslonac.accounts.api_types import Out
from oslonac.accounts.queries import names_of, withheld
from oslonac.audit.actions import record_read

Texts = Mapping[str, Any]  # of str | None; Any so that it can be spread into a shape


class Withheld(StrEnum):
    """A part of a record that the grants of whoever asks do not show."""

    CONTACT = "contact"
    CASE = "case"
    NARRATIVE = "narrative"
    IDENTITY = "identity"
    WHEREABOUTS = "whereabouts"


class StaffRef(Out):
    """A colleague. Names of staff are shown to everybody who is signed in."""

    id: UUID
    name: str


class OfficeRef(Out):
    """An organisation of the directory, named in the language of the request."""

    id: UUID
    code: str
    name: str


class Disclosure:
    """Opens texts of one record for one answer and remembers which, for the ledger."""

    def __init__(self, request: ApiRequest, reach: Reach) -> None:
        self.request = request
        self.reach = reach
        self.opened: set[str] = set()

    def shows(self, level: Level) -> bool:
        return self.reach.shows(level)

    def withheld(self, *parts: Withheld) -> list[Withheld]:
        """Which of the parts are not shown."""
        return [part for part in parts if not self._seen(part)]

    def _seen(self, part: Withheld) -> bool:
        if part is Withheld.WHEREABOUTS:
            return self.reach.whereabouts
        return self.reach.shows(Level[part.name])

    def texts(self, rows: Iterable[Any], *fields: str) -> dict[UUID, Texts]:
        """Sealed columns by row, as their model declares; None where they are withheld."""
        listed = list(rows)
        if listed:
            model = type(listed[0])
            self.opened |= {
                name for name in fields if opening.sees(self.reach, opening.opening_of(model, name))
            }
        return {**opening.shown(listed, self.reach, *fields, blank=None)}

    def record(self, subject: Model, *, case_id: UUID | None = None) -> None:
        """Tell the ledger what was opened. Once for each answer."""
        if self.opened:
            record_read(
                actor=self.request.actor,
                at=self.request.at,
                subject=subject,
                fields=self.opened,
                case_id=case_id,
            )


def staff(ids: Iterable[UUID | None]) -> dict[UUID | None, StaffRef]:
    """Colleagues by id; look one up with `.get`, which answers None for nobody, and for whoever
    would tell the reader where a child is."""
    unnamed = withheld(reader.current().user_id)
    named = names_of(pk for pk in ids if pk not in unnamed)
    return {pk: StaffRef(id=pk, name=name) for pk, name in named.items()}


def office(organisation: Any) -> OfficeRef | None:
    """An organisation in short; None for one that would tell the reader where a child is."""
    if organisation is None or organisation.pk in withheld(reader.current().user_id):
        return None
    return OfficeRef(id=organisation.pk, code=organisation.code, name=str(organisation))
