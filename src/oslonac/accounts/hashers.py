"""One-time passwords, given on paper or by word: valid for one sign-in.

The mark lives in the hash itself (its algorithm's name), so it can never stand beside another
password than the one it was made for, and setting a new password takes it away.
"""

import secrets

from django.contrib.auth.hashers import PBKDF2PasswordHasher

# Without letters that look alike on a printed slip (0/o, 1/l/i) and without vowels, so that
# no group spells a word.
_LETTERS = "23456789bcdfghjkmnpqrstvwxz"
_GROUPS, _GROUP = 7, 4


class HandedOver(PBKDF2PasswordHasher):
    """PBKDF2 as always, under a name that says "to be changed"."""

    algorithm = "handed_over_pbkdf2_sha256"


def is_handed_over(encoded: str) -> bool:
    """Whether a stored password still is the one that was handed over."""
    return encoded.startswith(f"{HandedOver.algorithm}$")


def fresh_password() -> str:
    """A one-time password: 28 letters and digits, 133 bits, in groups that can be read out."""
    groups = ("".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))
    return "-".join(groups)
