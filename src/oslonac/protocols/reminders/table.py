"""The plan of reminders of a country pack: `reminders.yaml`, read once a process.

    morning: "08:00"            # when reminders counted in days are sent, local time
    quiet: {from: "20:00", until: "07:00"}      # read by notices
    away_days: 7                # nobody responsible is there: the one above hears so long before
    mute_days: 14               # a reminder can be muted for at most so long
    terms:                      # the first that is long enough counts
      - up_to_hours: 24
        round_the_clock: true   # quiet hours do not hold
        norm:                   # what a verified norm sets; hours, days or working_days from the
          - {id: due, to: responsible, hours: 0}      # deadline, negative before it
        guidance: []            # the rest

Without the file nobody is reminded of anything by itself; pages show what is due all the same.
"""

from datetime import time, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from oslonac.protocols.reminders.plan import AWAY, Level, Plan, Stage, Term

FILE = "reminders.yaml"
UNITS = ("hours", "days", "working_days")
FURTHEST_DAYS = 366


class BadPlan(ValueError):
    """The table of reminders cannot be used; the sentence says why."""


@lru_cache(maxsize=4)
def load_plan(folder: Path) -> Plan:
    """The plan of a pack's folder. Raises BadPlan."""
    path = folder / FILE
    if not path.is_file():
        return Plan(())
    try:
        return plan_of(yaml.safe_load(path.read_text("utf-8")))
    except (yaml.YAMLError, BadPlan) as error:
        raise BadPlan(f"{path}: {error}") from None


def plan_of(values: Any) -> Plan:
    """The plan that a file's values say. Raises BadPlan."""
    if not isinstance(values, dict) or not isinstance(values.get("terms"), list):
        raise BadPlan("“terms” must be a list of rows.")
    terms = tuple(_term(raw, place) for place, raw in enumerate(values["terms"], 1))
    limits = [t.up_to or timedelta.max for t in terms]
    if limits != sorted(limits):
        raise BadPlan("The rows of “terms” must go from short to long.")
    return Plan(
        terms,
        time.fromisoformat(str(values.get("morning", "08:00"))),
        timedelta(days=_number(values.get("away_days", 7), "away_days")),
        timedelta(days=_number(values.get("mute_days", 14), "mute_days")),
    )


def _term(raw: Any, place: int) -> Term:
    if not isinstance(raw, dict):
        raise BadPlan(f"Row {place} of “terms” is no map.")
    hours = raw.get("up_to_hours")
    return Term(
        timedelta(hours=_number(hours, "up_to_hours")) if hours is not None else None,
        _stages(raw.get("norm"), place),
        _stages(raw.get("guidance"), place),
        bool(raw.get("round_the_clock", False)),
    )


def _stages(raw: Any, place: int) -> tuple[Stage, ...]:
    stages = tuple(_stage(each, place) for each in raw or ())
    ids = [stage.id for stage in stages]
    if len(set(ids)) < len(ids) or AWAY in ids:
        raise BadPlan(f"Row {place} of “terms”: every reminder has an id of its own, not “{AWAY}”.")
    return stages


def _stage(raw: Any, place: int) -> Stage:
    units = [unit for unit in UNITS if isinstance(raw, dict) and unit in raw]
    if len(units) != 1 or not raw.get("id") or len(str(raw["id"])) > 20:
        message = "a reminder has an id of at most 20 characters and one of hours, days or "
        raise BadPlan(f"Row {place} of “terms”: {message}working_days.")
    if raw.get("to") not in list(Level):
        raise BadPlan(f"Row {place} of “terms”: “to” is one of {', '.join(Level)}.")
    count = _number(raw[units[0]], units[0], signed=True)
    if units[0] == "hours":
        return Stage(str(raw["id"]), Level(raw["to"]), hours=count)
    return Stage(str(raw["id"]), Level(raw["to"]), days=count, working=units[0] == "working_days")


def _number(raw: Any, name: str, *, signed: bool = False) -> int:
    most = FURTHEST_DAYS * (24 if "hours" in name else 1)
    if isinstance(raw, bool) or not isinstance(raw, int) or abs(raw) > most:
        raise BadPlan(f"“{name}” must be a whole number, at most {most}.")
    if raw < 0 and not signed:
        raise BadPlan(f"“{name}” must not be negative.")
    return raw
