"""Finding every translatable message in the code, and writing them into the master catalogue.

Python is read as a syntax tree, so a message counts only where a function of Django's
translation module is called, under whatever name it was imported. Templates are compiled by
Django itself, so a message is exactly what Django will look up. Scripts hold no messages:
their texts come to them in attributes of the page. Does not belong here: compiling
(`messages`), or what any message says.
"""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polib

from oslonac.config.messages import MASTER

SRC = Path(__file__).resolve().parents[1]
ROOT = SRC.parents[1]

# Function → how many arguments are context, singular and plural, in this order.
_PLAIN = {name: "m" for name in ("gettext", "gettext_lazy", "gettext_noop")}
_COUNTED = {name: "mp" for name in ("ngettext", "ngettext_lazy")}
_IN_CONTEXT = {name: "cm" for name in ("pgettext", "pgettext_lazy")}
_BOTH = {name: "cmp" for name in ("npgettext", "npgettext_lazy")}
SHAPES = _PLAIN | _COUNTED | _IN_CONTEXT | _BOTH
MODULE = "django.utils.translation"
_ELSEWHERE = (ast.Name, ast.Attribute, ast.Subscript)
REEXPORTS = {
    ("oslonac.kit.choices", "lazy"): "gettext_lazy",
    ("oslonac.kit.wording", "mark"): "gettext_noop",
    ("oslonac.kit.wording", "counted"): "ngettext",
    ("oslonac.matching.evidence", "gettext_noop"): "gettext_noop",
}

HEADER = """Serbian (Cyrillic) texts of Oslonac: the master catalogue.
The Latin catalogue is made from this one by `oslonac messages`; see docs/how-to/translate.md.
X-Checked-By is empty until a native speaker has checked the whole catalogue."""
METADATA = {
    "Project-Id-Version": "oslonac",
    "Language": "sr",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=UTF-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": (
        "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : "
        "n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);"
    ),
    "X-Checked-By": "",
}


class BadMessage(Exception):
    """A call that no catalogue can serve: its text is put together while the program runs."""


@dataclass(frozen=True, order=True)
class Message:
    """One text as Django looks it up. `plural` and `context` are None when there is none."""

    text: str
    plural: str | None = None
    context: str | None = None

    @property
    def key(self) -> tuple[str | None, str]:
        """What a catalogue knows it by: a plural form does not count."""
        return (self.context, self.text)


# --- Python ------------------------------------------------------------------


def in_python(source: str, where: str) -> Iterator[Message]:
    """Messages of one Python file. Raises BadMessage for a text that is not a constant."""
    tree = ast.parse(source)
    names = dict(_imported(tree))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call) or not (function := _function(node.func, names)):
            continue
        # `_(card.note)` shows what gettext_noop marked; the text is found where it is marked.
        if not (node.args and isinstance(node.args[0], _ELSEWHERE)):
            yield _message(node, SHAPES[function], where)


def _imported(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """(name in this file, translation function) for every import of one, at any depth, and
    for every shorter name that such an import is given (`_L = gettext_lazy`)."""
    imported: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            imported |= dict(_in_import(node))
    yield from imported.items()
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Assign) and isinstance(node.value, ast.Name)):
            continue
        if (function := imported.get(node.value.id)) is not None:
            yield from ((name.id, function) for name in node.targets if isinstance(name, ast.Name))


def _in_import(node: ast.ImportFrom) -> Iterator[tuple[str, str]]:
    for alias in node.names:
        name = alias.asname or alias.name
        if node.module == MODULE and alias.name in SHAPES:
            yield name, alias.name
        elif node.module and (node.module, alias.name) in REEXPORTS:
            yield name, REEXPORTS[node.module, alias.name]


def _function(called: ast.expr, names: dict[str, str]) -> str | None:
    if isinstance(called, ast.Name):
        return names.get(called.id)
    of_module = (
        isinstance(called, ast.Attribute) and getattr(called.value, "id", "") == "translation"
    )
    return called.attr if of_module and called.attr in SHAPES else None  # type: ignore[attr-defined]


def _message(call: ast.Call, shape: str, where: str) -> Message:
    texts = []
    for argument in call.args[: len(shape)]:
        if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
            raise BadMessage(f"{where}:{call.lineno}: the text to translate is not a constant")
        texts.append(argument.value)
    if len(texts) < len(shape):
        raise BadMessage(f"{where}:{call.lineno}: a text to translate is missing")
    found = dict(zip(shape, texts, strict=True))
    return Message(found["m"], found.get("p"), found.get("c"))


# --- templates ---------------------------------------------------------------


def in_template(source: str) -> Iterator[Message]:
    """Messages of one template, in order. Django must be set up."""
    from django.template import engines

    compiled: Any = engines["django"].from_string(source)
    seen: set[int] = set()
    yield from _in_object(compiled.template.nodelist, seen)


