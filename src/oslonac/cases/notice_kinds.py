"""What people are told in their inbox about sight of a case."""

from django.utils.translation import gettext_lazy

from oslonac.notices import kinds

_L = gettext_lazy
KINDS = (
    kinds.Kind(
        "grant.given", _L("A case was opened to you. The case says why and until when."), "eye"
    ),
    kinds.Kind(
        "consent.withdrawn",
        _L("A consent was taken back. Sight that rested on it has ended."),
        "eye",
    ),
    kinds.Kind("block.set", _L("Who is kept away from a case of yours has changed."), "lock"),
    kinds.Kind(
        "emergency.opened",
        _L("A case of yours was opened in an emergency, by somebody without a duty in it."),
        "alert",
        urgent=True,
    ),
    kinds.Kind("emergency.reviewed", _L("Your emergency opening of a case was reviewed."), "eye"),
    kinds.Kind(
        "own_request.made",
        _L("Somebody asks about their own file: a copy, a correction or an objection."),
        "person",
    ),
)


def register() -> None:
    """Called once, when the application is ready."""
    kinds.register(*KINDS)
