"""Making an export, for pages and API: made, encrypted, recorded, and only then sent.

Belongs here: the order of these, what a receiver's key or a password must be like, the stream that
goes out. Does not: what an export holds (`contents`), who may make one (`actions`).
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.http import StreamingHttpResponse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from oslonac.access.actor import Actor
from oslonac.audit.actions import events_written
from oslonac.cases.models import Case
from oslonac.exchange import actions, contents
from oslonac.exchange.contents import Contents
from oslonac.exchange.models import Export
from oslonac.exchange.rules import SHORTEST_PASSWORD, Form, Kind
from oslonac.kit.errors import Invalid, Refused
from oslonac.vault import envelopes
from oslonac.vault.envelopes import BadRecipient, check_recipient
from oslonac.vault.filestore import Incoming
from oslonac.vault.streams import CHUNK

MEDIA_TYPE = "application/octet-stream"


def checked_sealing(form: str, recipient: str, password: str) -> str:
    """The receiver's key, empty for a password. Raises Invalid for what seals nothing."""
    if form == Form.AGE:
        try:
            return check_recipient(recipient)
        except BadRecipient:
            words = _("This is not a public age key. It must start with age1.")
            raise Invalid({"recipient": words}) from None
    if len(password) < SHORTEST_PASSWORD:
        words = _("Use at least %(n)d characters.") % {"n": SHORTEST_PASSWORD}
        raise Invalid({"password": words})
    try:
        validate_password(password)
    except ValidationError as error:
        raise Invalid({"password": " ".join(error.messages)}) from None
    return ""


def send(
    *,
    actor: Actor,
    at: datetime,
    kind: Kind,
    case: Case | None,
    said: Mapping[str, Any],
    request_key: str = "",
) -> StreamingHttpResponse:
    """Make it, seal it, note it, and only then send it: what is not in the ledger does not go.

    `said`: purpose, receiver, note, form, recipient, password, and days for the ledger. What was
    made is kept nowhere, so `once` is good for one file. Raises Invalid, Refused, Denied, NotFresh.
    """
    made = _contents(actor, at, kind, case, said)
    recipient = checked_sealing(said["form"], said["recipient"], said["password"])
    if said["form"] == Form.AGE:
        sealed = envelopes.to_age(made.parts, recipient)
    else:
        sealed = envelopes.to_zip(made.parts, said["password"])
    before = events_written()
    try:
        row = actions.note_export(
            actor=actor,
            at=at,
            kind=kind,
            contents=made,
            purpose=said["purpose"],
            receiver=said["receiver"],
            form=said["form"],
            recipient=recipient,
            note=said["note"],
            case=case,
            request_key=request_key,
        )
        if events_written() == before:
            raise Refused(
                "export.sent",
                _("This export was already downloaded and is not kept. Make a new one."),
            )
    except BaseException:
        sealed.discard()
        raise
    return _streamed(sealed, row)


def _contents(
    actor: Actor, at: datetime, kind: Kind, case: Case | None, said: Mapping[str, Any]
) -> Contents:
    if kind == Kind.CASELOAD:
        return contents.caseload(actor, at=at)
    if kind == Kind.LEDGER:
        return contents.ledger(actor, at=at, since=said["since"], until=said["until"])
    assert case is not None  # noqa: S101  (routes give it)
    return contents.case_file(actor, case, at=at)


def _streamed(sealed: Incoming, row: Export) -> StreamingHttpResponse:
    suffix = "zip.age" if row.form == Form.AGE else "zip"
    day = localtime(row.made_at).strftime("%Y%m%d-%H%M")
    response = StreamingHttpResponse(_chunks(sealed), content_type=MEDIA_TYPE)
    response["Content-Disposition"] = f'attachment; filename="oslonac-{day}.{suffix}"'
    response["Content-Length"] = str(sealed.size)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'; frame-ancestors 'none'"
    response["Cache-Control"] = "no-store"
    return response


def _chunks(sealed: Incoming) -> Iterator[bytes]:
    try:
        with sealed.read() as reader:
            while chunk := reader.read(CHUNK):
                yield chunk
    finally:
        sealed.discard()
