"""Kinds of notices about access to a case."""

from django.utils.translation import gettext_lazy

from oslonac.notices import kinds

_L = gettext_lazy
KINDS = (
    kinds.Kind(
        "grant.given",
        _L("You were given access to a case. The case page shows why and until when."),
        "eye",
    ),
    kinds.Kind(
        "consent.withdrawn",
        _L("A consent was withdrawn. Access based on it has ended."),
        "eye",
    ),
    kinds.Kind("block.set", _L("The list of people blocked from your case has changed."), "lock"),
    kinds.Kind(
        "emergency.opened",
        _L("Your case was opened in an emergency by somebody without a task in it."),
        "alert",
        urgent=True,
    ),
    kinds.Kind("emergency.reviewed", _L("Your emergency opening of a case was reviewed."), "eye"),
    kinds.Kind(
        "own_request.made",
        _L("A person made a request about their own file: a copy, a correction or an objection."),
        "person",
    ),
)


def register() -> None:
    """Called once, when the application is ready."""
    kinds.register(*KINDS)
