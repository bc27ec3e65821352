"""Every sentence of the procedures can be translated, and a number takes its form."""

import ast
import re
from pathlib import Path

import pytest

import oslonac.protocols
from oslonac.config.messages_extract import in_python
from oslonac.kit.calendars import Amount, Unit
from oslonac.kit.wording import ENGLISH, Wording, counted, mark
from oslonac.protocols.booklet import booklet, length, spoken
from oslonac.protocols.dcr import explain
from oslonac.protocols.pack import load_folder

FOLDER = Path(oslonac.protocols.__file__).parent
PACK = Path(__file__).resolve().parents[2] / "packs" / "serbia"
SPOKEN = ("booklet.py", "spoken.py", "protocol.py", "replaying.py", "dcr/explain.py")


@pytest.mark.parametrize("name", SPOKEN)
def test_the_extraction_finds_every_text_that_has_a_placeholder(name: str) -> None:
    source = (FOLDER / name).read_text("utf-8")
    found = {text for m in in_python(source, name) for text in (m.text, m.plural)}
    texts = {
        node.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "%(" in node.value
    }
    assert texts <= found | {ast.get_docstring(ast.parse(source)) or ""}
    assert len(found) >= 5


def test_marking_changes_nothing_and_numbers_choose_their_form() -> None:
    assert mark("x") == "x"
    days = counted("%(n)d day", "%(n)d days")
    assert [ENGLISH.count(days, n) for n in (1, 2)] == ["1 day", "2 days"]
    assert length(Amount(1, Unit.HOURS)) == "1 hour"
    assert length(Amount(72, Unit.HOURS)) == "72 hours"


def test_the_table_goes_through_the_wording_whole() -> None:
    """Every phrase of every procedure is a marked text with its values filled in."""
    said: list[str] = []

    def note(text: str) -> str:
        said.append(text)
        return text

    for protocol in load_folder(PACK):
        for section in booklet(protocol, "en", Wording(note)):
            for row in section.rows:
                for phrase in (*map(str, row.when), *row.after):
                    assert any(_fits(phrase, text) for text in said), phrase


def _fits(phrase: str, text: str) -> bool:
    parts = [part for part in _plain(text).split("\0") if part]
    return all(part in phrase for part in parts)


def _plain(text: str) -> str:
    return re.sub(r"%\(\w+\)[sd]", "\0", text)


@pytest.mark.parametrize(
    ("guard", "expected"),
    [
        ("facts.priority == 'urgent'", "if priority is “urgent”"),
        ("facts.priority != 'urgent'", "if priority is not “urgent”"),
        ("facts.with in ['a', 'b']", "if with is one of “a”, “b”"),
        ("not (facts.with in ['a', 'b'])", "if with is none of “a”, “b”"),
        ("known(data.review_on)", "if review_on is known"),
        ("not known(facts.manager_id)", "if manager_id is not known"),
        ("not not answered(data.x)", "if there is an answer on x"),
        ("facts.a == 'x' and not (data.b == 1)", "if a is “x” and if b is not “1”"),
        ("not (data.a == 'x' or data.n < 3)", "if a is not “x” and if n is at least 3"),
        ("data.moved == true", "if it is so: moved"),
        ("data.moved != true", "if it is not so: moved"),
        ("not (data.moved == false)", "if it is so: moved"),
        ("data.moved", "if it is so: moved"),
    ],
)
def test_guards_are_told_in_words(guard: str, expected: str) -> None:
    assert spoken(guard) == expected


def test_words_of_an_explanation_come_from_its_wording() -> None:
    words = explain.Words(translate=lambda text: f"<{text}>")
    assert words.wording("x") == "<x>"
