"""Keys and the register in memory: the right person is found, whatever the script."""

import argparse
import csv
import json
from pathlib import Path

import pytest

from oslonac.config.commands import match_pair, match_rank
from oslonac.matching.index import planning, recipe
from oslonac.matching.keys import keys, mended, pair_keys, single_keys
from oslonac.matching.parts import Reader
from oslonac.matching.ranking import CUT, Register

SAME = [
    ("Khalid Noori", "خالد نوری"),
    ("Halid Nuri", "خالد نوری"),
    ("Đorđe Živković", "Ђорђе Живковић"),
    ("Djordje Zivkovic", "Dorde Zivkovic"),
    ("Youssef", "Јусуф"),
    ("Hatice", "خديجة"),
    ("Abdul Rahman Zaki", "عبدالرحمن زکی"),
    ("Jamal Dschamal", "جمال جمال"),
]


@pytest.mark.parametrize(("left", "right"), SAME)
def test_keys_of_one_name_meet(left: str, right: str) -> None:
    assert keys(left) & keys(right)


@pytest.mark.parametrize("kind", [pair_keys, single_keys])
def test_keys_are_bytes_and_few(kind) -> None:  # type: ignore[no-untyped-def]
    found = kind("Mohammad Ali Ahmadi")
    assert found
    assert all(isinstance(key, bytes) for key in found)
    assert len(found) < 60


@pytest.mark.parametrize("odd", ["", "😀", "a", "x" * 4000, "'; --", " ".join(["ab cd"] * 300)])
def test_odd_names_have_bounded_keys(odd: str) -> None:
    assert len(keys(odd)) < 3000


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Brstević", "Brstnević"),
        ("Ribnikra", "Ribnikar"),
        ("Kovadlić", "Komadlić"),
        ("Lazarbegović", "Lazabregović"),
    ],
)
def test_a_slip_in_a_rare_word_leaves_a_key_in_common(written: str, meant: str) -> None:
    reader = Reader()
    left, right = reader.part(written), reader.part(meant)
    assert set(mended(left)) & set(mended(right))


@pytest.mark.parametrize(
    ("asked", "stored"),
    [
        ("Dragan Vuktomaš", "Dragan Vukotmaš"),
        ("Драган Вукоташ", "Dragan Vukotmaš"),
        ("Mohammad Brkinjač", "محمد برکنیاج"),
        ("Vukotmaž Dragan Ilija", "Dragan Vukotmaš"),
    ],
)
def test_a_question_with_a_slip_asks_for_a_key_of_the_person(asked: str, stored: str) -> None:
    keys_of_person, _fine = recipe.stored(recipe.Facts(names=(stored,)))
    steps = planning.plan(asked, size=1_000_000).then
    slips = [step for step in steps if step.name == "slip"]
    assert any(set(step.keys) & keys_of_person for step in slips)
    assert all(step.share < 0.02 for step in slips)


def test_a_name_whose_words_are_all_in_the_table_has_no_keys_for_slips() -> None:
    found, _fine = recipe.stored(recipe.Facts(names=("Mohammad Ahmadi",)))
    assert not any(key.startswith("x:") for key in found)
    assert all(step.name != "slip" for step in planning.plan("Mohammad Ahmadi").then)


def test_a_short_word_has_no_keys_for_slips() -> None:
    assert mended(Reader().part("Amir")) == ()
    assert mended(Reader().part("Karim")) == ("KRM",)


@pytest.mark.parametrize(
    "query", ["Dragan Vuktomaš", "Драган Вукоташ", "Dragan Vukotnas", "Vukotnaš Dragan"]
)
def test_a_slip_in_a_rare_surname_does_not_hide_its_bearer(query: str) -> None:
    others = ["Petrović", "Marković", "Vasić", "Lazendić", "Bukvić", "Tomaš"]
    people = [(str(at), f"Dragan {others[at % 6]}") for at in range(300)]
    answers = Register([*people, ("meant", "Dragan Vukotmaš")]).rank(query).answers
    assert answers[0].id == "meant"


