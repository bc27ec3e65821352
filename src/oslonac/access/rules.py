"""Levels of access and reasons for a grant, as tables and pure functions."""

from dataclasses import dataclass
from datetime import datetime

from oslonac.kit.choices import IntegerChoices, TextChoices
from oslonac.kit.choices import lazy as _


class Level(IntegerChoices):
    """What a grant shows; each level includes the ones below it. Whereabouts stand apart."""

    EXISTENCE = 10, _("that the record exists")
    CONTACT = 20, _("whom to call about it")
    SERVICE = 30, _("the service asked for")
    CASE = 40, _("the case without names and narratives")
    NARRATIVE = 50, _("the case with its narratives")
    IDENTITY = 60, _("the case with names and documents")


class Reason(TextChoices):
    ASSIGNMENT = "assignment", _("responsible for the case")
    FIRST_CONTACT = "first_contact", _("made the first contact")
    TEAM = "team", _("works in the responsible team")
    SUPERVISION = "supervision", _("supervises the case manager")
    GUARDIAN = "guardian", _("is the guardian")
    TRANSFER = "transfer", _("is asked to take over the case")
    REFERRAL = "referral", _("provides a service asked for")
    PLACEMENT = "placement", _("cares for the person")
    CONFERENCE = "conference", _("takes part in the case conference")
    PLAN = "plan", _("owns an activity of the plan")
    NOTIFIED = "notified", _("must be informed by law")
    DECISION = "decision", _("given by a recorded decision")
    BREAK_GLASS = "break_glass", _("opened in an emergency")
    TRACING = "tracing", _("traces the family")


# What a person gives by hand; every other reason comes with a duty or a record of its own.
BY_HAND = (Reason.DECISION, Reason.CONFERENCE, Reason.REFERRAL, Reason.NOTIFIED)


class Basis(TextChoices):
    LEGAL_DUTY = "legal_duty", _("legal duty")
    CONSENT = "consent", _("consent")
    VITAL_INTEREST = "vital_interest", _("vital interest")
    COURT_ORDER = "court_order", _("court order")


class Scope(TextChoices):
    """What a block closes. It wins over every grant."""

    WHEREABOUTS = "whereabouts", _("where the person is")
    ALL = "all", _("the whole record")


class BlockReason(TextChoices):
    OWN_FAMILY = "own_family", _("a member of their own family is in the case")
    CLOSE = "close", _("a close personal tie to somebody in the case")
    OTHER_INTEREST = "other_interest", _("another conflict of interest")
    SUSPECTED = "suspected", _("suspected of harming the person")
    FOR_SOMEBODY = "for_somebody", _("acts for somebody who is a danger to the person")
    CHILDS_WISH = "childs_wish", _("the person asked for it")


# What somebody may say of themselves; the others are for those who lead.
CONFLICTS = (BlockReason.OWN_FAMILY, BlockReason.CLOSE, BlockReason.OTHER_INTEREST)


class TieKind(TextChoices):
    """What a user of the system is to a person in the files."""

    SELF = "self", _("is this person")
    FAMILY = "family", _("is family of this person")
    CLOSE = "close", _("is close to this person")
    LAWYER = "lawyer", _("is this person's lawyer")
    REPRESENTATIVE = "representative", _("represents this person otherwise")


# Ties that are a conflict of interest by themselves, in every record the person appears in.
OWN = (TieKind.SELF, TieKind.FAMILY, TieKind.CLOSE)


class RecordKind(TextChoices):
    CASE = "case", _("case")
    ENCOUNTER = "encounter", _("encounter")
    TRACING = "tracing", _("tracing request")


@dataclass(frozen=True)
class Reach:
    """How far an actor sees into one record: the best of their grants in force, less what
    blocks close. `kept_off`: a block keeps the whereabouts from this very reader."""

    level: int = 0
    whereabouts: bool = False
    kept_off: bool = False

    def shows(self, level: Level) -> bool:
        return self.level >= level

    def tells_where(self, restricted: bool) -> bool:
        """Whether the reader may know in which house the child lives. Exact addresses need
        `whereabouts` itself."""
        return self.whereabouts or not (restricted or self.kept_off)

    def __or__(self, other: "Reach") -> "Reach":
        kept_off = self.kept_off or other.kept_off
        where = (self.whereabouts or other.whereabouts) and not kept_off
        return Reach(max(self.level, other.level), where, kept_off)


def in_force(*, starts_at: datetime, ends_at: datetime | None, at: datetime) -> bool:
    """Whether a grant holds at a moment; the end itself is excluded."""
    return starts_at <= at and (ends_at is None or at < ends_at)
