"""A log line holds neither an address somebody typed nor a value of a row."""

import json
import logging
import logging.config
import socket
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.utils.log import log_response

from oslonac.access.actor import Actor
from oslonac.audit.actions import record_refusal
from oslonac.audit.models import Event
from oslonac.config.logs import LINE, Json, Quiet
from oslonac.directory.models import Organisation, Place
from oslonac.kit.clock import now
from tests import cast

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
        assert formatter["()"] in ("oslonac.config.logs.Quiet", "oslonac.config.logs.Json")


def said(message: str, *args: object, exc_info: Any = None, form: str = "line") -> str:
    record = logging.LogRecord("x", logging.WARNING, "", 1, message, args, exc_info)
    record.created = 1_793_000_000.25
    return (Json() if form == "json" else Quiet(LINE)).format(record)


def test_times_are_utc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Europe/Belgrade")
    time.tzset()
    try:
        expected = datetime.fromtimestamp(1_793_000_000, UTC).strftime("%Y-%m-%dT%H:%M:%S.")
        assert said("y").startswith(expected)
        assert said("y").split(" ")[0].endswith("Z")
        assert json.loads(said("y", form="json"))["at"].endswith("Z")
    finally:
        monkeypatch.undo()
        time.tzset()


FORGED = "nothing\r\n2026-11-22T10:00:00.000Z CRITICAL root forged\u2028x\x1b[31m\u202egnp"


@pytest.mark.parametrize("form", ["line", "json"])
def test_no_line_can_be_forged(form: str) -> None:
    for found in (said(FORGED, form=form), said("typed: %s", FORGED, form=form)):
        assert len(found.splitlines()) == 1
        assert not [sign for sign in found if ord(sign) < 32 or sign in "\u2028\u202e\x1b"]
        assert "forged" in found


def test_a_message_of_an_error_cannot_forge_a_line_either() -> None:
    try:
        raise ValueError(FORGED)
    except ValueError as problem:
        found = said("It failed", exc_info=(ValueError, problem, problem.__traceback__))
    first, *rest = found.splitlines()
    assert first.endswith("It failed") and rest
    assert all(each.startswith("    | ") for each in rest)


def test_json_is_an_object_a_line() -> None:
    found = json.loads(said("%s of %s", 3, "“four”", form="json"))
    assert found["message"] == "3 of “four”"
    assert {"at", "level", "logger", "process"} < found.keys()


def test_server_worker_and_application_log_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    from oslonac.config import gunicorn_conf, logs

    assert gunicorn_conf.logconfig_dict == logs.configuration()
    monkeypatch.setenv("OSLONAC_LOG", "json")
    found = logs.configuration()
    assert {each["formatter"] for each in found["handlers"].values()} == {"json"}


@pytest.mark.django_db
def test_refusals_leave_the_machine_where_a_syslog_is_set_up(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    """Ids and codes only; and an address that is typed wrong does not stop the start."""
    from oslonac.config import logs

    place = tmp_path / "log"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as collector:
        collector.bind(str(place))
        collector.settimeout(5)
        monkeypatch.setenv("OSLONAC_SYSLOG", str(place))
        logging.config.dictConfig(logs.configuration())
        try:
            record_refusal(actor=Actor(user_id=None), at=now(), what="session.refused")
            line = collector.recv(4000).decode()
        finally:
            monkeypatch.delenv("OSLONAC_SYSLOG")
            logging.config.dictConfig(logs.configuration())
    assert "refused session.refused event=" in line and "actor=nobody" in line
    monkeypatch.setenv("OSLONAC_SYSLOG", str(tmp_path / "nowhere"))
    assert logs.syslog_address() is None
    monkeypatch.setenv("OSLONAC_SYSLOG", "logs.example.org:514")
    assert logs.syslog_address() == ("logs.example.org", 514)


@pytest.mark.django_db
def test_forged_forms_are_events_of_whoever_is_signed_in(caplog: Any) -> None:
    ana = cast.ana()
    for client, count in ((Client(enforce_csrf_checks=True), 0), (_strict(ana), 1)):
        answer = client.post("/account/logout/", {"x": "kept-to-itself"})
        assert answer.status_code == 403
        assert Event.objects.filter(name="form.forged").count() == count
    assert "kept-to-itself" not in caplog.text


def _strict(who: Any) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(who.user, backend="oslonac.accounts.backends.LoginName")
    return client
