"""Levels of sight and reasons for a grant, as tables and pure functions."""

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
    PLACEMENT = "placement", _("cares for the child")
    CONFERENCE = "conference", _("takes part in the case conference")
    PLAN = "plan", _("owns an activity of the plan")
    NOTIFIED = "notified", _("was notified by law")
    DECISION = "decision", _("given by a recorded decision")
    BREAK_GLASS = "break_glass", _("opened in an emergency")


# What a person gives by hand; every other reason comes with a duty or a record of its own.
BY_HAND = (Reason.DECISION, Reason.CONFERENCE, Reason.REFERRAL, Reason.NOTIFIED)


class Basis(TextChoices):
    LEGAL_DUTY = "legal_duty", _("legal duty")
    CONSENT = "consent", _("consent")
    VITAL_INTEREST = "vital_interest", _("vital interest")
    COURT_ORDER = "court_order", _("court order")


class RecordKind(TextChoices):
    CASE = "case", _("case")
    ENCOUNTER = "encounter", _("encounter")


@dataclass(frozen=True)
class Reach:
    """How far an actor sees into one record: the best of their grants in force."""

    level: int = 0
    whereabouts: bool = False

    def shows(self, level: Level) -> bool:
        return self.level >= level

    def __or__(self, other: "Reach") -> "Reach":
        return Reach(max(self.level, other.level), self.whereabouts or other.whereabouts)


def in_force(*, starts_at: datetime, ends_at: datetime | None, at: datetime) -> bool:
    """Whether a grant holds at a moment; the end itself is excluded."""
    return starts_at <= at and (ends_at is None or at < ends_at)
