"""Messages after an action, with an undo where one exists."""

from django.contrib import messages
from django.http import HttpRequest

UNDO = "undo="


def toast(
    request: HttpRequest, text: str, *, level: int = messages.SUCCESS, undo_url: str = ""
) -> None:
    """Show `text` on the next page; `undo_url` adds an Undo button that POSTs there."""
    messages.add_message(request, level, text, extra_tags=f"{UNDO}{undo_url}" if undo_url else "")


def undo_url(extra_tags: str) -> str:
    """The undo address a toast carries, or ''; only a path of this site counts."""
    for part in (extra_tags or "").split():
        url = part.removeprefix(UNDO)
        if part.startswith(UNDO) and url.startswith("/") and not url.startswith("//"):
            return url
    return ""
