"""Everything that is wrong with a country pack, and what was counted in it: the register, the
procedures, and the files that single packages read."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from oslonac.protocols.reading import Problem


@dataclass(frozen=True)
class Result:
    problems: list[Problem]
    counts: dict[str, int]

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.problems if not problem.warning]


def check_pack(folder: Path) -> Result:
    """Check a whole pack. Needs settings, but no database."""
    from oslonac.directory.checking import check
    from oslonac.protocols.checking import check_paths
    from oslonac.protocols.pack import vocabulary_problems

    found = check(folder)
    reports = check_paths([folder])
    problems = [*found.problems, *vocabulary_problems(folder / "protocols")]
    problems += [problem for report in reports for problem in report.problems]
    problems += _others(folder)
    if not reports:
        where = str(folder / "protocols")
        problems.append(Problem(where, 1, "pack", "There is no procedure: nothing would be due."))
    problems.sort(key=lambda problem: problem.warning)
    return Result(problems, found.counts | {"procedures": len(reports)})


def _others(folder: Path) -> Iterator[Problem]:
    """Files with a reader of their own, which tells the first thing that is wrong."""
    from oslonac.protocols.reminders.table import BadPlan, load_plan
    from oslonac.retention.periods import FILE_NAME, BadPeriods, read

    try:
        load_plan(folder)
    except BadPlan as bad:
        yield Problem(str(folder / "reminders.yaml"), 1, "pack", str(bad))
    periods = folder / FILE_NAME
    try:
        if periods.is_file():
            read(periods.read_text("utf-8"))
    except BadPeriods as bad:
        yield Problem(str(periods), 1, "pack", str(bad))
