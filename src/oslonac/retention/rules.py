"""Categories, grounds, and when a period is over. Tables and pure functions.

Nothing is ever destroyed by the clock alone: a period that is over lets somebody propose, and
somebody else decide. A period without a source that was read is a proposal to look, no more.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from oslonac.kit.choices import TextChoices
from oslonac.kit.choices import lazy as _
from oslonac.kit.statuses import Tables

NEXT: Tables = {}


class Ground(TextChoices):
    """Why a file is destroyed."""

    PERIOD_OVER = "period_over", _("the retention period has ended")
    REQUEST = "request", _("the person asked for erasure")
    UNLAWFUL = "unlawful", _("it was recorded without a legal ground")
    COURT = "court", _("ordered by a court or the Commissioner")


class HoldReason(TextChoices):
    """Why a file must stay although its period is over."""

    PROCEEDINGS = "proceedings", _("court or police proceedings")
    COMPLAINT = "complaint", _("complaint or objection being handled")
    REQUEST = "request", _("request for access being answered")
    TRACING = "tracing", _("family tracing")
    AUDIT = "audit", _("audit or inspection")
    OTHER = "other", _("another reason, written down")


class DisposalStatus(TextChoices):
    PROPOSED = "proposed", _("waiting for another person's decision")
    DONE = "done", _("destroyed")
    REFUSED = "refused", _("kept: not approved")
    WITHDRAWN = "withdrawn", _("kept: withdrawn")


NEXT[DisposalStatus] = {
    DisposalStatus.PROPOSED: frozenset(
        {DisposalStatus.DONE, DisposalStatus.REFUSED, DisposalStatus.WITHDRAWN}
    ),
    DisposalStatus.DONE: frozenset(),
    DisposalStatus.REFUSED: frozenset(),
    DisposalStatus.WITHDRAWN: frozenset(),
}

# Grounds that do not wait for the end of the work.
AT_ONCE = frozenset({Ground.UNLAWFUL, Ground.COURT})
LONGEST_YEARS = 150
STARTS = ("closing", "majority")
# What a file can be told apart by; a category names the marks it is for.
MARKS = frozenset({"guardianship", "trafficking", "transit", "placement"})


@dataclass(frozen=True)
class Category:
    """One category of the pack. `marks`: a file with any of them belongs here; none: every file.
    `years`: None where no source that was read states any. `start`: from when they count."""

    code: str
    title: Mapping[str, str]
    marks: frozenset[str]
    years: int | None
    start: str
    verified: bool
    source: str


@dataclass(frozen=True)
class Standing:
    """When a file's period is over. `on` is None while a category has no period: then `unknown`
    names it. `verified`: every period comes from a source that was read."""

    on: date | None
    categories: tuple[str, ...]
    unknown: tuple[str, ...]
    verified: bool

    def is_over(self, today: date) -> bool:
        return self.on is not None and self.on <= today


def categories_of(marks: Iterable[str], known: Iterable[Category]) -> list[Category]:
    """The categories a file belongs to."""
    found = set(marks)
    return [each for each in known if not each.marks or each.marks & found]


def standing(
    belongs: Iterable[Category],
    own_years: Mapping[str, int],
    *,
    closed_on: date,
    majority_on: date | None,
) -> Standing:
    """The latest end among a file's categories. A centre's own list goes before the pack, but
    never below a verified minimum of it."""
    ends: list[date] = []
    unknown: list[str] = []
    verified, codes = True, []
    for each in belongs:
        codes.append(each.code)
        years = own_years.get(each.code, each.years)
        if each.verified and each.years is not None and years is not None:
            years = max(years, each.years)
        if years is None:
            unknown.append(each.code)
            continue
        verified = verified and (each.code in own_years or each.verified)
        start = closed_on
        if each.start == "majority" and majority_on is not None:
            start = max(start, majority_on)
        ends.append(years_after(start, years))
    known = bool(ends) and not unknown
    return Standing(max(ends) if known else None, tuple(codes), tuple(unknown), verified and known)


def years_after(start: date, years: int) -> date:
    """The same day `years` later; of 29 February, 1 March."""
    try:
        return start.replace(year=start.year + years)
    except ValueError:
        return date(start.year + years, 3, 1)
