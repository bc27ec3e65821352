"""Tables of names as spreadsheets of the world save them: encodings, calendars, orders of dates."""

import argparse
import json
from datetime import date
from pathlib import Path

import pytest

from oslonac.config.commands import match_rank
from oslonac.matching import days
from oslonac.matching.files import people


@pytest.mark.parametrize(
    ("encoding", "name", "guessed"),
    [
        ("utf-8", "Ђорђе Живковић", ""),
        ("utf-8-sig", "محمد علی", ""),
        ("utf-16", "Đorđe Живковић محمد", ""),
        ("utf-16-le", "Đorđe Živković", "utf-16-le"),
        ("utf-16-be", "Đorđe Živković", "utf-16-be"),
        ("cp1250", "Đorđe Živković", "cp1250"),
        ("cp1250", "Ščepan Čvorović", "cp1250"),
        ("cp1251", "Ђорђе Живковић", "cp1251"),
        ("cp1251", "Олександр Шевченко", "cp1251"),
        ("cp1256", "عبد الرحمن حسين", "cp1256"),
        ("cp1256", "محمد كريم", "cp1256"),
    ],
)
def test_a_table_is_read_in_the_encoding_it_is_in(
    tmp_path: Path, encoding: str, name: str, guessed: str
) -> None:
    table = tmp_path / "r.csv"
    table.write_bytes(f"id;name\r\n1;{name}\r\n".encode(encoding))
    found = people(str(table), "id")
    assert [row.name for row in found] == [name]
    assert found.encoding == guessed


@pytest.mark.parametrize(
    "written", ["1389-05-01", "1389/5/1", "۱۳۸۹/۰۵/۰۱", "1.5.1389", "1.5.1389."]
)
def test_a_solar_hijri_day_is_that_day(written: str) -> None:
    assert days.read(written) == ((date(2010, 7, 23), date(2010, 7, 23)), True)


def test_a_solar_hijri_year_lies_in_two_of_ours() -> None:
    assert days.read("1389") == ((date(2010, 3, 21), date(2011, 3, 20)), True)
    assert days.read("1389-12")[0] == (date(2011, 2, 20), date(2011, 3, 20))


@pytest.mark.parametrize("written", ["31.12.08", "1475", "2009-13-45", "1400-12-30", "0", "soon"])
def test_what_is_no_day_is_none(written: str) -> None:
    assert days.read(written) == (None, False)


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2010-07-23", date(2010, 7, 23), date(2010, 7, 23)),
        ("23. 7. 2010.", date(2010, 7, 23), date(2010, 7, 23)),
        ("23/07/2010", date(2010, 7, 23), date(2010, 7, 23)),
        ("2010/07", date(2010, 7, 1), date(2010, 7, 31)),
        ("02.2008", date(2008, 2, 1), date(2008, 2, 29)),
        ("2010", date(2010, 1, 1), date(2010, 12, 31)),
    ],
)
def test_days_of_the_common_era(written: str, first: date, last: date) -> None:
    assert days.read(written) == ((first, last), False)


def test_a_birth_in_another_calendar_finds_its_person_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    registry, queries = tmp_path / "r.csv", tmp_path / "q.csv"
    registry.write_text(
        "id,name,birth_from\n1,Ahmad Karimi,1389-05-01\n2,Ahmad Karimi,1385-01-02\n"
    )
    queries.write_text(
        "qid,name,birth_from\na,Ahmad Karimi,2010-07-23\nb,Ahmad Karimi,1389/05/01\n"
    )
    parser = argparse.ArgumentParser()
    match_rank.add_arguments(parser)
    words = ["--registry", str(registry), "--queries", str(queries), "--json"]
    assert match_rank.run(parser.parse_args(words)) == 0
    said = capsys.readouterr()
    first, second = json.loads(said.out)["queries"]
    assert first["ranked"][0]["id"] == second["ranked"][0]["id"] == "1"
    assert first["ranked"][0]["probability"] > 0.5
    assert "Solar Hijri: birth_from: 1389-05-01 (2010-07-23)" in said.err
    assert "note" not in first
    assert "Solar Hijri" in second["note"]
