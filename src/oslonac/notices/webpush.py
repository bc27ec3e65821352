"""Encrypting a pushed message for one browser, and saying who sends it. Pure.

RFC 8291 (Message Encryption for Web Push) over RFC 8188 (aes128gcm), one record; RFC 8292
(VAPID) for the sender's signature. Names follow the RFCs, so that they can be read side by side;
the tests hold the code to their examples.
"""

import base64
import json
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

RECORD_SIZE = 4096
# RFC 8291, 4: a push service need not take more than 4096 octets; header 86, tag 16, delimiter 1.
LONGEST = RECORD_SIZE - 86 - 16 - 1
LAST_RECORD = b"\x02"
TOKEN_HOURS = 12  # RFC 8292, 2: at most 24


class BadSubscription(ValueError):
    """Keys or address of a subscription that no browser would hand over."""


@dataclass(frozen=True)
class Keys:
    """What a browser hands over: its public key (`p256dh`) and a secret (`auth`), base64url."""

    p256dh: str
    auth: str


def b64(data: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    """The bytes of base64url, padded or not. Raises BadSubscription."""
    try:
        return base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except ValueError:
        raise BadSubscription("not base64url") from None


def public_bytes(key: ec.EllipticCurvePublicKey) -> bytes:
    """The uncompressed point, 65 octets."""
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def read_keys(keys: Keys) -> tuple[ec.EllipticCurvePublicKey, bytes]:
    """The browser's public key and its secret. Raises BadSubscription."""
    point, auth = unb64(keys.p256dh), unb64(keys.auth)
    if len(point) != 65 or len(auth) != 16:
        raise BadSubscription("keys of the wrong length")
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point), auth
    except ValueError:
        raise BadSubscription("no point of the curve") from None


def encrypt(
    plaintext: bytes,
    keys: Keys,
    *,
    salt: bytes | None = None,
    as_private: ec.EllipticCurvePrivateKey | None = None,
) -> bytes:
    """The body of a push request (Content-Encoding: aes128gcm). Raises BadSubscription.

    `salt` and `as_private` are given by tests only; otherwise both are fresh for each message.
    """
    if len(plaintext) > LONGEST:
        raise ValueError(f"a pushed message has at most {LONGEST} octets")
    ua_public, auth_secret = read_keys(keys)
    as_private = as_private or ec.generate_private_key(ec.SECP256R1())
    salt = salt or os.urandom(16)
    as_public = public_bytes(as_private.public_key())
    ecdh_secret = as_private.exchange(ec.ECDH(), ua_public)
    key_info = b"WebPush: info\x00" + public_bytes(ua_public) + as_public
    ikm = _hkdf(auth_secret, ecdh_secret, key_info, 32)
    cek = _hkdf(salt, ikm, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = _hkdf(salt, ikm, b"Content-Encoding: nonce\x00", 12)
    header = salt + RECORD_SIZE.to_bytes(4, "big") + bytes([len(as_public)]) + as_public
    return header + AESGCM(cek).encrypt(nonce, plaintext + LAST_RECORD, None)


def _hkdf(salt: bytes, ikm: bytes, info: bytes, length: int) -> bytes:
    return HKDF(hashes.SHA256(), length, salt, info).derive(ikm)


def authorization(
    endpoint: str, sender: ec.EllipticCurvePrivateKey, contact: str, at: datetime
) -> str:
    """The Authorization header of a push request: a signed token for the push service's origin.

    `contact`: a mailto: or https: address under which the operator of the service finds us; left
    out when empty.
    """
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int((at + timedelta(hours=TOKEN_HOURS)).timestamp()),
    }
    if contact:
        claims["sub"] = contact
    signed = f"{_json({'typ': 'JWT', 'alg': 'ES256'})}.{_json(claims)}"
    r, s = decode_dss_signature(sender.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    token = f"{signed}.{b64(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"
    return f"vapid t={token}, k={b64(public_bytes(sender.public_key()))}"


def _json(values: dict[str, object]) -> str:
    return b64(json.dumps(values, separators=(",", ":")).encode())
