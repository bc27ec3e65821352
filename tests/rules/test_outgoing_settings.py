"""How messages leave the installation, from the environment."""

import pytest

from oslonac.config.outgoing import BadMailAddress, mail_server, own_address


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("smtp://ana:se%40cret@mail.rs", ("mail.rs", 587, "ana", "se@cret", True, False)),
        ("smtps://mail.rs:4650", ("mail.rs", 4650, "", "", False, True)),
        ("smtp+plain://localhost", ("localhost", 25, "", "", False, False)),
    ],
)
def test_a_mail_server_is_read(
    monkeypatch: pytest.MonkeyPatch, given: str, expected: tuple[object, ...]
) -> None:
    monkeypatch.setenv("OSLONAC_MAIL", given)
    found = mail_server()
    assert found is not None
    assert (
        found.host,
        found.port,
        found.user,
        found.password,
        found.use_tls,
        found.use_ssl,
    ) == expected


def test_none_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OSLONAC_MAIL", " ")
    assert mail_server() is None


@pytest.mark.parametrize(
    "given", ["mail.rs", "http://a:secret@mail.rs", "smtp://a:secret@", "smtp://a:secret@h:port"]
)
def test_what_cannot_be_read_is_refused_without_the_password(
    monkeypatch: pytest.MonkeyPatch, given: str
) -> None:
    monkeypatch.setenv("OSLONAC_MAIL", given)
    with pytest.raises(BadMailAddress) as refused:
        mail_server()
    assert "secret" not in str(refused.value)


def test_where_people_open_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OSLONAC_ADDRESS", raising=False)
    assert own_address(["oslonac.rs", "localhost"], https=True) == "https://oslonac.rs/"
    assert own_address(["*", ".rs"], https=False) == "http://localhost/"
    monkeypatch.setenv("OSLONAC_ADDRESS", "https://x.rs/o//")
    assert own_address([], https=True) == "https://x.rs/o/"
