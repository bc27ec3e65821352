"""Reading YAML with the line of every value, so that a mistake can be pointed at.

Belongs here: text to plain values, and refusing what a pack has no use for (aliases, tags,
duplicate keys, huge files). What the values mean is in `compiling`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

LARGEST = 500_000
DEEPEST = 12
Where = tuple[str | int, ...]


@dataclass(frozen=True)
class Problem:
    """A mistake in a protocol: where, and a sentence. `warning`: it can run all the same."""

    file: str
    line: int
    code: str
    message: str
    warning: bool = False
    trace: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass
class Document:
    """Plain values of one file, and the line of each by its path of keys and places."""

    file: str
    values: Any = None
    lines: dict[Where, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line(self, where: Where) -> int:
        """The line of a value, or of the nearest one around it."""
        while where and where not in self.lines:
            where = where[:-1]
        return self.lines.get(where, 1)

    def complain(self, where: Where, code: str, message: str, *, warning: bool = False) -> None:
        self.problems.append(Problem(self.file, self.line(where), code, message, warning))


def read(path: Path) -> Document:
    """A file's values. Never raises for what is in the file; problems tell."""
    document = Document(str(path))
    try:
        content = path.read_bytes()
    except OSError as error:
        document.complain((), "unreadable", f"The file cannot be read: {error.strerror}.")
        return document
    if len(content) > LARGEST:
        document.complain((), "too_large", f"A procedure has at most {LARGEST} bytes.")
        return document
    try:
        return read_text(content.decode("utf-8"), document)
    except UnicodeDecodeError:
        document.complain((), "encoding", "The file is not UTF-8 text.")
        return document


def read_text(text: str, document: Document) -> Document:
    """Values of a text into a document."""
    try:
        loader = _Loader(text)
        _no_aliases(text, document)
        node = None if document.problems else loader.get_single_node()
        if node is not None:
            document.values = _build(node, (), document, loader)
    except yaml.YAMLError as error:
        _complain_of_yaml(document, error)
    except RecursionError:
        document.complain((), "yaml", "The file is nested too deeply to be read.")
    if not document.problems and not isinstance(document.values, dict):
        document.complain((), "yaml", "The file is empty, or no map of names and values.")
    return document


# An alias begins a value; looking for one is much quicker than reading the text twice.
_MAY_BE_ALIAS = re.compile(r"(?:^|[\s\[{,:?-])\*\S", re.MULTILINE)
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _no_aliases(text: str, document: Document) -> None:
    """Aliases hide what a line says, and can blow up ("billion laughs")."""
    if not _MAY_BE_ALIAS.search(text):
        return
    for event in _events(text):
        if isinstance(event, yaml.AliasEvent):
            document.lines[()] = event.start_mark.line + 1 if event.start_mark else 1
            document.complain(
                (), "alias", "Aliases (*name) are not used in procedures; write it out."
            )
            return


def _events(text: str) -> Iterator[Any]:
    yield from yaml.parse(text, Loader=_Loader)


def _complain_of_yaml(document: Document, error: yaml.YAMLError) -> None:
    mark = getattr(error, "problem_mark", None)
    document.lines[()] = mark.line + 1 if mark else 1
    reason = getattr(error, "problem", None) or str(error).splitlines()[0]
    document.complain((), "yaml", f"This is not YAML: {reason}.")


_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)")
# What turns the direction of the text after it, and control characters.
_HIDDEN = re.compile(r"[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def _build(node: Any, where: Where, document: Document, loader: Any) -> Any:
    document.lines[where] = node.start_mark.line + 1
    if len(where) > DEEPEST:
        document.complain(where, "yaml", "The file is nested too deeply.")
        return None
    if isinstance(node, yaml.MappingNode):
        return _build_map(node, where, document, loader)
    if isinstance(node, yaml.SequenceNode):
        return [
            _build(item, (*where, place), document, loader) for place, item in enumerate(node.value)
        ]
    if hidden := _HIDDEN.search(str(node.value)):
        sign = f"U+{ord(hidden[0]):04X}"
        message = f"A character nobody can see ({sign}) changes what is read here; take it out."
        document.complain(where, "hidden", message)
        return None
    try:
        value = loader.construct_object(node)
    except (yaml.YAMLError, ValueError, OverflowError):
        document.complain(where, "yaml", f"“{node.value}” cannot be read as a value.")
        return None
    # What YAML also takes for a number (0x10, 1:30, 010, 1_000) is no number to a reader.
    if isinstance(value, int) and not isinstance(value, bool) and not _NUMBER.fullmatch(node.value):
        return str(node.value)
    # A version such as 1.10 and a date stay the text they were written as.
    return value if isinstance(value, bool | int | str) or value is None else str(node.value)


def _build_map(node: Any, where: Where, document: Document, loader: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key_node, value_node in node.value:
        key = str(key_node.value)
        if key in found:
            document.lines[(*where, key)] = key_node.start_mark.line + 1
            document.complain((*where, key), "duplicate", f"“{key}” stands here a second time.")
            continue
        found[key] = _build(value_node, (*where, key), document, loader)
        document.lines[(*where, key)] = key_node.start_mark.line + 1
    return found
