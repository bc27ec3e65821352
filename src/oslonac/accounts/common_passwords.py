"""Common passwords of the length we require, which guessing programs try first.

Lists of common passwords are lists of short ones; with twelve characters and more people take a
common word and stretch it: `password1234`, `qwertyuiop12`, `dragondragon!`. So what is refused is
everything that stays one or two words of Django's list (19,640 entries) once digits and signs
around it are taken away and signs that stand for letters are read as such; runs of neighbouring
keys; and short pieces repeated. A phrase of three words and more passes.

Passwords known from breaches are refused as well where the installation keeps a file of their
SHA-1 hashes (OSLONAC_BREACHED). Nothing is asked of anybody outside, not even a part of a hash.

Belongs here: what is common or known. Does not: one's own words (`passwords`), length (settings).
"""

import hashlib
import re
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGEST_PIECE = 6  # a piece of so many characters, repeated, is no password
LEAST_RUN = 4
# The digits of a year or a short number, and signs, add little to a word that is known.
_AROUND = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_READ_AS = str.maketrans("013457@$!|", "oieastasii")
# Keyboards of here (QWERTZ) and elsewhere, by rows and by slanting columns.
_RUNS = (
    "qwertyuiop",
    "qwertzuiop",
    "asdfghjkl",
    "zxcvbnm",
    "yxcvbnm",
    "01234567890",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "1q2w3e4r5t6y7u8i9o0p",
    "1q2w3e4r5t6z7u8i9o0p",
    "qazwsxedcrfvtgbyhnujm",
    "abcdefghijklmnopqrstuvwxyz",
    "!@#$%^&*()",
    "љњертзуиопш",
)
_NEIGHBOURS = frozenset(pair for run in _RUNS for way in (run, run[::-1]) for pair in pairwise(way))


class NotCommon:
    """Neither a common password, stretched, nor a run over the keyboard, nor a repeated piece."""

    def validate(self, password: str, user: Any = None) -> None:
        if is_common(password):
            raise ValidationError(
                _(
                    "This password is easy to guess: it is a common word with something around it, "
                    "neighbouring keys or a short piece repeated. Use four words that have nothing "
                    "to do with each other."
                ),
                code="password_too_common",
            )

    def get_help_text(self) -> str:
        return _("It must not be a common word with digits around it.")


class NotBreached:
    """None that is in the installation's file of breached passwords, where it keeps one."""

    def validate(self, password: str, user: Any = None) -> None:
        if settings.OSLONAC_BREACHED and is_listed(password, Path(settings.OSLONAC_BREACHED)):
            raise ValidationError(
                _(
                    "This password is in a list of stolen passwords. Choose another one, and "
                    "change it wherever else you use it."
                ),
                code="password_breached",
            )

    def get_help_text(self) -> str:
        return _("It must not be in a list of stolen passwords.")


def is_common(password: str) -> bool:
    """Whether little more than what everybody tries is in it."""
    typed = password.casefold()
    return _repeats(typed) or _runs(typed) or any(_one_or_two(core) for core in _cores(typed))


def _repeats(typed: str) -> bool:
    """`abcabcabcabc`: a short piece or a common word again and again, the last perhaps cut off."""
    for size in range(1, len(typed) // 2 + 1):
        piece = typed[:size]
        if (piece * len(typed))[: len(typed)] == typed:
            return size <= LONGEST_PIECE or piece in _common()
    return False


def _runs(typed: str) -> bool:
    """`qwertyuiop12`: nearly all of it lies side by side on a keyboard or in the alphabet."""
    steps = [pair in _NEIGHBOURS or pair[0] == pair[1] for pair in pairwise(typed)]
    within = ending = 0
    for is_step in [*steps, False]:
        if is_step:
            ending += 1
            continue
        within += ending + 1 if ending + 1 >= LEAST_RUN else 0
        ending = 0
    return within >= 0.7 * len(typed)


def _cores(typed: str) -> set[str]:
    """What is left without digits and signs around it, as typed and with signs read as letters."""
    bare = _AROUND.sub("", typed)
    read = typed.translate(_READ_AS)
    start = typed.lstrip("".join(sign for sign in typed if not sign.isalnum()))
    shorter = {start[:end] for end in range(len(_AROUND.sub("", start)), len(start))}
    return shorter | {
        bare,
        bare.translate(_READ_AS),
        _AROUND.sub("", read),
        re.sub(r"[\W\d_]", "", typed),
    }


def _one_or_two(core: str) -> bool:
    if not core:
        return True  # digits and signs alone
    words = _common()
    halves = ((core[:at], core[at:]) for at in range(3, len(core) - 2))
    return core in words or any(left in words and right in words for left, right in halves)


@cache
def _common() -> frozenset[str]:
    return frozenset(CommonPasswordValidator().passwords)


def is_listed(password: str, file: Path) -> bool:
    """Whether a sorted file of lines `SHA1` or `SHA1:count` holds the password's hash.

    The form of the "Pwned Passwords" download ordered by hash. Looked up by halving, so that a
    file of 40 GB takes some forty reads. Raises OSError when the file cannot be read.
    """
    wanted = hashlib.sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    with file.open("rb") as lines:
        low, high = 0, lines.seek(0, 2)
        while low < high:
            middle = (low + high) // 2
            lines.seek(middle)
            if middle:
                lines.readline()  # the rest of a line that began before
            found = lines.readline(200)[:40].upper()
            if not found or found >= wanted:
                high = middle
            else:
                low = middle + 1
        lines.seek(low)
        if low:
            lines.readline()
        near = [lines.readline(200)[:40].upper() for _line in range(2)]
        lines.seek(0)
        return wanted in (*near, lines.readline(200)[:40].upper())
