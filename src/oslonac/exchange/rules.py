"""Kinds of exports, what they are for, and how they are sealed. Tables."""

from oslonac.kit.choices import TextChoices
from oslonac.kit.choices import lazy as _


class Kind(TextChoices):
    CASELOAD = "caseload", _("my caseload, as a list")
    CASE = "case", _("one case file, with its documents")
    LEDGER = "ledger", _("the activity log of a period")


class Purpose(TextChoices):
    COURT = "court", _("court, prosecutor or police, on their request")
    TRANSFER = "transfer", _("handing the case over to another body")
    PERSON = "person", _("the person's own copy")
    SUPERVISION = "supervision", _("supervision or planning of work")
    AUDIT = "audit", _("audit, inspection or data protection")
    ABROAD = "abroad", _("a competent body abroad")


class Form(TextChoices):
    AGE = "age", _("to the receiver's age key")
    ZIP = "zip", _("under a password, as a zip that 7-Zip opens (AES-256)")


PURPOSES: dict[Kind, frozenset[Purpose]] = {
    Kind.CASELOAD: frozenset({Purpose.SUPERVISION, Purpose.AUDIT}),
    Kind.CASE: frozenset(
        {Purpose.COURT, Purpose.TRANSFER, Purpose.PERSON, Purpose.AUDIT, Purpose.ABROAD}
    ),
    Kind.LEDGER: frozenset({Purpose.AUDIT, Purpose.COURT}),
}
SHORTEST_PASSWORD = 14
MOST_EVENTS = 200_000
