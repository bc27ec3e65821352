"""Checks of an installation, each problem in a sentence.

Belongs here: checks that look and never change anything. `blocking()` is what must be in
order before the database starts; `everything()` is the doctor. Does not belong here:
repairing.
"""

from oslonac.config.health import database, keys, machine, outside, scanner
from oslonac.config.health.finding import Finding

__all__ = ["Finding", "blocking", "everything", "outside"]


def blocking(host: str, port: int) -> list[Finding]:
    """What keeps `oslonac up` from starting at all, without asking the database."""
    found = [
        machine.python_version(),
        machine.data_folder(),
        machine.disk_space(),
        machine.port_free(host, port),
        machine.behind_a_proxy(host),
        keys.permissions(),
        keys.source(),
        keys.erasure_list(),
        database.programs(),
    ]
    return [finding for finding in found if finding.level == "error"]


def everything(host: str, port: int) -> list[Finding]:
    """All checks, those of the database included (it is started for them if it is down)."""
    return [
        machine.python_version(),
        machine.data_folder(),
        machine.disk_space(),
        machine.port_free(host, port),
        machine.behind_a_proxy(host),
        keys.permissions(),
        keys.source(),
        keys.erasure_list(),
        scanner.scanner(),
        database.programs(),
        *database.inside(),
    ]
