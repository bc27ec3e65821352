"""Actions of auditors: verifying, searching by name, exporting."""

import re
from datetime import datetime

from django.utils.translation import gettext as _

from oslonac.access.actor import Actor
from oslonac.access.roles import Permission
from oslonac.audit import verification
from oslonac.audit.actions import action, record
from oslonac.audit.models import Outcome
from oslonac.kit.errors import Invalid
from oslonac.vault.sealing import keyed

# A file number of a complaint or request: no room for a name.
REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9./ -]{0,29}")


@action("ledger.verified", Permission.LEDGER_READ)
def verify_ledger(*, actor: Actor, at: datetime) -> verification.Verdict:
    """Walk the whole ledger, with what was noted outside the database."""
    verdict = verification.verify_here(processes=1)
    record(
        "ledger.verified",
        actor=actor,
        at=at,
        kind="ledger",
        data={"intact": verdict.intact, "linked": verdict.linked, "breaks": verdict.found},
    )
    return verdict


@action("ledger.exported", Permission.LEDGER_READ, fresh=True)
def export_ledger(*, actor: Actor, at: datetime, count: int, cut: bool) -> None:
    """Say that a list of events left the system."""
    record(
        "ledger.exported",
        actor=actor,
        at=at,
        kind="ledger",
        outcome=Outcome.READ,
        data={"count": count, "cut": cut},
    )


@action("ledger.searched", Permission.LEDGER_READ)
def search_ledger(*, actor: Actor, at: datetime, name: str, reference: str, found: int) -> None:
    """Say that a name was compared with the register, for which complaint, and how many fit.

    The name itself is not kept: its keyed hash, by which repeated questions are noticed.
    """
    if not REFERENCE.fullmatch(reference.strip()) or not any(map(str.isdigit, reference)):
        raise Invalid({"reference": _("Enter the number of the complaint or request.")})
    record(
        "ledger.searched",
        actor=actor,
        at=at,
        kind="ledger",
        outcome=Outcome.READ,
        data={
            "name": keyed("index", f"searched:{name}").hex()[:24],
            "reference": reference.strip(),
            "found": found,
        },
    )
