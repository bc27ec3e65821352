"""How somebody may stand to a record, and the grant that makes it so. Pure tables."""

from dataclasses import dataclass
from enum import StrEnum

from oslonac.access.rules import Level, Reason


class Relation(StrEnum):
    """The relations that the matrix asks about."""

    OWN = "own"  # answers for the record in person
    TEAM = "team"  # sees it through a role at the responsible office, without names
    REFERRED = "referred"  # another office, asked for a service
    EXPIRED = "expired"  # another office, saw everything until yesterday
    BLOCKED = "blocked"  # answers for it on paper, and is related to somebody in it
    NONE = "none"  # another office, nothing to do with it


@dataclass(frozen=True)
class Standing:
    """What the table of a relation says: the post's office and the grant."""

    at_responsible_office: bool
    level: Level | None
    whereabouts: bool = False
    by_name: bool = True
    reason: Reason = Reason.DECISION
    ended: bool = False
    blocked: bool = False

    @property
    def sees(self) -> Level | None:
        """How far the grant reaches now; None when it shows nothing, not even existence."""
        return None if self.ended or self.blocked else self.level


STANDINGS: dict[Relation, Standing] = {
    Relation.OWN: Standing(True, Level.IDENTITY, whereabouts=True, reason=Reason.ASSIGNMENT),
    Relation.TEAM: Standing(True, Level.NARRATIVE, by_name=False, reason=Reason.TEAM),
    Relation.REFERRED: Standing(False, Level.SERVICE, reason=Reason.REFERRAL),
    Relation.EXPIRED: Standing(False, Level.IDENTITY, whereabouts=True, ended=True),
    Relation.BLOCKED: Standing(
        True, Level.IDENTITY, whereabouts=True, reason=Reason.ASSIGNMENT, blocked=True
    ),
    Relation.NONE: Standing(False, None),
}
