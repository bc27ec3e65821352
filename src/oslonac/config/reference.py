"""Reference pages and the map of packages, written from the code itself.

`oslonac docs build` writes them; a test fails when they are not current. Texts that explain
belong in `docs/` by hand; only what the code already says is generated here.
"""

import ast
import json
import tomllib
from collections.abc import Callable, Iterable, Iterator
from html import escape
from importlib import import_module
from pathlib import Path
from typing import Any

from oslonac.config.reference_sight import sight

ROOT = Path(__file__).resolve().parents[3]
SRC = ROOT / "src" / "oslonac"
HEAD = "<!-- Written by `oslonac docs build` from the code. Do not edit. -->\n\n"


def makers() -> dict[str, Callable[[], str]]:
    """What writes each page, by its path below `docs/`."""
    return {
        "map.svg": package_map,
        "reference/roles.md": roles,
        "reference/statuses.md": statuses,
        "reference/clocks.md": clocks,
        "reference/actions.md": actions,
        "reference/events.md": events,
        "reference/fields.md": fields,
        "reference/rows.md": sight,
        "reference/procedure.schema.json": procedure_schema,
    }


def page(name: str) -> str:
    """One page, in English."""
    from django.utils import translation

    with translation.override("en"):
        return makers()[name]()


def pages() -> dict[str, str]:
    """All of them."""
    return {name: page(name) for name in makers()}


def procedure_schema() -> str:
    """JSON Schema of the procedures of a pack, for editors."""
    from oslonac.protocols import shape

    return json.dumps(shape.schema(), indent=2, ensure_ascii=False) + "\n"


def roles() -> str:
    """Which role may do what."""
    from oslonac.access.roles import ALLOWED, Permission, Role

    lines = [
        "# Roles and permissions\n",
        "A permission opens a kind of step; which records it reaches is decided by grants.\n",
    ]
    for role in Role:
        lines.append(f"## {role.label} (`{role.value}`)\n")
        held = [p for p in Permission if p in ALLOWED[role]]
        lines += [f"- `{p.value}`: {p.label}" for p in held]
        lines.append("")
    return HEAD + "\n".join(lines)


def statuses() -> str:
    """Every status table as a diagram."""
    from oslonac.kit.rooms import status_tables

    tables = [
        (room, kind, table)
        for room, found in status_tables().items()
        for kind, table in found.items()
    ]
    lines = ["# What may follow what\n"]
    for room, kind, table in tables:
        lines += [
            f"## {room}: {kind.__name__}\n",
            "```mermaid",
            "stateDiagram-v2",
        ]
        lines += [f"  {each.value}: {getattr(each, 'label', each.value)}" for each in kind]
        for now, following in table.items():
            lines += [f"  {now.value} --> {then.value}" for then in sorted(following)]
            if not following:
                lines.append(f"  {now.value} --> [*]")
        lines += ["```", ""]
    return HEAD + "\n".join(lines)


def clocks() -> str:
    """Every clock of the Serbia pack with its ground."""
    from oslonac.protocols.clocktable import tables
    from oslonac.protocols.pack import load_folder

    lines = [
        "# Clocks\n",
        "What the procedures of the Serbia pack ask for, and by when. A clock whose source we have "
        "not read is guidance: shown as such, never counted as late by law. Written as the "
        "procedures are in `packs/serbia/protocols/`.\n",
    ]
    for title, rows in tables(load_folder(SRC.parents[1] / "packs" / "serbia")):
        lines += [
            f"## {title}\n",
            "| Code | What | Who | Since | Within | Ground | Counts by law |",
            "|---|---|---|---|---|---|---|",
            *("| " + " | ".join(row) + " |" for row in rows),
            "",
        ]
    return HEAD + "\n".join(lines)


