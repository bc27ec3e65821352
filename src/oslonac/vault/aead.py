"""One value sealed under one key: AES-256-GCM with a random 96-bit nonce (NIST SP 800-38D).

Nothing about where keys come from. Files, which are many chunks, are in `streams`.
"""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12


class CannotOpen(RuntimeError):
    """A sealed value does not open: wrong key file, moved row or changed bytes."""


def encrypt(key: bytes, plain: bytes, context: str) -> bytes:
    """`nonce || ciphertext || tag`; `context` is authenticated, not stored."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, context.encode())


def decrypt(key: bytes, sealed: bytes, context: str) -> bytes:
    """Inverse of `encrypt`. Raises CannotOpen when anything differs."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context.encode())
    except (InvalidTag, ValueError) as error:
        raise CannotOpen(f"sealed value does not open in context {context}") from error
