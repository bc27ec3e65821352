"""Checks of the ledger: events not linked yet, and whether its end matches the copy outside.

Belongs here: what a look at the end of the ledger tells. Does not belong here: walking all of it
(`oslonac audit verify`).
"""

from oslonac.config import bootstrap
from oslonac.config.health.finding import Finding, error, ok, warning

# A few seconds' worth; more are left to the whole verification.
MOST_ROWS = 200_000


def state() -> Finding:
    """The open gap, and the last noted head. Asks the database; needs its tables."""
    bootstrap.setup_django("app")
    from django.db import DatabaseError

    try:
        return _state()
    except DatabaseError as problem:
        return warning("ledger", f"The ledger cannot be looked at: {type(problem).__name__}.", "")
    finally:
        bootstrap.close_connections()


def rows() -> Finding:
    """Whether the rows that decide who may do what were written by this installation."""
    bootstrap.setup_django("app")
    from django.db import DatabaseError

    from oslonac.access import reader
    from oslonac.audit import rows as bound

    try:
        with reader.system():
            many = bound.how_many()
            found = bound.check() if many <= MOST_ROWS else []
    except DatabaseError as problem:
        return warning("rows", f"The rows cannot be looked at: {type(problem).__name__}.", "")
    finally:
        bootstrap.close_connections()
    if found:
        return error(
            "rows",
            f"{len(found)} rows about users, posts, access, tokens or second factors are not those "
            f"that this installation wrote. {found[0].message}",
            "Run `oslonac audit verify`, and find out who wrote to the database.",
        )
    if many > MOST_ROWS:
        return ok(
            "rows", f"{many} rows decide who may do what; `oslonac audit verify` checks them."
        )
    return ok("rows", f"All {many} rows that decide who may do what are our own.")


def _state() -> Finding:
    from oslonac.audit import chain, witness
    from oslonac.audit.models import Link

    noted = witness.heads(witness.folder())
    if noted:
        link = Link.objects.filter(sequence=noted[-1].sequence).first()
        if link is None or bytes(link.hash).hex() != noted[-1].hash:
            return error(
                "ledger",
                f"The ledger had reached number {noted[-1].sequence} on {noted[-1].noted_at}, and "
                "the database no longer holds that end.",
                "Run `oslonac audit verify`, and ask who put an older copy in its place.",
            )
    gap = chain.gap()
    sentence = f"{gap.waiting} events of the ledger wait to be linked"
    if gap.level == "ok":
        return ok("ledger", f"{sentence}; the end is the one that was noted.")
    found = f"{sentence}, the oldest for {gap.oldest_seconds} seconds."
    next_step = (
        f"A transaction has been open for {gap.longest_transaction_seconds} seconds; end it."
        if gap.longest_transaction_seconds > chain.GAP_WORTH_A_LOOK_SECONDS
        else "See that the worker runs (`oslonac up`)."
    )
    return (warning if gap.level == "warning" else error)("ledger", found, next_step)
