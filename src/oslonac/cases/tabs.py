"""The tabs of a case page: which there are, what stands on each, and the address of each place.

A place is named by the anchor of its block (`contacts`, `plan`, `duty-…`). Whoever links to one
asks `at`, so that a link names the right tab. Rooms above say with `register` on which tab the
blocks stand that they add.

Belongs here: tabs and anchors. Does not: what a tab shows (`cases.page`), its layout (templates).
"""

from collections.abc import Iterable
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from oslonac.kit.choices import TextChoices


class Tab(TextChoices):
    """In the order in which they stand."""

    NOW = "now", _("Now")
    STORY = "story", _("Story")
    PLAN = "plan", _("Plan")
    PEOPLE = "people", _("People")
    PAPERS = "papers", _("Papers")
    ACCESS = "access", _("Access")


_ANCHORS: dict[Tab, set[str]] = {
    Tab.NOW: {"identity", "next", "steps", "case-facts", "latest", "duty"},
    Tab.STORY: {"timeline", "events", "event", "contacts", "continuity"},
    Tab.PLAN: {
        "concerns",
        "assessments",
        "plan",
        "activity",
        "promises",
        "decisions",
        "transfers",
        "possible",
        "blocked",
    },
    Tab.PEOPLE: {"people", "group", "age", "facts"},
    Tab.PAPERS: {"papers", "own-requests", "own"},
    Tab.ACCESS: {
        "who-may-see",
        "consents",
        "consent",
        "emergencies",
        "emergency",
        "block",
    },
}


def register(tab: Tab, anchors: Iterable[str]) -> None:
    """Say that blocks of a room above stand on a tab; again does no harm."""
    _ANCHORS[tab] |= set(anchors)


def known(anchor: str) -> bool:
    """Whether some tab says that it holds this place."""
    return _found(anchor) is not None


def of(anchor: str) -> Tab:
    """The tab that holds a place; the first for one that nobody named."""
    return _found(anchor) or Tab.NOW


def _found(anchor: str) -> Tab | None:
    # "duty-01a2…" is a row of the kind "duty"; "own-requests" is a place by its whole name.
    kind = anchor.split("-", 1)[0]
    for name in (anchor, kind):
        for tab, anchors in _ANCHORS.items():
            if name in anchors:
                return tab
    return None


def url(case_id: UUID, tab: Tab = Tab.NOW) -> str:
    """The address of a tab of a case."""
    return reverse("cases:case" if tab == Tab.NOW else f"cases:case_{tab.value}", args=[case_id])


def at(case_id: UUID, anchor: str) -> str:
    """The address of a place on the page of a case."""
    return f"{url(case_id, of(anchor))}#{anchor}"


def places() -> str:
    """Every anchor with its tab, for the script that leads old addresses on: "contacts:story"."""
    return " ".join(
        f"{anchor}:{tab.value}" for tab, anchors in _ANCHORS.items() for anchor in sorted(anchors)
    )
