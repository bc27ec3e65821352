"""Rules for passwords beyond length and the list of common ones.

NIST SP 800-63B, 5.1.1.2: no rules of composition, no expiry; words of one's own context refused.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from oslonac.vault.sealing import open_many

SHORTEST_PART = 4
LEAST_BESIDE = 8  # letters and digits beside one's own words


class NotOwnWords:
    """Neither the login name, nor one's own name, nor the name of the system."""

    def validate(self, password: str, user: Any = None) -> None:
        rest = typed = password.casefold()
        for word in {"oslonac", *_own_words(user)}:
            rest = rest.replace(word, "")
        if rest != typed and sum(char.isalnum() for char in rest) < LEAST_BESIDE:
            raise ValidationError(
                _("This is too close to your name. Use words that nobody connects with you."),
                code="own_words",
            )

    def get_help_text(self) -> str:
        return _("It must not be your name or login name.")


def _own_words(user: Any) -> set[str]:
    if user is None or user.pk is None or getattr(user, "key_id", None) is None:
        return set()
    opened = open_many([user], "name", "login")[user.pk]
    parts = " ".join(opened.values()).casefold().replace("@", " ").replace(".", " ").split()
    return {part for part in parts if len(part) >= SHORTEST_PART}