def test_an_article_tells_bearers_of_one_name_apart() -> None:
    people = [("1", "Mohammad Ahmad"), ("2", "Mohammad al-Ahmad"), ("3", "Mohammad Ahmad")]
    assert Register(people).rank("محمد الأحمد").answers[0].id == "2"
    assert Register(people).rank("محمد أحمد").answers[-1].id == "2"


def test_a_day_of_birth_in_common_does_not_outweigh_another_surname() -> None:
    people = [("other", "Rahim Kabadu"), ("meant", "Rahim Baghdadi")]
    nats = {0: 8.0, 1: 1.0}
    found = Register(people).rank("Рахим Багдади", other_evidence=lambda row: (nats[row], ()))
    assert found.answers[0].id == "meant"


PEOPLE = [
    ("1", "Mohammad Ali Ahmadi"),
    ("2", "محمد علی نوری"),
    ("3", "Живковић Ђорђе"),
    ("4", "Omar Hassan"),
    ("5", "Sherzad Gulzarkhel"),
    ("6", "محمد علی احمدی"),
]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [("Djordje Zivkovic", "3"), ("شیرزاد گلزارخیل", "5"), ("Мухамед Али Нури", "2")],
)
def test_the_person_meant_comes_first(query: str, wanted: str) -> None:
    assert Register(PEOPLE).rank(query).answers[0].id == wanted


def test_bearers_of_one_name_share_the_probability() -> None:
    first, second = Register(PEOPLE).rank("Mohamed Ali Ahmady").answers[:2]
    assert {first.id, second.id} == {"1", "6"}
    assert first.probability < 0.75
    assert first.name_probability > 0.9


def test_nobody_alike_is_no_hit_however_few_there_are() -> None:
    answers = Register(PEOPLE).rank("Wolfgang Schubert").answers
    assert all(answer.probability < 0.2 for answer in answers)


def test_a_cut_is_said() -> None:
    register = Register((str(n), "Mohammad Ahmadi") for n in range(400))
    assert register.rank("محمد احمدی").cut
    assert str(CUT)


def test_rank_command_answers_every_query(tmp_path: Path, capsys) -> None:  # type: ignore[no-untyped-def]
    registry, queries = tmp_path / "r.csv", tmp_path / "q.csv"
    _write(
        registry,
        ["id", "name", "birth_from", "birth_to", "sex"],
        [
            ["1", "Ali Noori", "2008-01-01", "2008-12-31", "m"],
            ["2", "علی نوری", "2001-01-01", "2001-12-31", "m"],
            ["3", "", "", "", ""],
        ],
    )
    _write(
        queries,
        ["qid", "name", "birth_from", "birth_to", "sex"],
        [
            ["a", "Али Нури", "2008-01-01", "2008-01-01", "m"],
            ["b", "", "x", "", "?"],
            ["c", "=cmd()", "", "", ""],
        ],
    )
    code = match_rank.run(
        _arguments(match_rank, ["--registry", str(registry), "--queries", str(queries), "--json"])
    )
    found = json.loads(capsys.readouterr().out)["queries"]
    assert code == 0
    assert [one["qid"] for one in found] == ["a", "b", "c"]
    assert found[0]["ranked"][0]["id"] == "1"
    assert found[0]["ranked"][0]["reasons"]
    assert found[1]["note"]


def test_a_file_without_the_columns_is_a_sentence(tmp_path: Path, capsys) -> None:  # type: ignore[no-untyped-def]
    path = tmp_path / "r.csv"
    _write(path, ["number", "who"], [["1", "Ali"]])
    assert (
        match_rank.run(_arguments(match_rank, ["--registry", str(path), "--queries", str(path)]))
        == 1
    )
    assert "has no column id" in capsys.readouterr().err


def test_pair_command(capsys) -> None:  # type: ignore[no-untyped-def]
    assert match_pair.run(_arguments(match_pair, ["Đorđe", "Ђорђе", "--json"])) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["probability"] > 0.9
    assert found["reasons"]


