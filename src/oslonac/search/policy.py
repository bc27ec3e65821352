"""The pack's policy: what may be shown of records elsewhere, to whom, and which are protected.

Tables of the pack: `search_answers` (a row a role), `search_purposes`. Where a pack has none,
nothing is told to anybody.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from oslonac.access import policy
from oslonac.access.actor import Actor
from oslonac.access.models import Block
from oslonac.cases.models import Case, Concern, Encounter
from oslonac.cases.rules import ConcernStatus, EncounterOutcome, Priority
from oslonac.directory import codes
from oslonac.kit.choices import TextChoices
from oslonac.kit.choices import lazy as _
from oslonac.kit.once import Once


class Told(TextChoices):
    """From the least to the most."""

    NONE = "none", _("nothing")
    RELAY = "relay", _("the responsible office is informed and decides")
    CONTACT = "contact", _("whether a record may exist, and whom to ask")
    PREVIEW = "preview", _("the same, with sex and age")


ORDER = list(Told)
Protects = Callable[[Collection[UUID]], Iterable[UUID]]
_others: list[Protects] = Once()


@dataclass(frozen=True)
class Rule:
    """What one asker is told of ordinary and of protected records, and how often they may ask."""

    ordinary: Told = Told.NONE
    protected: Told = Told.NONE
    an_hour: int = 0
    a_day: int = 0

    @property
    def asks(self) -> bool:
        """Whether there is any use in asking."""
        return (self.ordinary, self.protected) != (Told.NONE, Told.NONE)

    @property
    def relays(self) -> bool:
        return Told.RELAY in (self.ordinary, self.protected)


def rule_for(actor: Actor) -> Rule:
    """The widest rule of the actor's roles."""
    rows = codes.extras("search_answers")
    found = [
        _rule(rows[code])
        for post in actor.posts
        if (code := post.code if post.code in rows else str(post.role)) in rows
    ]
    return Rule(
        ordinary=max((each.ordinary for each in found), key=ORDER.index, default=Told.NONE),
        protected=max((each.protected for each in found), key=ORDER.index, default=Told.NONE),
        an_hour=max((each.an_hour for each in found), default=0),
        a_day=max((each.a_day for each in found), default=0),
    )


def _rule(row: dict[str, object]) -> Rule:
    """A word nobody knows tells nothing: a slip in a pack must not open what it meant to keep."""
    return Rule(
        ordinary=_told(row.get("ordinary")),
        protected=_told(row.get("protected")),
        an_hour=int(str(row.get("an_hour", 0))),
        a_day=int(str(row.get("a_day", 0))),
    )


def _told(word: object) -> Told:
    return Told(word) if word in Told.values else Told.NONE


def protect(protects: Protects) -> None:
    """Other packages say which of these people have a record of theirs that is protected (a
    shelter's resident, a victim): called from AppConfig.ready."""
    _others.append(protects)


def protected(person_ids: Collection[UUID], *, at: datetime) -> set[UUID]:
    """Those of whom nobody may learn by asking that they are known, only those on the record."""
    ids = list(person_ids)
    cases = Case.objects.filter(person__in=ids)
    found = set(cases.filter(whereabouts_restricted=True).values_list("person_id", flat=True))
    found |= set(cases.filter(priority=Priority.IMMEDIATE).values_list("person_id", flat=True))
    suspected = Concern.objects.filter(case__person__in=ids, is_suspicion=True).exclude(
        status=ConcernStatus.ENDED
    )
    found |= set(suspected.values_list("case__person_id", flat=True))
    waiting = Encounter.objects.filter(person__in=ids, outcome=EncounterOutcome.PENDING)
    found |= {
        pk
        for pk, suspicions in waiting.values_list("person_id", "suspicions")
        if pk is not None and suspicions
    }
    blocked = Block.objects.filter(policy.in_force(at), person_id__in=ids)
    found |= {pk for pk in blocked.values_list("person_id", flat=True) if pk is not None}
    for protects in _others:
        found |= set(protects(ids))
    return found
