"""A country pack as files: the calendar it says, what `pack check` finds, what `pack new` makes."""

import os
import shutil
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from oslonac.access.roles import problems_of
from oslonac.config.cli import main
from oslonac.config.packcheck import check_pack
from oslonac.config.packskeleton import BadSkeleton, make
from oslonac.country.reading import BadPack, read_country
from oslonac.kit.calendars import Amount, Unit

TESTLAND = Path(__file__).parents[1] / "testland"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TESTLAND, tmp_path / "testland"))


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), "utf-8")


def test_the_week_and_the_holidays_are_the_countrys() -> None:
    calendar = read_country(TESTLAND).calendar
    assert calendar.is_working_day(date(2026, 3, 8))  # a Sunday
    assert not calendar.is_working_day(date(2026, 3, 6))  # a Friday
    assert not calendar.is_working_day(date(2026, 3, 10))  # a day off of this year
    assert calendar.is_working_day(date(2026, 3, 13))  # a Friday on which people work
    assert not calendar.is_working_day(date(2027, 4, 1))  # Day of the Paper Hat
    start = datetime(2026, 3, 31, 9, tzinfo=UTC)
    due = datetime(2026, 4, 2, 20, 59, tzinfo=UTC)
    assert calendar.deadline(start, Amount(1, Unit.WORKING_DAYS)) == due


def test_a_pack_in_order_has_no_problem_and_is_counted() -> None:
    found = check_pack(TESTLAND)
    assert [str(problem) for problem in found.problems] == []
    assert found.counts["organisations"] == 3 and found.counts["roles"] == 11
    assert found.counts["places"] == 3 and found.counts["procedures"] == 1


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "sentence"),
    [
        ("roles.yaml", "archetype: head", "archetype: king", 19, "“king” is not one of"),
        ("roles.yaml", "code: ward_second", "code: head", 15, "name of a set of permissions"),
        ("roles.yaml", "archetype: administrator", "archetype: auditor", 2, "add users"),
        ("offices.yaml", "[competent, settles", "[settles", 1, "no case can be opened"),
        ("offices.yaml", "[houses, reception]", "[bakery]", 12, "“bakery” is not one of"),
        ("placements.yaml", "from_age: 11", "from_age: eleven", 16, "no age in years"),
        ("pack.yaml", "Etc/GMT-3", "Moon/Crater", 6, "“Moon/Crater” is no zone"),
        ("pack.yaml", "'04-01'", "'04-31'", 13, "“04-31” is no day of a year"),
        ("pack.yaml", "[7, 1, 2, 3, 4]", "[0]", 10, "from 1 (Monday) to 7"),
        ("places/municipalities.csv", "xt-blot,xt-east", "xt-blot,xt-west", 3, "no “xt-west”"),
        ("organisations/wards.yaml", "kind: ward", "kind: castle", 3, "no “castle”"),
        ("organisations/wards.yaml", "xt-inkwell, xt-blot", "xt-ink", 6, "no “xt-ink”"),
        ("organisations/others.yaml", "id: river-watch", "id: lantern-blot", 11, "already"),
        ("organisations/others.yaml", "kind: phone", "kind: drum", 7, "“drum” is not one of"),
        ("codes/concerns.yaml", "list: concerns", "list: worries", 1, "that of the file"),
        ("protocols/paper-act.yaml", "who: ward_keeper", "who: wizard", 30, "no role “wizard”"),
        ("protocols/vocabulary.yaml", "events:", "roles: [x]\nevents:", 1, "in roles.yaml"),
    ],
)
def test_each_mistake_is_said_with_file_line_and_sentence(
    pack: Path, file: str, old: str, new: str, line: int, sentence: str
) -> None:
    change(pack / file, old, new)
    errors = check_pack(pack).errors
    told = [e for e in errors if e.file == str(pack / file) and sentence in e.message]
    assert told, [str(error) for error in errors]
    assert told[0].line == line, str(told[0])


def test_everything_is_said_in_one_go_and_a_stray_file_is_named(
    pack: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change(pack / "roles.yaml", "archetype: head", "archetype: king")
    change(pack / "organisations" / "wards.yaml", "kind: ward", "kind: castle")
    (pack / "organization.yaml").write_text("organisations: []\n", "utf-8")
    before = os.environ.get("OSLONAC_PACK")
    assert main(["pack", "check", str(pack)]) == 1
    assert os.environ.get("OSLONAC_PACK") == before
    told = capsys.readouterr().out
    assert "king" in told and "castle" in told
    assert "organization.yaml:1: (warning) Nothing reads this file" in told
    assert "11 roles, 4 kinds of office" in told


def test_a_wrong_role_stops_the_start(pack: Path) -> None:
    change(pack / "roles.yaml", "code: ward_second", "code: head")
    assert list(problems_of(read_country(pack).roles))
    change(pack / "pack.yaml", "Etc/GMT-3", "")
    with pytest.raises(BadPack, match="time_zone"):
        read_country(pack)


def test_a_new_pack_is_in_order_and_never_written_over(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    make(folder, country="pt", zone="Europe/Lisbon")
    assert check_pack(folder).problems == []
    country = read_country(folder)
    assert (country.code, country.calendar.zone) == ("PT", "Europe/Lisbon")
    with pytest.raises(BadSkeleton, match="not empty"):
        make(folder, country="PT", zone="Europe/Lisbon")