def _in_object(thing: Any, seen: set[int]) -> Iterator[Message]:
    from django.template.base import Node, NodeList, Variable
    from django.templatetags.i18n import BlockTranslateNode, TranslateNode
    from django.utils.functional import Promise

    if id(thing) in seen:
        return
    seen.add(id(thing))
    if isinstance(thing, BlockTranslateNode):
        yield _block(thing)
    elif isinstance(thing, TranslateNode):
        yield from _translate(thing)
    elif isinstance(thing, Variable) and thing.translate:
        yield _literal(thing.literal)
    elif isinstance(thing, Promise):  # the constant argument of a filter: default:_("none")
        yield _literal(thing._args[-1])  # type: ignore[attr-defined]
    elif isinstance(thing, Node | NodeList) or type(thing).__module__.startswith("django.template"):
        children = thing if isinstance(thing, NodeList) else _parts(thing)
        for child in children:
            yield from _in_object(child, seen)
    elif isinstance(thing, dict | list | tuple):
        for child in thing.values() if isinstance(thing, dict) else thing:
            yield from _in_object(child, seen)


def _parts(thing: Any) -> list[Any]:
    """What a node holds, but not how it was read: tokens and the parser hold everything."""
    left_out = {"token", "origin", "parser", "source", "child_nodelists"}
    named = [*getattr(thing, "__dict__", ()), *getattr(type(thing), "__slots__", ())]
    return [getattr(thing, name, None) for name in named if name not in left_out]


def _literal(text: Any, context: str | None = None) -> Message:
    return Message(str(text).replace("%", "%%"), None, context)  # as Django does when rendering


def _translate(node: Any) -> Iterator[Message]:
    text = node.filter_expression.var.literal
    if text is None:
        return  # {% translate variable %}: what it may hold is a message elsewhere
    yield _literal(text, _context(node))


def _block(node: Any) -> Message:
    singular, _ = node.render_token_list(node.singular)
    plural = node.render_token_list(node.plural)[0] if node.plural else None
    return Message(singular, plural, _context(node))


def _context(node: Any) -> str | None:
    return None if node.message_context is None else str(node.message_context.resolve({}))


# --- everything --------------------------------------------------------------


def sources() -> list[Path]:
    """Every file that may hold messages, in a stable order."""
    python = (path for path in SRC.rglob("*.py") if "migrations" not in path.parts)
    return sorted([*python, *SRC.rglob("templates/**/*.html"), *SRC.rglob("templates/**/*.txt")])


def messages_of(path: Path) -> list[Message]:
    """The messages of one file. Raises BadMessage, SyntaxError or TemplateSyntaxError."""
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".py":
        return list(in_python(source, str(path.relative_to(ROOT))))
    return list(in_template(source))


def collect(paths: Iterable[Path]) -> dict[Message, list[str]]:
    """Every message and the files it is in. Raises BadMessage when two disagree on a plural."""
    found: dict[Message, list[str]] = {}
    for path in paths:
        for message in messages_of(path):
            if not message.text:
                continue
            files = found.setdefault(message, [])
            name = path.relative_to(ROOT).as_posix()
            if name not in files:
                files.append(name)
    return _merged(found)


def _merged(found: dict[Message, list[str]]) -> dict[Message, list[str]]:
    """A text with and without a plural is one entry: the one with the plural serves both."""
    by_key: dict[tuple[str | None, str], Message] = {}
    merged: dict[Message, list[str]] = {}
    for message in sorted(found, key=lambda each: each.plural is None):
        kept = by_key.setdefault(message.key, message)
        if kept.plural is not None and message.plural not in (None, kept.plural):
            raise BadMessage(f"“{message.text}” has two plurals: {kept.plural}, {message.plural}")
        merged.setdefault(kept, []).extend(f for f in found[message] if f not in merged[kept])
    return merged


def update(found: dict[Message, list[str]], old: polib.POFile | None) -> polib.POFile:
    """The catalogue of exactly these messages, with the translations `old` has for them."""
    known = {} if old is None else {(entry.msgctxt, entry.msgid): entry for entry in old}
    made = polib.POFile(wrapwidth=98)
    made.header = HEADER
    checked = {} if old is None else {"X-Checked-By": old.metadata.get("X-Checked-By", "")}
    made.metadata = METADATA | checked
    for message in sorted(found, key=lambda each: (sorted(found[each])[0], each.text, each.key)):
        made.append(_entry(message, sorted(found[message]), known.get(message.key)))
    return made


def _entry(message: Message, files: list[str], old: polib.POEntry | None) -> polib.POEntry:
    entry = polib.POEntry(
        msgctxt=message.context,
        msgid=message.text,
        msgid_plural=message.plural or "",
        occurrences=[(name, "") for name in files],  # no line numbers: they change every day
    )
    if "%(" in message.text + (message.plural or ""):
        entry.flags.append("python-format")
    if message.plural:
        entry.msgstr_plural = {0: "", 1: "", 2: ""}
    if old is not None:
        entry.tcomment = old.tcomment
        if "fuzzy" in old.flags:
            entry.flags.append("fuzzy")
        if message.plural and old.msgstr_plural:
            entry.msgstr_plural = old.msgstr_plural
        elif not message.plural:
            entry.msgstr = old.msgstr
    return entry


def write() -> polib.POFile:
    """Bring the master catalogue up to the code and return it. Django must be set up."""
    old = polib.pofile(str(MASTER)) if MASTER.exists() else None
    made = update(collect(sources()), old)
    MASTER.parent.mkdir(parents=True, exist_ok=True)
    made.save(str(MASTER))
    return made
