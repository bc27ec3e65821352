"""Replay, draw, table, export and the comparison of versions."""

import json
import xml.etree.ElementTree as ET
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from oslonac.config.cli import main
from oslonac.kit.calendars import WorkCalendar
from oslonac.protocols.booklet import booklet
from oslonac.protocols.dcr_xml import export
from oslonac.protocols.drawing import draw
from oslonac.protocols.pack import load, load_folder
from oslonac.protocols.replaying import BadEvents, Happened, read_story
from oslonac.protocols.versions import Kind, diff
from tests.next_version import next_version, version_of

FOLDER = Path(__file__).parents[2] / "packs" / "serbia" / "protocols"
PACK = load_folder(FOLDER)
STORY: dict[str, Any] = {
    "case": {
        "facts": {"accompaniment": "unaccompanied", "informed_at": "2026-03-01T22:10:00+01:00"}
    },
    "events": [
        {"id": "e1", "activity": "case.opened", "at": "2026-03-02T07:10:00+01:00"},
        {
            "id": "e2",
            "activity": "guardian.appointed",
            "at": "2026-03-02T08:00:00+01:00",
            "by_role": "police",
            "data": {"appointment": "a", "form": "oral"},
        },
    ],
}


def replayed(tmp_path: Path, *more: str, story: Any = STORY) -> int:
    (tmp_path / "e.json").write_text(json.dumps(story), "utf-8")
    file = str(FOLDER / "guardianship.yaml")
    events = str(tmp_path / "e.json")
    now = "2026-03-03T12:00:00+01:00"
    return main(["protocol", "replay", file, "--events", events, "--now", now, *more])


