"""The key file sealed by every source of a root key: it opens, it rotates, nothing is lost.

SoftHSM2 stands in for an HSM; where it is not installed the tests of PKCS#11 pass over themselves
and say so. A small server here speaks the documented transit interface of a KMS.
"""

import base64
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from oslonac.vault import keyfile, keyring, recovery, rotation, sources
from oslonac.vault.models import DataKey
from oslonac.vault.sources import environment

LIBRARIES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so")
PROGRAM = """
import base64, json, os, sys
key = os.environ["OSLONAC_KMS_BYTE"]
said = json.loads(sys.stdin.read() or "{}")
flip = lambda text: base64.b64encode(bytes(b ^ int(key) for b in base64.b64decode(text))).decode()
print(json.dumps({
    "describe": lambda: {"text": "A program of the test."},
    "renew": lambda: {"key": ""},
    "seal": lambda: {"key": "one", "value": flip(said["value"])},
    "open": lambda: {"value": flip(said["value"])},
}[sys.argv[1]]()))
"""


class Transit(BaseHTTPRequestHandler):
    """The part of the transit interface that we use: keys, rotate, encrypt, decrypt."""

    versions: list[bytes] = []

    def do_GET(self) -> None:
        self._answer({"latest_version": len(self.versions)})

    def do_POST(self) -> None:
        said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        verb = self.path.split("/")[3]
        if self.headers["X-Vault-Token"] != "hvs.test":
            self.send_error(403)
        elif verb == "keys":
            self.versions.append(os.urandom(32))
            self._answer({})
        elif verb == "encrypt":
            nonce, more = os.urandom(12), base64.b64decode(said["associated_data"])
            plain = base64.b64decode(said["plaintext"])
            sealed = nonce + AESGCM(self.versions[-1]).encrypt(nonce, plain, more)
            text = f"vault:v{len(self.versions)}:{base64.b64encode(sealed).decode()}"
            self._answer({"ciphertext": text})
        else:
            self._decrypt(said)

    def _decrypt(self, said: dict[str, str]) -> None:
        _, version, text = said["ciphertext"].split(":")
        sealed, more = base64.b64decode(text), base64.b64decode(said["associated_data"])
        try:
            key = AESGCM(self.versions[int(version[1:]) - 1])
            plain = key.decrypt(sealed[:12], sealed[12:], more)
        except InvalidTag:
            self.send_error(400)
        else:
            self._answer({"plaintext": base64.b64encode(plain).decode()})

    def _answer(self, data: dict[str, Any]) -> None:
        body = json.dumps({"data": data}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Quiet."""


def _transit(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    Transit.versions = [os.urandom(32)]
    with ThreadingHTTPServer(("127.0.0.1", 0), Transit) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/v1/transit"
        monkeypatch.setenv("OSLONAC_TRANSIT_URL", url)
        monkeypatch.setenv("OSLONAC_TRANSIT_TOKEN", "hvs.test")
        yield
        server.shutdown()


def _softhsm(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    pytest.importorskip("pkcs11", reason="python-pkcs11 (requirements/hsm.txt) is not installed")
    library = next((path for path in LIBRARIES if Path(path).exists()), None)
    if library is None or shutil.which("softhsm2-util") is None:
        pytest.skip("SoftHSM2 is not installed (Debian: apt-get install softhsm2)")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}/tokens\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(folder / "softhsm2.conf"))
    made = ["softhsm2-util", "--init-token", "--free", "--label", "oslonac"]
    subprocess.run(
        [*made, "--so-pin", "1234", "--pin", "98765432"], check=True, capture_output=True
    )
    monkeypatch.setenv("OSLONAC_PKCS11_MODULE", library)
    monkeypatch.setenv("OSLONAC_PKCS11_TOKEN", "oslonac")
    monkeypatch.setenv("OSLONAC_PKCS11_PIN", "98765432")


@pytest.fixture(params=["file", "environment", "program", "transit", "pkcs11"])
def source(request: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    """The environment of an installation with this source."""
    monkeypatch.setenv("OSLONAC_KEY_SOURCE", request.param)
    monkeypatch.setenv("PYTHONPATH", "src")
    if request.param == "environment":
        monkeypatch.setenv(environment.VARIABLE, environment.fresh("root-1"))
    elif request.param == "program":
        (tmp_path / "kms.py").write_text(PROGRAM)
        monkeypatch.setenv("OSLONAC_KEY_PROGRAM", f"{sys.executable} {tmp_path}/kms.py")
        monkeypatch.setenv("OSLONAC_KMS_BYTE", "77")
    elif request.param == "pkcs11":
        _softhsm(monkeypatch, tmp_path)
    elif request.param == "transit":
        yield from (request.param for _ in _transit(monkeypatch))
        return
    yield request.param


@pytest.fixture
def keys(source: str, tmp_path: Path, settings: Any) -> Path:
    folder = tmp_path / "keys"
    keyring.ensure_key_file(folder)
    settings.OSLONAC_KEYS = str(folder)
    return folder


def test_the_key_file_opens_and_shows_no_key(keys: Path, source: str) -> None:
    content = keyfile.read(keys)
    on_disk = (keys / keyfile.FILE_NAME).read_text()
    secrets = [*content["wrapping"].values(), *content["hashing"].values()]
    assert keyfile.sealed_by(keys) == source
    assert any(secret in on_disk for secret in secrets) == (source == "file")
    assert keyring.current() == keyring.load(keys / keyfile.FILE_NAME)
    assert f"source: {source}" in sources.configured().describe()


@pytest.mark.django_db
def test_a_rotation_loses_no_key_and_renews_the_root(keys: Path, source: str) -> None:
    made = [DataKey.make() for _ in range(3)]
    DataKey.objects.bulk_create(made)
    plain = {key.pk: keyring.current().unwrap(key.kek_id, key.wrapped, str(key.pk)) for key in made}
    before = json.loads((keys / keyfile.FILE_NAME).read_text()).get("slots", {})
    slow = keyring.current()
    rotation.rotate(keys)
    for row in DataKey.objects.filter(pk__in=plain):
        assert row.kek_id == "kek-2"
        assert (
            keyring.current().unwrap(row.kek_id, bytes(row.wrapped), str(row.pk)) == plain[row.pk]
        )
    after = json.loads((keys / keyfile.FILE_NAME).read_text()).get("slots", {})
    assert (before.keys() != after.keys()) == (source in {"transit", "pkcs11"})
    # A process that has not looked at the file yet goes on, and what it wraps opens here.
    late = slow.wrap(b"k" * 32, "late")
    assert keyring.current().unwrap(*late, "late") == b"k" * 32


def test_sheets_bring_the_keys_back_without_the_source(
    keys: Path, source: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ring = keyring.current()
    sheets = recovery.make_sheets(keys, threshold=2, sheets=3)
    assert recovery.rehearse(keys, keys / recovery.COPY_NAME, sheets[:2]).same
    monkeypatch.setenv("OSLONAC_KEY_SOURCE", "file")  # the HSM burnt with the house
    path = recovery.restore(keys / recovery.COPY_NAME, sheets[1:], tmp_path / "new")
    assert keyring.load(path) == ring


def test_a_source_that_is_away_is_told_in_a_sentence(
    keys: Path, source: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if source == "file":
        return
    ring = keyring.current()
    monkeypatch.setenv("OSLONAC_KEY_PROGRAM", "/nowhere/program")
    monkeypatch.setenv("OSLONAC_PKCS11_PIN", "0000")
    monkeypatch.setenv("OSLONAC_TRANSIT_TOKEN", "wrong")
    monkeypatch.setenv(environment.VARIABLE, environment.fresh("root-9"))
    with pytest.raises(sources.SourceFailed) as problem:
        keyfile.read(keys)
    assert str(problem.value).endswith((".", "new one.")) or "out of reach" in str(problem.value)
    assert keyring.current() == ring  # who has read it goes on


def test_two_root_keys_side_by_side_need_no_pause(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    old, new = environment.fresh("old"), environment.fresh("new")
    monkeypatch.setenv("OSLONAC_KEY_SOURCE", "environment")
    monkeypatch.setenv(environment.VARIABLE, old)
    keyring.ensure_key_file(tmp_path)
    ring = keyring.load(tmp_path / keyfile.FILE_NAME)
    monkeypatch.setenv(environment.VARIABLE, f"{old},{new}")
    keyfile.write(tmp_path, keyfile.read(tmp_path))
    for known in (old, new, f"{old},{new}"):
        monkeypatch.setenv(environment.VARIABLE, known)
        assert keyring.load(tmp_path / keyfile.FILE_NAME) == ring
    monkeypatch.setenv(environment.VARIABLE, new)
    keyfile.write(tmp_path, keyfile.read(tmp_path))
    monkeypatch.setenv(environment.VARIABLE, old)
    with pytest.raises(sources.SourceFailed):
        keyfile.read(tmp_path)


def test_an_open_key_file_moves_under_a_source_at_the_next_rotation(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from oslonac.config import health

    monkeypatch.delenv("OSLONAC_KEY_SOURCE", raising=False)
    keyring.ensure_key_file(tmp_path)
    monkeypatch.setenv("OSLONAC_KEYS", str(tmp_path))
    monkeypatch.setenv("OSLONAC_KEY_SOURCE", "environment")
    monkeypatch.setenv(environment.VARIABLE, environment.fresh("root"))
    assert health.keys.source().level == "warning"
    keyring.add_wrapping_key(tmp_path)
    found = health.keys.source()
    assert (found.level, found.code) == ("ok", "key-source")
    assert "source: environment" in found.sentence
    monkeypatch.setenv("OSLONAC_KEY_SOURCE", "cloud")
    assert health.keys.source().level == "error"


@pytest.mark.django_db
def test_second_factors_survive_two_rotations(tmp_path: Path, settings: Any) -> None:
    from allauth.mfa.adapter import get_adapter
    from allauth.mfa.models import Authenticator

    from tests import cast

    settings.OSLONAC_KEYS = str(tmp_path)
    keyring.ensure_key_file(tmp_path)
    ana = cast.ana().user
    made = Authenticator.objects.create(
        user=ana, type="totp", data={"secret": get_adapter().encrypt("JBSWY3DPEHPK3PXP")}
    )
    for _ in range(3):
        rotation.rotate(tmp_path)
    made.refresh_from_db()
    assert get_adapter().decrypt(made.data["secret"]) == "JBSWY3DPEHPK3PXP"
