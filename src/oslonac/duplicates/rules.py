"""What may become of a pair of records, and what a country's pack decides about it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from oslonac.kit.choices import TextChoices
from oslonac.kit.choices import lazy as _
from oslonac.kit.statuses import Tables

LEAST = 0.5  # probability from which a pair is worth a look, where the pack says nothing else

NEXT: Tables = {}


class PairStatus(TextChoices):
    OPEN = "open", _("to check")
    ASKED = "asked", _("somebody was asked")
    REQUESTED = "requested", _("waiting for a second person")
    MERGED = "merged", _("one person")
    APART = "apart", _("two people")


S = PairStatus
NEXT[PairStatus] = {
    S.OPEN: frozenset({S.ASKED, S.REQUESTED, S.MERGED, S.APART}),
    S.ASKED: frozenset({S.ASKED, S.REQUESTED, S.MERGED, S.APART}),
    S.REQUESTED: frozenset({S.OPEN, S.MERGED, S.APART}),
    S.MERGED: frozenset({S.OPEN, S.APART}),
    S.APART: frozenset({S.OPEN}),
}
UNDECIDED = (S.OPEN, S.ASKED, S.REQUESTED)
DECIDABLE = (S.OPEN, S.ASKED)


class FoundBy(TextChoices):
    """What led to a pair."""

    CHANGE = "change", _("after a record was changed")
    REGISTER = "register", _("when the whole register was compared")
    PERSON = "person", _("added by a colleague")


class Apart(TextChoices):
    """Why two records are two people."""

    SIBLINGS = "siblings", _("brothers or sisters")
    TWINS = "twins", _("twins")
    NAMESAKES = "namesakes", _("the same name, other people")
    SEEN_BOTH = "seen_both", _("both were seen at the same time")
    OTHER = "other", _("another reason")


class Said(TextChoices):
    QUESTION = "question", _("question")
    ANSWER = "answer", _("answer")


class Agreement(TextChoices):
    AGREES = "agrees", _("agrees")
    DIFFERS = "differs", _("differs")
    UNKNOWN = "unknown", _("neutral")


class Undone(TextChoices):
    """What is thought of a pair after it was separated again."""

    OPEN = "open", _("not decided: check again")
    APART = "apart", _("they are two people")


# What speaks for one person beside a name and what half a country shares.
SUPPORTS = frozenset(
    {
        "birth_day",
        "birth_slip",
        "birth_year",
        "document_same",
        "phone_same",
        "father_same",
        "mother_same",
        "group_same",
        "marks_shared",
    }
)
NUMBERS = frozenset({"document_same", "phone_same"})
CONTRADICTS = frozenset({"birth_far", "birth_apart", "sex_other"})


def worth_a_look(evidence: Iterable[str]) -> bool:
    """Whether a pair is for people at all. A name alone makes nobody one, however rare; an age far
    away needs a number that agrees; another name needs a document; nobody is in two towns."""
    found = set(evidence)
    if "two_places" in found or not found & SUPPORTS:
        return False
    if found & CONTRADICTS and not found & NUMBERS:
        return False
    return "document_same" in found or bool(found & {"name_same", "name_like"})


@dataclass(frozen=True)
class Policy:
    """What a pack decides. Where it says nothing the careful reading holds: a second person
    decides every joining."""

    four_eyes: bool = True
    least: float = LEAST


def policy_of(rows: Mapping[str, Mapping[str, Any]]) -> Policy:
    """From the pack's list `duplicate_rules`. A slip in a pack never loosens a rule."""
    joining, proposing = rows.get("joining", {}), rows.get("proposing", {})
    least = proposing.get("least", LEAST)
    return Policy(
        four_eyes=joining.get("four_eyes") is not False,
        least=float(least) if isinstance(least, int | float) and 0 < least < 1 else LEAST,
    )


@dataclass(frozen=True)
class Standing:
    """What was known when a pair was last decided: the evidence and how probable it made it."""

    probability: float
    evidence: tuple[str, ...]
    one_revision: int
    other_revision: int


def comes_back(decided: Standing, now: Standing) -> bool:
    """Whether a pair that was found to be two people is proposed anew: something was written on
    either of them since, it changed what is compared, and they did not become less alike."""
    written = (decided.one_revision, decided.other_revision) != (
        now.one_revision,
        now.other_revision,
    )
    differs = decided.evidence != now.evidence or abs(decided.probability - now.probability) > 0.005
    return written and differs and now.probability >= decided.probability - 0.005
