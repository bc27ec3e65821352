"""A log line holds neither an address somebody typed nor a value of a row."""

import logging
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils.log import log_response

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


def test_settings_use_it_everywhere(settings: Any) -> None:
    for handler in settings.LOGGING["handlers"].values():
        formatter = settings.LOGGING["formatters"][handler["formatter"]]
        assert formatter["()"] == "oslonac.config.logs.Quiet"
