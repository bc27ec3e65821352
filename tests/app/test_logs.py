"""A log line holds neither an address somebody typed nor a value of a row."""

import logging
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import RequestFactory

from oslonac.config.logs import Quiet
from oslonac.directory.models import Organisation, Place

NAME = "Фарид Рахими"


def line(record: logging.LogRecord) -> str:
    return Quiet("%(levelname)s %(name)s %(message)s").format(record)


@pytest.mark.django_db
def test_a_typed_address_is_not_written(client: Any) -> None:
    request = RequestFactory().get(f"/cases/{NAME}/?q={NAME}")
    record = logging.LogRecord(
        "django.request", logging.WARNING, "", 1, "%s: %s", ("Not Found", request.path), None
    )
    record.request = request
    assert line(record) == "WARNING django.request Not Found: (an address that leads nowhere)"
    assert record.args == ("Not Found", request.path)  # other handlers keep theirs
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


def test_settings_use_it_everywhere(settings: Any) -> None:
    for handler in settings.LOGGING["handlers"].values():
        formatter = settings.LOGGING["formatters"][handler["formatter"]]
        assert formatter["()"] == "oslonac.config.logs.Quiet"
