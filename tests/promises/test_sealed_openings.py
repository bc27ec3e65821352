"""Every sealed column says once to whom it is opened; one function asks it."""

import pytest
from django.apps import apps

from oslonac.access.opening import opening_of, sees, shown
from oslonac.access.rules import Level, Reach
from oslonac.placements.models import Placement
from oslonac.vault.models import SealedField
from oslonac.vault.sealing import seal
from tests import cast

AT = cast.NOON
# Written by hand: columns that no level of a grant opens. Who reads them is said where they are
# read: keys and tokens by nobody, the rest by rules of its own.
BY_NO_GRANT = {
    "audit.Unusual": "note",
    "accounts.SignIn": "address",
    "accounts.DraftKey": "secret",
    "notices.Channels": "email",
    "notices.Subscription": "endpoint p256dh auth",
    "protocols.Mute": "note",
    "tracing.TracingRequest": "separated_where contact story consent_note",
    "tracing.Candidate": "reasons dismissed_why",
    "tracing.Check": "note",
    "tracing.Reunion": "note child_view",
    "tracing.FollowUp": "note",
    "duplicates.Pair": "why",
    "duplicates.Remark": "text",
    "documents.Document": "file_key",
    "signals.Signal": "why",
    "exchange.Export": "receiver note",
}


def test_every_sealed_column_says_to_whom_it_is_opened() -> None:
    silent: dict[str, str] = {}
    for model in apps.get_models():
        names = [f.name for f in model._meta.concrete_fields if isinstance(f, SealedField)]
        known = model.SENSITIVITY.openings if names else {}  # type: ignore[attr-defined]
        assert known.keys() <= set(names)
        if left := [name for name in names if name not in known]:
            silent[model._meta.label] = " ".join(left)
    assert silent == BY_NO_GRANT


@pytest.mark.parametrize(
    ("reach", "seen"),
    [
        (Reach(Level.CASE, whereabouts=True), set()),
        (Reach(Level.NARRATIVE), {"reason", "child_view"}),
        (Reach(Level.NARRATIVE, whereabouts=True), {"reason", "child_view", "address"}),
        (Reach(Level.IDENTITY), {"reason", "child_view"}),
        (Reach(), set()),
    ],
)
def test_a_reach_opens_what_is_declared_and_no_more(reach: Reach, seen: set[str]) -> None:
    names = ("address", "reason", "child_view")
    assert {name for name in names if sees(reach, opening_of(Placement, name))} == seen


def test_a_column_that_no_grant_opens_is_not_asked_for() -> None:
    from oslonac.documents.models import Document

    with pytest.raises(KeyError):
        opening_of(Document, "file_key")


@pytest.mark.django_db
def test_many_rows_are_opened_as_far_as_the_reach_goes() -> None:
    case = cast.case(cast.teodora(), cast.ana(), at=AT)
    row = Placement(case=case, key=case.key)
    seal(row, case.key, address="Ulica 1", reason="R", child_view="V")
    narrative = Reach(Level.NARRATIVE)
    assert shown([row], narrative)[row.pk] == {"address": "", "reason": "R", "child_view": "V"}
    assert shown([row], narrative, "address", blank=None)[row.pk] == {"address": None}
    told = shown([row], Reach(Level.NARRATIVE, whereabouts=True), "address")
    assert told[row.pk] == {"address": "Ulica 1"}
    assert shown([], narrative) == {}
