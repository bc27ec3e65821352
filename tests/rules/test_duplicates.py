"""A register searched for records of one person: who is grouped, who is not, how it goes on."""

import argparse
import csv
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from oslonac.config.commands import match_dedupe
from oslonac.matching import batch, dedupe, duplicates
from oslonac.matching.batch import OtherRegister, State, search
from oslonac.matching.duplicates import Run
from oslonac.matching.persons import Record
from tools.trial import doubles

DAY = date(2009, 4, 3)
BOY = Record(names=("Nabi Zarghunkhel",), birth_from=DAY, birth_to=DAY, sex="m", country="AF")
SAME_BOY = replace(BOY, names=("نبی زرغونخیل",))
TWIN = replace(BOY, names=("Farid Zarghunkhel",))
NAMESAKES = [
    Record(names=("Mohammad Ahmadi",), birth_from=date(2008, 1, 1), birth_to=date(2008, 12, 31))
] * 400
CROWD = [
    Record(
        names=(f"{given} {family}",),
        birth_from=date(2005 + n % 5, 1 + n % 12, 2 + n % 26),
        birth_to=date(2005 + n % 5, 1 + n % 12, 2 + n % 26),
        sex="m",
    )
    for n, (given, family) in enumerate(
        (given, family)
        for given in ("Karim", "Omar", "Farid", "Jovan", "Abel", "Rakib", "Yusuf", "Walid")
        for family in ("Noori", "Haddad", "Petrović", "Tesfay", "Islam", "Zebari", "Safi", "Khan")
    )
]


def groups(records: list[Record]) -> list[tuple[int, ...]]:
    run = Run(records)
    return [cluster.rows for cluster in search(run, 0.9).clusters]


def test_one_child_written_in_two_scripts_is_a_group() -> None:
    assert groups([*CROWD, BOY, SAME_BOY]) == [(64, 65)]


def test_twins_are_no_group() -> None:
    assert groups([*CROWD, BOY, TWIN]) == []


def test_a_twin_is_not_drawn_into_a_group() -> None:
    assert groups([*CROWD, BOY, TWIN, SAME_BOY]) == [(64, 66)]


def test_bearers_of_a_common_name_are_no_group() -> None:
    run = Run([*NAMESAKES, *CROWD])
    assert search(run, 0.9).clusters == ()
    assert run.compared < 5  # agreement could not outweigh their number, so none was compared


def test_a_document_in_common_joins_whatever_the_spelling() -> None:
    papers = frozenset(("D-77",))
    left = replace(CROWD[3], documents=papers)
    right = replace(left, names=("هداد کریم",), birth_from=None, birth_to=None)
    assert groups([left, *CROWD[10:40], replace(right, names=left.names)]) == [(0, 31)]


def test_every_pair_says_why() -> None:
    persons = [(f"p{n}", record) for n, record in enumerate([*CROWD, BOY, SAME_BOY])]
    answer = dedupe.find(persons, at=0.9, expected=0.1)
    found = json.loads("".join(answer.as_json()))
    assert found["clusters"][0]["ids"] == ["p64", "p65"]
    assert any("same day" in reason for reason in found["clusters"][0]["pairs"][0]["reasons"])
    assert "a person decides" in found["note"]
    nameless = "".join(answer.as_json(ids_only=True))
    assert "Nabi" not in nameless
    assert "2009" not in nameless


def test_a_stopped_search_goes_on_and_ends_the_same(tmp_path: Path) -> None:
    records = doubles.make(600, 5).records
    whole = search(Run(records), 0.9)
    state = State(tmp_path / "s", records, 0.1)
    state.read()
    for row, pairs in Run(records).pairs():
        state.write(row + 1, pairs)
        if row == 250:
            break
    with (tmp_path / "s").open("a") as file:
        file.write('{"next": 26')  # torn by a power cut
    run = Run(records)
    went_on = search(run, 0.9, State(tmp_path / "s", records, 0.1))
    assert [c.rows for c in went_on.clusters] == [c.rows for c in whole.clusters]
    assert went_on.compared < whole.compared
    again = Run(records)
    assert [c.rows for c in search(again, 0.9, State(tmp_path / "s", records, 0.1)).clusters] == [
        c.rows for c in whole.clusters
    ]
    assert again.compared == 0


def test_a_state_file_of_another_register_is_refused(tmp_path: Path) -> None:
    State(tmp_path / "s", CROWD, 0.1).read()
    with pytest.raises(OtherRegister, match="another register"):
        State(tmp_path / "s", CROWD[1:], 0.1).read()