def actions() -> str:
    """Every named write and the permission it takes."""
    # Importing registers; which modules are loaded otherwise depends on who asks.
    for path in sorted(SRC.glob("*/actions*")):
        import_module(f"oslonac.{path.parent.name}.actions")
    from oslonac.audit.actions import ACTIONS

    lines = [
        "# Actions\n",
        "Every write is one of these: a permission, one transaction, at "
        "least one event of the ledger.\n",
        "| Action | Permission |",
        "|---|---|",
    ]
    lines += [
        f"| `{name}` | `{permission.value}` |" for name, permission in sorted(ACTIONS.items())
    ]
    return HEAD + "\n".join(lines) + "\n"


def events() -> str:
    """Every event of the ledger and the data it may carry."""
    from oslonac.audit.events import EVENTS
    from oslonac.demo import events as demo  # noqa: F401 - declares, installed or not

    lines = [
        "# Events\n",
        "What can stand in the ledger. Nothing else is recorded, and no other data. Procedures may "
        "name the events that the timeline of a case tells.\n",
        "| Event | Title | Data | For procedures |",
        "|---|---|---|---|",
    ]
    for name, event in sorted(EVENTS.items()):
        data = " ".join(f"`{key}`" for key in event.data.split())
        told = " ".join(["yes", *(f"and `{key}`" for key in event.more.split())])
        lines.append(f"| `{name}` | {event.title} | {data} | {told if event.told else ''} |")
    return HEAD + "\n".join(lines) + "\n"


def fields() -> str:
    """Every column and what a thief would learn from it."""
    from django.apps import apps

    lines = [
        "# Fields and their sensitivity\n",
        "`sealed` columns are encrypted under the subject's own key and opened from the level of a "
        "grant in brackets on (*w*: only to those who may know where the child is); without "
        "brackets no grant opens them. `personal` ones are readable in the database and never "
        "leave it in logs.\n",
        "| Table | Sealed | Personal | Open |",
        "|---|---|---|---|",
    ]
    for model in sorted(apps.get_models(), key=lambda m: m._meta.label):
        if not hasattr(model, "SENSITIVITY"):
            continue
        marks = model.SENSITIVITY.by_field
        opens = {n: _opening(each) for n, each in model.SENSITIVITY.openings.items()}
        cells = [
            " ".join(
                f"`{name}`{opens.get(name, '')}" for name, found in marks.items() if found == mark
            )
            for mark in ("sealed", "personal", "open")
        ]
        lines.append(f"| {model._meta.label} | " + " | ".join(cells) + " |")
    return HEAD + "\n".join(lines) + "\n"


def _opening(opening: Any) -> str:
    from oslonac.access.rules import Level

    return f" ({Level(opening.level).name.lower()}{', *w*' if opening.whereabouts else ''})"


