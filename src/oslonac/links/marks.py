"""Phone numbers as keyed values, written in the transaction that records the number.

Belongs here: from a noted number to its mark. Does not: what it means that two files share one
(`computing`).
"""

from collections.abc import Iterable

from django.conf import settings

from oslonac.access import reader
from oslonac.links.models import PhoneMark
from oslonac.matching.index import recipe
from oslonac.people.models import Person, Statement
from oslonac.people.rules import Attribute
from oslonac.vault.row_policy import Bypass
from oslonac.vault.sealing import ERASED, keyed, open_many

LENGTH = 24  # hex digits; 96 bits


def mark(kind: str, what: str) -> str:
    """The keyed value of something shared. Without the key file it says nothing."""
    return keyed("index", f"signal:{kind}:{what}").hex()[:LENGTH]


def numbers(text: str) -> set[str]:
    """The phone numbers in a text, each in one form, whichever way it was written."""
    found = recipe.phone_keys(text, settings.OSLONAC_PHONE_REGION)
    whole = {key for key in found if not key.startswith("t:~")}
    # A number without a country is compared by itself alone: its ending may be many people's.
    return whole or found


@reader.bypass(Bypass.SIGNALS)
def keep(person: Person) -> set[str]:
    """Mark the numbers of somebody that are not marked yet. The marks that are new."""
    known = PhoneMark.objects.filter(person=person).values("statement")
    rows = Statement.objects.filter(person=person, attribute=Attribute.PHONE)
    return _mark(list(rows.exclude(pk__in=known).select_related("key")))


def keep_all() -> set[str]:
    """The same for everybody: numbers noted before there were marks, and bulk imports."""
    known = PhoneMark.objects.values("statement")
    rows = Statement.objects.filter(attribute=Attribute.PHONE).exclude(pk__in=known)
    return _mark(list(rows.select_related("key").order_by("pk")))


def _mark(rows: Iterable[Statement]) -> set[str]:
    listed = list(rows)
    if not listed:
        return set()
    opened = open_many(listed, "detail", keys={row.key_id: row.key for row in listed})
    made = [
        PhoneMark(statement=row, person_id=row.person_id, mark=mark("phone", number))
        for row in listed
        for text in [opened[row.pk]["detail"]]
        if text and text != ERASED
        for number in sorted(numbers(text))
    ]
    PhoneMark.objects.bulk_create(made, ignore_conflicts=True)
    return {each.mark for each in made}
