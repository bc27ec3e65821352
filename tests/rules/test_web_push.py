"""Pushed messages: the code against the RFCs' own examples, and what it refuses."""

import json
from datetime import UTC, datetime, time, timedelta

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from hypothesis import given
from hypothesis import strategies as st

from oslonac.notices import webpush
from oslonac.notices.rules import (
    NEXT,
    RETRY_AFTER,
    DeliveryState,
    Quiet,
    not_before,
    retry_at,
)
from oslonac.notices.webpush import BadSubscription, Keys, b64, unb64
from tests.push import BrowserKeys

# RFC 8291, 5 and appendix A.
PLAINTEXT = b"When I grow up, I want to be a watermelon"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
UA_PUBLIC = (
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
)
UA_PRIVATE = "q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"
AS_PRIVATE = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6"
    "TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy"
    "4a-fN"
)
AT = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)


def private(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(unb64(text), "big"), ec.SECP256R1())


def test_the_example_of_rfc_8291_octet_for_octet() -> None:
    body = webpush.encrypt(
        PLAINTEXT, Keys(UA_PUBLIC, AUTH), salt=unb64(SALT), as_private=private(AS_PRIVATE)
    )
    assert b64(body) == BODY


def test_the_browser_of_the_tests_opens_the_example_of_the_rfc() -> None:
    browser = BrowserKeys(private(UA_PRIVATE), unb64(AUTH))
    assert browser.keys == Keys(UA_PUBLIC, AUTH)
    assert browser.open(unb64(BODY)) == PLAINTEXT


@given(st.binary(max_size=300))
def test_a_browser_opens_what_was_sealed_for_it(text: bytes) -> None:
    browser = BrowserKeys.make()
    first, second = (webpush.encrypt(text, browser.keys) for _ in range(2))
    assert browser.open(first) == browser.open(second) == text
    assert first != second


def test_another_browser_does_not() -> None:
    body = webpush.encrypt(b"x", BrowserKeys.make().keys)
    with pytest.raises(InvalidTag):
        BrowserKeys.make().open(body)


def test_the_longest_message_fits_one_record_and_a_longer_one_is_refused() -> None:
    keys = BrowserKeys.make().keys
    assert len(webpush.encrypt(b"x" * webpush.LONGEST, keys)) == 4096
    with pytest.raises(ValueError, match="at most"):
        webpush.encrypt(b"x" * (webpush.LONGEST + 1), keys)


@pytest.mark.parametrize(
    "keys",
    [
        Keys("", ""),
        Keys("é", AUTH),
        Keys(UA_PUBLIC, "short"),
        Keys(UA_PUBLIC[:-4], AUTH),
        Keys(b64(b"\x04" + b"\x01" * 64), AUTH),
        Keys(b64(b"\x02" + b"\x01" * 64), AUTH),
    ],
)
def test_keys_that_no_browser_has_are_refused(keys: Keys) -> None:
    with pytest.raises(BadSubscription):
        webpush.encrypt(b"x", keys)


def test_the_senders_token_is_signed_for_the_services_origin() -> None:
    """RFC 8292: ES256 over header and claims, signature as r and s of 32 octets each."""
    key = ec.generate_private_key(ec.SECP256R1())
    header = webpush.authorization("https://push.example:8443/x/y?z", key, "mailto:a@b.rs", AT)
    scheme, rest = header.split(" ", 1)
    fields = dict(part.strip().split("=", 1) for part in rest.split(","))
    signed, signature = fields["t"].rsplit(".", 1)
    raw = unb64(signature)
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    key.public_key().verify(der, signed.encode(), ec.ECDSA(hashes.SHA256()))
    head, claims = (json.loads(unb64(part)) for part in signed.split("."))
    assert scheme == "vapid"
    assert head == {"typ": "JWT", "alg": "ES256"}
    assert claims["aud"] == "https://push.example:8443"
    assert claims["sub"] == "mailto:a@b.rs"
    assert AT.timestamp() < claims["exp"] <= (AT + timedelta(hours=24)).timestamp()
    assert fields["k"] == b64(webpush.public_bytes(key.public_key()))


# --- quiet hours, trying again -----------------------------------------------

NIGHT = Quiet(time(20), time(7))
ZONE = "Europe/Belgrade"


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-03-03T09:00", "2026-03-03T09:00"),
        ("2026-03-03T19:30", "2026-03-04T06:00"),  # 20:30 in Belgrade
        ("2026-03-03T02:00", "2026-03-03T06:00"),
        ("2026-03-03T06:00", "2026-03-03T06:00"),
        ("2026-03-28T22:00", "2026-03-29T05:00"),  # clocks go forward in the night
        ("2026-10-24T22:00", "2026-10-25T06:00"),  # and back
    ],
)
def test_the_night_is_over_at_seven_local_time(at: str, expected: str) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    found = not_before(moment, NIGHT, ZONE, urgent=False)
    assert found == datetime.fromisoformat(expected).replace(tzinfo=UTC)
    assert not_before(moment, NIGHT, ZONE, urgent=True) == moment


def test_equal_hours_mean_no_night() -> None:
    late = datetime(2026, 3, 3, 23, tzinfo=UTC)
    assert not_before(late, Quiet(time(0), time(0)), ZONE, urgent=False) == late


def test_a_failed_message_is_tried_more_and_more_rarely_and_then_no_more() -> None:
    pauses = [retry_at(AT, n) for n in range(1, len(RETRY_AFTER) + 2)]
    assert pauses[-1] is None
    assert list(RETRY_AFTER) == sorted(RETRY_AFTER)
    assert pauses[0] == AT + RETRY_AFTER[0]


def test_every_state_of_a_delivery_has_a_row() -> None:
    assert DeliveryState.SENT not in NEXT[DeliveryState][DeliveryState.UNKNOWN]
