"""What `oslonac doctor --real` sees of TLS from outside, and which ways out take no plain text."""

import http.server
import ssl
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from oslonac.config import datafolder
from oslonac.config.health import outside
from oslonac.config.outgoing import BadMailAddress, mail_server
from oslonac.documents.inspecting import office
from oslonac.vault.sources import transit
from tests.refusals import refused


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed one for localhost, with its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    at = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(at - timedelta(days=1))
        .not_valid_after(at + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    place = tmp_path_factory.mktemp("tls") / "both.pem"
    place.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return place


@contextmanager
def served(certificate: Path | None, **settings: Any) -> Iterator[int]:
    """A server on this machine, over TLS when there is a certificate; its port."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(settings.get("status", 200))
            self.send_header("Location", settings.get("leads", ""))
            self.end_headers()

        do_POST = do_GET

        def log_message(self, *args: Any) -> None:
            """Silence."""

    server = http.server.ThreadingHTTPServer(("localhost", 0), Handler)
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = settings.get("oldest", ssl.TLSVersion.TLSv1_2)
        context.maximum_version = settings.get("newest", ssl.TLSVersion.TLSv1_3)
        context.set_ciphers(settings.get("ciphers", "ECDHE+AESGCM"))
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *args: None  # type: ignore[method-assign]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()


def looked_at(monkeypatch: pytest.MonkeyPatch, port: int, trusted: Path | None) -> dict[str, str]:
    monkeypatch.setenv("OSLONAC_ADDRESS", f"https://localhost:{port}")
    if trusted is not None:
        monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    return {each.code: each.level for each in outside._address()}


def test_a_good_proxy_is_good(monkeypatch: pytest.MonkeyPatch, certificate: Path) -> None:
    with served(certificate) as port:
        found = looked_at(monkeypatch, port, certificate)
    assert found["certificate"] == "ok"


def test_a_proxy_that_does_not_say_https_is_seen(
    monkeypatch: pytest.MonkeyPatch, certificate: Path
) -> None:
    itself = "https://localhost/account/login/"
    with served(certificate, status=301, leads=itself) as port:
        assert looked_at(monkeypatch, port, certificate)["proxy"] == "error"
    with served(certificate) as port:
        assert looked_at(monkeypatch, port, certificate)["proxy"] == "ok"


def test_a_certificate_that_nobody_trusts_is_seen(
    monkeypatch: pytest.MonkeyPatch, certificate: Path
) -> None:
    with served(certificate) as port:
        assert looked_at(monkeypatch, port, None) == {"certificate": "error"}


def test_a_server_without_tls_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    with served(None) as port:
        assert looked_at(monkeypatch, port, None) == {"tls": "error"}


@pytest.mark.parametrize(
    ("status", "leads", "level"),
    [(301, "https://localhost/", "ok"), (302, "http://localhost/x", "error"), (200, "", "error")],
)
def test_plain_http_must_lead_to_https(
    monkeypatch: pytest.MonkeyPatch, status: int, leads: str, level: str
) -> None:
    with served(None, status=status, leads=leads) as port:
        connect = outside.http.client.HTTPConnection
        monkeypatch.setattr(
            outside.http.client,
            "HTTPConnection",
            lambda host, _port, timeout: connect(host, port, timeout=timeout),
        )
        assert outside._plain_http("localhost").level == level


def test_what_is_missing_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("HTTPS", "BREACHED", "SYSLOG", "KEY_SOURCE", "KEYS", "ADDRESS"):
        monkeypatch.delenv(f"OSLONAC_{name}", raising=False)
    monkeypatch.setenv("OSLONAC_DATA", str(tmp_path))
    monkeypatch.setenv("OSLONAC_CLAMAV", "10.0.0.5:3310")
    found = {each.code: each for each in outside.everything()}
    assert found["https"].level == found["scanner-away"].level == "error"
    for code in ("keys-apart", "root-key", "breached", "syslog", "address"):
        assert found[code].level == "warning" and found[code].next_step, code
    assert found["clock"].sentence
    listed = tmp_path / "breached"
    listed.write_text("")
    monkeypatch.setenv("OSLONAC_HTTPS", "1")
    monkeypatch.setenv("OSLONAC_KEYS", str(tmp_path.parent / "elsewhere"))
    monkeypatch.setenv("OSLONAC_KEY_SOURCE", "environment")
    monkeypatch.setenv("OSLONAC_BREACHED", str(listed))
    monkeypatch.setenv("OSLONAC_SYSLOG", "127.0.0.1:514")
    monkeypatch.setenv("OSLONAC_CLAMAV", "/run/clamav/clamd.ctl")
    found = {each.code: each for each in outside.everything()}
    for code in ("https", "keys-apart", "root-key", "breached", "syslog", "scanner-away"):
        assert found[code].level == "ok", code


@pytest.mark.parametrize("host", ["db.example.org", "10.0.0.5"])
def test_a_database_over_a_network_is_reached_with_a_verified_certificate(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"postgresql://web:secret@{host}/cases")
    assert datafolder.settings_for("app")["OPTIONS"]["sslmode"] == "verify-full"
    for weak in ("disable", "prefer", "require", "verify-ca"):
        monkeypatch.setenv("DATABASE_URL", f"postgresql://web:secret@{host}/cases?sslmode={weak}")
        with pytest.raises(datafolder.BadDatabaseUrl) as refused:
            datafolder.settings_for("app")
        assert "verify-full" in str(refused.value) and "secret" not in str(refused.value)
    monkeypatch.setenv("OSLONAC_DB_PRIVATE", "1")
    assert datafolder.settings_for("app")["OPTIONS"]["sslmode"] == "verify-ca"


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "%2Frun%2Fpostgresql"])
def test_a_database_on_this_machine_needs_no_tls(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"postgresql://web:secret@{host}/cases")
    assert "sslmode" not in datafolder.settings_for("app")["OPTIONS"]


@pytest.mark.parametrize("host", ["mail.example.org", "10.0.0.5", "127.0.0.1.example.org"])
def test_mail_in_the_clear_stays_on_this_machine(
    monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setenv("OSLONAC_MAIL", f"smtp+plain://a:secret@{host}")
    with pytest.raises(BadMailAddress) as refused:
        mail_server()
    assert "secret" not in str(refused.value)
    monkeypatch.setenv("OSLONAC_MAIL", "smtp+plain://127.0.0.1:2525")
    assert mail_server() is not None


def test_a_key_service_that_leads_elsewhere_is_not_followed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with (
        served(None) as other,
        served(None, status=307, leads=f"http://localhost:{other}/") as port,
    ):
        monkeypatch.setenv("OSLONAC_TRANSIT_URL", f"http://127.0.0.1:{port}")
        monkeypatch.setenv("OSLONAC_TRANSIT_TOKEN", "t")
        with pytest.raises(LookupError, match="answered 307"):
            transit._ask("keys/x", None)


def test_an_archive_that_bursts_is_refused_before_it_is_unpacked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A few kilobytes that say they are 400 MiB, and six thousand parts."""
    for way in ("read", "open"):
        monkeypatch.setattr(zipfile.ZipFile, way, lambda *a, **k: pytest.fail("it was unpacked"))
    for parts in ({"word/media/a.png": 400 << 20}, {f"word/{n}.xml": 1 for n in range(6000)}):
        made = archive({"[Content_Types].xml": 10, "word/document.xml": 10} | parts)
        with refused("document.active"):
            office.check(BytesIO(made))


def archive(sizes: dict[str, int]) -> bytes:
    """A ZIP whose list of parts claims these sizes, without their content."""
    import struct

    entries = b""
    for name, size in sizes.items():
        raw = name.encode()
        entries += (
            struct.pack(
                "<IHHHHHHIIIHHHHHII",
                0x02014B50,
                20,
                20,
                0,
                8,
                0,
                0,
                0,
                10,
                size,
                len(raw),
                0,
                0,
                0,
                0,
                0,
                0,
            )
            + raw
        )
    count = len(sizes)
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, count, count, len(entries), 0, 0)
    return entries + end
