"""How many open cases each case manager has: bars, with the recommended maximum."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oslonac.web.drawings.svg import element, picture, shorten, text

FULL_LOAD = 25  # cases a manager; the line of the picture, not a limit of the system
WIDTH, ROW, NAMES, PAD = 320.0, 28.0, 112.0, 6.0
SHOWN = 12


def draw(lines: Sequence[tuple[str, int]], direction: str = "ltr") -> tuple[str, list[str]]:
    """The picture as SVG text, and the same in words. `lines`: name, number of cases."""
    words = [
        ngettext("%(name)s: %(n)d case", "%(name)s: %(n)d cases", n) % {"name": name, "n": n}
        for name, n in lines
    ]
    shown = lines[:SHOWN]
    top = max([n for _name, n in shown] + [FULL_LOAD]) * 1.12
    height = ROW * len(shown) + 22
    mirrored = direction == "rtl"

    def x(value: float) -> float:
        """Distance from the start of the bars to `value` cases, in picture units."""
        return value / top * (WIDTH - NAMES - PAD)

    parts = [_row(index, line, x(line[1]), mirrored) for index, line in enumerate(shown)]
    at = NAMES + x(FULL_LOAD)
    at = WIDTH - at if mirrored else at
    parts.append(element("line", x1=at, x2=at, y1=0.0, y2=height - 18, class_="target"))
    parts.append(text(at, height - 5, str(FULL_LOAD), "t-small", "middle"))
    title = _("Open cases per case manager; recommended maximum: 25 cases.")
    drawn = picture(
        WIDTH,
        height,
        parts,
        title=title,
        description=". ".join(words),
        direction=direction,
    )
    return drawn, words


def _row(index: int, line: tuple[str, int], length: float, mirrored: bool) -> str:
    name, n = line
    top = index * ROW
    start = WIDTH - NAMES - length if mirrored else NAMES
    kind = "load-bar over" if n > FULL_LOAD else "load-bar"
    bar = element(
        "rect", x=start, y=top + 6, width=max(2.0, length), height=ROW - 12, rx=3.0, class_=kind
    )
    label = shorten(name, NAMES - 10, 12)
    edge, side = (WIDTH - PAD, "right") if mirrored else (PAD, "left")
    middle = top + ROW / 2 + 4.5
    inside = length > 34
    near = start + (12 if mirrored else length - 12) if inside else start + length + 14
    if mirrored and not inside:
        near = start - 14
    number = text(near, middle, str(n), "load-in" if inside else "t-small", "middle")
    return bar + text(edge, middle, label, "t-small", side) + number  # type: ignore[arg-type]
