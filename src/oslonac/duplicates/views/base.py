"""What the pages of pairs share: two records beside each other."""

from typing import Any

from django.utils.text import capfirst

from oslonac.access.roles import Permission
from oslonac.accounts.guards import permitted
from oslonac.duplicates import shown
from oslonac.duplicates.beside import Beside
from oslonac.web.shapes import Flag

compares = permitted(Permission.PERSONS_COMPARE)


def laid_out(both: Beside) -> dict[str, Any]:
    """Two records beside each other, for the template: lines, and what nobody knows of either."""
    return {
        "both": both,
        "lines": [
            (line, Flag(capfirst(str(line.agreement.label)), shown.AGREES[line.agreement]))
            for line in both.lines
            if line.left or line.right
        ],
        "unknown": [line.label for line in both.lines if not (line.left or line.right)],
    }
