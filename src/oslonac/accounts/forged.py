"""Forms without our CSRF token: from another site, or from a page that is too old.

Belongs here: the answer and its event. Does not: the API, which says it itself (`api_problems`).
"""

import logging
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from oslonac.accounts.middleware import refuse

log = logging.getLogger(__name__)


def answer(request: Any, reason: str = "") -> HttpResponse:
    """Django's CSRF_FAILURE_VIEW. An event where somebody is signed in, else a line in the log:
    whoever sends forms from outside must not fill the ledger."""
    actor = getattr(request, "actor", None)
    if actor is None:
        log.warning("A form without our token was refused.")
    else:
        refuse(actor, "form.forged", "", None)
    return render(request, "403_csrf.html", status=403)
