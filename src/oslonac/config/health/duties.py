"""Duties that nobody can be reminded of, because nobody holds the post they are asked of."""

from oslonac.config import bootstrap
from oslonac.config.health.finding import Finding, ok, warning

NAMED = 5


def unheld() -> Finding:
    """Posts without a holder that open duties wait for. Asks the database; needs its tables."""
    bootstrap.setup_django("app")
    from django.db import DatabaseError

    from oslonac.access import reader
    from oslonac.directory.models import Organisation
    from oslonac.protocols import rising

    try:
        reader.become_system()
        found = rising.unheld()
        names = Organisation.objects.in_bulk([office for office, _role, _n in found[:NAMED]])
    except DatabaseError as problem:
        return warning("duties", f"Duties cannot be looked at: {type(problem).__name__}.", "")
    finally:
        bootstrap.close_connections()
    if not found:
        return ok("duties", "every open duty is asked of a post that somebody holds")
    listed = "; ".join(f"{n} of {role} at {names.get(office)}" for office, role, n in found[:NAMED])
    return warning(
        "duties",
        f"Open duties are asked of {len(found)} posts that nobody holds: {listed}. They rose to "
        "whoever leads the office or the responsible centre.",
        "Give somebody the post, or name another office in the case.",
    )
