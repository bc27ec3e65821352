"""The root key in the environment, as secret stores hand it to a service.

  OSLONAC_ROOT_KEY   id:base64 of 32 bytes; several separated by commas, all of them in use

Two ids side by side make a change without downtime: the key file is sealed for both, so processes
that know only one of them go on reading. docs/how-to/keep-the-keys.md tells the order.
"""

import base64
import binascii
import os
import secrets

from oslonac.vault.aead import CannotOpen, decrypt, encrypt
from oslonac.vault.sources.base import CONTEXT, SourceFailed

VARIABLE = "OSLONAC_ROOT_KEY"


class EnvironmentSource:
    name = "environment"

    def describe(self) -> str:
        return f"The key file is sealed by {VARIABLE} ({', '.join(_keys())}; source: environment)."

    def seal(self, plain: bytes) -> dict[str, bytes]:
        return {name: encrypt(key, plain, _context(name)) for name, key in _keys().items()}

    def open(self, slots: dict[str, bytes]) -> bytes:
        for name, key in _keys().items():
            if name in slots:
                try:
                    return decrypt(key, slots[name], _context(name))
                except CannotOpen:
                    continue
        raise SourceFailed(
            f"{VARIABLE} holds none of the root keys that sealed the key file "
            f"({', '.join(slots) or 'none'}). Put the former one back beside the new one."
        )

    def renew(self) -> str:
        return ""


def fresh(name: str) -> str:
    """A new entry for the variable: `name` and 32 random bytes."""
    return f"{name}:{base64.b64encode(secrets.token_bytes(32)).decode()}"


def _context(name: str) -> str:
    return f"{CONTEXT.decode()}:{name}"


def _keys() -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for entry in filter(None, os.environ.get(VARIABLE, "").split(",")):
        name, _, value = entry.strip().partition(":")
        try:
            key = base64.b64decode(value, validate=True)
        except binascii.Error:
            key = b""
        if not name or len(key) != 32:
            raise SourceFailed(f"An entry of {VARIABLE} is not id:base64 of 32 bytes.")
        found[name] = key
    if not found:
        raise SourceFailed(f"OSLONAC_KEY_SOURCE says environment, and {VARIABLE} is empty.")
    return found
