"""From an upload to an encrypted file: kind, scanner, inspection, storage.

Nothing here is in the database; whoever calls this keeps the file in an action or discards it.
"""

import hashlib
import hmac
from dataclasses import dataclass
from typing import IO

from django.conf import settings
from django.utils.translation import gettext as _

from oslonac.documents import inspecting
from oslonac.documents.rules import Kind
from oslonac.kit.errors import Refused
from oslonac.vault import filestore, keyring
from oslonac.vault.filestore import Stored
from oslonac.vault.scanning import Verdict, scan
from oslonac.vault.streams import CHUNK


@dataclass(frozen=True)
class TakenIn:
    """A file at rest that no record names yet. Two of the same content are the same request."""

    stored: Stored
    kind: Kind
    pages: int | None
    scan: Verdict
    digest: bytes

    def __str__(self) -> str:
        return self.digest.hex()

    def discard(self) -> None:
        filestore.remove(self.stored.name)


def take_in(content: IO[bytes]) -> TakenIn:
    """Look through a clear stream and put it at rest, sealed. Raises Refused with a sentence."""
    kind = inspecting.kind_of(content)
    verdict = scanned(content)
    digest = _digest(content)
    if verdict == Verdict.UNREACHABLE:  # by setting: kept as it is, shown to nobody
        content.seek(0)
        return TakenIn(filestore.store(content), kind, None, verdict, digest)
    clean = inspecting.clean(content)
    stored = filestore.store(clean.content)
    return TakenIn(stored, clean.kind, clean.pages, verdict, digest)


def scanned(content: IO[bytes]) -> Verdict:
    """What the scanner says. Raises Refused for malware, and for silence where settings say so."""
    content.seek(0)
    found = scan(content)
    content.seek(0)
    if found.verdict == Verdict.FOUND:
        raise Refused(
            "document.malware",
            _("The scanner found malware in this file (%(name)s). It was not saved.")
            % {"name": found.detail},
            field="file",
        )
    if found.verdict == Verdict.UNREACHABLE and settings.OSLONAC_CLAMAV_UNREACHABLE != "quarantine":
        raise Refused(
            "document.no_scanner",
            _(
                "The malware scanner does not answer, so the file was not saved. Try again "
                "later, and tell the person who runs the system."
            ),
            field="file",
        )
    return found.verdict


def _digest(content: IO[bytes]) -> bytes:
    content.seek(0)
    digest = hmac.new(keyring.current().hashing["index"], b"document", hashlib.sha256)
    while chunk := content.read(CHUNK):
        digest.update(chunk)
    content.seek(0)
    return digest.digest()