def test_replay_answers_programs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert replayed(tmp_path, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    version = version_of((FOLDER / "guardianship.yaml").read_text("utf-8"))
    assert (found["protocol"], found["version"]) == ("guardianship", version)
    duties = {duty["activity"]: duty for duty in found["obligations"]}
    place, appoint, write, decide = (
        duties.pop(activity)
        for activity in (
            "place_provisionally",
            "appoint_guardian",
            "write_guardian",
            "decide_in_writing",
        )
    )
    assert not duties
    # Family Law, Art. 332(2) and (4): 24 hours and 30 days from learning of the need.
    assert (place["state"], place["due"]) == ("open", "2026-03-02T22:10:00+01:00")
    assert (decide["state"], decide["due"]) == ("open", "2026-03-31T23:59:00+02:00")
    assert place["verified"] and decide["verified"]
    assert (appoint["activity"], appoint["state"]) == ("appoint_guardian", "done")
    assert appoint["since"] == "2026-03-01T22:10:00+01:00"
    assert (write["state"], write["overdue"]) == ("open", True)
    assert write["due"] == "2026-03-03T08:00:00+01:00"
    assert write["overdue_seconds"] == 4 * 3600
    assert write["why"] == ["e2"]
    assert found["deviations"][0]["missing"][0]["obstacle"] == "role"
    pending = ["decide_in_writing[a]", "place_provisionally", "write_guardian[a]"]
    assert found["state"]["pending"] == pending
    kinds = ("obligations", "possibilities", "blocks", "deviations")
    assert all(one["sentence"] for kind in kinds for one in found[kind])


def test_replay_tells_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert replayed(tmp_path, "--language", "sr-Latn") == 0
    told = "(a): rok je prekoračen za 4 "
    assert told in capsys.readouterr().out
    assert replayed(tmp_path, "--language", "en") == 0
    assert "(a) is late by" in capsys.readouterr().out


@pytest.mark.parametrize(
    "story",
    [
        [],
        {},
        {"events": [1]},
        {"events": [{"id": "1", "activity": "x"}]},
        {"events": [{"id": "1", "activity": "x", "at": "2026-03-01T10:00:00"}]},
        {"events": [{"id": "1", "activity": "x", "at": "9999-12-31T23:59:59+00:00"}]},
        {"events": [{"id": "1", "activity": "x", "at": "soon"}]},
        {"events": [], "case": {"facts": []}},
        {"events": [{"id": "1", "activity": "x", "at": "2026-03-01T10:00:00Z"}] * 2},
        {"events": [{"id": "1", "activity": "x", "at": "2026-03-01T10:00:00Z", "data": 3}]},
    ],
)
def test_events_that_cannot_be_used_are_refused_in_a_sentence(
    story: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(BadEvents):
        read_story(json.dumps(story))
    assert replayed(tmp_path, story=story) == 1
    assert capsys.readouterr().err.strip().endswith(".")


@pytest.mark.parametrize("protocol", PACK, ids=lambda p: p.id)
def test_every_protocol_is_drawn_told_and_exported(protocol: Any) -> None:
    picture = ET.fromstring(draw(protocol, "sr-Cyrl"))  # noqa: S314 - our own
    boxes = [e for e in picture.iter() if (e.get("id") or "").startswith("activity-")]
    assert len(boxes) == len(protocol.steps)
    assert not [e for e in picture.iter() if e.get("style")]
    assert picture.get("role") == "img"
    rows = [row for section in booklet(protocol, "sr-Latn") for row in section.rows]
    assert {row.id for row in rows} == {s.id for s in protocol.steps.values() if not s.observed}
    assert all(row.what and row.who for row in rows)
    xml = ET.fromstring(export(protocol))  # noqa: S314 - our own
    events = {e.get("id") for e in xml.findall("./specification/resources/events/event")}
    assert events == set(protocol.graph.activities)
    ends = {
        e.get(k)
        for e in xml.findall("./specification/constraints//")
        for k in ("sourceId", "targetId")
    }
    assert ends - {None} <= events


def test_the_table_says_who_does_what_when_and_how() -> None:
    (protocol,) = [p for p in PACK if p.id == "guardianship"]
    rows = {row.id: row for section in booklet(protocol) for row in section.rows}
    row = rows["hand_over_guardian"]
    assert row.what == "Hand over between guardians, with the child"
    assert row.who[0] == "case_manager"
    (term,) = row.when
    assert term.text == "within 3 working days after “A new guardian takes over from another”"
    # The law says how it is handed over and not in how many days.
    assert not term.verified
    assert term.source.startswith("Family Law; the number of days is this pack's, Art. 336(3)")


def test_draw_writes_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = str(FOLDER / "transit.yaml")
    assert main(["protocol", "draw", file, "--out", str(tmp_path / "t.svg")]) == 0
    assert "<style>" in (tmp_path / "t.svg").read_text("utf-8")
    assert main(["protocol", "draw", file, "--as", "xml"]) == 0
    assert capsys.readouterr().out.startswith("<?xml")
    assert main(["protocol", "draw", file, "--out", str(tmp_path / "none" / "t.svg")]) == 1


def test_a_new_version_shows_what_a_move_would_change(tmp_path: Path) -> None:
    text = (FOLDER / "guardianship.yaml").read_text("utf-8")
    text = next_version(text)
    text = text.replace(
        "{after: oral_appointment, within: {hours: 24}}",
        "{after: oral_appointment, within: {hours: 48}}",
    )
    text = text.replace(
        "{after: new_guardian, within: {working_days: 3}}", "{after: oral_appointment}"
    )
    (tmp_path / "g.yaml").write_text(text, "utf-8")
    old = load(FOLDER / "guardianship.yaml").protocol
    new = load(tmp_path / "g.yaml").protocol
    assert old is not None
    assert new is not None
    at = datetime(2026, 3, 2, 8, tzinfo=UTC)
    events = [Happened("e", "guardian.appointed", at, {"appointment": "a", "form": "oral"})]
    changes = diff(old, new, events, {}, WorkCalendar("Europe/Belgrade", "RS"), at)
    found = {(c.kind, c.activity): (c.before, c.after) for c in changes}
    assert found[Kind.DUE, "write_guardian"] == (
        "2026-03-03T08:00:00+00:00",
        "2026-03-04T08:00:00+00:00",
    )
    assert (Kind.ADDED, "hand_over_guardian") in found
    assert diff(old, old, events, {}, WorkCalendar("Europe/Belgrade", "RS"), at) == []
