"""Encrypting exports for their receiver: an age key, or a password (AES-256 only).

- age: the format of C2SP (age-encryption.org/v1, X25519 recipients), opened with age or rage;
- zip: WinZip AES, AE-2, 256 bits (WinZip, "AES Encryption Information"), opened with 7-Zip. Names
  inside such a zip are not encrypted, so callers give neutral ones. The old ZipCrypto, which any
  laptop breaks, is never written.

Parts are read chunk by chunk; the clear zip inside an age file exists only sealed (`filestore`).
"""

import shutil
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import IO, Any, cast

import pyrage
import pyzipper

from oslonac.vault.filestore import Incoming
from oslonac.vault.streams import CHUNK

AGE_PREFIX = "age1"


class BadRecipient(ValueError):
    """Not a public key of age."""


@dataclass(frozen=True)
class Part:
    """One file of an export: a neutral name, and how to open its clear content."""

    name: str
    open: Callable[[], IO[bytes]]


def check_recipient(text: str) -> str:
    """The age public key in a text. Raises BadRecipient."""
    key = text.strip()
    if not key.startswith(AGE_PREFIX):
        raise BadRecipient(key[:8])
    try:
        pyrage.x25519.Recipient.from_str(key)
    except pyrage.RecipientError as error:
        raise BadRecipient(key[:8]) from error
    return key


def to_age(parts: Sequence[Part], recipient: str) -> Incoming:
    """A zip of the parts sealed to an age key. The caller discards what is returned."""
    key = pyrage.x25519.Recipient.from_str(check_recipient(recipient))
    sealed = Incoming()
    try:
        with Incoming() as clear:
            with zipfile.ZipFile(
                cast(IO[bytes], clear.writer), "w", zipfile.ZIP_DEFLATED
            ) as archive:
                _fill(archive, parts)
            clear.finish()
            with clear.read() as reader:
                pyrage.encrypt_io(reader, sealed.writer, [key])
        sealed.finish()
    except BaseException:
        sealed.discard()
        raise
    return sealed


def to_zip(parts: Sequence[Part], password: str) -> Incoming:
    """A zip of the parts under a password, AES-256. The caller discards what is returned."""
    sealed = Incoming()
    try:
        with pyzipper.AESZipFile(
            sealed.writer, "w", compression=zipfile.ZIP_DEFLATED, encryption=pyzipper.WZ_AES
        ) as archive:
            archive.setpassword(password.encode())
            archive.setencryption(pyzipper.WZ_AES, nbits=256)
            _fill(archive, parts)
        sealed.finish()
    except BaseException:
        sealed.discard()
        raise
    return sealed


def _fill(archive: Any, parts: Sequence[Part]) -> None:
    for part in parts:
        with part.open() as content, archive.open(part.name, "w", force_zip64=True) as target:
            shutil.copyfileobj(content, target, CHUNK)
