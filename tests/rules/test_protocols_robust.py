"""Nothing a pack's author or an events file can hold makes the loader, the checks or the engine
fall over: it is refused with a sentence, or it runs."""

import copy
import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from oslonac.kit.calendars import WorkCalendar
from oslonac.protocols.checking import check_paths
from oslonac.protocols.pack import files, load, load_folder
from oslonac.protocols.replaying import (
    BadEvents,
    Story,
    as_json,
    as_text,
    read_story,
    run_story,
    words_of,
)

FOLDER = Path(__file__).parents[2] / "packs" / "serbia" / "protocols"
SERBIA = WorkCalendar("Europe/Belgrade", "RS")
SMALL = [p for p in files([FOLDER]) if p.name != "csw-case-management.yaml"]
JUNK: list[Any] = [
    None,
    "",
    0,
    -1,
    10**30,
    True,
    [],
    {},
    "x",
    ["x"],
    [1],
    {"x": 1},
    "facts.x",
    "\u202e",
]
JUNK += [
    {"hours": 10**12},
    [[]],
    "a" * 600,
    1.5,
    "2026-13-45",
    {"event": 3},
    [None],
    "uasc",
    "None",
]


def _places(value: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in list(pairs):
        found.append((value, key))
        if isinstance(inner, dict | list):
            found += _places(inner)
    return found


def _spoil(values: Any, random_: random.Random) -> Any:
    spoiled = copy.deepcopy(values)
    for _ in range(random_.randrange(1, 4)):
        holder, key = random_.choice(_places(spoiled))
        try:
            if random_.random() < 0.2:
                del holder[key]
            elif random_.random() < 0.2 and isinstance(holder, dict):
                holder[random_.choice(["x", "due", "who", "each"])] = holder.pop(key)
            else:
                holder[key] = random_.choice(JUNK)
        except (IndexError, KeyError):
            continue
    return spoiled


@pytest.mark.parametrize("part", range(4))
def test_spoiled_protocols_are_refused_or_run(part: int, tmp_path: Path) -> None:
    originals = [load(path).document.values for path in SMALL]
    for seed in range(part * 100, part * 100 + 100):
        random_ = random.Random(seed)
        spoiled = _spoil(random_.choice(originals), random_)
        path = tmp_path / "spoiled.yaml"
        path.write_text(yaml.safe_dump(spoiled, allow_unicode=True), "utf-8")
        (report,) = check_paths([path])
        for problem in report.problems:
            assert problem.line >= 1, seed
            assert problem.message.rstrip().endswith((".", "?")), (seed, problem)


def test_any_data_in_events_can_be_replayed() -> None:
    protocols = load_folder(FOLDER)
    now = datetime(2026, 6, 1, tzinfo=UTC)
    for seed in range(150):
        random_ = random.Random(seed)
        protocol = random_.choice(protocols)
        names = [*protocol.graph.labelled, "clock.suspended", "clock.resumed", "clock.extended"]
        keys = ["concern", "placement", "appointment", "activity", "review_on", "last_day", "kind"]
        keys += ["amount", "unit", "until", "subject", "owner", "receiver", "due_on", "pathway"]
        events = [
            {
                "id": str(number),
                "activity": random_.choice(names),
                "at": (now - timedelta(hours=random_.randrange(5000))).isoformat(),
                "by_role": random_.choice(["", "police", "nobody"]),
                "data": {key: random_.choice(JUNK) for key in random_.sample(keys, 6)},
            }
            for number in range(30)
        ]
        facts = {key: random_.choice(JUNK) for key in ("priority", "informed_at", "manager_id")}
        story = read_story(json.dumps({"case": {"facts": facts}, "events": events}))
        try:
            run, found = run_story(protocol, story, now, SERBIA)
        except BadEvents:  # a clock would start with such a fact
            run, found = run_story(protocol, Story({}, story.events), now, SERBIA)
        words = words_of(protocol, "sr-Latn")
        json.dumps(as_json(protocol, run, found, now, words))
        assert as_text(protocol, found, now, words)


@pytest.mark.parametrize("text", ["", "{", "[" * 100_000, "null", '{"events": {}}', "\x00"])
def test_files_that_are_no_events_are_refused(text: str) -> None:
    with pytest.raises(BadEvents):
        read_story(text)


def story(text: str) -> Any:
    return read_story(text)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"events": [], "case": {"facts": {"x": NaN}}}', "NaN is no value of JSON"),
        ('{"events": [], "case": {"facts": {"x": %s}}}' % ("9" * 5000), "not JSON"),
        ('{"events": [], "case": {"facts": {"x": "\\ud800"}}}', "half a character"),
        ('{"events": [{"id": true, "activity": "x", "at": "2026-01-01T00:00Z"}]}', "has no id"),
        (
            '{"events": [{"id": 1, "activity": "x", "at": "2026-01-01T00:00Z", "by_role": ["x"]}]}',
            "is no text",
        ),
    ],
)
def test_odd_json_is_refused_with_a_sentence(text: str, sentence: str) -> None:
    with pytest.raises(BadEvents, match=sentence):
        story(text)


def test_a_mark_of_byte_order_is_no_reason_to_refuse() -> None:
    assert story('\ufeff{"events": []}').events == ()


@pytest.mark.parametrize(
    "moment",
    ["2026-03-03T09:00:00", "yesterday", "0001-01-01T00:00:00+14:00", "9999-12-31T23:00:00-12:00"],
)
def test_a_clock_does_not_start_from_a_fact_that_is_no_moment(moment: str) -> None:
    protocol = load(FOLDER / "csw-case-management.yaml").protocol
    assert protocol is not None
    told = story(json.dumps({"events": [], "case": {"facts": {"informed_at": moment}}}))
    with pytest.raises(BadEvents, match="informed_at"):
        run_story(protocol, told, datetime(2026, 3, 3, tzinfo=UTC), SERBIA)
