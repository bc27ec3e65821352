"""Codes of an authenticator app, for tests."""

import time

from allauth.mfa.totp.internal import auth
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

STEP = 30


def code_for(secret: str, steps: int = 0) -> str:
    """The code that an app shows now, or so many steps later. A code lives for its step alone, so
    one that is about to end is waited out."""
    if auth.time is time and (left := STEP - time.time() % STEP) < 3:
        time.sleep(left)
    return format_hotp_value(hotp_value(secret, int(auth.time.time()) // STEP + steps))