def test_several_processes_find_what_one_finds_and_go_on_where_it_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = doubles.make(400, 9).records
    monkeypatch.setattr(batch, "SHARE", 50)
    monkeypatch.setattr(batch, "EVERY", 0.0)
    monkeypatch.setattr(duplicates, "REMEMBERED", 20)
    alone = search(Run(records), 0.9)
    told: list[tuple[int, int, int]] = []
    state = State(tmp_path / "s", records, 0.1)
    together = search(Run(records), 0.9, state, lambda *each: told.append(each), workers=2)
    assert alone.clusters and alone.compared
    assert together == alone
    assert [done for done, _of, _pairs in told] == [*range(50, 401, 50), 400]
    lines = (tmp_path / "s").read_text(encoding="utf-8").splitlines()
    (tmp_path / "s").write_text("\n".join(lines[:4]) + "\n", encoding="utf-8")
    rest = search(Run(records), 0.9, State(tmp_path / "s", records, 0.1), workers=2)
    assert [each.rows for each in rest.clusters] == [each.rows for each in alone.clusters]
    assert 0 < rest.compared < alone.compared


def test_the_state_file_shows_no_name(tmp_path: Path) -> None:
    state = State(tmp_path / "s", [*CROWD, BOY, SAME_BOY], 0.1)
    search(Run([*CROWD, BOY, SAME_BOY]), 0.9, state)
    kept = (tmp_path / "s").read_text(encoding="utf-8")
    assert "arghun" not in kept
    assert (tmp_path / "s").stat().st_mode & 0o077 == 0


def test_made_up_families_stay_apart() -> None:
    found = doubles.measure(3000, 9)
    assert found["precision"] >= 0.9
    assert found["recall"] >= 0.3
    assert found["families_joined"] <= 6


@pytest.mark.parametrize(
    "rows", [[], [["1", "", "", ""]], [["1", "😀", "x", "?"], ["2", "a", "", ""]]]
)
def test_odd_registers_get_an_answer(tmp_path: Path, rows: list[list[str]], capsys) -> None:  # type: ignore[no-untyped-def]
    path = _register(tmp_path, rows)
    assert _run(["--registry", str(path), "--json", "--quiet"]) == 0
    assert json.loads(capsys.readouterr().out)["clusters"] == []


@pytest.mark.parametrize(
    ("rows", "said"),
    [([["1", "Ali", "", ""], ["1", "Omar", "", ""]], "twice"), ([["", "Ali", "", ""]], "no id")],
)
def test_a_register_without_ids_is_a_sentence(tmp_path: Path, rows, said: str, capsys) -> None:  # type: ignore[no-untyped-def]
    assert _run(["--registry", str(_register(tmp_path, rows))]) == 1
    assert said in capsys.readouterr().err


def test_an_answer_can_be_written_to_a_file(tmp_path: Path, capsys) -> None:  # type: ignore[no-untyped-def]
    path = _register(tmp_path, [["1", "Nabi Zarghunkhel", "2009-04-03", "2009-04-03"]])
    answer = tmp_path / "answer.json"
    assert _run(["--registry", str(path), "--json", "--output", str(answer)]) == 0
    assert json.loads(answer.read_text())["records"] == 1
    assert json.loads(capsys.readouterr().out)["output"] == str(answer)


def _register(folder: Path, rows: list[list[str]]) -> Path:
    path = folder / "r.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([["id", "name", "birth_from", "birth_to"], *rows])
    return path


def _run(words: list[str]) -> int:
    parser = argparse.ArgumentParser()
    match_dedupe.add_arguments(parser)
    return match_dedupe.run(parser.parse_args(words))


def test_one_word_and_a_whole_day_bring_two_records_together() -> None:
    day, other = date(2009, 3, 2), date(2007, 11, 23)
    rows = [
        ("1", Record(names=("Tesfay Yohanes",), birth_from=day, birth_to=day)),
        ("2", Record(names=("Tesfay Yohames",), birth_from=day, birth_to=day)),
        ("3", Record(names=("Merhawi Ghebremedhin",), birth_from=other, birth_to=other)),
        ("4", Record(names=("Merhawi",), birth_from=other, birth_to=other)),
        ("5", Record(names=("Selam Ghebremedhin",), birth_from=other, birth_to=other)),
    ]
    answer = dedupe.find(rows, at=0.5, expected=0.1)
    groups = [{answer.ids[row] for row in each.rows} for each in answer.ordered()]
    assert {"1", "2"} in groups
    assert {"3", "4"} in groups
    assert not any("5" in each for each in groups)  # a twin
    chances = [each.probability for each in answer.ordered()]
    assert chances == sorted(chances, reverse=True)
    cut = answer.cuts()[-1]
    assert cut["pairs"] == 2
    assert cut["from"] <= cut["expected_right"] <= 1.0
