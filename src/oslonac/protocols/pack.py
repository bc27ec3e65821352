"""Protocols of a country pack: loading files and folders, and what all of them may name.

Events are those that the rooms declare (`audit.events`); `tables/vocabulary.yaml` lists the facts,
roles and forms the product itself knows. A pack adds its own in `protocols/vocabulary.yaml`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from oslonac.access.roles import Role, of_country
from oslonac.audit.events import for_procedures
from oslonac.country.reading import PACK, examine
from oslonac.protocols.compiling import compile_protocol
from oslonac.protocols.protocol import Protocol
from oslonac.protocols.reading import Document, Problem, read

VOCABULARY = "vocabulary.yaml"
KEYS = {"events", "facts", "forms", "languages"}


@dataclass(frozen=True)
class Vocabulary:
    """What protocols may name. `events` give the data each event carries, `needs` the permissions
    that a form of the product asks for; a pack's own forms ask for none that we know."""

    events: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    facts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    roles: frozenset[str] = frozenset()
    forms: frozenset[str] = frozenset()
    languages: tuple[str, ...] = ()
    needs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __or__(self, other: "Vocabulary") -> "Vocabulary":
        return Vocabulary(
            {**self.events, **other.events},
            {**self.facts, **other.facts},
            self.roles | other.roles,
            self.forms | other.forms,
            other.languages or self.languages,
            {**self.needs, **other.needs},
        )


@dataclass(frozen=True)
class Loaded:
    """One file: its protocol when it can run, and what is wrong with it."""

    file: str
    protocol: Protocol | None
    problems: tuple[Problem, ...]
    document: Document


def load(path: Path) -> Loaded:
    """One file of a pack. Never raises for what is in it."""
    document = read(path)
    protocol = compile_protocol(document)
    return Loaded(str(path), protocol, tuple(document.problems), document)


def files(paths: Iterable[Path]) -> list[Path]:
    """Protocol files among files and folders; a pack's folder stands for its `protocols`."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inner = path / "protocols"
            folder = inner if inner.is_dir() else path
            found += sorted(p for p in folder.glob("*.y*ml") if p.name != VOCABULARY)
        else:
            found.append(path)
    return found


def load_folder(folder: Path) -> list[Protocol]:
    """Every protocol of a folder that can run."""
    loaded = [load(path) for path in files([folder])]
    return [one.protocol for one in loaded if one.protocol is not None]


@lru_cache(maxsize=4)
def product_vocabulary() -> Vocabulary:
    """What the product knows without any pack."""
    known = _vocabulary(Path(__file__).with_name("tables") / VOCABULARY)
    return replace(known, events=for_procedures())


def vocabulary_of(paths: Iterable[Path]) -> Vocabulary:
    """The product's words, and those that the packs around some files add: roles and languages
    of the country, and the words of `vocabulary.yaml`."""
    found = product_vocabulary()
    for folder in sorted({path.parent for path in paths}):
        found |= _of_country(folder.parent)
        if (folder / VOCABULARY).exists():
            found |= _vocabulary(folder / VOCABULARY)
    return found


def vocabulary_problems(folder: Path) -> list[Problem]:
    """What is wrong with the words of a pack's folder `protocols`."""
    if not (path := folder / VOCABULARY).is_file():
        return []
    document = read(path)
    for key in document.values if isinstance(document.values, dict) else ():
        if key == "roles":
            document.complain((key,), "vocabulary", "Roles are listed in roles.yaml of the pack.")
        elif key not in KEYS:
            known = ", ".join(sorted(KEYS))
            document.complain((key,), "vocabulary", f"“{key}” is not one of {known}.")
    return document.problems


def _of_country(folder: Path) -> Vocabulary:
    """Roles and languages of the pack in a folder. Without one, roles are called as the sets of
    permissions are."""
    if not (folder / PACK).is_file():
        return Vocabulary(roles=frozenset(Role.values))
    country, _problems = examine(folder)
    if country is None:
        return Vocabulary(roles=frozenset(Role.values))
    return Vocabulary(roles=frozenset(of_country(country)), languages=country.languages)


def _vocabulary(path: Path) -> Vocabulary:
    found = read(path).values
    values: dict[str, Any] = found if isinstance(found, dict) else {}
    forms = values.get("forms") or ()
    needs = forms if isinstance(forms, dict) else {}
    return Vocabulary(
        {name: tuple(data or ()) for name, data in (values.get("events") or {}).items()},
        {name: tuple(map(str, v or ())) for name, v in (values.get("facts") or {}).items()},
        frozenset(),
        frozenset(forms),
        tuple(values.get("languages") or ()),
        {name: tuple(asked or ()) for name, asked in needs.items()},
    )
