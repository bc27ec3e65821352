"""The key with which this installation signs pushed messages, beside the key file.

Browsers subscribe to exactly this key: without it every subscription is lost, and nothing else.
"""

import os
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from django.conf import settings

from oslonac.notices.webpush import b64, public_bytes

FILE_NAME = "push.pem"


def sender_key() -> ec.EllipticCurvePrivateKey:
    """The key, made (mode 0600) when there is none yet."""
    return _read(Path(settings.OSLONAC_KEYS) / FILE_NAME)


def public_key() -> str:
    """What a browser asks for when it subscribes (applicationServerKey), base64url."""
    return b64(public_bytes(sender_key().public_key()))


@lru_cache(maxsize=2)
def _read(path: Path) -> ec.EllipticCurvePrivateKey:
    if not path.exists():
        _make(path)
    key = load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError(f"{path} holds no key of the curve P-256")
    return key


def _make(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = ec.generate_private_key(ec.SECP256R1())
    # Written whole under another name: a second process never reads half a key.
    fresh = path.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass  # another process was first; its key counts
    finally:
        fresh.unlink()
