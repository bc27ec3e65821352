"""The navigation registry: packages above add their entries, nobody edits a list here.

Call `register(NavItem(...))` in `AppConfig.ready`. Whether an entry appears is decided for each
request by its predicate, which is given `request.actor` (None when nobody is signed in).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from oslonac.access.roles import Permission


def signed_in(actor: Any) -> bool:
    return actor is not None


def holding(permission: Permission) -> Callable[[Any], bool]:
    """Shown to whoever holds a permission in any of their posts."""
    return lambda actor: actor is not None and permission in actor.permissions


@dataclass(frozen=True)
class NavItem:
    """One entry. `label` is lazily translated; `order` sorts (10 first); `key` is the shortcut.

    `count` may return a number shown beside the label (work waiting); 0 or None hides it. It
    runs on every page, so it must be cheap. `icon` names a symbol of web/sprite.html.
    """

    key: str
    label: Any
    url_name: str
    icon: str = "list"
    order: int = 50
    shortcut: str = ""
    permission: Callable[[Any], bool] = signed_in
    count: Callable[[Any], int | None] | None = None


@dataclass(frozen=True)
class NavLink:
    """What the template gets."""

    url: str
    label: Any
    icon: str
    current: bool
    count: int | None = None
    shortcut: str = ""
    apart: bool = False  # another kind of work than the entry before: a line stands between


# Where one kind of work ends and another begins: casework, what one looks up, oversight.
BORDERS = (50, 80)
_items: dict[str, NavItem] = {}


def register(item: NavItem) -> None:
    """Add an entry; the same key again replaces it, so a reloaded app does no harm."""
    _items[item.key] = item


def unregister(key: str) -> None:
    _items.pop(key, None)


def links_for(request: HttpRequest) -> list[NavLink]:
    """The entries this actor may see, in order; the longest matching path is current."""
    actor = getattr(request, "actor", None)
    shown: list[tuple[NavItem, str]] = []
    for item in sorted(_items.values(), key=lambda i: (i.order, i.key)):
        if not item.permission(actor):
            continue
        try:
            shown.append((item, reverse(item.url_name)))
        except NoReverseMatch:
            continue
    current = _current([url for _, url in shown], request.path)
    kinds = [sum(item.order >= border for border in BORDERS) for item, _ in shown]
    return [
        NavLink(
            url=url,
            label=item.label,
            icon=item.icon,
            current=url == current,
            count=(item.count(actor) or None) if item.count else None,
            shortcut=item.shortcut,
            apart=place > 0 and kinds[place] != kinds[place - 1],
        )
        for place, (item, url) in enumerate(shown)
    ]


def _current(urls: list[str], path: str) -> str:
    matching = [url for url in urls if path == url or (url != "/" and path.startswith(url))]
    return max(matching, key=len, default="")
