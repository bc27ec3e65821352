"""Splink over a keyed table, on Spark (or DuckDB, to try it): pairs that may be one person.

Belongs here: the model and the run, for an environment that holds pyspark and splink and nothing of
ours. Does not belong here: names (the table has none, see `prepare`), the verdict (`judge`).

    spark-submit --jars JAR link_on_spark.py TABLE.csv PAIRS.csv
    python link_on_spark.py TABLE.csv PAIRS.csv --engine duckdb

u is estimated from random pairs and m by expectation-maximisation without labels, as Splink's
documentation of training has it; term frequencies adjust names. JAR is Splink's own (its
`similarity_jar_location()`); the script finds it when the session is not made yet.
"""

import argparse
import csv
import sys
from pathlib import Path
from typing import Any

SEVERAL = "|"
LEAST = 0.05  # of Splink's probability: what the judge is to see
LISTS = ("words", "blocks")


def settings(rows: int, engine: str) -> Any:
    """The model: keyed words with their frequencies, births as intervals, a few facts."""
    import splink.comparison_library as comparisons
    from splink import SettingsCreator, block_on

    def exact(column: str, frequent: bool = False) -> Any:
        return comparisons.ExactMatch(column).configure(term_frequency_adjustments=frequent)

    return SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            exact("given", True),
            exact("family", True),
            birth(engine),
            exact("sex"),
            exact("country"),
            exact("father"),
            exact("mother"),
            exact("phone"),
            # Too rare for random pairs to teach, and its meaning is known: one number, one paper.
            comparisons.ExactMatch("document").configure(
                m_probabilities=[0.98, 0.02], u_probabilities=[1e-6, 1 - 1e-6]
            ),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("blocks", arrays_to_explode=["blocks"]),
            block_on("document"),
            block_on("phone"),
        ],
        probability_two_random_records_match=0.2 / max(rows, 2),
        retain_intermediate_calculation_columns=False,
    )


def birth(engine: str) -> Any:
    """Days of birth as intervals: the same day, overlapping, a year apart, further."""
    import splink.comparison_level_library as levels
    import splink.comparison_library as comparisons

    first, last = "greatest(born_from_l, born_from_r)", "least(born_to_l, born_to_r)"
    apart = {"spark": f"datediff({first}, {last})", "duckdb": f"date_diff('day', {last}, {first})"}[
        engine
    ]
    same = "born_from_l = born_to_l and born_from_l = born_from_r and born_to_l = born_to_r"
    return comparisons.CustomComparison(
        output_column_name="birth",
        comparison_levels=[
            levels.CustomLevel("born_from_l is null or born_from_r is null", "not known").configure(
                is_null_level=True
            ),
            levels.CustomLevel(same, "the same day"),
            levels.CustomLevel(f"{apart} <= 0", "may be one day"),
            levels.CustomLevel(f"{apart} <= 366", "a year apart"),
            levels.ElseLevel(),
        ],
    )


def train(linker: Any, rows: int) -> None:
    """u from random pairs; m by EM, twice, each time blocked on what the other estimates."""
    from splink import block_on

    linker.training.estimate_u_using_random_sampling(
        max_pairs=2e6, seed=1, num_chunks=1 if rows < 100_000 else 10
    )
    for columns in (("given", "family"), ("born_from", "sex")):
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*columns))


def on_duckdb(table: str, _scratch: str) -> tuple[Any, Any, int]:
    """(api, table ready for it, rows)."""
    import duckdb
    from splink import DuckDBAPI

    base = duckdb.connect()
    lists = ", ".join(f"string_split({name}, '{SEVERAL}') as {name}" for name in LISTS)
    base.execute(
        f"create table people as select * replace ({lists}, "  # noqa: S608 - our own columns
        "born_from::date as born_from, born_to::date as born_to) "
        f"from read_csv('{table}', header=true, all_varchar=true, nullstr='')"
    )
    rows = base.execute("select count(*) from people").fetchall()[0][0]
    api = DuckDBAPI(base)
    return api, api.register("people"), int(rows)


def on_spark(table: str, scratch: str) -> tuple[Any, Any, int]:
    """The same on the session of `spark-submit`, or one of this machine."""
    from pyspark.sql import SparkSession
    from pyspark.sql import functions as f
    from splink import SparkAPI
    from splink.backends.spark import similarity_jar_location

    session = (
        SparkSession.builder.appName("oslonac-duplicates")
        .config("spark.jars", similarity_jar_location())
        .getOrCreate()
    )
    people = session.read.csv(table, header=True, nullValue="")
    for name in LISTS:
        people = people.withColumn(name, f.split(f.col(name), "\\" + SEVERAL))
    for name in ("born_from", "born_to"):
        people = people.withColumn(name, f.to_date(f.col(name)))
    people = people.cache()
    session.sparkContext.setCheckpointDir(scratch or f"{Path(table).resolve().parent}/scratch")
    parts = int(session.conf.get("spark.sql.shuffle.partitions") or 200)
    api = SparkAPI(
        spark_session=session, break_lineage_method="parquet", num_partitions_on_repartition=parts
    )
    return api, api.register(people), people.count()


def _pairs(found: Any, engine: str) -> Any:
    """The pairs one by one; those of a cluster are never all on the machine that asked."""
    if engine == "duckdb":
        return found.as_record_list()
    return found.as_spark_dataframe().toLocalIterator()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("table")
    parser.add_argument("pairs")
    parser.add_argument("--engine", choices=("spark", "duckdb"), default="spark")
    parser.add_argument("--scratch", default="", help="folder every node can write to")
    args = parser.parse_args()
    from splink import Linker

    _api, people, rows = (on_spark if args.engine == "spark" else on_duckdb)(
        args.table, args.scratch
    )
    linker = Linker(people, settings(rows, args.engine))
    train(linker, rows)
    found = _pairs(linker.inference.predict(threshold_match_probability=LEAST), args.engine)
    with Path(args.pairs).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["left", "right", "probability"])
        for pair in found:
            writer.writerow(
                [pair["unique_id_l"], pair["unique_id_r"], round(pair["match_probability"], 6)]
            )
    print(f"{rows} records, pairs in {args.pairs}", file=sys.stderr)


if __name__ == "__main__":
    main()
