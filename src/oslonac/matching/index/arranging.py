"""Entries of alike names laid side by side, so that a search reads few pages.

People come in any order, so the two thousand entries that a step of a search reads would lie on as
many pages, each a wait for memory. Laid out by their smallest hashes, half of those who bear a name
are neighbours, as near-duplicates are found by the least of their hashes (Broder 1997, "On the
resemblance and containment of documents"). A step that reads only some of many bearers then takes
them in the order of keyed hashes, not those that were written down first.

The order says nothing that the hashes in the rows do not say. Rewriting the table closes it, to
readers as well: under a minute for a million people. So it is done by night, when enough has
come since the last time, or when an operator asks for it.

Belongs here: when, and doing it. Does not: what is written (`writing`) and read (`candidates`).
"""

from django.db import OperationalError, connection, transaction

from oslonac.matching.index import generations
from oslonac.matching.index.models import Entry, Generation

SMALL = 20_000  # entries that lie in memory anyhow
GROWN = 1.3  # times as many as were laid in order: those that came since lie at the end
PATIENCE = "5s"  # waiting for readers longer than this would make everybody else wait behind


def due() -> bool:
    """Whether enough entries lie in no order to close the table for."""
    used = generations.searched()
    if used is None:
        return False
    entries = Entry.objects.count()
    last = Generation.objects.values_list("arranged", flat=True).get(pk=used.number)
    return entries > SMALL and entries > last * GROWN


def arrange() -> bool:
    """Lay the entries in order now. False when somebody used the table for too long: nothing was
    changed, ask again later."""
    used = generations.searched()
    if used is None:
        return False
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}'")
            # Here and not in the function, which runs as the tables' owner: what this transaction
            # put off is checked with our own rights.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SELECT matching_arrange()")
            count = Entry.objects.filter(generation=used.number).count()
            Generation.objects.filter(pk=used.number).update(arranged=count)
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") != "55P03":  # lock_not_available
            raise
        return False
    return True
