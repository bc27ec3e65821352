"""Small multiples: a line or bars without axes, made to be read beside a figure."""

from collections.abc import Sequence

from oslonac.web.drawings.svg import element, number, picture

PAD = 5.0


def draw_sparkline(
    values: Sequence[float | None],
    width: float = 160,
    height: float = 40,
    *,
    kind: str = "line",
    title: str = "",
    description: str = "",
    target: float | None = None,
    low: float | None = None,
    high: float | None = None,
    direction: str = "ltr",
) -> str:
    """`kind` is line or bars; None is a gap (not measured, or a cell too small to show).

    Bars stand on zero. `low` and `high` fix the scale, so that multiples can be compared.
    """
    known = [v for v in values if v is not None]
    marks = known + ([target] if target is not None else []) + ([0.0] if kind == "bars" else [])
    bottom = low if low is not None else min(marks, default=0.0)
    top = high if high is not None else max(marks, default=1.0)

    def y(value: float) -> float:
        part = (value - bottom) / ((top - bottom) or 1.0)
        return height - PAD - min(1.0, max(0.0, part)) * (height - 2 * PAD)

    step = (width - 2 * PAD) / max(1, len(values) - (kind == "line"))
    places = [PAD + index * step for index in range(len(values))]
    if direction == "rtl":
        places = [width - place - (step if kind == "bars" else 0) for place in places]
    parts = []
    if target is not None:
        parts.append(element("line", x1=0.0, x2=width, y1=y(target), y2=y(target), class_="target"))
    ys = [None if value is None else y(value) for value in values]
    draw = _bars if kind == "bars" else _line
    parts += draw(places, ys, step, height)
    return picture(width, height, parts, title=title, description=description, direction=direction)


def _line(xs: list[float], ys: list[float | None], step: float, height: float) -> list[str]:
    parts: list[str] = []
    run: list[tuple[float, float]] = []
    last = None
    for x, y in [*zip(xs, ys, strict=True), (0.0, None)]:
        if y is not None:
            run.append((x, y))
            last = (x, y)
            continue
        if len(run) > 1:
            points = " ".join(f"{number(a)},{number(b)}" for a, b in run)
            ends = f"{number(run[-1][0])},{number(height)} {number(run[0][0])},{number(height)}"
            parts.append(element("polygon", points=f"{points} {ends}", class_="spark-area"))
            parts.append(element("polyline", points=points, class_="spark"))
        elif run:
            parts.append(element("circle", cx=run[0][0], cy=run[0][1], r=2.0, class_="spark-end"))
        run = []
    if last:
        parts.append(element("circle", cx=last[0], cy=last[1], r=4.0, class_="spark-end"))
    return parts


def _bars(xs: list[float], ys: list[float | None], step: float, height: float) -> list[str]:
    parts = []
    for index, (x, y) in enumerate(zip(xs, ys, strict=True)):
        if y is None:
            continue
        last = " last" if index == len(xs) - 1 else ""
        tall = max(1.0, height - PAD - y)
        parts.append(
            element(
                "rect",
                x=x + step * 0.12,
                y=height - PAD - tall,
                width=step * 0.76,
                height=tall,
                rx=1.5,
                class_=f"spark-bar{last}",
            )
        )
    return parts
