"""Deadlines: days without work, what was decided, the age of the ground, slips of the pen."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from oslonac.config.cli import main
from oslonac.kit.calendars import WorkCalendar
from oslonac.kit.wording import ENGLISH
from oslonac.protocols.checking import check_paths
from oslonac.protocols.dcr.execution import replay
from oslonac.protocols.dcr.state import Obligation, obligations
from oslonac.protocols.pack import load
from oslonac.protocols.protocol import Protocol
from oslonac.protocols.replaying import Happened

SERBIA = WorkCalendar("Europe/Belgrade", "RS")
ZONE = ZoneInfo("Europe/Belgrade")
FRIDAY = datetime(2026, 12, 11, 10, 0, tzinfo=ZONE)
HEAD = """protocol: small
version: 1
title: {en: Small}
sources:
  law: {title: {en: Law}, verified: true, as_of: %s}
  days: {title: {en: Law on days}, verified: true}
activities:
  - {id: opened, title: {en: Opened}, observed: true}
  - {id: again, title: {en: Again}, observed: true}
  - id: visit
    title: {en: Visit}
    who: case_manager
    source: law
    due:
"""


def protocol(tmp_path: Path, *due: str, as_of: str = "2013") -> Protocol:
    lines = "".join(f"      - {one}\n" for one in due)
    (tmp_path / "small.yaml").write_text(HEAD % as_of + lines, "utf-8")
    found = load(tmp_path / "small.yaml")
    assert found.protocol is not None, found.problems
    return found.protocol


def event(name: str, at: datetime, **data: Any) -> Happened:
    return Happened(f"{name}{at:%m%d%H}", name, at, data)


def last(found: Protocol, *events: Happened, **facts: Any) -> Obligation:
    return obligations(replay(found.graph, events, facts, SERBIA))[-1]


def local_day(moment: datetime | None) -> date:
    assert moment is not None
    return moment.astimezone(ZONE).date()


@pytest.mark.parametrize(
    ("within", "start", "stands", "rolled"),
    [
        ("calendar_days: 8", FRIDAY, date(2026, 12, 19), date(2026, 12, 21)),  # Saturday
        ("calendar_days: 9", FRIDAY, date(2026, 12, 20), date(2026, 12, 21)),  # Sunday
        ("calendar_days: 10", FRIDAY, date(2026, 12, 21), date(2026, 12, 21)),  # Monday
        ("calendar_days: 21", FRIDAY, date(2027, 1, 1), date(2027, 1, 4)),  # New Year, weekend
        ("calendar_days: 27", FRIDAY, date(2027, 1, 7), date(2027, 1, 8)),  # Christmas
        ("hours: 48", FRIDAY, date(2026, 12, 13), date(2026, 12, 14)),
        ("months: 1", FRIDAY - timedelta(days=2), date(2027, 1, 9), date(2027, 1, 11)),
    ],
)
def test_a_deadline_on_a_day_without_work_stands_or_moves_as_its_file_says(
    tmp_path: Path, within: str, start: datetime, stands: date, rolled: date
) -> None:
    for ends, expected in (("", stands), ("that_day", stands), ("next_working_day", rolled)):
        more = f", day_off: {{ends: {ends}, source: days}}" if ends else ""
        found = protocol(tmp_path, f"{{after: opened, within: {{{within}}}{more}}}")
        assert local_day(last(found, event("opened", start)).due) == expected, ends
    moved = last(found, event("opened", start)).due
    if rolled != stands:
        assert moved == datetime(*rolled.timetuple()[:3], 23, 59, tzinfo=ZONE).astimezone(UTC)


def test_a_date_from_an_event_moves_too_and_one_that_was_decided_on_stands(tmp_path: Path) -> None:
    due = "{after: opened, on: data.due_on, day_off: {ends: next_working_day}}"
    opened = event("opened", FRIDAY, due_on="2026-12-19")
    found = protocol(tmp_path, due)
    assert local_day(last(found, opened).due) == date(2026, 12, 21)
    hour = FRIDAY + timedelta(hours=1)
    given = event("clock.extended", hour, activity="visit", until="2026-12-27")
    assert local_day(last(found, opened, given).due) == date(2026, 12, 27)
    longer = event("clock.extended", hour, activity="visit", amount=1, unit="calendar_days")
    assert local_day(last(found, opened, longer).due) == date(2026, 12, 21)


@pytest.mark.parametrize(
    "day_off",
    ["monday", "{ends: monday}", "{source: days}", "{ends: that_day, source: none}", "[that_day]"],
)
def test_a_slip_in_a_day_without_work_is_told(tmp_path: Path, day_off: str) -> None:
    text = f"      - {{after: opened, within: {{hours: 1}}, day_off: {day_off}}}\n"
    (tmp_path / "small.yaml").write_text(HEAD % 2013 + text, "utf-8")
    assert load(tmp_path / "small.yaml").protocol is None


def test_what_was_decided_about_a_clock_outlives_a_later_event(tmp_path: Path) -> None:
    due = [f"{{after: {each}, within: {{calendar_days: 10}}}}" for each in ("opened", "again")]
    found = protocol(tmp_path, *due)
    opened = event("opened", FRIDAY)
    again = event("again", FRIDAY + timedelta(days=2))
    halted = event("clock.suspended", FRIDAY + timedelta(days=1), activity="visit")
    assert last(found, opened, halted, again).standing == "suspended"
    later = event("clock.resumed", FRIDAY + timedelta(days=7), activity="visit")
    resumed = last(found, opened, halted, again, later)
    assert (resumed.standing, local_day(resumed.due)) == ("open", date(2026, 12, 28))
    given = event(
        "clock.extended", FRIDAY + timedelta(days=1), activity="visit", until="2027-02-01"
    )
    assert local_day(last(found, opened, given, again).due) == date(2027, 2, 1)
    assert given.id in last(found, opened, given, again).why


def test_an_exception_is_a_decision_that_holds_until_it_is_taken_back(tmp_path: Path) -> None:
    due = [f"{{after: {each}, within: {{calendar_days: 10}}}}" for each in ("opened", "again")]
    found = protocol(tmp_path, *due)
    opened = event("opened", FRIDAY)
    excepted = event("clock.excepted", FRIDAY + timedelta(days=1), activity="visit")
    again = event("again", FRIDAY + timedelta(days=2))
    assert last(found, opened, excepted).standing == "void"
    assert last(found, opened, excepted, again).standing == "void"
    back = event("clock.resumed", FRIDAY + timedelta(days=3), activity="visit")
    held = last(found, opened, excepted, again, back)
    assert (held.standing, local_day(held.due)) == ("open", date(2026, 12, 23))
    other = event("clock.excepted", FRIDAY + timedelta(days=1), activity="another")
    assert last(found, opened, other).standing == "open"


def warned(tmp_path: Path, *due: str) -> list[str]:
    protocol(tmp_path, *due)
    (report,) = check_paths([tmp_path])
    return [p.code for p in report.warnings if p.code == "buys_time"]


def test_a_later_event_that_buys_time_is_warned_of(tmp_path: Path) -> None:
    first, later = "{after: opened, within: {hours: 24}", "{after: again, within: {hours: 240}"
    assert warned(tmp_path, first + "}", later + "}")
    assert warned(tmp_path, later + "}", first + "}")
    assert not warned(tmp_path, first + "}", later + ", keep: true}")
    assert not warned(tmp_path, first + "}", later + ", keep: false}")  # it is meant
    urgent, regular = "when: facts.priority == 'urgent'", "when: facts.priority == 'regular'"
    assert not warned(tmp_path, f"{first}, {urgent}}}", f"{later}, {regular}}}")
    assert not warned(tmp_path, first + "}", "{after: visit, within: {hours: 240}}")


@pytest.mark.parametrize(
    ("as_of", "told"),
    [
        ("2013", "Law (text of 2013, 13 years old)"),
        ("2025-12-12", "Law (text of 2025-12-12)"),
        ("2025-12-10", "Law (text of 2025-12-10, 1 year old)"),
        ("2026", "Law (text of 2026)"),
    ],
)
def test_a_ground_is_cited_with_the_age_of_its_text(tmp_path: Path, as_of: str, told: str) -> None:
    found = protocol(tmp_path, "{after: opened, within: {hours: 1}}", as_of=f'"{as_of}"')
    assert found.sources["law"].aged("en", ENGLISH, date(2026, 12, 11)) == told


def test_what_is_late_says_by_which_state_of_the_law(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    protocol(tmp_path, "{after: opened, within: {hours: 1}}")
    story = {"events": [{"id": 1, "activity": "opened", "at": FRIDAY.isoformat()}]}
    (tmp_path / "e.json").write_text(json.dumps(story), "utf-8")
    arguments = ["--events", str(tmp_path / "e.json"), "--now", "2026-12-20T10:00:00+01:00"]
    assert main(["protocol", "replay", str(tmp_path / "small.yaml"), *arguments]) == 0
    told = capsys.readouterr().out
    assert "is late by" in told
    assert "Law (text of 2013, 13 years old)" in told


@pytest.mark.parametrize(
    ("hours", "runs"),
    [("16", True), ("0x10", False), ("1:30", False), ("010", False), ("1_0", False)],
)
def test_a_number_is_what_a_reader_takes_for_one(tmp_path: Path, hours: str, runs: bool) -> None:
    text = HEAD % 2013 + f"      - {{after: opened, within: {{hours: {hours}}}}}\n"
    (tmp_path / "small.yaml").write_text(text, "utf-8")
    assert (load(tmp_path / "small.yaml").protocol is not None) is runs


@pytest.mark.parametrize("sign", ["\u202e", "\u2066", "\\u202e", "\\x07"])
def test_characters_that_hide_what_is_written_are_refused(tmp_path: Path, sign: str) -> None:
    text = HEAD.replace("{en: Small}", f'{{en: "a{sign}b"}}') % 2013
    (tmp_path / "small.yaml").write_text(text + "      - {after: opened}\n", "utf-8")
    assert [p.code for p in load(tmp_path / "small.yaml").problems] in (["hidden"], ["yaml"])


def test_a_procedure_without_activities_does_not_run(tmp_path: Path) -> None:
    text = "protocol: small\nversion: 1\ntitle: {en: Small}\nactivities: []\n"
    (tmp_path / "small.yaml").write_text(text, "utf-8")
    assert load(tmp_path / "small.yaml").protocol is None


def test_ids_of_one_instant_are_in_the_order_people_count(tmp_path: Path) -> None:
    found = protocol(tmp_path, "{after: opened, within: {hours: 1}}")
    one, two = Happened("9", "opened", FRIDAY), Happened("10", "visit", FRIDAY)
    assert last(found, two, one).standing == "done"
    assert last(found, Happened("e10", "visit", FRIDAY), Happened("e9", "opened", FRIDAY)).done_at


def test_a_fact_later_than_the_event_puts_no_duty_off(tmp_path: Path) -> None:
    found = protocol(tmp_path, "{after: opened, within: {hours: 24}, from: facts.informed_at}")
    opened = event("opened", FRIDAY)
    in_a_year = last(found, opened, informed_at=FRIDAY + timedelta(days=365))
    assert in_a_year.due == FRIDAY + timedelta(hours=24)
    before = last(found, opened, informed_at=FRIDAY - timedelta(hours=3))
    assert before.due == FRIDAY + timedelta(hours=21)


def test_the_table_in_markdown_is_nothing_but_a_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (
        'protocol: small\nversion: 1\ntitle: {en: "<script>a</script>"}\nactivities:\n'
        '  - {id: aa, title: {en: "<b>x</b> & | `y` \\n# z [l](u) *k*"}, who: head}\n'
    )
    (tmp_path / "small.yaml").write_text(text, "utf-8")
    assert main(["protocol", "draw", str(tmp_path / "small.yaml"), "--as", "table"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "<" not in "".join(lines)
    (row,) = [line for line in lines if "&amp;" in line]
    assert row.replace("\\|", "").count("|") == 6
    assert "\\`y\\` \\# z \\[l\\](u) \\*k\\*" in row
