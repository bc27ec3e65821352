"""Recovery codes that cannot be guessed, are shown once and kept as hashes.

allauth keeps the seed of the codes, sealed by us, and can show them again at any time; whoever has
the key file and the database could read them too. Here the seed goes as soon as the codes were
shown: what stays are PBKDF2-HMAC-SHA-512 hashes with a salt of the person's own. Its codes have 26
bits, drawn by HMAC-SHA-1; ours have 132, by HKDF-SHA-256. They are digits alone, so that they can
be typed on any keyboard, Cyrillic ones and those of phones included.

Belongs here: how the codes are kept. Does not: pages, limits of tries (allauth's, `forms`).
"""

import hashlib
import hmac
import secrets
from typing import Any

from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa import app_settings
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal import auth, flows
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.utils import decrypt
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.db import transaction

# OWASP's Password Storage Cheat Sheet and ASVS 5.0, appendix C, for PBKDF2-HMAC-SHA-512.
ROUNDS = 210_000
HIDDEN = "********"
DIGITS, _GROUP = 40, 4
_FORMER_DIGITS = 8  # good until new ones are made


def install() -> None:
    """Let allauth use this class; it offers no setting for it."""
    auth.RecoveryCodes = ShownOnce
    flows.RecoveryCodes = ShownOnce


def _hash(code: str, salt: str) -> str:
    return hashlib.pbkdf2_hmac("sha512", code.encode(), bytes.fromhex(salt), ROUNDS).hex()


def _draw(seed: bytes, number: int) -> str:
    """So many digits; of 192 bits, so that no digit is likelier than another."""
    raw = HKDF(hashes.SHA256(), 24, None, b"oslonac recovery code:%d" % number).derive(seed)
    return str(int.from_bytes(raw, "big") % 10**DIGITS).zfill(DIGITS)


class ShownOnce(RecoveryCodes):
    """allauth's recovery codes; `data` holds a seed until they are shown, then hashes."""

    instance: Authenticator

    def __init__(self, instance: Authenticator) -> None:
        super().__init__(instance)
        self._shown: list[str] | None = None

    def generate_codes(self) -> list[str]:
        """The codes of a seed, in groups; the same ones each time until they are shown."""
        seed = decrypt(self.instance.data["seed"]).encode()
        drawn = (_draw(seed, number) for number in range(app_settings.RECOVERY_CODE_COUNT))
        return [
            " ".join(each[at : at + _GROUP] for at in range(0, DIGITS, _GROUP)) for each in drawn
        ]

    def get_unused_codes(self) -> list[str]:
        """The codes, to whoever sees them the first time; afterwards only how many are left."""
        if self._shown is not None:
            return self._shown
        kept = self._hashes()
        if kept is not None:
            return [HIDDEN for _each in kept]
        found: list[str] = super().get_unused_codes()
        return found

    def mark_as_viewed(self) -> None:
        if not self.did_view:
            self._shown = self.get_unused_codes()
            super().mark_as_viewed()
            self._forget_seed(self._shown)

    def validate_code(self, code: str) -> bool:
        typed = normalize_user_code(code)
        if len(typed) not in (DIGITS, _FORMER_DIGITS):
            return False  # a code of the app: no need to stretch it
        with transaction.atomic():
            if self.instance.pk is not None:
                rows = Authenticator.objects.select_for_update()
                self.instance = rows.get(pk=self.instance.pk)
            if self._hashes() is None:
                right: bool = super().validate_code(typed)
                return right
            return self._use(typed)

    def _use(self, typed: str) -> bool:
        data = self.instance.data
        given = _hash(typed, data["salt"])
        left = [each for each in data["hashes"] if not hmac.compare_digest(each, given)]
        if len(left) == len(data["hashes"]):
            return False
        self.instance.data = data | {"hashes": left}
        self.instance.save(update_fields=["data"])
        return True

    def _hashes(self) -> list[str] | None:
        found: Any = self.instance.data.get("hashes")
        return found

    def _forget_seed(self, codes: list[str]) -> None:
        salt = secrets.token_hex(16)
        kept = {"salt": salt, "hashes": [_hash(normalize_user_code(each), salt) for each in codes]}
        data = {name: value for name, value in self.instance.data.items() if name != "seed"}
        self.instance.data = data | kept
        self.instance.save(update_fields=["data"])
