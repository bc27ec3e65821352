"""No error, of whatever library, repeats in a log what it was about."""

import json
import logging
from typing import Any

import pytest

from oslonac.config.logs import Json, Quiet

NAME = "Фарид Рахими"


def line(record: logging.LogRecord) -> str:
    return Quiet("%(levelname)s %(name)s %(message)s").format(record)


def told(record: logging.LogRecord) -> list[str]:
    """The record as a line and as JSON."""
    return [line(record), json.dumps(json.loads(Json().format(record)), ensure_ascii=False)]


def record(name: str, message: str, *args: Any, problem: Any = None) -> logging.LogRecord:
    info = (type(problem), problem, problem.__traceback__) if problem else None
    return logging.LogRecord(name, logging.ERROR, "", 1, message, args, info)


def test_no_exception_says_what_it_was_about() -> None:
    """Neither its own message nor that of what caused it; the place and the class are told."""
    try:
        try:
            int(NAME)
        except ValueError as cause:
            raise LookupError({"name": NAME}) from cause
    except LookupError as error:
        error.add_note(NAME)
        for said in told(record("x", "It failed", problem=error)):
            assert NAME not in said
            assert said.index("ValueError") < said.index("LookupError")
            assert "test_logs_quote_nobody.py" in said


def test_a_chain_that_bites_its_tail_is_told_once() -> None:
    one, other = ValueError(NAME), KeyError(NAME)
    one.__cause__, other.__cause__ = other, one
    said = line(record("x", "It failed", problem=one))
    assert (said.count("ValueError"), said.count("KeyError")) == (1, 1)


def test_an_exception_among_the_arguments_is_its_class() -> None:
    stopped = record("x", "It stops: %s", ValueError(NAME))
    assert line(stopped) == "ERROR x It stops: ValueError"
    assert NAME in stopped.getMessage(), "others keep theirs"


def test_what_another_formatter_left_is_not_written() -> None:
    failed = record("x", "It failed", problem=ValueError(NAME))
    logging.Formatter("%(message)s").format(failed)
    assert NAME in str(failed.exc_text)
    assert all(NAME not in said for said in told(failed))


@pytest.mark.parametrize(
    ("logger", "message", "arguments"),
    [
        ("django.security.SuspiciousFileOperation", f"Path traversal attempt in '../{NAME}'", ()),
        ("django.security.DisallowedHost", f"Invalid HTTP_HOST header: '{NAME}'.", ()),
        ("gunicorn.error", f"Invalid request from ip=10.0.0.9: Invalid line: 'GET /?q={NAME}'", ()),
        ("gunicorn.error", "Error handling request %s %s", ("GET", f"/search/?q={NAME}")),
    ],
)
def test_what_was_sent_is_not_written(logger: str, message: str, arguments: Any) -> None:
    for said in told(record(logger, message, *arguments)):
        assert NAME not in said
        assert "10.0.0.9" not in said
        assert logger in said
