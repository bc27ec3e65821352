"""Receiving a file into a record, for pages and API.

Belongs here: taking a file in and keeping it by an action, so that whatever the action did not keep
is gone again. Does not: what is looked for in a file (`intake`), the record of it (`actions`).
"""

from collections.abc import Callable
from datetime import datetime
from typing import IO, Any

from django.utils.translation import gettext as _

from oslonac.access.actor import Actor
from oslonac.cases.models import Case
from oslonac.documents import actions, queries
from oslonac.documents.intake import TakenIn, take_in
from oslonac.documents.models import Document
from oslonac.kit.errors import Refused
from oslonac.vault.scanning import Verdict


def add(
    *,
    content: IO[bytes],
    actor: Actor,
    at: datetime,
    case: Case,
    request_key: str = "",
    **said: Any,
) -> Document:
    """Look through a clear stream and add it; `said` as `actions.add` takes it. Closes the stream.
    Raises Refused for a file that is not taken."""
    taken = _taken_in(content)
    return _keeping(
        taken,
        lambda: actions.add(
            actor=actor, at=at, case=case, file=taken, request_key=request_key, **said
        ),
    )


def scan_again(
    *, actor: Actor, at: datetime, document: Document, revision: int, request_key: str = ""
) -> Document:
    """Ask the scanner about a file that waits for it. Raises Refused while it is silent."""
    taken = _taken_in(queries.stored_content(document))
    if taken.scan == Verdict.UNREACHABLE:
        taken.discard()
        raise Refused(
            "document.no_scanner",
            _("The scanner still does not answer. Nothing was changed."),
        )
    return _keeping(
        taken,
        lambda: actions.release(
            actor=actor,
            at=at,
            document=document,
            revision=revision,
            file=taken,
            request_key=request_key,
        ),
    )


def _taken_in(content: Any) -> TakenIn:
    with content:
        return take_in(content)


def _keeping(taken: TakenIn, act: Callable[[], Document]) -> Document:
    """What the action did not keep goes: after a failure, and when it was a repetition."""
    try:
        row = act()
    except BaseException:
        taken.discard()
        raise
    if row.stored != taken.stored.name:
        taken.discard()
    return row
