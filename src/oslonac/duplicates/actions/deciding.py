"""Decisions: not sure (a colleague is asked), two people, a pair added by hand."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from oslonac.access import reader
from oslonac.access.actor import Actor
from oslonac.access.roles import Permission
from oslonac.access.rules import Level
from oslonac.accounts.models import User
from oslonac.accounts.queries import actor_for, holders
from oslonac.audit.actions import action
from oslonac.duplicates import facts, finding
from oslonac.duplicates.actions.base import (
    LEADS,
    known_now,
    managers_of,
    move,
    require_both,
    said,
    still_sees_both,
    words,
)
from oslonac.duplicates.models import Pair, Remark
from oslonac.duplicates.rules import DECIDABLE, Apart, FoundBy, PairStatus, Said
from oslonac.duplicates.who_sees import offices_of
from oslonac.kit.choices import chosen
from oslonac.kit.errors import Refused, Stale
from oslonac.kit.revisions import swap
from oslonac.matching.index import scope
from oslonac.matching.index.actions import say_distinct
from oslonac.notices.actions import end, notify
from oslonac.people import merging, queries
from oslonac.people.actions import clean_reason, clean_text
from oslonac.people.models import Person
from oslonac.vault.row_policy import Bypass
from oslonac.vault.sealing import seal

ASKED, WAITS = "duplicate.asked", "merge.requested"


@action("duplicate.named", Permission.PERSONS_COMPARE)
def name_pair(*, actor: Actor, at: datetime, person: Person, other: Person) -> Pair:
    """Put two records on the list that no comparison brought together, or that were found to be
    two. Both must be open to whoever says so."""
    if person.pk == other.pk or other.pk in merging.group(person.pk):
        raise Refused("duplicate.self", _("This is one record. Choose two."))
    for each in (person, other):
        queries.require(actor, each.pk, Level.IDENTITY, at=at)
    with scope.past_sight():
        found = facts.records_of([person.pk, other.pk])
        judged = finding.judge(person.pk, [other.pk], found)[other.pk]
        finding.keep(person.pk, other.pk, judged, FoundBy.PERSON, at=at, named=True)
    one, second = sorted((person.pk, other.pk))
    pair = Pair.objects.get(one=one, other=second)
    require_both(actor, pair, at=at)
    said("duplicate.named", actor=actor, at=at, pair=pair)
    return pair


@action("duplicate.unnamed", Permission.PERSONS_COMPARE)
def unname_pair(*, actor: Actor, at: datetime, pair: Pair, revision: int) -> None:
    """Take a pair off the list that a colleague put there by hand, as long as nobody asked, asked
    to join, or decided anything. Raises Refused, Stale."""
    require_both(actor, pair, at=at)
    if not takes_back(pair):
        raise Refused(
            "duplicate.not_named",
            _(
                "Only a pair added by hand, without any answer or decision, can be removed "
                "from the list. Record instead that they are two people."
            ),
        )
    said("duplicate.unnamed", actor=actor, at=at, pair=pair)
    with scope.past_sight():
        rows = Pair.objects.filter(pk=pair.pk, revision=revision, status=PairStatus.OPEN)
        if not rows.delete()[0]:
            raise Stale(pair)


def takes_back(pair: Pair) -> bool:
    """Whether naming this pair is all that ever happened to it."""
    untouched = pair.status == PairStatus.OPEN and pair.decided_at is None and not pair.returned
    return pair.found_by == FoundBy.PERSON and untouched and not pair.remarks.exists()


@action("duplicate.asked", Permission.PERSONS_COMPARE)
def ask(*, actor: Actor, at: datetime, pair: Pair, revision: int, question: str) -> Remark:
    """Not sure: asks colleagues who can see both records."""
    require_both(actor, pair, at=at)
    _still_to_decide(pair)
    text = clean_text(question, "question", required=True)
    move(pair, revision, PairStatus.ASKED)
    remark = _remark(pair, Said.QUESTION, text, actor, at)
    told = [user for user in _askable(pair, at=at) if user != actor.user_id]
    notify(told, ASKED, at=at, record=pair, by=actor.user_id, key=f"{ASKED}:{remark.pk}")
    said(
        "duplicate.asked", actor=actor, at=at, pair=pair, fields=("text",), data={"told": len(told)}
    )
    return remark


@action("duplicate.answered", Permission.PERSONS_COMPARE)
def answer(*, actor: Actor, at: datetime, pair: Pair, revision: int, text: str) -> Remark:
    """Answers a question about two records."""
    for person_id in (pair.one_id, pair.other_id):
        queries.require(actor, person_id, Level.IDENTITY, at=at)
    if pair.status != PairStatus.ASKED:
        raise Refused("duplicate.unasked", _("This question no longer needs an answer."))
    swap(pair, revision)
    remark = _remark(pair, Said.ANSWER, clean_text(text, "text", required=True), actor, at)
    asked = pair.remarks.filter(kind=Said.QUESTION, said_by__isnull=False)
    told = {user for user in asked.values_list("said_by_id", flat=True) if user is not None}
    notify(
        told,
        "duplicate.answered",
        at=at,
        record=pair,
        by=actor.user_id,
        key=f"duplicate.answered:{remark.pk}",
    )
    said("duplicate.answered", actor=actor, at=at, pair=pair, fields=("text",))
    return remark


@action("duplicate.apart", Permission.PERSONS_COMPARE)
def say_apart(
    *, actor: Actor, at: datetime, pair: Pair, revision: int, apart: str, why: str
) -> Pair:
    """Decides that they are two people. The pair comes back only if a compared fact changes."""
    require_both(actor, pair, at=at)
    _still_to_decide(pair)
    code = chosen(Apart, apart, "apart")
    text = clean_reason(why, "why")
    keep_apart(actor, at, pair, revision, code, text)
    said("duplicate.apart", actor=actor, at=at, pair=pair, fields=("why",), data={"reason": code})
    return pair


def keep_apart(
    actor: Actor, at: datetime, pair: Pair, revision: int, code: Apart | str, text: str
) -> None:
    """Note that two are two, here and where people are written down."""
    move(
        pair,
        revision,
        PairStatus.APART,
        apart=code,
        decided_by_id=actor.user_id,
        decided_at=at,
        requested_by_id=None,
        requested_at=None,
        survivor_id=None,
        returned=False,
        **words(pair, text),
        **known_now(pair),
    )
    say_distinct(actor=actor, at=at, person=pair.one, other=pair.other)
    over(pair, at)


def over(pair: Pair, at: datetime) -> None:
    """What was asked about a pair needs nobody's attention any more."""
    for kind in (ASKED, WAITS):
        end(kind, pair.pk, at=at)


