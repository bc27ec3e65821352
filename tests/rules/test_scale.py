"""Duplicates past one machine: a table without a name, a job for Spark, pairs judged with names."""

import argparse
import csv
import json
import os
import shutil
import subprocess
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from oslonac.matching.files import BadTable
from oslonac.matching.persons import Record
from tools.commands import match_scale
from tools.scale import link_on_spark
from tools.scale.judge import judged
from tools.scale.prepare import COLUMNS, Keyed
from tools.trial import doubles

DAY = date(2009, 4, 3)
BOY = Record(
    names=("Nabi Khalid Zarghun",),
    birth_from=DAY,
    birth_to=DAY,
    sex="m",
    phones=frozenset(("+38160111222",)),
)
# Python of an environment that holds splink and pyspark; neither is ever among our own.
PYTHON = os.environ.get("OSLONAC_SPARK_PYTHON", "")
JOB = link_on_spark.__file__


def row(record: Record, secret: bytes = b"s" * 32) -> dict[str, str]:
    return dict(zip(COLUMNS, Keyed(secret).row("1", record), strict=True))


def test_one_name_in_two_scripts_has_the_same_keys() -> None:
    latin, arabic = row(BOY), row(replace(BOY, names=("نبی خالد زرغون",)))
    assert set(latin["words"].split("|")) & set(arabic["words"].split("|"))
    assert set(latin["blocks"].split("|")) & set(arabic["blocks"].split("|"))


def test_the_table_holds_no_name_and_no_phone() -> None:
    said = " ".join(row(BOY).values())
    assert not any(word in said for word in ("Nabi", "Zarghun", "NBZ", "khalid", "111222"))


def test_keys_of_another_run_are_others() -> None:
    assert row(BOY)["given"] != row(BOY, b"t" * 32)["given"]


def test_pairs_that_came_back_are_judged_with_names() -> None:
    twin = replace(BOY, names=("Farid Khalid Zarghun",))
    persons = [("a", BOY), ("b", replace(BOY, names=("نبی خالد زرغون",))), ("c", twin)]
    assert _judged(persons, [("b", "a"), ("a", "c"), ("b", "c")]) == [("a", "b")]


def test_a_pair_of_somebody_unknown_is_a_sentence() -> None:
    with pytest.raises(BadTable, match="'z', which the register does not hold"):
        _judged([("a", BOY)], [("a", "z")])


def test_prepare_and_judge_from_the_command(tmp_path: Path, capsys) -> None:  # type: ignore[no-untyped-def]
    register, table = _register(tmp_path, 40), tmp_path / "t.csv"
    assert _run(["prepare", "--registry", str(register), "--table", str(table), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["records"] == len(doubles.make(40, 12).records)
    assert table.stat().st_mode & 0o077 == 0
    pairs = tmp_path / "p.csv"
    pairs.write_text("left,right,probability\n0,1,0.9\n", encoding="utf-8")
    assert _run(["judge", "--registry", str(register), "--pairs", str(pairs), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["compared"] == 1
    assert _run(["prepare", "--registry", str(register)]) == 2
    assert _run(["judge", "--registry", str(tmp_path / "none"), "--pairs", str(pairs)]) == 1


@pytest.mark.long
@pytest.mark.parametrize("engine", ["duckdb", "spark"])
def test_the_job_finds_what_one_machine_finds(tmp_path: Path, engine: str, capsys) -> None:  # type: ignore[no-untyped-def]
    python = PYTHON or shutil.which("python-with-splink") or ""
    if not python:
        pytest.skip("No environment with splink: name its Python in OSLONAC_SPARK_PYTHON.")
    needs = "splink" if engine == "duckdb" else "pyspark"
    if subprocess.run([python, "-c", f"import {needs}"], check=False).returncode:
        pytest.skip(f"{python} holds no {needs}.")
    if engine == "spark" and not shutil.which("java"):
        pytest.skip("No Java here, and Spark is written in it.")
    register = _register(tmp_path, 1500)
    table, pairs = tmp_path / "t.csv", tmp_path / "p.csv"
    assert _run(["prepare", "--registry", str(register), "--table", str(table)]) == 0
    small = "--conf spark.sql.shuffle.partitions=2 --conf spark.ui.enabled=false pyspark-shell"
    subprocess.run(
        [python, JOB, str(table), str(pairs), "--engine", engine],
        check=True,
        env={**os.environ, "PYSPARK_SUBMIT_ARGS": small},
        timeout=1500,
    )
    capsys.readouterr()
    assert _run(["judge", "--registry", str(register), "--pairs", str(pairs), "--json"]) == 0
    groups = json.loads(capsys.readouterr().out)["clusters"]
    children = doubles.make(1500, 12).children
    kept = [len({children[int(each)] for each in group["ids"]}) == 1 for group in groups]
    assert len(kept) >= 30
    assert sum(kept) / len(kept) >= 0.9


def _judged(
    persons: list[tuple[str, Record]], pairs: list[tuple[str, str]]
) -> list[tuple[str, ...]]:
    import tempfile

    with tempfile.NamedTemporaryFile("w", suffix=".csv", newline="") as file:
        csv.writer(file).writerows([("left", "right"), *pairs])
        file.flush()
        answer = judged(persons, Path(file.name), at=0.9, expected=0.1)
    return [tuple(answer.ids[row] for row in cluster.rows) for cluster in answer.found.clusters]


def _register(folder: Path, size: int) -> Path:
    path = folder / "r.csv"
    made = doubles.make(size, 12)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "name", "birth_from", "birth_to", "sex", "phone", "document"])
        for number, one in enumerate(made.records):
            writer.writerow(
                [
                    number,
                    one.names[0],
                    one.birth_from,
                    one.birth_to,
                    one.sex,
                    ";".join(one.phones),
                    ";".join(one.documents),
                ]
            )
    return path


def _run(words: list[str]) -> int:
    parser = argparse.ArgumentParser()
    match_scale.add_arguments(parser)
    return match_scale.run(parser.parse_args(words))
