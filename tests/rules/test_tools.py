"""What does not ship: its commands in a checkout and without one, and the figures of the house."""

from pathlib import Path
from typing import Any

import pytest

from oslonac.config import cli
from tools import house


def test_commands_of_the_tools_are_there_in_a_checkout(capsys: Any) -> None:
    assert cli.main(["help"]) == 0
    shown = capsys.readouterr().out
    for name in ("bench casework", "access matrix", "match scale", "audit verify"):
        assert f"\n  {name} " in shown
    with pytest.raises(SystemExit) as ended:
        cli.main(["match", "scale", "--help"])
    assert ended.value.code == 0
    assert "keyed table" in capsys.readouterr().out


def test_an_installation_says_where_the_commands_of_the_tools_are(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: Any
) -> None:
    monkeypatch.setattr(cli, "TOOLS", tmp_path / "tools" / "commands")
    for words in (["bench", "names"], ["access", "matrix", "--json"], ["match", "scale", "judge"]):
        assert cli.main(words) == cli.USAGE_ERROR
        assert "Run it in a checkout" in capsys.readouterr().err
    assert cli.main(["bensh", "names"]) == cli.USAGE_ERROR
    said = capsys.readouterr().err
    assert "There is no command `oslonac bensh`" in said and "bench" not in said


def test_figures_of_a_small_house(tmp_path: Path) -> None:
    room = tmp_path / "src" / "oslonac" / "room"
    (room / "templates").mkdir(parents=True)
    (room / "migrations").mkdir()
    body = "\n".join(f"    a{number} = {number}" for number in range(61))
    (room / "actions.py").write_text(f"def long():\n{body}\n\n\nx = [1]  # fmt: skip\n")
    (room / "migrations" / "0001.py").write_text("a = 1\n" * 500)
    (room / "templates" / "page.html").write_text(f"<p>\n<b>{'x' * 93}</b>\n")
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_a.py").write_text(
        "def test_a():\n    pass\n\n\ndef helper(): ...\n"
    )
    found = house.figures(tmp_path)
    assert found["lines of src"] == {"Python": 565, "templates": 2, "CSS": 0, "JavaScript": 0}
    assert found["largest package"] == {"name": "room", "share": 1.0}
    assert found["files over 400 lines"] == {}
    assert found["functions over 60 lines"] == {"src/oslonac/room/actions.py:long": 62}
    assert found["fmt: skip"] == 1
    assert found["longest line of a template"] == {
        "length": 100,
        "where": "src/oslonac/room/templates/page.html:2",
    }
    assert found["test functions"] == 1
    table = house.markdown({"then": found, "now": found})
    assert "| lines of src, Python | 565 | 565 |" in table.splitlines()