def _write(path: Path, columns: list[str], rows: list[list[str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([columns, *rows])


def _arguments(command, words: list[str]):  # type: ignore[no-untyped-def]
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return parser.parse_args(words)


ODD_NAMES = [
    "",
    " ",
    "a",
    "ع",
    "😀",
    "1234",
    "'; DROP TABLE people; --",
    "=cmd|' /C calc'!A0",
    "%s %(x)s",
    "<script>alert(1)</script>",
    "\u202eilA",
    "علی Ali على",
    "x" * 4000,
    " ".join(["Mohammad"] * 500),
    "Ali\x00Reza",
    "\x07\x1b[31mAli",
    "\ufeffAli",
    "ＡＬＩ",
]


def test_rank_answers_odd_names_births_and_countries(tmp_path: Path, capsys) -> None:  # type: ignore[no-untyped-def]
    registry, queries = tmp_path / "r.csv", tmp_path / "q.csv"
    columns = ["ID", " Name", "birth_from", "birth_to", "sex", "country"]
    births = [("2009-12-31", "2009-01-01"), ("2009-13-45", "soon"), ("99999", ""), ("", "2009")]
    rows = [[str(n), name, *births[n % 4], "?", "ATLANTIS"] for n, name in enumerate(ODD_NAMES)]
    with registry.open("w", encoding="utf-8-sig", newline="") as file:  # with a mark of order
        csv.writer(file).writerows([columns, *rows])
    _write(queries, ["qid", *columns[1:]], rows)
    words = ["--registry", str(registry), "--queries", str(queries), "--json"]
    assert match_rank.run(_arguments(match_rank, words)) == 0
    found = json.loads(capsys.readouterr().out)["queries"]
    assert [one["qid"] for one in found] == [row[0] for row in rows]
    for one in found:
        assert one["ranked"] or one["note"]
        assert all({"id", "probability", "reasons"} <= set(answer) for answer in one["ranked"])
        assert len(one["ranked"]) <= 20


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"id,name\n1,Ali\n1,Omar\n", "twice"),
        (b"id,name\n,Ali\n", "no id in row 2"),
        (b"", "no column id"),
        (b"\xff\xfe\x00bad", "no column id"),
        (b"\xff\xfeodd", "not a CSV file in UTF-8"),
        (b'id,name\n1,"' + b"a" * 200_000 + b'"\n', "field larger than field limit"),
    ],
)
def test_a_bad_register_is_a_sentence(tmp_path: Path, capsys, content: bytes, said: str) -> None:  # type: ignore[no-untyped-def]
    registry = tmp_path / "r.csv"
    registry.write_bytes(content)
    words = ["--registry", str(registry), "--queries", str(registry), "--json"]
    assert match_rank.run(_arguments(match_rank, words)) == 1
    assert said in capsys.readouterr().err


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_spreadsheets_may_write_days_and_columns_their_way(
    tmp_path: Path, separator: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def table(name: str, rows: list[list[str]]) -> str:
        (tmp_path / name).write_text("\n".join(separator.join(row) for row in rows) + "\n")
        return str(tmp_path / name)

    head = ["name", "birth_from", "birth_to"]
    registry = table(
        "r.csv",
        [
            ["id", *head],
            ["1", "Ana", "31.12.2008", ""],
            ["2", "Ana", "5. 3. 2011.", ""],
            ["3", "Ana", "soon", ""],
        ],
    )
    queries = table(
        "q.csv",
        [
            ["qid", *head],
            ["a", "Ana", "2008-12-31 00:00", ""],
            ["b", "Ana", "", "2011-03"],
            ["c", "Ana", "2011-12-31", "2011-01-01"],
            ["d", "Ana", "30. februar", ""],
        ],
    )
    arguments = argparse.Namespace(registry=registry, queries=queries, json=True, top=20)
    assert match_rank.run(arguments) == 0
    printed = capsys.readouterr()
    assert "soon" in printed.err and "3:" in printed.err
    answers = {one["qid"]: one for one in json.loads(printed.out)["queries"]}
    assert [answers[qid]["ranked"][0]["id"] for qid in "abc"] == ["1", "2", "2"]
    assert "30. februar" in answers["d"]["note"] and not answers["a"].get("note")
