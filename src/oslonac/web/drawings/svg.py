"""SVG text: escaping, boxes, and text placed by its physical edge whatever its direction."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

Align = Literal["left", "middle", "right"]
WIDE = frozenset("WMmwШЩЖЮФЉЊшщжюфљњ@%")
NARROW = frozenset("iljtfrI.,:;'|!()[]- ·іј")


@dataclass(frozen=True)
class Box:
    """A rectangle in picture units; (x, y) is its upper left corner."""

    x: float
    y: float
    width: float
    height: float

    def overlaps(self, other: "Box") -> bool:
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )


def text_width(text: str, size: float = 13.0) -> float:
    """A generous estimate of a text's width; fonts differ, so it errs on the wide side."""
    return sum(_advance(char) for char in text) * size


def _advance(char: str) -> float:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0.0
    if unicodedata.east_asian_width(char) in ("W", "F"):
        return 1.05
    if char in NARROW:
        return 0.36
    if char in WIDE:
        return 0.92
    return 0.68 if char.isupper() else 0.6


def shorten(text: str, room: float, size: float = 13.0) -> str:
    """The text, or its beginning with an ellipsis, within `room` units."""
    if text_width(text, size) <= room:
        return text
    while text and text_width(text + "…", size) > room:
        text = text[:-1]
    return text.rstrip() + "…"


def wrap(words: str, room: float, size: float = 13.0) -> list[str]:
    """At most two lines, broken at spaces; the second is shortened when it must be."""
    first = ""
    rest = words.split()
    while rest and (not first or text_width(f"{first} {rest[0]}", size) <= room):
        first = f"{first} {rest.pop(0)}".strip()
    lines = [shorten(first, room, size)]
    return [*lines, shorten(" ".join(rest), room, size)] if rest else lines


def text_direction(text: str, default: str = "ltr") -> str:
    """Direction of the first strong character, as dir=auto decides it."""
    for char in text:
        kind = unicodedata.bidirectional(char)
        if kind == "L":
            return "ltr"
        if kind in ("R", "AL"):
            return "rtl"
    return default


def number(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")


def element(name: str, content: str = "", **attributes: str | float | None) -> str:
    """One element; `class_` is class, `_` in names is `-`; None leaves an attribute out."""
    parts = [name]
    for key, value in attributes.items():
        if value is None:
            continue
        shown = number(value) if isinstance(value, (int, float)) else value
        parts.append(f"{key.rstrip('_').replace('_', '-')}={quoteattr(clean_attribute(shown))}")
    opening = " ".join(parts)
    return f"<{opening}>{content}</{name}>" if content else f"<{opening}/>"


def text(x: float, y: float, words: str, class_: str = "", align: Align = "left") -> str:
    """Text whose left edge, middle or right edge is at `x`; `y` is the baseline."""
    direction = text_direction(words)
    if align == "middle":
        anchor = "middle"
    else:
        anchor = "start" if (align == "left") == (direction == "ltr") else "end"
    return element(
        "text",
        clean(words),
        x=x,
        y=y,
        class_=class_ or None,
        text_anchor=anchor,
        direction=direction,
        unicode_bidi="embed",
    )


def clean(words: str) -> str:
    """Escaped, without the control characters XML cannot hold."""
    return escape("".join(c for c in words if c in "\t\n" or unicodedata.category(c) != "Cc"))


def link(anchor: str, content: str, label: str = "") -> str:
    """Content that leads somewhere: `#event-…` or a path; anything else is left unlinked."""
    if not anchor.startswith(("#", "/")) or anchor.startswith("//"):
        return content
    title = element("title", clean(label)) if label else ""
    return element("a", title + content, href=anchor, aria_label=label or None)


def picture(
    width: float,
    height: float,
    parts: Iterable[str],
    *,
    title: str,
    description: str,
    direction: str,
) -> str:
    """The outer element, named by <title>/<desc>.

    An image hides what is inside it from screen readers, so a picture with links is a group.
    """
    shapes = "".join(parts)
    body = element("title", clean(title) or " ") + element("desc", clean(description) or " ")
    role = "group" if "<a " in shapes else "img"
    return element(
        "svg",
        body + shapes,
        xmlns="http://www.w3.org/2000/svg",
        class_="drawing",
        viewBox=f"0 0 {number(width)} {number(height)}",
        role=role,
        direction=direction,
        aria_label=clean_attribute(title),
        width=width,
        height=height,
    )


def clean_attribute(words: str) -> str:
    return "".join(c for c in words if unicodedata.category(c) != "Cc")
