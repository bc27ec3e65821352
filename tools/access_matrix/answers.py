"""A plausible answer to a question, by the name of its field. Pure tables.

Names are those of the product's forms and of the API, which mostly agree.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

# What lists of the pack call for, and enumerations whose first value nobody gives by hand.
CODES: dict[str, str] = {
    "reported_by": "police",
    "present": "nobody",
    "domain": "safety",
    "citizenship": "AFG",
    "language": "fa-AF",
    "child_answer": "yes",
    "adult": "guardian",
    "purpose": "service",
    "scope": "all",
    "sex": "male",
    "calendar": "gregorian",
    "country": "AF",
    "email": "colleague@example.org",
    "year": "2010",
    "born_year": "2010",
    "separated_on_year": "2025",
    "month": "5",
    "born_month": "5",
    "separated_on_month": "5",
    "day": "5",
    "born_day": "5",
    "separated_on_day": "5",
    "age": "15",
    "years": "10",
    "as_of": "2026",
    "reference": "14/2026",
    "password": "a long word of proof 7",
    "again": "a long word of proof 7",
    "recipient": "",
    "needs": "food_water",
    "status": "accepted",
    "role": "interpreter",
    "login": "somebody.new",
}
# Days that lie ahead; all others have passed or are today.
AHEAD = ("until", "due", "ends", "last_day", "follow", "next", "starts_on")
SENTENCE = "Written down for a proof of who gets where."


def answer_for(name: str, kind: str, at: datetime, options: Sequence[str] | None = None) -> str:
    """What to write. `kind`: of an HTML input, or `moment` for a time with its zone."""
    plain = name.rsplit("-", 1)[-1]
    if options is not None:
        wanted = CODES.get(plain)
        if wanted in options:
            return str(wanted)
        # The last one: the first may be how it stands already.
        return next((each for each in reversed(options) if each), "")
    ahead = any(word in plain for word in AHEAD)
    when = at + timedelta(days=3) if ahead else at - timedelta(minutes=1)
    if kind == "moment":
        return when.isoformat()
    if kind == "datetime-local":
        return when.astimezone().strftime("%Y-%m-%dT%H:%M")
    if kind == "date":
        return when.date().isoformat()
    if kind == "time":
        return when.strftime("%H:%M")
    if kind == "number":
        return CODES.get(plain, "1")
    if kind == "file":
        return ""
    return CODES.get(plain, SENTENCE if kind == "textarea" else "Word for word")
