"""Consent by age and by who answers for the child, emergencies, and what a person may ask about
their own file. Tables and pure functions; the ages and purposes come from the pack.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from oslonac.kit.choices import TextChoices
from oslonac.kit.choices import lazy as _
from oslonac.kit.errors import Invalid, Refused
from oslonac.kit.statuses import Tables

# Minutes of an emergency: what is proposed, and what nobody can go beyond.
EMERGENCY_MINUTES = 30
MOST_EMERGENCY_MINUTES = 120
SHORTEST_REASON = 15

NEXT: Tables = {}


class Capacity(TextChoices):
    """In what capacity somebody speaks for the child, or for themselves."""

    CHILD = "child", _("this person")
    PARENT = "parent", _("a parent")
    GUARDIAN = "guardian", _("the guardian")
    CENTRE = "centre", _("the centre as guardianship authority")
    LAWYER = "lawyer", _("a lawyer with a power of attorney")


class ChildAnswer(TextChoices):
    """What the child itself says; by the pack's ages this is consent, assent, or its opinion."""

    YES = "yes", _("agrees")
    NO = "no", _("does not agree")
    NOT_ASKED = "not_asked", _("was not asked")


class ConsentStatus(TextChoices):
    GIVEN = "given", _("given")
    REFUSED = "refused", _("refused")
    WITHDRAWN = "withdrawn", _("withdrawn")


NEXT[ConsentStatus] = {
    ConsentStatus.GIVEN: frozenset({ConsentStatus.WITHDRAWN}),
    ConsentStatus.REFUSED: frozenset(),
    ConsentStatus.WITHDRAWN: frozenset(),
}


class EmergencyOutcome(TextChoices):
    WAITING = "waiting", _("waiting for a review")
    JUSTIFIED = "justified", _("it was an emergency")
    UNJUSTIFIED = "unjustified", _("it was not justified")
    FOLLOW_UP = "follow_up", _("needs following up")


NEXT[EmergencyOutcome] = {
    EmergencyOutcome.WAITING: frozenset(
        {EmergencyOutcome.JUSTIFIED, EmergencyOutcome.UNJUSTIFIED, EmergencyOutcome.FOLLOW_UP}
    ),
    EmergencyOutcome.JUSTIFIED: frozenset(),
    EmergencyOutcome.UNJUSTIFIED: frozenset(),
    EmergencyOutcome.FOLLOW_UP: frozenset(
        {EmergencyOutcome.JUSTIFIED, EmergencyOutcome.UNJUSTIFIED}
    ),
}


class OwnAsk(TextChoices):
    """What a person may ask about what is kept on them."""

    COPY = "copy", _("a copy of the file")
    CORRECTION = "correction", _("a correction")
    OBJECTION = "objection", _("an objection")
    LIMIT = "limit", _("that fewer people see it")


class AskStatus(TextChoices):
    OPEN = "open", _("waiting for an answer")
    GRANTED = "granted", _("granted")
    PARTLY = "partly", _("granted in part")
    REFUSED = "refused", _("refused, with reasons")
    WITHDRAWN = "withdrawn", _("withdrawn")


NEXT[AskStatus] = {
    AskStatus.OPEN: frozenset(
        {AskStatus.GRANTED, AskStatus.PARTLY, AskStatus.REFUSED, AskStatus.WITHDRAWN}
    ),
    AskStatus.GRANTED: frozenset(),
    AskStatus.PARTLY: frozenset(),
    AskStatus.REFUSED: frozenset(),
    AskStatus.WITHDRAWN: frozenset(),
}


class Part(TextChoices):
    """What the child's own word is, at an age."""

    NONE = "none", _("the child is told and heard")
    ASSENT = "assent", _("the child's assent")
    CONSENT = "consent", _("the person's own consent")


@dataclass(frozen=True)
class Band:
    """An age rule of the pack: from and to in completed years, both included."""

    code: str
    from_age: int
    to_age: int | None
    child: Part
    adult: bool
    source: str = ""
    verified: bool = False


def band_for(bands: Sequence[Band], youngest: int | None) -> Band:
    """The rule for the youngest age a person can be; an unknown age gets the most protective.

    Taking the lower end of an interval is the presumption of minority carried on: nobody loses
    an adult's protection because their age is not settled. Raises LookupError without bands.
    """
    ordered = sorted(bands, key=lambda band: band.from_age)
    if not ordered:
        raise LookupError("the pack has no ages of consent")
    if youngest is None:
        return next(
            (band for band in ordered if band.adult and band.child != Part.NONE), ordered[0]
        )
    found = [band for band in ordered if band.from_age <= youngest]
    return found[-1] if found else ordered[0]


def check_given(band: Band, *, child: str, adult: str, exception: str) -> None:
    """Raise Invalid or Refused unless what was said makes a consent at this age.

    A child's "no" stops a consent at every age: what must be shared all the same rests on a
    legal ground, and says so. `exception`: why the adult's part is done without.
    """
    if child == ChildAnswer.NO:
        raise Refused(
            "consent.child_refuses",
            _(
                "The person does not agree, so there is no consent. Record a refusal. To share "
                "what the law requires, give access on a legal ground, with reasons."
            ),
            field="child_answer",
        )
    if child != ChildAnswer.YES and band.child != Part.NONE:
        raise Invalid({"child_answer": _("At this age the child must agree.")})
    if band.adult and not adult and not exception.strip():
        raise Invalid(
            {
                "adult": _(
                    "At this age a parent, the guardian or the centre must also agree. If you "
                    "cannot ask any of them, write why it is in the child's interest to go on."
                )
            }
        )


def emergency_length(minutes: int, *, most: int = MOST_EMERGENCY_MINUTES) -> timedelta:
    """How long an emergency lasts. Raises Invalid outside one minute to `most`."""
    if not 1 <= minutes <= most:
        raise Invalid({"minutes": _("Enter 1 to %(most)d minutes.") % {"most": most}})
    return timedelta(minutes=minutes)
