"""The how-to of a country pack, followed to the letter by somebody who has nothing yet."""

import json
import re
from pathlib import Path

import pytest

from oslonac.config.cli import main
from oslonac.config.packskeleton import make
from oslonac.country.reading import read_country

PAGE = Path(__file__).parents[2] / "docs" / "how-to" / "write-a-country-pack.md"


# What needs a running installation; the first sign-in was walked by hand.
RUNNING = ("up", "user make")


def write(folder: Path) -> None:
    """The files of the page, written as it says."""
    text = PAGE.read_text("utf-8")
    for added, name, content in re.findall(
        r"```(?:yaml|csv)\n# (added to )?(packs/\S+)\n(.*?)```", text, re.S
    ):
        path = folder / name
        before = path.read_text("utf-8") if added else ""
        path.write_text(before + content, "utf-8")
    (story,) = re.findall(r"```json\n(.*?)```", text, re.S)
    (folder / "story.json").write_text(story, "utf-8")


@pytest.fixture
def country(tmp_path: Path) -> Path:
    make(tmp_path / "packs" / "borduria", country="CZ", zone="Europe/Prague")
    write(tmp_path)
    return tmp_path


def test_the_page_can_be_followed(
    country: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(country)
    commands = re.findall(r"^oslonac (.*?[^\\])$", PAGE.read_text("utf-8"), re.S | re.M)
    kept = [c for c in commands if not c.startswith((*RUNNING, "pack new"))]
    assert len(kept) == len(commands) - 3
    for command in kept:
        assert main(command.replace("\\\n", " ").split()) == 0, command
    told = capsys.readouterr().out
    assert "child-found 1: can run; 0 errors, 0 warnings." in told
    assert "“Look for the family” is late by 3 days 9 hours" in told
    assert "Guidance, not counted as a breach." in told
    assert "| Tell the head of the village | field worker | within 12 hours after" in told
    assert (country / "child-found.svg").exists()


def test_the_pack_says_whose_holidays_and_which_zone_count(country: Path) -> None:
    found = read_country(country / "packs" / "borduria")
    assert (found.calendar.country, found.calendar.zone) == ("CZ", "Europe/Prague")
    assert "village_head" in found.roles


def test_a_holiday_of_the_country_moves_the_deadline(
    country: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # 8 May is a public holiday in one country and a working day in the other.
    found = {}
    for place in ("CZ", "RS"):
        story = json.loads((country / "story.json").read_text("utf-8"))
        story["events"][1]["at"] = "2026-05-05T21:00:00+02:00"
        (country / "later.json").write_text(json.dumps(story), "utf-8")
        file = country / "packs" / "borduria" / "protocols" / "child-found.yaml"
        words = f"protocol replay {file} --events {country / 'later.json'} --json"
        now = "--now 2026-05-06T09:00:00+02:00"
        assert main([*words.split(), *now.split(), "--country", place]) == 0
        answer = json.loads(capsys.readouterr().out)
        found[place] = {o["activity"]: o["due"] for o in answer["obligations"]}["look_for_family"]
    assert found == {"RS": "2026-05-08T23:59:00+02:00", "CZ": "2026-05-11T23:59:00+02:00"}
