"""The scanner for malware: whether one is set up, and whether it answers."""

import os

from oslonac.config.health.finding import Finding, error, ok, warning
from oslonac.vault import scanning


def scanner() -> Finding:
    """Attachments are taken unscanned where no scanner is set up; the pages say so too."""
    address = os.environ.get("OSLONAC_CLAMAV", "")
    if not address:
        return warning(
            "scanner",
            "No scanner for malware is set up, so attachments are kept unscanned.",
            "Install ClamAV and set OSLONAC_CLAMAV to its socket.",
        )
    if scanning.answers(address):
        return ok("scanner", f"The scanner for malware answers at {address}.")
    return error(
        "scanner",
        f"The scanner for malware does not answer at {address}.",
        "Start clamd; until then attachments are refused, or kept aside unopened.",
    )
