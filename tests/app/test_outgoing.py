"""What leaves the system: to whom, when, how often, and that it says nothing."""

import json
import ssl
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import connections

from oslonac.access import reader
from oslonac.config.outgoing import PUSH_SERVICES
from oslonac.notices import actions, outgoing, posting
from oslonac.notices.models import Channels, Delivery, Notice, Subscription
from oslonac.notices.outgoing import deliver
from oslonac.notices.posting import Answer, BadEndpoint
from oslonac.notices.rules import GATHER, SENDING_PATIENCE, DeliveryState
from tests import cast
from tests.cast import NOON, Member
from tests.push import BrowserKeys, PushService, push_service
from tests.refusals import hidden, invalid, refused

pytestmark = pytest.mark.django_db
TEST = "notices.test"
ADDRESS = "ana.kostic@example.rs"


@pytest.fixture(autouse=True)
def outside(settings: Any) -> None:
    settings.OSLONAC_MAIL = True
    settings.OSLONAC_PUSH_PRIVATE = True
    settings.OSLONAC_PUSH_SERVICES = ("127.0.0.1", "localhost")
    settings.OSLONAC_ADDRESS = "https://oslonac.example.rs/"


@pytest.fixture
def ana() -> Member:
    who = cast.ana()
    actions.choose_email(actor=who.actor(NOON), at=NOON, email=ADDRESS, by_email=True)
    return who


def tell(who: Member, count: int = 1, *, urgent: bool = False, at: Any = NOON) -> list[Notice]:
    return [actions.notify(who.user.pk, TEST, at=at, urgent=urgent)[0] for _ in range(count)]


def states() -> list[str]:
    return sorted(Delivery.objects.values_list("state", flat=True))


# --- e-mail ------------------------------------------------------------------


def test_forty_notices_are_one_message_that_names_nobody(ana: Member) -> None:
    tell(ana, 40)
    assert deliver(at=NOON) == 1
    (sent,) = mail.outbox
    assert sent.to == [ADDRESS]
    assert "You have 40 notices" in sent.body
    assert "https://oslonac.example.rs/" in sent.body
    assert "Ana" not in sent.subject + str(sent.body)
    assert deliver(at=NOON) == 0
    assert set(states()) == {"sent"}


def test_what_is_not_urgent_is_gathered_and_what_is_urgent_is_not(ana: Member) -> None:
    tell(ana)
    deliver(at=NOON)
    tell(ana, 3, at=NOON + timedelta(minutes=5))
    assert deliver(at=NOON + timedelta(minutes=10)) == 0
    assert deliver(at=NOON + GATHER + timedelta(minutes=1)) == 1
    tell(ana, urgent=True, at=NOON + GATHER + timedelta(minutes=2))
    assert deliver(at=NOON + GATHER + timedelta(minutes=2)) == 1


def test_the_night_is_quiet_but_for_what_cannot_wait(ana: Member) -> None:
    night = NOON + timedelta(hours=13)
    tell(ana, at=night)
    assert deliver(at=night) == 0
    tell(ana, urgent=True, at=night)
    assert deliver(at=night) == 1
    assert deliver(at=night + timedelta(hours=12)) == 1


def test_without_asking_for_it_nobody_gets_anything() -> None:
    dragan = cast.dragan()
    tell(dragan)
    assert not Delivery.objects.exists()


def test_what_was_seen_or_is_over_does_not_leave(ana: Member) -> None:
    seen, over = tell(ana, 2)
    actions.see(ana.actor(NOON), [seen], at=NOON)
    Notice.objects.filter(pk=over.pk).update(over_at=NOON)
    assert deliver(at=NOON) == 0
    assert states() == ["dropped", "dropped"]
    assert mail.outbox == []


def test_whoever_asks_for_no_more_gets_nothing_that_still_waits(ana: Member) -> None:
    tell(ana)
    actions.choose_email(actor=ana.actor(NOON), at=NOON, email="", by_email=False)
    assert deliver(at=NOON) == 0
    assert states() == ["dropped"]


