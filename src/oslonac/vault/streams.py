"""Sealed files: a chunked stream that can be written and read without ever being whole anywhere.

Format 1 (docs/reference/sealed-file.md):

  "OSLFILE1" || 16 random bytes || chunks of 64 KiB, each followed by its 16-byte tag

Key of the stream: HKDF-SHA-256 (RFC 5869) of the file key, salt = the random bytes, info = the
context. Nonce of a chunk: 11-byte big-endian number || 1 for the last chunk, 0 for the others;
AES-256-GCM. This is the STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár, "Online
Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance", CRYPTO 2015), laid out as in the
age format (C2SP, age.md, "Payload"): chunks cannot be changed, moved, dropped or added, nor the
file cut at a chunk's end, and any chunk can be opened alone.

Does not belong here: where files lie (`filestore`), what may be in them (`documents`).
"""

import io
import os
import secrets
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from oslonac.vault.aead import CannotOpen

MAGIC = b"OSLFILE1"
SALT_BYTES = 16
CHUNK = 64 * 1024
TAG_BYTES = 16
_HEAD = len(MAGIC) + SALT_BYTES
_SEALED_CHUNK = CHUNK + TAG_BYTES


def new_key() -> bytes:
    """A fresh file key, 32 bytes."""
    return secrets.token_bytes(32)


def _cipher(key: bytes, salt: bytes, context: str) -> AESGCM:
    return AESGCM(HKDF(hashes.SHA256(), 32, salt, f"oslonac file:{context}".encode()).derive(key))


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\1" if last else b"\0")


class SealingWriter(io.RawIOBase):
    """Takes clear bytes and writes sealed ones into `target`, holding back one chunk at most.

    `close` writes the last chunk and closes `target`; without it the file does not open.
    """

    def __init__(self, target: IO[bytes], key: bytes, context: str) -> None:
        super().__init__()
        salt = os.urandom(SALT_BYTES)
        self._cipher = _cipher(key, salt, context)
        self._target, self._number, self._rest = target, 0, bytearray()
        self.size = 0
        target.write(MAGIC + salt)

    def writable(self) -> bool:
        return True

    def write(self, data: "bytes | memoryview") -> int:  # type: ignore[override]
        self._rest += data
        self.size += len(data)
        while len(self._rest) > CHUNK:  # the last chunk is never empty unless the file is
            self._put(bytes(self._rest[:CHUNK]), last=False)
            del self._rest[:CHUNK]
        return len(data)

    def close(self) -> None:
        if self.closed:
            return
        self._put(bytes(self._rest), last=True)
        self._rest.clear()
        self._target.flush()
        self._target.close()
        super().close()

    def abandon(self) -> None:
        """Close without a last chunk: what was written never opens."""
        if not self.closed:
            self._rest.clear()
            self._target.close()
            super().close()

    def _put(self, plain: bytes, *, last: bool) -> None:
        self._target.write(self._cipher.encrypt(_nonce(self._number, last), plain, None))
        self._number += 1


class SealedReader(io.RawIOBase):
    """The clear content of a sealed file, opened chunk by chunk; it can be sought in.

    The last chunk is opened first, so that a file that was cut is refused before a byte of it is
    handed out. Raises CannotOpen.
    """

    def __init__(self, source: IO[bytes], key: bytes, context: str) -> None:
        super().__init__()
        self._source = source
        head = source.read(_HEAD)
        if len(head) < _HEAD or head[: len(MAGIC)] != MAGIC:
            raise CannotOpen("this is no sealed file")
        self._cipher = _cipher(key, head[len(MAGIC) :], context)
        length = source.seek(0, os.SEEK_END) - _HEAD
        self._chunks = max(1, -(-length // _SEALED_CHUNK))
        self.size = length - self._chunks * TAG_BYTES
        if self.size < 0:
            raise CannotOpen("the sealed file was cut")
        self._at = 0
        self._held, self._plain = -1, b""
        self._chunk(self._chunks - 1)

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self.size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        if self._at >= self.size:
            return 0
        number, start = divmod(self._at, CHUNK)
        part = self._chunk(number)[start : start + len(buffer)]
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)

    def close(self) -> None:
        if not self.closed:
            self._plain = b""
            self._source.close()
            super().close()

    def _chunk(self, number: int) -> bytes:
        if number != self._held:
            self._source.seek(_HEAD + number * _SEALED_CHUNK)
            sealed = self._source.read(_SEALED_CHUNK)
            try:
                nonce = _nonce(number, number == self._chunks - 1)
                self._plain = self._cipher.decrypt(nonce, sealed, None)
            except (InvalidTag, ValueError) as error:
                raise CannotOpen("the sealed file was changed or cut") from error
            self._held = number
        return self._plain
