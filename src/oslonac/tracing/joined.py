"""Records that were found to be one person are one candidate.

Candidates stay rows of the record they were found as, so that separating two records brings both
back as they stood. What is shown of one person is the row that went furthest. Somebody who was
dismissed under one of their records is dismissed under the others too, as long as none of them is
likelier: then there is something that nobody looked at.

Belongs here: which row stands for a person. Does not: who belongs together (`people.merging`).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from uuid import UUID

from oslonac.people import merging
from oslonac.tracing.models import Candidate
from oslonac.tracing.rules import CandidateStatus

_FURTHEST = (CandidateStatus.VERIFIED, CandidateStatus.ASKED)


def firsts(person_ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """By record, the first record of the same person."""
    return {pk: ids[0] for pk, ids in merging.groups(person_ids).items()}


def all_of(person_ids: Iterable[UUID]) -> set[UUID]:
    """These records and all that belong to the same people."""
    return {each for ids in merging.groups(person_ids).values() for each in ids}


def leading(rows: Sequence[Candidate], seen: Collection[UUID] = ()) -> list[Candidate]:
    """Of candidates of any searches one for each search and person, in the order given; none of
    whom somebody decided that they are not meant. `seen`: cases that the reader sees, which tell
    more than others."""
    first = firsts(row.person_id for row in rows)
    groups: dict[tuple[UUID, UUID], list[Candidate]] = {}
    for row in rows:
        groups.setdefault((row.trace_id, first[row.person_id]), []).append(row)
    found = []
    for together in groups.values():
        lead = min(together, key=lambda row: _place(row, seen))
        if lead.status != CandidateStatus.DISMISSED:
            found.append(lead)
    return found


def _place(row: Candidate, seen: Collection[UUID]) -> tuple[int, float, bool, bool]:
    """Whoever went furthest before all others; then the likeliest, and of equals the dismissed."""
    status = CandidateStatus(row.status)
    rank = _FURTHEST.index(status) if status in _FURTHEST else len(_FURTHEST)
    dismissed = status == CandidateStatus.DISMISSED
    likely = 0.0 if rank < len(_FURTHEST) else -row.probability
    return rank, likely, not dismissed, row.case_id not in seen


def is_new(
    person_id: UUID, probability: float, known: Mapping[UUID, Candidate], first: Mapping[UUID, UUID]
) -> bool:
    """Whether somebody found is to be a candidate beside those of the same search."""
    same = [row for pk, row in known.items() if first[pk] == first[person_id]]
    return all(
        row.status == CandidateStatus.DISMISSED and row.probability < probability for row in same
    )
