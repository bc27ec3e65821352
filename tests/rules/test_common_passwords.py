"""What guessing programs try first is refused, what nobody connects with you is not."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.password_validation import CommonPasswordValidator, validate_password
from django.core.exceptions import ValidationError

from oslonac.accounts.common_passwords import is_common, is_listed

STRETCHED = """
password1234 Password1234! p@ssw0rd1234 passwordpassword 123456789012 1234567890123 qwertyuiop12
qwertyuiop[] qwertyqwerty qwerty123456 1qaz2wsx3edc 1q2w3e4r5t6y 1q2w3e4r5t6z qazwsxedcrfv
aaaaaaaaaaaa abcabcabcabc 121212121212 abcdefghijkl zxcvbnmasdfg asdfghjkl123 111111222222
iloveyou1234 iloveyouiloveyou dragondragon Dragon!Dragon! superman2024 football12345 monkey!!!!!!
letmein12345 welcome12345 administrator Administrator1 princess2025 sunshine2023 trustno1trustno1
987654321987 0123456789ab qwertzuiop12 000000000000 !!!!!!!!!!!! 2024dragon2024 baseball_2020
""".split()  # noqa: SIM905
PHRASES = (
    "lipa reka kamen oblak",
    "sever jug istok zapad",
    "гвожђе лист плава сова",
    "correct horse battery staple",
    "tri-kruske-na-mesecu",
    "Vx9#kqTz2!mWep",
    "нико не зна где је кључ",
    "moja baka peče hleb",
)


@pytest.mark.parametrize("password", STRETCHED)
def test_what_is_tried_first_is_refused(password: str) -> None:
    assert len(password) >= 12
    with pytest.raises(ValidationError):
        validate_password(password)


@pytest.mark.parametrize("password", PHRASES)
def test_a_phrase_passes(password: str) -> None:
    try:
        validate_password(password)
    except ValidationError as refused:
        pytest.fail(f"{password} is refused: {refused.messages}")
    assert not is_common(password)


def test_every_common_word_is_refused_however_it_is_stretched() -> None:
    """Far more than 3000 passwords that have the length we ask for."""
    refused = set()
    words = sorted(word for word in CommonPasswordValidator().passwords if word.isalnum())
    for word in words[::4]:
        for form in (f"{word}{word}{word}", f"{word}20252025", f"!!{word.title()}12345678"):
            if len(form) >= 12:
                assert is_common(form), form
                refused.add(form.casefold())
    assert len(refused) > 3000


def test_stolen_ones_are_refused_where_a_file_is_kept(tmp_path: Path, settings: Any) -> None:
    stolen = [f"stolen phrase number {n}" for n in range(500)]
    lines = sorted(hashlib.sha1(each.encode()).hexdigest().upper() for each in stolen)  # noqa: S324
    file = tmp_path / "breached.txt"
    file.write_text("".join(f"{line}:{n}\r\n" for n, line in enumerate(lines)))
    assert all(is_listed(each, file) for each in stolen)
    assert not any(is_listed(f"another phrase {n}", file) for n in range(500))
    validate_password(stolen[0])
    settings.OSLONAC_BREACHED = str(file)
    with pytest.raises(ValidationError, match="stolen"):
        validate_password(stolen[0])
    validate_password("lipa reka kamen oblak")
    file.write_text(lines[0] + "\n")  # a single line, without counts
    first = next(each for each in stolen if is_listed(each, file))
    assert hashlib.sha1(first.encode()).hexdigest().upper() == lines[0]  # noqa: S324
    file.write_text("")
    assert not is_listed(first, file)


def test_sixty_four_characters_and_more_are_taken_as_typed() -> None:
    from django.contrib.auth.hashers import check_password, make_password

    long = "Дуга реченица коју само ја знам, са размацима и Великим словима. " * 2
    assert len(long) > 128
    validate_password(long)
    kept = make_password(long)
    assert check_password(long, kept)
    for other in (long[:-1], long.strip(), long.lower(), long[:64], long[:72]):
        assert not check_password(other, kept)
