"""What a verification can find, each with its sentence.

Belongs here: kinds and their sentences. Does not: finding (`walk`, `verification`).
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as lazy

SENTENCES: dict[str, Any] = {
    "changed": lazy("Event %(id)s, number %(number)s (%(name)s), was changed."),
    "removed": lazy("Event %(id)s, number %(number)s, was removed."),
    "removed_unlinked": lazy(
        "Event %(id)s was removed or changed before it was linked; it had been noted outside."
    ),
    "missing": lazy("Numbers %(number)s to %(last)s of the chain are missing."),
    "inserted": lazy("Event %(id)s (%(name)s) was inserted from outside the system."),
    "broken_link": lazy(
        "Number %(number)s does not follow the one before it: links were moved, changed or "
        "made with another key."
    ),
    "cut": lazy(
        "The activity log ends at number %(number)s, but it had reached %(last)s "
        "(%(day)s): its end was cut off, or an older backup was restored."
    ),
    "relinked": lazy(
        "Between numbers %(number)s and %(last)s the chain differs from the recorded "
        "one (%(day)s): events were removed or inserted and the rest was linked again."
    ),
    "day_changed": lazy(
        "Numbers %(number)s to %(last)s no longer give the signed root of %(day)s: an "
        "event was changed, removed, inserted or moved."
    ),
    "root_changed": lazy("The root of %(day)s was changed."),
    "root_wrong_key": lazy("The root of %(day)s is signed with an unknown key."),
    "root_removed": lazy("Roots are missing: %(day)s."),
    "root_replaced": lazy("The root of %(day)s is not the one that was published."),
    "row_forged": lazy(
        "Row %(id)s of %(table)s was not written by this installation, or was changed since."
    ),
    "row_removed": lazy(
        "Row %(id)s of %(table)s is missing, although the activity log says that it was made."
    ),
    "row_undone": lazy(
        "Row %(id)s of %(table)s no longer says what the activity log last said of it: it was "
        "put back as it once was."
    ),
    "row_unsaid": lazy("Row %(id)s of %(table)s is not in the activity log: nobody made it here."),
    "kept_changed": lazy("In the file you gave, the root of %(day)s was changed."),
    "kept_wrong_key": lazy(
        "In the file you gave, the root of %(day)s is signed with an unknown key: it "
        "belongs to another installation, or the key file was replaced."
    ),
}


@dataclass(frozen=True)
class Break:
    """Where the ledger no longer agrees with itself, or with what was kept outside it."""

    kind: str
    sequence: int | None
    event_id: str
    said: tuple[tuple[str, Any], ...] = ()

    @property
    def message(self) -> str:
        """A sentence in the language of whoever reads."""
        values = {"id": self.event_id, "number": self.sequence} | dict(self.said)
        return str(SENTENCES[self.kind]) % values

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "sequence": self.sequence,
            "event_id": self.event_id,
            "message": self.message,
        }


def found(kind: str, sequence: int | None, event_id: str, **said: Any) -> Break:
    """A finding with what its sentence says. Made without Django: other processes make them."""
    return Break(kind, sequence, event_id, tuple(said.items()))