def test_messages_are_in_the_readers_language(ana: Member) -> None:
    ana.user.language = "sr"
    ana.user.save(update_fields=["language"])
    tell(ana)
    deliver(at=NOON)
    assert mail.outbox[0].subject == str(_in_serbian(outgoing.words(1)[0]))


def _in_serbian(text: str) -> str:
    from django.utils import translation

    with translation.override("sr"):
        return translation.gettext(text)


class Broken(BaseEmailBackend):
    def send_messages(self, _messages: Any) -> int:
        raise ConnectionRefusedError(ADDRESS)


def test_a_server_that_is_down_is_tried_again_and_then_given_up(
    ana: Member, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Broken"
    tell(ana)
    at = NOON
    for _ in range(20):
        deliver(at=at)
        at += timedelta(hours=7)
    assert states() == ["failed"]
    assert Delivery.objects.get().tries == len(outgoing.retry_at.__globals__["RETRY_AFTER"]) + 1
    assert ADDRESS not in caplog.text


def test_what_a_dead_process_was_sending_is_not_sent_twice(ana: Member) -> None:
    tell(ana)
    Delivery.objects.update(state=DeliveryState.SENDING, moved_at=NOON)
    deliver(at=NOON + SENDING_PATIENCE + timedelta(minutes=1))
    assert states() == ["unknown"]
    assert mail.outbox == []


@pytest.mark.parametrize("address", ["", "ana", "a@b", "a@b.rs\nBcc: x@y.rs", "a b@c.rs"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    with invalid("email"):
        actions.choose_email(actor=cast.ana().actor(NOON), at=NOON, email=address, by_email=True)


def test_the_address_is_sealed(ana: Member) -> None:
    row = Channels.objects.get(user=ana.user)
    assert ADDRESS.encode() not in bytes(row.email)


# --- web push ----------------------------------------------------------------


@pytest.fixture
def service() -> Any:
    with push_service() as running:
        yield running


def subscribe(who: Member, service: PushService, path: str = "/x/1") -> BrowserKeys:
    browser = BrowserKeys.make()
    keys = browser.keys
    actions.subscribe(
        actor=who.actor(NOON),
        at=NOON,
        endpoint=service.address + path,
        p256dh=keys.p256dh,
        auth=keys.auth,
        label="Firefox, Android",
    )
    return browser


def test_a_browser_is_told_that_something_is_due_and_nothing_else(service: PushService) -> None:
    dragan = cast.dragan()
    browser = subscribe(dragan, service)
    tell(dragan, 7)
    assert deliver(at=NOON) == 1
    ((path, headers, body),) = service.posted
    assert path == "/x/1"
    assert headers["Content-Encoding"] == "aes128gcm"
    assert headers["Authorization"].startswith("vapid t=")
    assert json.loads(browser.open(body)) == {
        "title": "Oslonac",
        "body": "A step is due. Open Oslonac.",
    }
    assert b"due" not in body


def test_a_browser_that_is_gone_is_forgotten(service: PushService) -> None:
    dragan = cast.dragan()
    subscribe(dragan, service)
    service.status = 410
    tell(dragan)
    assert deliver(at=NOON) == 0
    assert Subscription.objects.get().ended_at == NOON
    tell(dragan)
    assert Delivery.objects.count() == 1


def test_a_busy_service_is_asked_again(service: PushService) -> None:
    dragan = cast.dragan()
    subscribe(dragan, service)
    service.status = 429
    tell(dragan)
    assert deliver(at=NOON) == 0
    service.status = 201
    assert deliver(at=NOON + timedelta(minutes=3)) == 1


def test_the_same_browser_under_another_person_belongs_to_the_last(service: PushService) -> None:
    ana, dragan = cast.ana(), cast.dragan()
    subscribe(ana, service)
    subscribe(dragan, service)
    assert [s.user_id for s in Subscription.objects.all()] == [dragan.user.pk]


def test_ten_browsers_are_enough(service: PushService) -> None:
    dragan = cast.dragan()
    for n in range(10):
        subscribe(dragan, service, f"/x/{n}")
    with refused("subscription.too_many"):
        subscribe(dragan, service, "/x/11")


def test_ending_a_browser_forgets_its_address_and_only_ones_own(service: PushService) -> None:
    ana, dragan = cast.ana(), cast.dragan()
    subscribe(dragan, service)
    row = Subscription.objects.get()
    with hidden("subscription"):
        actions.unsubscribe(actor=ana.actor(NOON), at=NOON, subscription_id=row.pk)
    ended = actions.unsubscribe(actor=dragan.actor(NOON), at=NOON, subscription_id=row.pk)
    assert ended.ended_at == NOON
    assert (ended.endpoint, ended.p256dh, ended.auth) == (None, None, None)


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://push.example.org/x",
        "https://user:word@push.example.org/x",
        "https:///x",
        "https://push.example.org:port/x",
        "ftp://push.example.org/x",
        "nonsense",
        "https://push.example.org/" + "x" * 1000,
        "https://elsewhere.example/x",
        "https://fcm.googleapis.com.elsewhere.example/x",
        "https://elsewhere.example/fcm.googleapis.com/",
        "https://evilpush.apple.com/x",
        "https://push.apple.com@elsewhere.example/x",
    ],
)
def test_only_addresses_of_push_services_are_taken(endpoint: str, settings: Any) -> None:
    settings.OSLONAC_PUSH_PRIVATE = False
    settings.OSLONAC_PUSH_SERVICES = (*PUSH_SERVICES, "push.example.org")
    keys = BrowserKeys.make().keys
    with invalid("endpoint"):
        actions.subscribe(
            actor=cast.ana().actor(NOON),
            at=NOON,
            endpoint=endpoint,
            p256dh=keys.p256dh,
            auth=keys.auth,
            label="",
        )


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "10.0.0.7", "169.254.169.254", "localhost"])
def test_the_server_is_not_led_into_its_own_network(host: str, settings: Any) -> None:
    settings.OSLONAC_PUSH_PRIVATE = False
    settings.OSLONAC_PUSH_SERVICES = (host.strip("[]"),)  # even where the list names it
    keys = BrowserKeys.make().keys
    with pytest.raises(BadEndpoint, match=r"network|public|inside|own"):
        posting.post(f"https://{host}/x", keys, b"x", at=NOON, urgent=False)


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (201, "taken"),
        (202, "taken"),
        (404, "gone"),
        (410, "gone"),
        (403, "gone"),
        (413, "gone"),
        (429, "later"),
        (500, "later"),
        (503, "later"),
        (301, "later"),
        (408, "later"),
    ],
)
def test_what_an_answer_means(status: int, expected: str) -> None:
    assert posting.answer(status) == Answer(expected)


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_one_message(service: PushService) -> None:
    dragan = cast.dragan()
    subscribe(dragan, service)
    tell(dragan, 5)

    def run(_: int) -> int:
        try:
            with reader.system():  # a thread of its own begins as nobody
                return deliver(at=NOON)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(run, range(4))) == 1
    assert len(service.posted) == 1


@pytest.mark.parametrize(
    "host",
    [
        "fcm.googleapis.com",
        "updates.push.services.mozilla.com",
        "web.push.apple.com",
        "wns2-par02p.notify.windows.com",
    ],
)
def test_the_services_of_browsers_are_taken(host: str, settings: Any) -> None:
    settings.OSLONAC_PUSH_SERVICES = PUSH_SERVICES
    assert posting.checked(f"https://{host}/send/abc") == (host, 443)


def test_a_service_with_a_bad_certificate_is_a_line_in_the_log(
    settings: Any, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    def refused(*_args: Any) -> Any:
        raise ssl.SSLCertVerificationError(1, "[SSL: CERTIFICATE_VERIFY_FAILED] self-signed")

    settings.OSLONAC_PUSH_SERVICES = PUSH_SERVICES
    monkeypatch.setattr(posting, "_connect", refused)
    keys = BrowserKeys.make().keys
    found = posting.post(
        "https://fcm.googleapis.com/send/secret-path", keys, b"x", at=NOON, urgent=False
    )
    assert found == posting.Answer.LATER
    assert "no valid certificate" in caplog.text and "fcm.googleapis.com" in caplog.text
    assert "secret-path" not in caplog.text
