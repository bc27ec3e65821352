"""What must not be built from input: patterns, format strings, objects of scripts; and how the web
server reads the bounds of a request.

Belongs here: walks over the source that no linter makes. Does not: what ruff finds (S rules).
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from gunicorn.config import Config
from gunicorn.http.errors import ParseException
from gunicorn.http.parser import RequestParser

SOURCE = Path(__file__).resolve().parents[2] / "src" / "oslonac"
CALLS = {"compile", "match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer"}
# Looked at one by one: no typed text is the pattern or the format.
PATTERNS_REVIEWED: set[str] = set()
COMPUTED_REVIEWED = {"passkeys.js: response[name] ="}  # names of a list that stands there
FORMATS_REVIEWED = {
    "config/postgres/roles.py: sql.SQL(statement)",  # constants above it; names are quoted
    "web/drawings/graph_layout.py: more",  # a translated sentence
}


def trees() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(SOURCE.rglob("*.py")):
        if "migrations" not in path.parts:
            yield str(path.relative_to(SOURCE)), ast.parse(path.read_text("utf-8"))


def constants(tree: ast.Module) -> set[str]:
    """Names that the module sets once at its top."""
    found: set[str] = set()
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        if isinstance(node, ast.AnnAssign):
            targets = [node.target]
        found |= {each.id for each in targets if isinstance(each, ast.Name)}
    return found


def is_fixed(node: ast.expr, known: set[str]) -> bool:
    """Whether a text is written in the code, or escaped where something is put into it."""
    if isinstance(node, ast.Constant):
        return True
    if isinstance(node, ast.Name):
        return node.id in known
    if isinstance(node, ast.BinOp):
        return is_fixed(node.left, known) and is_fixed(node.right, known)
    if isinstance(node, ast.JoinedStr):
        return all(is_fixed(each, known) for each in node.values)
    if isinstance(node, ast.FormattedValue):
        return is_fixed(node.value, known)
    if isinstance(node, ast.Call):
        name = ast.unparse(node.func)
        arguments = node.args[:1] if name == "re.escape" else node.args
        if name == "re.escape":
            return True
        if name.endswith(".join") and arguments:
            inside = arguments[0]
            return "re.escape" in ast.unparse(inside) or is_fixed(inside, known)
        return name in {"sorted", "map"} and all(is_fixed(each, known) for each in arguments)
    return False


def unfixed(kind: str) -> set[str]:
    found = set()
    for path, tree in trees():
        known = constants(tree)
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            holder, name = node.func.value, node.func.attr
            if kind == "pattern" and ast.unparse(holder) == "re" and name in CALLS:
                if not is_fixed(node.args[0], known):
                    found.add(f"{path}: {ast.unparse(node.args[0])}")
            elif kind == "format" and name in ("format", "format_map"):
                literal = isinstance(holder, ast.Constant) or is_fixed(holder, known)
                if not literal and ast.unparse(holder) not in ("self", "super()"):
                    found.add(f"{path}: {ast.unparse(holder)}")
    return found


def test_no_pattern_is_built_from_input() -> None:
    assert unfixed("pattern") == PATTERNS_REVIEWED


def test_no_format_string_comes_from_input() -> None:
    assert unfixed("format") == FORMATS_REVIEWED


def test_the_walk_finds_what_it_looks_for() -> None:
    tree = ast.parse('A = "x"\nre.compile(A + re.escape(q))\nre.compile(q)\nre.search(f"{q}", z)')
    calls = [node.value for node in tree.body[1:] if isinstance(node, ast.Expr)]
    fixed = [is_fixed(call.args[0], {"A"}) for call in calls if isinstance(call, ast.Call)]
    assert fixed == [True, False, False]


def test_scripts_merge_no_objects_and_write_no_computed_names() -> None:
    """What pollutes a prototype: a name from outside on the left of an assignment, a merge."""
    computed = re.compile(r"[\w.]+\[(?!\d+\]|[\"'`])[^\]]+\]\s*=[^=>]")
    scripts = [*SOURCE.rglob("*.js")]
    assert len(scripts) > 5
    for script in scripts:
        text = script.read_text("utf-8")
        for word in ("__proto__", "structuredClone", "eval(", "new Function"):
            assert word not in text, (script.name, word)
        assert not re.search(r"Object\.assign\(\w+, (?!\{ )", text), script.name  # literals alone
        found = {f"{script.name}: {each.rpartition('=')[0]}=" for each in computed.findall(text)}
        assert found <= COMPUTED_REVIEWED, found
        assert not re.search(r"for \((?:const|let|var) \w+ in ", text), script.name


def parsed(raw: bytes) -> list[bytes]:
    """Bodies of the requests that gunicorn reads off one connection."""
    found = RequestParser(Config(), iter([raw]), ("127.0.0.1", 1))
    return [request.body.read() for request in found]


HEAD = b"POST / HTTP/1.1\r\nHost: x\r\n"


@pytest.mark.parametrize(
    "raw",
    [
        HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x H",
        HEAD + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef",
        HEAD + b"Content-Length: +5\r\n\r\nabcde",
        HEAD + b"Content-Length: 5, 5\r\n\r\nabcde",
        HEAD + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
        HEAD + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
        HEAD + b"X: a\r\n b: c\r\n\r\n",
        HEAD + b"X\x00Y: a\r\n\r\n",
        b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
)
def test_bounds_of_a_request_are_read_one_way(raw: bytes) -> None:
    """What proxies and servers have read differently before is refused, not guessed at."""
    with pytest.raises(ParseException):
        parsed(raw)


def test_an_ordinary_request_is_read() -> None:
    body = b"Content-Length: 5\r\n\r\nabcde"
    assert parsed(HEAD + body + HEAD + body) == [b"abcde", b"abcde"]
