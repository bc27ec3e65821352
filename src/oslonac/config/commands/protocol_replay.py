"""Run a procedure on a file of events: what must, may and may not be done at a given time."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from oslonac.country.values import Country
    from oslonac.kit.calendars import WorkCalendar


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="the procedure, a YAML file")
    parser.add_argument("--events", type=Path, required=True, help="what happened, a JSON file")
    parser.add_argument("--now", required=True, help="such as 2026-03-03T12:00:00+01:00")
    parser.add_argument("--zone", help="where days begin and end (default: the pack's zone)")
    parser.add_argument("--country", help="whose public holidays, ISO 3166-1 (default: the pack's)")
    parser.add_argument("--language", default="en", help="of the titles")
    parser.add_argument("--json", action="store_true", help="for programs")


def run(args: argparse.Namespace) -> int:
    """Exit status 0 when it ran, 1 when the procedure or the events cannot be used."""
    from oslonac.access.roles import of_country
    from oslonac.config import bootstrap, datafolder
    from oslonac.config.messages import wording_of
    from oslonac.config.packfolder import pack_around
    from oslonac.country.reading import BadPack, read_country
    from oslonac.protocols import replaying
    from oslonac.protocols.dcr.running import CONTROLS
    from oslonac.protocols.pack import load, vocabulary_of

    datafolder.make_folders()
    bootstrap.setup_django()  # the rooms declare the events that procedures may name
    loaded = load(args.file)
    if loaded.protocol is None:
        for problem in loaded.problems:
            print(problem, file=sys.stderr)
        return 1
    try:
        country = read_country(pack_around(args.file))
        calendar = _calendar(args, country)
        now = replaying.instant(args.now, "--now")
        story = replaying.read_story(args.events.read_text("utf-8"), of_country(country))
        executed, found = replaying.run_story(loaded.protocol, story, now, calendar)
    except (OSError, UnicodeDecodeError) as error:
        print(f"The events file cannot be read: {error}.", file=sys.stderr)
        return 1
    except (replaying.BadEvents, BadPack, NotImplementedError) as error:
        print(error, file=sys.stderr)
        return 1
    known = {*vocabulary_of([args.file]).events, *CONTROLS}
    for name in replaying.unknown_names(loaded.protocol, story, known):
        message = f"Nobody knows an event or activity “{name[:80]}”; it changes nothing."
        print(message, file=sys.stderr)
    say = wording_of(args.language)
    words = replaying.words_of(loaded.protocol, args.language, say, zone=calendar.zone)
    if args.json:
        answer = replaying.as_json(loaded.protocol, executed, found, now, words)
        print(json.dumps(answer, ensure_ascii=False, indent=1, default=str))
    else:
        print("\n".join(replaying.as_text(loaded.protocol, found, now, words)))
    return 0


def _calendar(args: argparse.Namespace, country: "Country") -> "WorkCalendar":
    """That of the pack around the file, with what was said otherwise. Raises BadEvents."""
    from dataclasses import replace

    from oslonac.kit.calendars import WorkCalendar

    calendar = country.calendar
    if args.country:
        calendar = WorkCalendar(calendar.zone, args.country)
    return replace(calendar, zone=_zone(args.zone).key) if args.zone else calendar


def _zone(name: str) -> "ZoneInfo":
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    from oslonac.protocols.replaying import BadEvents

    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        raise BadEvents(f"There is no time zone “{name}”.") from None
