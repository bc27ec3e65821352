"""Statuses of a tracing request, what may follow on what, and when two sides count as checked.

The words are those of the field: open, in progress, verified, reunified, closed (Inter-Agency
Working Group on Unaccompanied and Separated Children, Field Handbook, 2017; Primero's lookups).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from oslonac.kit.choices import TextChoices
from oslonac.kit.choices import lazy as _
from oslonac.kit.statuses import Tables

NEXT: Tables = {}


class Direction(TextChoices):
    FAMILY = "family", _("a relative searches for a person")
    CHILD = "child", _("a person searches for a relative")


class TraceStatus(TextChoices):
    """Of one person sought."""

    OPEN = "open", _("open")
    IN_PROGRESS = "in_progress", _("tracing in progress")
    VERIFIED = "verified", _("verified")
    REUNIFIED = "reunified", _("reunified")
    CLOSED = "closed", _("closed")


# A verification can be taken back, and a closed search opened again; nothing else goes back.
NEXT[TraceStatus] = {
    TraceStatus.OPEN: frozenset({TraceStatus.IN_PROGRESS, TraceStatus.CLOSED}),
    TraceStatus.IN_PROGRESS: frozenset(
        {TraceStatus.OPEN, TraceStatus.VERIFIED, TraceStatus.CLOSED}
    ),
    TraceStatus.VERIFIED: frozenset(
        {TraceStatus.IN_PROGRESS, TraceStatus.REUNIFIED, TraceStatus.CLOSED}
    ),
    TraceStatus.REUNIFIED: frozenset({TraceStatus.CLOSED}),
    TraceStatus.CLOSED: frozenset({TraceStatus.OPEN}),
}
LIVE = (TraceStatus.OPEN, TraceStatus.IN_PROGRESS, TraceStatus.VERIFIED)


class Closed(TextChoices):
    """Why a search ended."""

    FOLLOWED_UP = "followed_up", _("reunified and followed up")
    CONTACT_ONLY = "contact_only", _("in touch again; they do not live together")
    WITHDRAWN = "withdrawn", _("the person who asked no longer wants the search")
    NOT_WANTED = "not_wanted", _("the person sought does not want contact")
    NOT_SAFE = "not_safe", _("contact would not be safe")
    DIED = "died", _("the person sought has died")
    NOT_FOUND = "not_found", _("not found")


class CandidateStatus(TextChoices):
    PROPOSED = "proposed", _("found by comparison")
    ASKED = "asked", _("waiting for the person's case manager")
    VERIFIED = "verified", _("both sides checked")
    DISMISSED = "dismissed", _("somebody else")


NEXT[CandidateStatus] = {
    CandidateStatus.PROPOSED: frozenset({CandidateStatus.ASKED, CandidateStatus.DISMISSED}),
    CandidateStatus.ASKED: frozenset({CandidateStatus.VERIFIED, CandidateStatus.DISMISSED}),
    CandidateStatus.VERIFIED: frozenset({CandidateStatus.ASKED, CandidateStatus.DISMISSED}),
    CandidateStatus.DISMISSED: frozenset({CandidateStatus.PROPOSED}),
}


class Side(TextChoices):
    SEEKER = "seeker", _("the person who is searching")
    SOUGHT = "sought", _("the person sought")


class Outcome(TextChoices):
    CONFIRMED = "confirmed", _("confirmed")
    UNSURE = "unsure", _("could not be settled")
    REFUTED = "refuted", _("not the right person")


class Method(TextChoices):
    """How a side was checked."""

    INTERVIEW = "interview", _("each asked separately about family and places")
    PHOTO = "photo", _("photographs shown among others")
    DOCUMENTS = "documents", _("documents compared")
    HOME_VISIT = "home_visit", _("visit to the family, by or through another service")
    CALL = "call", _("supervised call")
    DNA = "dna", _("DNA, by order of a court or with consent")


class Wish(TextChoices):
    """Whether this side wants contact. Silence is no yes."""

    YES = "yes", _("wants contact")
    LATER = "later", _("not now, perhaps later")
    NO = "no", _("does not want contact")
    NOT_ASKED = "not_asked", _("not asked yet")


class FollowUpOutcome(TextChoices):
    WELL = "well", _("living together, well")
    SUPPORT = "support", _("living together, needs support")
    APART = "apart", _("separated again")
    UNREACHED = "unreached", _("not reached")


@dataclass(frozen=True)
class Checked:
    """What one check of one side found."""

    side: Side
    outcome: Outcome
    wish: Wish
    at: datetime


def standing(checks: Iterable[Checked]) -> dict[Side, Checked]:
    """The latest check of each side; earlier ones stay written but no longer count."""
    found: dict[Side, Checked] = {}
    for check in sorted(checks, key=lambda each: each.at):
        found[check.side] = check
    return found


def verified(checks: Iterable[Checked]) -> bool:
    """Both sides are confirmed and both want contact. Until then nothing is shared."""
    latest = standing(checks)
    return set(latest) == set(Side) and all(
        each.outcome == Outcome.CONFIRMED and each.wish == Wish.YES for each in latest.values()
    )


def refuted(checks: Iterable[Checked]) -> bool:
    """One side is known to be somebody else."""
    return any(each.outcome == Outcome.REFUTED for each in standing(checks).values())