def _still_to_decide(pair: Pair) -> None:
    if pair.status not in DECIDABLE:
        raise Refused(
            "duplicate.step",
            _("This was already decided: %(status)s. Nothing was changed. Check the pair again.")
            % {"status": PairStatus(pair.status).label},
        )


def _remark(pair: Pair, kind: Said, text: str, actor: Actor, at: datetime) -> Remark:
    remark = Remark(pair=pair, key=pair.key, kind=kind, said_by_id=actor.user_id, said_at=at)
    seal(remark, pair.key, text=text)
    remark.save(force_insert=True)
    return remark


def _askable(pair: Pair, *, at: datetime) -> list[UUID]:
    """Case managers and those who lead the centres, of whom both records are open to each."""
    with scope.past_sight():
        wanted = managers_of(pair)
        offices = {pk for some in offices_of([pair.one_id, pair.other_id]).values() for pk in some}
    wanted |= set(leads_at(offices, at=at))
    users = User.objects.filter(pk__in=wanted, is_active=True).order_by("pk")
    return [user.pk for user in users if may_look(user, pair, at=at)]


@reader.bypass(Bypass.GRANTS)
def may_look(user: User, pair: Pair, *, at: datetime) -> bool:
    """Whether somebody may open the comparison."""
    them = actor_for(user, at=at)
    if Permission.PERSONS_COMPARE not in them.permissions:
        return False
    return still_sees_both(them, pair, at=at)


def leads_at(offices: set[UUID], *, at: datetime) -> list[UUID]:
    """Ids of those who lead these centres."""
    found = [holders(office, *LEADS, at=at).values_list("pk", flat=True) for office in offices]
    return [pk for some in found for pk in some]
