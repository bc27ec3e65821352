"""A log line holds neither an address somebody typed nor a value of a row."""

import logging
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils.log import log_response
from gunicorn.config import Config

from oslonac.config import gunicorn_conf
from oslonac.config.logs import Quiet
from oslonac.directory.models import Organisation, Place

NAME = "Фарид Рахими"


def line(record: logging.LogRecord) -> str:
    return Quiet("%(levelname)s %(name)s %(message)s").format(record)


@pytest.mark.django_db
def test_a_typed_address_is_not_written(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    request = RequestFactory().get(f"/cases/{NAME}/?q={NAME}")
    kept: list[logging.LogRecord] = []
    monkeypatch.setattr(logging.getLogger("django.request"), "handle", kept.append)
    log_response(
        "%s: %s", "Not Found", request.path, response=HttpResponse(status=404), request=request
    )
    record = kept[0]
    assert line(record) == "WARNING django.request Not Found: (an address that leads nowhere)"
    assert record.args != ("Not Found", "(an address that leads nowhere)")  # others keep theirs
    response = client.get("/cases/")
    request.resolver_match = response.wsgi_request.resolver_match
    assert line(record).endswith("Not Found: cases/")


@pytest.mark.django_db
def test_a_value_of_a_row_is_not_written() -> None:
    Place.objects.create(code=f"x {NAME}", kind="settlement", names={})
    try:
        with transaction.atomic():
            Place.objects.create(code=f"x {NAME}", kind="settlement", names={})
    except IntegrityError as problem:
        assert NAME in str(problem)
        info = (type(problem), problem, problem.__traceback__)
        record = logging.LogRecord("x", logging.ERROR, "", 1, "It failed", (), info)
        said = line(record)
    assert NAME not in said
    assert "IntegrityError" in said
    assert "File" in said
    assert Organisation.objects.exists()


def failed(problem: Exception) -> logging.LogRecord:
    info = (type(problem), problem, problem.__traceback__)
    return logging.LogRecord("x", logging.ERROR, "", 1, "It failed", (), info)


def test_no_exception_says_what_it_was_about() -> None:
    """Neither its own message nor that of what caused it; the place and the class are told."""
    try:
        try:
            int(NAME)
        except ValueError as cause:
            raise LookupError({"name": NAME}) from cause
    except LookupError as problem:
        problem.add_note(NAME)
        said = line(failed(problem))
    assert NAME not in said
    assert said.index("ValueError") < said.index("LookupError")
    assert "test_logs.py" in said
    record = logging.LogRecord("x", logging.ERROR, "", 1, "It stops: %s", (problem_of(NAME),), None)
    assert line(record) == "ERROR x It stops: ValueError"


def problem_of(text: str) -> ValueError:
    return ValueError(text)


def test_what_another_formatter_left_is_not_written() -> None:
    record = failed(problem_of(NAME))
    logging.Formatter("%(message)s").format(record)
    assert NAME in str(record.exc_text)
    assert NAME not in line(record)


def test_suspicious_input_is_told_without_the_input() -> None:
    record = logging.LogRecord(
        "django.security.SuspiciousFileOperation", logging.ERROR, "", 1,
        f"Detected path traversal attempt in '../{NAME}'", (), None,
    )  # fmt: skip
    assert line(record) == "ERROR django.security.SuspiciousFileOperation (not written)"


def test_the_web_server_writes_no_request(tmp_path: Path) -> None:
    cfg = Config()
    cfg.set("errorlog", str(tmp_path / "said.log"))
    cfg.set("logger_class", gunicorn_conf.logger_class)
    log = cfg.logger_class(cfg)
    log.warning(f"Invalid request from ip=10.0.0.9: Invalid HTTP request line: 'GET /?q={NAME}'")
    try:
        int(NAME)
    except ValueError:
        log.exception("Error handling request %s %s", "GET", f"/search/?q={NAME}")
    for handler in log.error_log.handlers:
        handler.close()
    said = (tmp_path / "said.log").read_text()
    assert NAME not in said
    assert "Invalid request" in said
    assert "ValueError" in said
    assert "10.0.0.9" not in said


def test_settings_use_it_everywhere(settings: Any) -> None:
    for handler in settings.LOGGING["handlers"].values():
        formatter = settings.LOGGING["formatters"][handler["formatter"]]
        assert formatter["()"] == "oslonac.config.logs.Quiet"
