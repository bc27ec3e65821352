"""Which concerns are suspicions, and which of them oblige to notify the body that identifies
victims: by the pack's list of concerns, never by the name of a code.

Belongs here: asking the list and the rows. Does not: what follows (`rules`, the procedures).
"""

from collections.abc import Iterable, Sequence

from oslonac.cases.models import Case, Concern
from oslonac.directory import codes


def is_suspicion(code: str) -> bool:
    """Whether a concern is a suspicion of a crime, which ends only by a decision."""
    return bool(codes.property_of("concerns", code, "suspicion")) or is_trafficking(code)


def is_trafficking(code: str) -> bool:
    """Whether a concern is taken for a suspicion of trafficking."""
    return bool(codes.property_of("concerns", code, "trafficking"))


def trafficking_among(listed: Iterable[str]) -> list[str]:
    return [code for code in listed if is_trafficking(code)]


def untold_of(concerns: Iterable[Concern]) -> list[str]:
    """Kinds among these concerns of which the body that identifies victims was not notified,
    decided already or not."""
    return trafficking_among(row.kind for row in concerns if row.notified_at is None)


def untold_in(cases: Sequence[Case]) -> list[str]:
    """The same in whole cases."""
    return untold_of(Concern.objects.filter(case__in=cases, notified_at=None))
