"""The next version of a procedure's text, whichever version the pack has."""

import re

_VERSION = re.compile(r"^version: (\d+)$", re.MULTILINE)


def version_of(text: str) -> str:
    found = _VERSION.search(text)
    assert found
    return found[1]


def next_version(text: str) -> str:
    return _VERSION.sub(f"version: {int(version_of(text)) + 1}", text, count=1)
