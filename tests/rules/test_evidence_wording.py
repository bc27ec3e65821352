"""Why two people may be one: every sentence of the comparison can be translated."""

import ast
from pathlib import Path

import pytest

from oslonac.config.messages_extract import in_python
from oslonac.matching import names, persons, ranking
from oslonac.matching.evidence import gettext_noop
from oslonac.matching.index import question


@pytest.mark.parametrize("module", [names, persons, ranking, question], ids=lambda m: m.__name__)
def test_the_extraction_finds_every_sentence_that_holds_a_value(module: object) -> None:
    path = Path(str(module.__file__))  # type: ignore[attr-defined]
    source = path.read_text(encoding="utf-8")
    written = {
        node.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "%(" in node.value
    }
    found = {message.text for message in in_python(source, path.name)}
    assert written and written <= found, sorted(written - found)


def test_what_is_compared_of_persons_is_said_in_sentences_that_are_found() -> None:
    source = Path(str(persons.__file__)).read_text(encoding="utf-8")
    found = {message.text for message in in_python(source, "persons.py")}
    assert set(persons.SENTENCES.values()) <= found


def test_marking_changes_nothing() -> None:
    assert gettext_noop("Same sex") == "Same sex"
