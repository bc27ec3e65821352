"""Telling people: who, once, and what leaves the system."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from oslonac.access.roles import Role
from oslonac.notices import kinds, queries
from oslonac.notices.actions import Holders, end, notify
from oslonac.notices.models import Notice
from tests import cast
from tests.cast import NOON

pytestmark = pytest.mark.django_db
TEST = "notices.test"


def test_people_and_holders_of_posts_are_told_each_once() -> None:
    ana, dragan = cast.ana(), cast.dragan()
    new = notify(
        [ana.user.pk, dragan.user.pk, Holders(dragan.organisation.pk, (Role.SUPERVISOR,))],
        TEST,
        at=NOON,
    )
    assert {notice.user_id for notice in new} == {ana.user.pk, dragan.user.pk}
    assert len(new) == 2


def test_nobody_is_told_what_they_did_and_whoever_is_switched_off_is_not_told() -> None:
    ana, dragan = cast.ana(), cast.dragan()
    dragan.user.is_active = False
    dragan.user.save(update_fields=["is_active"])
    assert notify([ana.user.pk, dragan.user.pk], TEST, at=NOON, by=ana.user.pk) == []


def test_under_one_key_a_person_is_told_once_for_ever() -> None:
    ana = cast.ana()
    first = notify(ana.user.pk, TEST, at=NOON, key="one")
    again = notify(ana.user.pk, TEST, at=NOON + timedelta(days=3), key="one")
    assert (len(first), again) == (1, [])
    assert len(notify(ana.user.pk, TEST, at=NOON)) == 1
    assert len(notify(ana.user.pk, TEST, at=NOON)) == 1


def test_a_notice_goes_back_with_the_action_that_failed() -> None:
    ana = cast.ana()
    with pytest.raises(RuntimeError), transaction.atomic():
        notify(ana.user.pk, TEST, at=NOON)
        raise RuntimeError
    assert queries.unseen_count(ana.actor(NOON)) == 0


def test_what_is_over_asks_for_nothing_any_more() -> None:
    ana, record = cast.ana(), uuid4()
    notify(ana.user.pk, TEST, at=NOON, record_kind="case", record_id=record)
    assert queries.unseen_count(ana.actor(NOON)) == 1
    assert end(TEST, record, at=NOON) == 1
    assert queries.unseen_count(ana.actor(NOON)) == 0
    assert queries.inbox(ana.actor(NOON)).count() == 1


def test_a_kind_that_nobody_registered_cannot_be_sent() -> None:
    with pytest.raises(kinds.UnknownKind):
        notify(uuid4(), "no.such.kind", at=NOON)
    assert not Notice.objects.exists()
