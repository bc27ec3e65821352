"""Whether the libraries were renewed within the time that docs/security/updates.md gives.

Every pin is at most as old as the day on which all of them were last taken anew (`make renew`
writes it down). Known weaknesses are another question, which needs a network: `make audit`, which
asks this one too. Run as `python -m oslonac.config.health.libraries`: ends with 1 when it is late.
"""

import sys
from datetime import UTC, date, datetime
from pathlib import Path

from oslonac.config.health.finding import Finding, error, ok, warning

RENEWED = Path(__file__).resolve().parents[4] / "requirements" / "renewed-on"
MOST_DAYS = 92  # three months, as updates.md says
SOON_DAYS = 14


def renewed(*, today: date | None = None, noted: Path = RENEWED) -> Finding:
    """How long ago all pins were taken anew."""
    now = today or datetime.now(UTC).date()
    try:
        day = date.fromisoformat(noted.read_text().strip())
    except (OSError, ValueError):
        return warning(
            "libraries",
            "When the libraries were last renewed is not written down.",
            "Run `make renew` in the source, test, and install from its pins.",
        )
    age = (now - day).days
    if age > MOST_DAYS:
        return error(
            "libraries",
            f"The libraries were last renewed on {day}, {age} days ago; {MOST_DAYS} are allowed.",
            "Run `make renew` in the source, test, and install from its pins.",
        )
    if age > MOST_DAYS - SOON_DAYS:
        return warning(
            "libraries",
            f"The libraries were last renewed on {day}; {MOST_DAYS - age} days are left.",
            "Run `make renew` in the source, test, and install from its pins.",
        )
    return ok("libraries", f"The libraries were renewed on {day}, {max(age, 0)} days ago.")


def main() -> int:
    found = renewed()
    print(found.sentence)
    return 1 if found.level == "error" else 0


if __name__ == "__main__":
    sys.exit(main())
