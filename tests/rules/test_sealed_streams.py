"""A sealed stream opens as it was written, from any place, and not at all once touched."""

import io
import os
import random

import pytest

from oslonac.vault.aead import CannotOpen
from oslonac.vault.streams import CHUNK, MAGIC, SealedReader, SealingWriter, new_key

SIZES = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 17]
HEAD = len(MAGIC) + 16


class Kept(io.BytesIO):
    """Bytes that can be looked at after the stream was closed."""

    final = b""

    def close(self) -> None:
        self.final = self.getvalue()
        super().close()


def sealed(plain: bytes, key: bytes, context: str = "a", part: int = 1000) -> bytes:
    target = Kept()
    writer = SealingWriter(target, key, context)
    for start in range(0, len(plain), part):
        writer.write(plain[start : start + part])
    writer.close()
    assert writer.size == len(plain)
    return target.final


def opened(content: bytes, key: bytes, context: str = "a") -> bytes:
    with SealedReader(io.BytesIO(content), key, context) as reader:
        return reader.read()


@pytest.mark.parametrize("size", SIZES)
def test_what_was_written_comes_back(size: int) -> None:
    key, plain = new_key(), os.urandom(size)
    content = sealed(plain, key, part=size // 3 + 1)
    assert opened(content, key) == plain
    assert len(content) == HEAD + size + 16 * max(1, -(-size // CHUNK))
    assert size < 8 or plain[:8] not in content


def test_any_part_opens_alone() -> None:
    key, plain = new_key(), os.urandom(3 * CHUNK + 99)
    reader = SealedReader(io.BytesIO(sealed(plain, key)), key, "a")
    chance = random.Random(3)
    for _ in range(200):
        start, length = chance.randrange(len(plain)), chance.randrange(1, 2 * CHUNK)
        reader.seek(start)
        wanted, got = plain[start : start + length], b""
        while len(got) < len(wanted):
            got += reader.read(len(wanted) - len(got))
        assert got == wanted
    assert reader.seek(-9, os.SEEK_END) == len(plain) - 9


def test_a_file_cut_anywhere_is_refused_before_a_byte_is_read() -> None:
    key = new_key()
    content = sealed(os.urandom(2 * CHUNK + 50), key)
    whole = CHUNK + 16
    for length in (5, HEAD, HEAD + 10, HEAD + whole, HEAD + 2 * whole, len(content) - 1):
        with pytest.raises(CannotOpen):
            SealedReader(io.BytesIO(content[:length]), key, "a")
    with pytest.raises(CannotOpen):
        SealedReader(io.BytesIO(content + b"\0" * 20), key, "a")


def test_changed_moved_or_foreign_chunks_are_refused() -> None:
    key = new_key()
    plain = os.urandom(3 * CHUNK)
    content, whole = sealed(plain, key), CHUNK + 16
    body = [content[HEAD + n * whole : HEAD + (n + 1) * whole] for n in range(3)]
    other = sealed(plain, key)[HEAD : HEAD + whole]
    for chunks in ([body[1], body[0], body[2]], [body[0], body[0], body[2]], [other, *body[1:]]):
        with pytest.raises(CannotOpen):
            opened(content[:HEAD] + b"".join(chunks), key)
    for place in range(0, len(content), 4999):
        damaged = bytearray(content)
        damaged[place] ^= 1
        with pytest.raises(CannotOpen):
            opened(bytes(damaged), key)
    with pytest.raises(CannotOpen):
        opened(content, key, "another name")
    with pytest.raises(CannotOpen):
        opened(content, new_key())


def test_an_abandoned_file_never_opens() -> None:
    key, target = new_key(), Kept()
    writer = SealingWriter(target, key, "a")
    writer.write(os.urandom(CHUNK + 5))
    writer.abandon()
    with pytest.raises(CannotOpen):
        opened(target.final, key)
