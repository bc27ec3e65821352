"""Joining two records: requested by one colleague, decided by another, undone by either.

Nothing moves (`people.merging`). Joining writes one row that leads from one id to the other, and
copies of the blocks on either so that each holds for both; undoing takes these away. So whatever
was written on either record, before or after, stays where it was written.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from oslonac.access import reader
from oslonac.access.actor import Actor
from oslonac.access.roles import Permission
from oslonac.access.shared_blocks import share_blocks, unshare_blocks
from oslonac.accounts.models import User
from oslonac.audit.actions import action
from oslonac.duplicates import finding, queries, who_sees
from oslonac.duplicates.actions.base import LEADS, move, require_both, said, words
from oslonac.duplicates.actions.deciding import WAITS, keep_apart, leads_at, may_look, over
from oslonac.duplicates.models import Pair
from oslonac.duplicates.rules import DECIDABLE, Apart, PairStatus, Undone
from oslonac.kit.choices import chosen
from oslonac.kit.errors import Denied, Invalid, Refused
from oslonac.notices.actions import end, notify
from oslonac.people import merging
from oslonac.people.actions import clean_reason
from oslonac.people.models import Merge, Person
from oslonac.vault.row_policy import Bypass

__all__ = ["LEADS", "confirm_merge", "refuse_merge", "request_merge", "unmerge", "withdraw_merge"]


@action("merge.requested", Permission.PERSONS_COMPARE)
def request_merge(
    *,
    actor: Actor,
    at: datetime,
    pair: Pair,
    revision: int,
    survivor: UUID,
    why: str,
    sight_read: bool,
) -> Pair:
    """Requests or decides to join. Waits for a second person if the pack requires one."""
    require_both(actor, pair, at=at)
    if pair.status not in DECIDABLE:
        _decided(pair)
    if survivor not in (pair.one_id, pair.other_id):
        raise Invalid({"survivor": _("Choose one of the two records.")})
    text = clean_reason(why, "why")
    counted = _counted(pair, survivor, sight_read, at)
    if not finding.policy().four_eyes:
        require_both(actor, pair, at=at, permission=Permission.CASE_APPROVE)
        said("merge.requested", actor=actor, at=at, pair=pair, fields=("why",), data=counted)
        return _join(actor, at, pair, revision, survivor, counted, **words(pair, text))
    if actor.user_id is None:
        raise Denied(Permission.PERSONS_COMPARE.value)
    move(
        pair,
        revision,
        PairStatus.REQUESTED,
        survivor_id=survivor,
        requested_by_id=actor.user_id,
        requested_at=at,
        decided_by_id=None,
        decided_at=None,
        **words(pair, text),
    )
    _tell_deciders(actor, at, pair)
    said("merge.requested", actor=actor, at=at, pair=pair, fields=("why",), data=counted)
    return pair


@action("person.merged", Permission.CASE_APPROVE)
def confirm_merge(
    *, actor: Actor, at: datetime, pair: Pair, revision: int, sight_read: bool
) -> Pair:
    """Joins two records as the second person. Not the person who requested it."""
    require_both(actor, pair, at=at, permission=Permission.CASE_APPROVE)
    survivor = _waiting(pair)
    if actor.user_id == pair.requested_by_id:
        raise Refused("merge.own", _("Another person must decide this, because you requested it."))
    counted = _counted(pair, survivor, sight_read, at)
    return _join(actor, at, pair, revision, survivor, counted)


@action("merge.refused", Permission.CASE_APPROVE)
def refuse_merge(*, actor: Actor, at: datetime, pair: Pair, revision: int, why: str) -> Pair:
    """Refuses to join. The pair is back on the list."""
    require_both(actor, pair, at=at, permission=Permission.CASE_APPROVE)
    _waiting(pair)
    asked_by = pair.requested_by_id
    if actor.user_id == asked_by:
        raise Refused("merge.own", _("Withdraw your own request instead."))
    text = clean_reason(why, "why")
    _back(pair, revision, **words(pair, text))
    over(pair, at)
    if asked_by is not None:
        notify(asked_by, "merge.refused", at=at, record=pair, by=actor.user_id)
    said("merge.refused", actor=actor, at=at, pair=pair, fields=("why",))
    return pair


@action("merge.withdrawn", Permission.PERSONS_COMPARE)
def withdraw_merge(*, actor: Actor, at: datetime, pair: Pair, revision: int) -> Pair:
    """Withdraws your own request."""
    require_both(actor, pair, at=at)
    _waiting(pair)
    if actor.user_id != pair.requested_by_id:
        raise Refused("merge.not_own", _("Only the person who made the request can withdraw it."))
    _back(pair, revision)
    over(pair, at)
    said("merge.withdrawn", actor=actor, at=at, pair=pair)
    return pair


@action("person.unmerged", Permission.CASE_APPROVE)
def unmerge(
    *, actor: Actor, at: datetime, pair: Pair, revision: int, why: str, then: str = Undone.OPEN
) -> Pair:
    """Undoes a joining: two records again, each with what was added to it since."""
    require_both(actor, pair, at=at, permission=Permission.CASE_APPROVE)
    if pair.status != PairStatus.MERGED or pair.merge is None:
        raise Refused("merge.none", _("These two records are not joined."))
    next_ = chosen(Undone, then, "then")
    text = clean_reason(why, "why")
    merge = pair.merge
    counts = {
        str(pk): len(since.names) + len(since.statements) + len(since.cases)
        for pk in (merge.survivor_id, merge.merged_id)
        for since in [queries.since(pk, merge)]
    }
    _separate(merge, actor, at)
    if next_ == Undone.APART:
        keep_apart(actor, at, pair, revision, Apart.OTHER, text)
    else:
        _back(pair, revision, decided_by_id=actor.user_id, decided_at=at, **words(pair, text))
    said(
        "person.unmerged",
        actor=actor,
        at=at,
        pair=pair,
        fields=("why",),
        data={
            "survivor": merge.survivor_id,
            "merged": merge.merged_id,
            "then": next_,
            "written_since": counts,
        },
    )
    return pair


def _waiting(pair: Pair) -> UUID:
    """The record that shall go on, of a pair that waits for a second person."""
    if pair.status != PairStatus.REQUESTED or pair.survivor_id is None:
        _decided(pair)
    assert pair.survivor_id is not None  # noqa: S101 - the constraint of the table
    return pair.survivor_id


def _decided(pair: Pair) -> None:
    raise Refused(
        "duplicate.step",
        _("This pair is “%(status)s”. Nothing was changed. Check it again.")
        % {"status": PairStatus(pair.status).label},
    )


def _back(pair: Pair, revision: int, **changes: Any) -> None:
    values = {"requested_by_id": None, "requested_at": None, "survivor_id": None, "merge_id": None}
    move(pair, revision, PairStatus.OPEN, **(values | changes))


def _counted(pair: Pair, survivor: UUID, sight_read: bool, at: datetime) -> dict[str, Any]:
    """Who sees what, as numbers for the ledger; nobody joins without having read it."""
    if not sight_read:
        raise Invalid({"sight_read": _("Read who sees which record, then tick the box.")})
    found = who_sees.seers(pair.one_id, pair.other_id, at=at)
    first = survivor == pair.one_id
    return {
        "survivor": survivor,
        "see_survivor": len(found.one if first else found.other),
        "see_merged": len(found.other if first else found.one),
        "see_both": len(found.both),
        "houses": found.unnamed,
        "kept_away": found.blocked,
    }


def _join(
    actor: Actor,
    at: datetime,
    pair: Pair,
    revision: int,
    survivor: UUID,
    counted: dict[str, Any],
    **changes: Any,
) -> Pair:
    merged = pair.other_id if survivor == pair.one_id else pair.one_id
    merge = _merge(survivor, merged, actor, at)
    move(
        pair,
        revision,
        PairStatus.MERGED,
        merge_id=merge.pk,
        survivor_id=survivor,
        decided_by_id=actor.user_id,
        decided_at=at,
        returned=False,
        **changes,
    )
    pair.merge = merge
    over(pair, at)
    if pair.requested_by_id is not None:
        notify(pair.requested_by_id, "person.merged", at=at, record=pair, by=actor.user_id)
    said(
        "person.merged",
        actor=actor,
        at=at,
        pair=pair,
        data=counted | {"merged": merged, "blocks": len(merge.carried)},
    )
    return pair


@reader.bypass(Bypass.JOINED)
def _merge(survivor: UUID, merged: UUID, actor: Actor, at: datetime) -> Merge:
    """The row that leads on. Records that were joined before come along: the ends are joined."""
    # Both rows locked in one order, so that two pairs about the same people wait for each other.
    groups = merging.groups([survivor, merged])
    ids = sorted({pk for found in groups.values() for pk in found})
    list(Person.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))
    groups = merging.groups([survivor, merged])
    if groups[survivor] == groups[merged]:
        raise Refused("merge.already", _("These two records are already joined."))
    first, second = groups[survivor][0], groups[merged][0]
    carried: list[UUID] = []
    for one in groups[survivor]:
        for other in groups[merged]:
            carried += share_blocks(who_sees.part(one), who_sees.part(other), at=at)
    return Merge.objects.create(
        survivor_id=first, merged_id=second, made_by_id=actor.user_id, made_at=at, carried=carried
    )


@reader.bypass(Bypass.JOINED)
def _separate(merge: Merge, actor: Actor, at: datetime) -> None:
    live = Merge.objects.filter(pk=merge.pk, undone_at__isnull=True)
    if not live.update(undone_at=at, undone_by_id=actor.user_id):
        raise Refused("merge.none", _("These two records are not joined."))
    unshare_blocks(merge.carried)


def _tell_deciders(actor: Actor, at: datetime, pair: Pair) -> None:
    """Those who lead the centres and see both records."""
    offices = {
        pk for some in who_sees.offices_of([pair.one_id, pair.other_id]).values() for pk in some
    }
    leads = User.objects.filter(pk__in=leads_at(offices, at=at)).order_by("pk")
    told = [user.pk for user in leads if may_look(user, pair, at=at)]
    key = f"{WAITS}:{pair.pk}:{pair.revision}"
    notify(told, WAITS, at=at, record=pair, by=actor.user_id, key=key)
    end("duplicate.asked", pair.pk, at=at)
