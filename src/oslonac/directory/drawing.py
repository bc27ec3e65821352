"""The map of the register: places by their coordinates, organisations as forms.

No tiles and no borders: the municipalities themselves show the shape of the country, nothing is
fetched from elsewhere, and nobody learns where this page looked.
"""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from oslonac.directory import kinds
from oslonac.directory.labels import MAP_GROUPS, OTHERS
from oslonac.directory.models import Place
from oslonac.web.drawings.svg import Box, element, link, picture, text, text_width

WIDTH = 344
MARGIN = 18
GLYPH = 4.2
LEGEND_LINE = 20
_LABEL_SIZE = 12
_MOST_LABELS = 14
_ENOUGH_TO_ZOOM = 4


@dataclass(frozen=True)
class Projection:
    """Equirectangular, true to shape in the middle of what is shown."""

    west: float
    north: float
    scale: float  # picture units a degree of latitude
    squeeze: float  # a degree of longitude, in degrees of latitude
    height: float

    def point(self, place: Place) -> tuple[float, float]:
        longitude, latitude = place.longitude or 0.0, place.latitude or 0.0
        x = MARGIN + (longitude - self.west) * self.squeeze * self.scale
        return x, MARGIN + (self.north - latitude) * self.scale


def projection(places: list[Place]) -> Projection:
    latitudes = [place.latitude or 0.0 for place in places]
    longitudes = [place.longitude or 0.0 for place in places]
    south, north = min(latitudes), max(latitudes)
    west, east = min(longitudes), max(longitudes)
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = (WIDTH - 2 * MARGIN) / max((east - west) * squeeze, 0.1)
    return Projection(west, north, scale, squeeze, (north - south) * scale + 2 * MARGIN)


def draw_map(
    places: Mapping[str, Place],
    counts: Mapping[str, Counter[str]],
    urls: Mapping[str, str],
    *,
    inside: set[str] | None = None,
    direction: str = "ltr",
) -> str:
    """`counts` are organisations by place and kind; `inside` is what to bring forward."""
    shown = [p for p in places.values() if p.latitude is not None and p.longitude is not None]
    if not shown:
        return ""
    lit = [p for p in shown if inside is None or p.code in inside]
    close = inside is not None and len(lit) >= _ENOUGH_TO_ZOOM
    dim = [] if close else [p for p in shown if inside is not None and p.code not in inside]
    eye = projection(lit if close else shown)
    parts = [_dot(eye, p, "map-dot far") for p in dim]
    parts += [_dot(eye, p, "map-dot" + (" in" if inside is not None else "")) for p in lit]
    busy = [p for p in lit if p.code in counts]
    busy.sort(key=lambda p: sum(counts[p.code].values()))
    parts += [_organisations(eye, p, counts[p.code], urls.get(p.code, "")) for p in busy]
    parts += _labels(eye, list(reversed(busy)), counts)
    present = {kinds.shown(kind) for p in busy for kind in counts[p.code]}
    parts += _legend(eye.height, present)
    height = eye.height + LEGEND_LINE * len(present) + MARGIN / 2
    return picture(
        WIDTH,
        height,
        parts,
        title=_("Map of organisations"),
        description=_("Each dot is a municipality. Shapes show the organisations there."),
        direction=direction,
    )


def _dot(eye: Projection, place: Place, class_: str) -> str:
    x, y = eye.point(place)
    return element("circle", cx=x, cy=y, r=1.8, class_=class_)


def _groups(counted: Counter[str]) -> dict[str, int]:
    """Organisations by form, in the order in which forms are drawn."""
    grouped: Counter[str] = Counter()
    for kind, count in counted.items():
        grouped[kinds.shown(kind)] += count
    return {code: grouped[code] for code in (*MAP_GROUPS, OTHERS[0]) if grouped[code]}


def _organisations(eye: Projection, place: Place, kinds: Counter[str], url: str) -> str:
    """One form for each group that is there, side by side, in one link."""
    grouped = _groups(kinds)
    x, y = eye.point(place)
    step = GLYPH * 1.9
    left = x - step * (len(grouped) - 1) / 2
    content = "".join(
        glyph(code, left + index * step, y, _size(count))
        for index, (code, count) in enumerate(grouped.items())
    )
    reach = max(step * len(grouped) / 2 + 2, 8)
    content += element("rect", x=x - reach, y=y - 8, width=2 * reach, height=16, rx=4, class_="hit")
    total = sum(grouped.values())
    return link(url, content, f"{place}: {total}") if url else content


def _size(count: int) -> float:
    return GLYPH + min(math.sqrt(count) - 1, 2.2)


_CORNERS = {
    "police": ((0, -1.15), (1.1, 0.85), (-1.1, 0.85)),
    "civil": ((0, -1.25), (1.25, 0), (0, 1.25), (-1.25, 0)),
    "shelter": ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
}


def glyph(code: str, x: float, y: float, r: float) -> str:
    """Square, triangle or diamond; a circle for centres, a ring for others."""
    class_ = f"map-form {code}"
    if code not in _CORNERS:
        return element("circle", cx=x, cy=y, r=r, class_=class_)
    points = " ".join(f"{x + dx * r:.1f},{y + dy * r:.1f}" for dx, dy in _CORNERS[code])
    return element("polygon", points=points, class_=class_)


def _labels(eye: Projection, busy: list[Place], counts: Mapping[str, Counter[str]]) -> list[str]:
    """Names of the busiest places, as many as find room without touching each other."""
    taken: list[Box] = []
    parts: list[str] = []
    for place in busy:
        if len(parts) == _MOST_LABELS:
            break
        name = str(place)
        x, y = eye.point(place)
        width = text_width(name, _LABEL_SIZE)
        away = GLYPH * 1.9 * len(_groups(counts[place.code])) / 2 + 7
        to_right = x + away + width < WIDTH
        left = x + away if to_right else x - away - width
        box = Box(left, y - 8, width, 16)
        if left < 0 or any(box.overlaps(other) for other in taken):
            continue
        taken.append(box)
        edge = left if to_right else left + width
        parts.append(text(edge, y + 4, name, "t-small halo", "left" if to_right else "right"))
    return parts


def _legend(top: float, present: set[str]) -> list[str]:
    entries = [(code, str(label)) for code, label in MAP_GROUPS.items()]
    entries.append((OTHERS[0], str(OTHERS[1])))
    parts = []
    for row, (code, label) in enumerate(entry for entry in entries if entry[0] in present):
        y = top + 10 + row * LEGEND_LINE
        parts += [glyph(code, MARGIN, y, GLYPH + 0.6), text(MARGIN + 14, y + 4, label, "t-small")]
    return parts
