"""Whether everybody is found alike, whatever the origin of their name and its script.

Belongs here: as many questions of every origin, recall of each with its interval, the widest
difference. Does not belong here: registers (`registers`), the search.

A register asked at random holds too few people of small origins to say anything of them.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from oslonac.matching.known import Entry
from oslonac.matching.parts import Reader
from oslonac.matching.ranking import Register
from tools.trial import registers
from tools.trial.people import Word

SIZE, OF_EACH, SEED = 30_000, 150, 29
BAR = 0.03


def report(
    entries: Sequence[Entry],
    reader: Reader,
    tail: Sequence[Word],
    size: int = SIZE,
    of_each: int = OF_EACH,
) -> dict[str, Any]:
    """Recall at 10 by name of every origin and script, the difference, whether it is within 3
    points, and whether so few questions could show more.
    """
    made = registers.make(entries, size, 0, SEED, tail, of_each=of_each)
    register = Register(((str(row), name) for row, name in enumerate(made.names)), reader)

    def search(question: registers.Question) -> list[tuple[int, float]]:
        return [(int(one.id), one.probability) for one in register.rank(question.text).answers]

    found: Any = registers.measure(made, search)["recall_at_10_of"]
    groups = {
        name: {
            "recall_at_10": share,
            "questions": count,
            "interval": [round(edge, 3) for edge in registers.interval(share, count)],
        }
        for name, (share, count) in found.items()
    }
    out: dict[str, Any] = {"size": size, "groups": groups}
    for kind in ("origin", "script"):
        shares = [
            one["recall_at_10"]
            for name, one in groups.items()
            if name.startswith("origin") == (kind == "origin") and one["questions"] >= of_each / 2
        ]
        apart = max(shares, default=1.0) - min(shares, default=1.0)
        out[kind] = {"apart": round(apart, 3), "met": apart <= BAR}
    return out


def lines(found: dict[str, Any]) -> Iterator[str]:
    """The same for a person."""
    yield f"Recall at 10 by name among {found['size']:,}, as many questions of every origin:"
    for name, one in found["groups"].items():
        low, high = one["interval"]
        yield (
            f"  {name:<28} {one['recall_at_10']:.3f} ({low:.3f}–{high:.3f}) of {one['questions']}"
        )
    for kind in ("origin", "script"):
        said = "within" if found[kind]["met"] else "MORE THAN"
        yield f"  furthest apart by {kind}: {found[kind]['apart']:.3f}, {said} three points"
