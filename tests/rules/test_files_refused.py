"""A file that is refused hears the true reason."""

import io

import pytest

from oslonac.documents import inspecting, rules
from tests.refusals import refused

ISO_FILE = b"\x00\x00\x00\x20ftyp"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", rules.EMPTY),
        (ISO_FILE + b"M4A \x00\x00\x00\x00", rules.SOUND),
        (ISO_FILE + b"isom\x00\x00\x00\x00", rules.SOUND),
        (ISO_FILE + b"3gp5\x00\x00\x00\x00", rules.SOUND),
        (ISO_FILE + b"qt  \x00\x00\x00\x00", rules.SOUND),
        (b"ID3\x03\x00" + bytes(40), rules.SOUND),
        (b"\xff\xfb\x90\x44" + bytes(40), rules.SOUND),
        (b"OggS\x00\x02" + bytes(40), rules.SOUND),
        (b"RIFF\x24\x08\x00\x00WAVEfmt ", rules.SOUND),
        (b"#!AMR\n" + bytes(20), rules.SOUND),
        (ISO_FILE + b"heic\x00\x00\x00\x00", rules.OTHER_PICTURE),
        (b"GIF89a" + bytes(20), rules.OTHER_PICTURE),
        ("Čačak, Đorđe, šuma".encode("cp1250"), rules.ENCODING),
        ("Ћуприја".encode("cp1251"), rules.ENCODING),
        ("Čačak".encode("utf-16"), rules.ENCODING),
        (b"Red\n" * 3000 + "Čačak".encode("cp1250"), rules.ENCODING),
        (b"#!/bin/sh\n", rules.PROGRAM),
        (b"\x00\x01\x02\x03" * 20, rules.UNKNOWN),
    ],
)
def test_the_reason_is_the_true_one(content: bytes, sentence: object) -> None:
    with refused("document.type", field="file") as caught:
        inspecting.clean(io.BytesIO(content))
    assert str(caught.value.message) == str(sentence)


@pytest.mark.parametrize("content", ["Čačak, Ћуприја 👍\n".encode(), b"\xef\xbb\xbfDa\r\n"])
def test_text_in_utf_8_is_taken(content: bytes) -> None:
    assert inspecting.clean(io.BytesIO(content)).kind.code == "text"
