"""Ages as intervals, how well a statement is known, who counts as separated."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, TypeVar

from oslonac.kit.calendars import age_on
from oslonac.kit.choices import TextChoices
from oslonac.kit.choices import lazy as _
from oslonac.kit.statuses import Tables

AGE_OF_MAJORITY = 18

NEXT: Tables = {}


class Answer(TextChoices):
    """Four different ways of not having an answer, kept apart (DESIGN 4.8)."""

    UNKNOWN = "unknown", _("not known")
    NOT_ASKED = "not_asked", _("not asked")
    DECLINED = "declined", _("did not want to say")
    NONE = "none", _("none")


class Sex(TextChoices):
    FEMALE = "female", _("female")
    MALE = "male", _("male")
    OTHER = "other", _("other")
    UNKNOWN = "unknown", _("not known")
    NOT_ASKED = "not_asked", _("not asked")
    DECLINED = "declined", _("did not want to say")


class Basis(TextChoices):
    """How a fact is known, weakest first; age is never settled by a medical test here."""

    CLAIMED = "claimed", _("said")
    OBSERVED = "observed", _("observed")
    DOCUMENT = "document", _("document")
    ASSESSED = "assessed", _("assessed")


class SaidBy(TextChoices):
    SELF = "self", _("the person")
    PARENT = "parent", _("a parent")
    RELATIVE = "relative", _("a relative")
    COMPANION = "companion", _("somebody travelling along")
    GUARDIAN = "guardian", _("the guardian")
    WORKER = "worker", _("a professional")
    DOCUMENT = "document", _("a document")
    OTHER = "other", _("somebody else")


class Attribute(TextChoices):
    BIRTH = "birth", _("birth")
    SEX = "sex", _("sex")
    CITIZENSHIP = "citizenship", _("citizenship")
    LANGUAGE = "language", _("language")
    DOCUMENT = "document", _("document")
    PHONE = "phone", _("phone")
    ADDRESS = "address", _("address")
    ORIGIN = "origin", _("place of origin")
    HEALTH = "health", _("health")
    EDUCATION = "education", _("education")
    WISH = "wish", _("own wish")
    OTHER = "other", _("other fact")


class LanguageLevel(TextChoices):
    FIRST = "first", _("first language")
    FLUENT = "fluent", _("fluent")
    BASIC = "basic", _("a little")


class NameKind(TextChoices):
    BIRTH = "birth", _("name at birth")
    USED = "used", _("name in use")
    REGISTERED = "registered", _("as registered by an authority")
    NICKNAME = "nickname", _("nickname")


class RelationKind(TextChoices):
    """What `to` is to `from`: "Nabi is the cousin of Farid" is from Farid, to Nabi."""

    MOTHER = "mother", _("mother")
    FATHER = "father", _("father")
    BROTHER = "brother", _("brother")
    SISTER = "sister", _("sister")
    CHILD = "child", _("child")
    SPOUSE = "spouse", _("spouse")
    GRANDPARENT = "grandparent", _("grandparent")
    UNCLE = "uncle", _("uncle")
    AUNT = "aunt", _("aunt")
    COUSIN = "cousin", _("cousin")
    OTHER_RELATIVE = "other_relative", _("other relative")
    FRIEND = "friend", _("friend")
    COMPANION = "companion", _("travels along")
    UNRELATED_ADULT = "unrelated_adult", _("adult who is not a relative")


class Verification(TextChoices):
    CLAIMED = "claimed", _("claimed")
    VERIFIED = "verified", _("verified")
    REFUTED = "refuted", _("not confirmed")


NEXT[Verification] = {
    Verification.CLAIMED: frozenset({Verification.VERIFIED, Verification.REFUTED}),
    Verification.VERIFIED: frozenset({Verification.REFUTED}),
    Verification.REFUTED: frozenset({Verification.VERIFIED}),
}


class GroupRole(TextChoices):
    LEADER = "leader", _("leads the group")
    MEMBER = "member", _("travels with the group")


class GroupDecision(TextChoices):
    """Keep a child with the group or separate: decided per child, with reasons (scenario 3)."""

    PENDING = "pending", _("not yet decided")
    KEEP = "keep", _("kept with the group")
    SEPARATE = "separate", _("separated from the group")


@dataclass(frozen=True)
class AgeInterval:
    """Completed years on a day, from the youngest to the oldest they can be."""

    youngest: int
    oldest: int

    @property
    def straddles_majority(self) -> bool:
        return self.youngest < AGE_OF_MAJORITY <= self.oldest

    @property
    def presumed_minor(self) -> bool:
        """Minority is presumed while it is possible (guidelines of 2017; scenario 6)."""
        return self.youngest < AGE_OF_MAJORITY

    def __str__(self) -> str:
        if self.youngest == self.oldest:
            return str(self.youngest)
        return f"{self.youngest}\u2013{self.oldest}"


def age_interval(born_from: date | None, born_to: date | None, day: date) -> AgeInterval | None:
    """Ages possible on `day` for a birth between two days; None when nothing is known."""
    if born_from is None or born_to is None:
        return None
    return AgeInterval(max(0, age_on(born_to, day)), max(0, age_on(born_from, day)))


class Stated(Protocol):
    basis: str
    said_by: str
    stated_at: datetime


S = TypeVar("S", bound=Stated)
_WEIGHT = {Basis.CLAIMED: 0, Basis.OBSERVED: 0, Basis.DOCUMENT: 1, Basis.ASSESSED: 2}


def best(statements: Sequence[S]) -> S | None:
    """The statement shown first: assessed before document before said; then the person's own
    account; then the latest. The others stay visible beside it."""
    if not statements:
        return None
    return max(
        statements,
        key=lambda s: (_WEIGHT[Basis(s.basis)], s.said_by == SaidBy.SELF, s.stated_at),
    )


class Accompaniment(TextChoices):
    """Derived from who is present; both definitions are kept apart (standards §2)."""

    ACCOMPANIED = "accompanied", _("with a parent or guardian")
    SEPARATED = "separated", _("separated: with relatives, without parents")
    UNACCOMPANIED = "unaccompanied", _("unaccompanied")
    UNKNOWN = "unknown", _("not known")


class Presence(TextChoices):
    """Who is with the child, as found on the spot."""

    PARENT = "parent", _("mother or father")
    LEGAL_GUARDIAN = "legal_guardian", _("a guardian by law")
    ADULT_RELATIVE = "adult_relative", _("an adult relative")
    MINOR_RELATIVE = "minor_relative", _("a relative under 18")
    UNRELATED_ADULT = "unrelated_adult", _("an adult who is not a relative")
    OTHER_CHILDREN = "other_children", _("other children")
    NOBODY = "nobody", _("nobody")
    UNKNOWN = "unknown", _("not known")


def accompaniment(present: Sequence[str]) -> Accompaniment:
    """Category by the international definition: separated from both parents and from the
    previous caregiver, perhaps with relatives; unaccompanied when no responsible adult is there.
    """
    found = set(present)
    if found & {Presence.PARENT, Presence.LEGAL_GUARDIAN}:
        return Accompaniment.ACCOMPANIED
    if Presence.ADULT_RELATIVE in found:
        return Accompaniment.SEPARATED
    if not found or found == {Presence.UNKNOWN}:
        return Accompaniment.UNKNOWN
    return Accompaniment.UNACCOMPANIED
