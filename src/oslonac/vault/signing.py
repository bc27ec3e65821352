"""Signatures of this installation: Ed25519 (RFC 8032), keys in the key file.

A signed text says which purpose it was signed for, so that a signature of one kind of paper never
passes for another. Beside each signature stands the public key; whether that key is ours is known
from the key file, and on paper from its fingerprint.

Does not belong here: what is signed (erasures, roots of the ledger).
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from oslonac.vault import keyfile, keyring


class BadSignature(ValueError):
    """The text was changed, or the signature is of another purpose or another key."""


@dataclass(frozen=True)
class Signature:
    """`key` is the id in the key file; `public` and `value` are base64."""

    key: str
    public: str
    value: str

    def as_json(self) -> dict[str, str]:
        return asdict(self)


def sign(purpose: str, said: Mapping[str, Any]) -> Signature:
    """Sign a JSON object for a purpose, with the active key (made at the first signature)."""
    name, private = _active()
    key = Ed25519PrivateKey.from_private_bytes(private)
    return Signature(
        key=name,
        public=base64.b64encode(key.public_key().public_bytes_raw()).decode(),
        value=base64.b64encode(key.sign(message(purpose, said))).decode(),
    )


def check(purpose: str, said: Mapping[str, Any], signature: Signature) -> None:
    """Raise BadSignature unless the signature is right for the public key beside it."""
    try:
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(signature.public))
        public.verify(base64.b64decode(signature.value), message(purpose, said))
    except (InvalidSignature, ValueError) as error:
        raise BadSignature(purpose) from error


def is_ours(signature: Signature) -> bool:
    """Whether the public key beside a signature belongs to a key of our key file."""
    return signature.public in public_keys().values()


def public_keys() -> dict[str, str]:
    """Our public keys (base64) by id."""
    return _public(tuple(sorted(keyring.current().signing.items())))


def public_keys_in(content: Mapping[str, Any]) -> frozenset[str]:
    """Public keys (base64) of a key file's content, without a running Django."""
    keys = content.get("signing", {}).get("keys", {})
    return frozenset(_public(tuple((n, base64.b64decode(k)) for n, k in keys.items())).values())


def fingerprint(public: str) -> str:
    """SHA-256 of a public key as groups of four hexadecimal digits, to compare on paper."""
    digest = hashlib.sha256(base64.b64decode(public)).hexdigest()[:32]
    return " ".join(digest[start : start + 4] for start in range(0, 32, 4))


def message(purpose: str, said: Mapping[str, Any]) -> bytes:
    """The bytes that are signed: purpose, zero byte, JSON with sorted keys and no blanks."""
    text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return b"oslonac:" + purpose.encode() + b"\0" + text.encode()


@lru_cache(maxsize=4)
def _public(keys: tuple[tuple[str, bytes], ...]) -> dict[str, str]:
    made = ((name, Ed25519PrivateKey.from_private_bytes(raw)) for name, raw in keys)
    return {
        name: base64.b64encode(key.public_key().public_bytes_raw()).decode() for name, key in made
    }


def _active() -> tuple[str, bytes]:
    ring = keyring.current()
    if not ring.signing:
        from oslonac.vault import recovery

        folder = keys_folder()
        with keyfile.changing(folder) as content:
            content.setdefault("signing", {"active": "sig-1", "keys": {"sig-1": keyfile.fresh()}})
        recovery.write_copy(folder)
        ring = keyring.current()
    return ring.signer, ring.signing[ring.signer]


def keys_folder() -> Path:
    """The folder of the key file of this process."""
    from django.conf import settings

    return Path(settings.OSLONAC_KEYS)
