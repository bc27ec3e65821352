"""The inbox, absences and mutes as a program uses them."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from oslonac.kit.clock import now
from oslonac.notices.actions import notify
from oslonac.protocols.models import Mute, Obligation, State
from tests import cast
from tests.app.api_client import Api

pytestmark = pytest.mark.django_db


def told(api: Api, **query: Any) -> list[dict[str, Any]]:
    """Notices of the kind made here: one's own account speaks up as well, of a token made."""
    items = api.get("/notices", **query).data["items"]
    return [each for each in items if each["kind"] == "notices.test"]


def test_the_inbox_is_read_without_marking_and_marked_on_purpose() -> None:
    ana, milan = cast.ana(), cast.milan()
    for each in (ana, milan):
        notify(each.user.pk, "notices.test", at=now())
    api, other = Api(ana), Api(milan)
    (mine,) = told(api, unseen=True)
    assert mine["seen_at"] is None
    assert len(told(api, unseen=True)) == 1
    standing = other.made("/notices/seen", {"notices": [str(uuid4())]})["unseen"]
    # Somebody else's notice is nobody else's to mark, and no error tells that it exists.
    assert other.made("/notices/seen", {"notices": [mine["id"]]}) == {"unseen": standing}
    assert told(api, unseen=True)
    assert api.made("/notices/seen", {"notices": [mine["id"]]})["unseen"] == standing - 1
    assert told(api, unseen=True) == []
    assert told(api)[0]["seen_at"] is not None


def test_a_record_one_may_not_open_is_not_named() -> None:
    ana, milan = cast.ana(), cast.milan()
    case = cast.case(cast.teodora(), ana, at=cast.NOON)
    notify(milan.user.pk, "notices.test", at=now(), record=case)
    (line,) = told(Api(milan))
    assert (line["record_id"], line["url"]) == (None, "")
    assert case.number not in str(line)


def test_an_absence_is_recorded_by_oneself_or_by_who_leads_and_ended() -> None:
    ana, dragan, milan = cast.ana(), cast.dragan(), cast.milan()
    today = cast.today()
    days = {"starts_on": str(today), "ends_on": str(today + timedelta(days=3))}
    own = Api(ana).made("/absences", days)
    assert own["user"] == str(ana.user.pk)
    led = Api(dragan).made("/absences", days | {"user": str(ana.user.pk)})
    assert {each["id"] for each in Api(dragan).get("/absences").data} == {own["id"], led["id"]}
    assert Api(milan).get("/absences").data == []
    assert Api(milan).post("/absences", days | {"user": str(ana.user.pk)}).status_code == 404
    assert Api(milan).post(f"/absences/{own['id']}/end").status_code == 404
    assert Api(ana).made(f"/absences/{own['id']}/end")["ended_at"] is not None
    wrong = days | {"ends_on": str(today - timedelta(days=9))}
    assert Api(ana).post("/absences", wrong).status_code == 422


def test_reminders_are_muted_with_a_reason_and_heard_again() -> None:
    ana, milan = cast.ana(), cast.milan()
    dragan = cast.dragan()
    case = cast.case(cast.teodora(), ana, at=now())
    duty = Obligation.objects.filter(
        case_id=case.pk, user_id=ana.user.pk, state=State.OPEN, due_at__isnull=False
    ).first()
    assert duty is not None
    path = f"/cases/{case.pk}/obligations/{duty.pk}/mute"
    body = {"until": str(cast.today() + timedelta(days=1)), "reason": "other"}
    assert Api(milan).post(path, body).status_code == 404
    # A reason that is none is refused, and nothing is silent.
    assert Api(ana).post(path, body).status_code == 422
    assert not Mute.objects.exists()
    muted = Api(ana).made(path, body | {"note": "The child is in hospital until then."})
    assert "hospital" not in str(muted)
    (listed,) = Api(dragan).get(f"/cases/{case.pk}/mutes").data
    assert {k: v for k, v in listed.items() if k != "until"}.items() <= muted.items()
    end = f"/cases/{case.pk}/mutes/{muted['id']}/end"
    assert Api(milan).post(end, {"revision": muted["revision"]}).status_code == 404
    ended = Api(dragan).made(end, {"revision": muted["revision"]})
    assert ended["ended_at"] is not None
    assert Api(ana).get(f"/cases/{case.pk}/mutes").data == []