def layers() -> list[list[str]]:
    """The house, top line first, as pyproject.toml orders it."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    contract = next(c for c in settings["tool"]["importlinter"]["contracts"] if c["id"] == "house")
    return [
        [name.strip(" ()").removeprefix("oslonac.") for name in line.split("|")]
        for line in contract["layers"]
    ]


def imports() -> Iterator[tuple[str, str]]:
    """(importing package, imported package), each pair once, read from the source."""
    seen: set[tuple[str, str]] = set()
    for path in sorted(SRC.rglob("*.py")):
        package = path.relative_to(SRC).parts[0]
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("oslonac."):
                pair = (package, str(node.module).split(".")[1])
                if pair[0] != pair[1] and pair not in seen:
                    seen.add(pair)
                    yield pair


_WIDTH, _ROW, _BOX, _BOXES = 980, 66, 36, 500


def package_map() -> str:
    """The packages as floors of a house with what each is for.

    Only arrows that no longer way already says are drawn (the transitive reduction): what is
    above may use everything that the arrows reach.
    """
    rows = [row for row in layers() if any((SRC / name).is_dir() for name in row)]
    places: dict[str, tuple[float, float]] = {}
    for level, row in enumerate(rows):
        for index, name in enumerate(row):
            x = _BOXES * (index + 0.5) / len(row)
            places[name] = (x, 34 + level * _ROW)
    height = 20 + len(rows) * _ROW
    body = [_floor(level) for level in range(0, len(rows), 2)]
    body += [_arrow(places[a], places[b]) for a, b in reduced(set(imports()), places)]
    body += [_box(name, *where) for name, where in places.items()]
    body += [_purpose(row, 34 + level * _ROW) for level, row in enumerate(rows)]
    style = (
        "text{font:600 14px system-ui,sans-serif;fill:#16202a;text-anchor:middle}"
        ".p{font-weight:400;font-size:13px;text-anchor:start;fill:#4b5a68}"
        "rect{fill:#dff0ec;stroke:#0b6e63;stroke-width:1.2}.f{fill:#f3f5f4;stroke:none}"
        "path{fill:none;stroke:#4b5a68;stroke-width:1.1;marker-end:url(#a)}"
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img">'
        "<title>Packages of Oslonac; arrows are imports and only point down</title>"
        f"<style>{style}</style><rect width='{_WIDTH}' height='{height}' "
        "style='fill:#fff;stroke:none'/><defs><marker id='a' viewBox='0 0 8 8' refX='7' refY='4' "
        "markerWidth='7' markerHeight='7' orient='auto'><path d='M0 0L8 4L0 8z' "
        "style='fill:#4b5a68;stroke:none;marker-end:none'/></marker></defs>"
        + "".join(body)
        + "</svg>\n"
    )


def reduced(pairs: set[tuple[str, str]], known: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs that no path through a third package already implies."""
    below: dict[str, set[str]] = {name: set() for name in known}
    for upper, lower in pairs:
        if upper in below and lower in below:
            below[upper].add(lower)

    def reach(name: str, seen: frozenset[str] = frozenset()) -> set[str]:
        found = set(below[name])
        for other in below[name] - seen:
            found |= reach(other, seen | {name})
        return found

    return sorted(
        (upper, lower)
        for upper, lowers in below.items()
        for lower in lowers
        if not any(lower in reach(other) for other in lowers - {lower})
    )


def _floor(level: int) -> str:
    return (
        f'<rect class="f" y="{34 + level * _ROW - _ROW / 2:.0f}" width="{_WIDTH}" height="{_ROW}"/>'
    )


def _box(name: str, x: float, y: float) -> str:
    width = 18 + 8.2 * len(name)
    return (
        f'<rect x="{x - width / 2:.0f}" y="{y - _BOX / 2:.0f}" width="{width:.0f}" '
        f'height="{_BOX}" rx="6"/><text x="{x:.0f}" y="{y + 5:.0f}">{name}</text>'
    )


def _arrow(start: tuple[float, float], end: tuple[float, float]) -> str:
    (x1, y1), (x2, y2) = start, end
    floors = round((y2 - y1) / _ROW)
    bend = (x1 + x2) / 2 - (0 if floors == 1 else 60 + 25 * floors)
    return (
        f'<path d="M{x1:.0f} {y1 + _BOX / 2:.0f}Q{bend:.0f} {(y1 + y2) / 2:.0f} '
        f'{x2:.0f} {y2 - _BOX / 2:.0f}"/>'
    )


def _purpose(row: list[str], y: float) -> str:
    """The first sentence of each package's docstring, as far as it fits."""
    lines = []
    for name in row:
        path = SRC / name / "__init__.py"
        text = (ast.get_docstring(ast.parse(path.read_text())) or "") if path.exists() else ""
        first = text.split("\n\n")[0].replace("\n", " ").split(". ")[0].rstrip(".")
        lines.append(
            first if len(first) <= 66 else first[:64].rsplit(" ", 1)[0].rstrip(",") + " \u2026"
        )
    top = y + 5 - (len(lines) - 1) * 9
    return "".join(
        f'<text class="p" x="{_BOXES + 20}" y="{top + 18 * index:.0f}">{escape(line)}</text>'
        for index, line in enumerate(lines)
    )
