"""A stolen disk, backup, log or temporary file shows no name, in any script or encoding.

The product runs as an operator runs it; people are searched for, a document is uploaded, papers
are printed, a file is exported. Meanwhile and afterwards everything outside the folder of the keys
is searched: data folder with the database's own files, backup, logs, temporary folders, and the
files that our processes hold open or map, deleted ones included.
"""

import http.cookiejar
import json
import re
import subprocess
import sys
import tarfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from oslonac.demo.cast import CAST
from oslonac.vault import erasures, keyfile
from tests.app.runtime import ROOT, environment, oslonac, reachable_folder, sentences
from tests.app.test_runtime_embedded import answers, free_port, wait_for
from tests.stolen import Thief, forms

SECRETS = (
    "Тајновита Прича Ћирилицом",
    "Şahsi Bir Hikâye Öksüz",
    "قصة سرية جدا لا يقرأها أحد",
    "Zapamćena Rečenica Deteta",
)
NAMES_QUERY = """
import json
from oslonac.config import bootstrap
with bootstrap.django_ready():
    from oslonac.people.models import Person, PersonName
    from oslonac.vault.sealing import open_many
    rows = list(PersonName.objects.select_related("key")[:120])
    print(json.dumps(sorted({t["full"] for t in open_many(rows, "full").values()})))
"""


class Visitor:
    """A browser without a browser: cookies and forms, over the real socket."""

    def __init__(self, port: int) -> None:
        self.base = f"http://127.0.0.1:{port}"
        self.jar = http.cookiejar.CookieJar()
        self.open = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar)).open

    def get(self, path: str) -> bytes:
        with self.open(self.base + path, timeout=60) as answer:
            content: bytes = answer.read()
        return content

    def form(self, page: str, action: str, fields: dict[str, str], file: bytes = b"") -> bytes:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get(page).decode())
        assert token
        boundary = "----oslonac-test-boundary"
        said = {"csrfmiddlewaretoken": token[1]} | fields
        begin = f"--{boundary}\r\nContent-Disposition: form-data; name="
        parts = [f'{begin}"{name}"\r\n\r\n{value}\r\n'.encode() for name, value in said.items()]
        if file:
            head = f'{begin}"file"; filename="{SECRETS[3]}.txt"\r\n\r\n'
            parts.append(head.encode() + file + b"\r\n")
        body = b"".join(parts) + f"--{boundary}--\r\n".encode()
        request = urllib.request.Request(self.base + action, body)  # noqa: S310 - our own server
        request.add_header("Content-Type", f"multipart/form-data; boundary={boundary}")
        with self.open(request, timeout=60) as answer:
            content: bytes = answer.read()
        return content


class Watch(threading.Thread):
    """Looks again and again at what processes hold open, map, and leave in temporary folders."""

    def __init__(self, thief: Thief, parent: int, *places: Path) -> None:
        super().__init__(daemon=True)
        self.thief, self.parent, self.places = thief, parent, places
        self.found: dict[str, set[str]] = {}
        self.looked: set[str] = set()
        self.stop = threading.Event()

    def run(self) -> None:
        while not self.stop.is_set():
            self.found |= self.thief.searches(*self.places)
            for path in self._held():
                self.looked.add(path)
            time.sleep(0.1)

    def _held(self) -> Iterator[str]:
        try:
            children = psutil.Process(self.parent).children(recursive=True)
        except psutil.NoSuchProcess:
            return
        for child in children:
            for link in [*Path(f"/proc/{child.pid}/fd").glob("*")]:
                try:
                    target = str(link.readlink())
                    if not target.startswith("/") or "/postgres/" in target:
                        continue
                    if target.startswith(("/dev/null", "/dev/urandom", "/usr", "/lib")):
                        continue
                    content = link.read_bytes() if link.stat().st_size < 50_000_000 else b""
                except OSError:
                    continue
                yield target
                if names := self.thief.finds(content):
                    self.found[target] = names


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    with reachable_folder() as folder:
        (folder / "tmp").mkdir(mode=0o777)
        yield folder


def test_the_search_finds_every_form() -> None:
    thief = Thief(SECRETS)
    for secret in SECRETS:
        for form in forms(secret):
            assert thief.finds(b"\0\1" + form + b"\2\3") >= {secret}
    import base64

    for before in range(4):
        coded = base64.b64encode(b"x" * before + SECRETS[0].encode() + b"yz")
        assert thief.finds(coded) == {SECRETS[0]}


def test_a_thief_of_anything_but_the_keys_reads_no_name(place: Path) -> None:
    data, keys, port = place / "data", place / "keys", free_port()
    more = {"OSLONAC_KEYS": str(keys), "TMPDIR": str(place / "tmp")}
    command = [sys.executable, "-m", "oslonac.config.cli", "up", "--demo", "--scale", "30"]
    log = (place / "said.log").open("wb")
    with (
        log,
        subprocess.Popen(
            [*command, "--port", str(port)], env=environment(data, **more), stdout=log, stderr=log
        ) as up,
    ):
        try:
            wait_for(lambda: answers(port) or up.poll() is not None, 300)
            assert up.poll() is None, (place / "said.log").read_text()[-2000:]
            thief = Thief([*SECRETS, *_names(data, more), *(each.name for each in CAST)], _public())
            assert len(thief.wanted) > 300
            watch = Watch(Thief(SECRETS), up.pid, place / "tmp", data / "files", data / "run")
            watch.start()
            try:
                seen = _work(port)
            except urllib.error.HTTPError as wrong:
                pytest.fail(f"{wrong} at {wrong.url}: {(place / 'said.log').read_text()[-4000:]}")
            watch.stop.set()
            watch.join()
            assert seen, "no page showed a name, so nothing was tested"
            written = oslonac("backup", str(place / "stolen.backup"), data=data, **more)
            assert written.returncode == 0, sentences(written)
        finally:
            up.terminate()
            up.wait(30)
    assert watch.found == {}
    assert any(path.startswith(str(data)) for path in watch.looked)
    with tarfile.open(place / "stolen.backup") as archive:
        names = archive.getnames()
        dump = archive.extractfile("database.dump")
        assert dump is not None
        (place / "unpacked").write_bytes(_plain(data, dump.read(), place))
    assert any(name.startswith("files/") for name in names)
    assert not any("keys" in name for name in names)
    assert thief.searches(place, without=[keys]) == {}


def _plain(data: Path, dump: bytes, place: Path) -> bytes:
    """The dump as SQL text: what compression would hide from a search."""
    from oslonac.config.postgres import EmbeddedServer

    program = str(EmbeddedServer(data).programs().program("pg_restore"))
    done = subprocess.run([program, "--file=-"], input=dump, capture_output=True, check=True)
    assert len(done.stdout) > len(dump)
    return done.stdout


def _names(data: Path, more: dict[str, str]) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", NAMES_QUERY],
        env=environment(data, **more),
        capture_output=True,
        text=True,
        check=True,
    )
    names: list[str] = json.loads(done.stdout)
    assert len(names) > 10
    return [name for name in names if len(name) >= 10][:12]


def _public() -> bytes:
    """The country pack says some names in public."""
    files = (ROOT / "packs").rglob("*")
    return b"\n".join(path.read_bytes() for path in files if path.is_file())


def _work(port: int) -> bool:
    """What staff do all day; whether a page showed a name."""
    ana = Visitor(port)
    ana.form("/account/login/", "/demo/sign-in/ana/", {})
    listing = ana.get("/cases/").decode()
    case = re.findall(r'href="(/cases/[0-9a-f-]{36}/)', listing)[0]
    for secret in SECRETS:
        ana.get("/search/?" + urllib.parse.urlencode({"q": secret}))
    kinds = re.findall(r'<option value="(\w+)"', ana.get(f"{case}do/document-add/").decode())
    fields = {"request_key": "stolen-1", "kind": kinds[0], "title": SECRETS[0], "note": SECRETS[2]}
    content = "\n".join(SECRETS).encode() * 40_000
    page = ana.form(f"{case}do/document-add/", f"{case}do/document-add/", fields, content).decode()
    assert SECRETS[0] in page, re.findall(r'class="field-error"[^<]*', page)
    document = re.findall(rf'href="({case}documents/[0-9a-f-]{{36}}/)"', page)[0]
    assert ana.get(document) == content
    for _ in range(3):
        assert ana.get(f"{case}summary.pdf").startswith(b"%PDF")
    for wrong in (f"/cases/{SECRETS[3]}/", f"/search/?q={urllib.parse.quote(SECRETS[1])}%00"):
        try:
            ana.get(urllib.parse.quote(wrong, safe="/?=%"))
        except urllib.error.HTTPError as refused:
            refused.read()
    export = {
        "request_key": "stolen-2",
        "purpose": "court",
        "receiver": SECRETS[1],
        "form": "zip",
        "note": "",
        "password": "jesen u Vranju 2026",
        "again": "jesen u Vranju 2026",
    }
    confirmed = {"stepup_confirmed": "1"}
    try:
        ana.form(f"{case}export/", f"{case}export/", export | confirmed)
    except urllib.error.HTTPError as refused:
        refused.read()
    return SECRETS[0] in page


@pytest.mark.parametrize("source", ["environment"])
def test_even_the_folder_of_the_keys_shows_none_when_a_source_seals_it(
    source: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from oslonac.vault.sources import environment as source_of_environment

    monkeypatch.setenv("OSLONAC_KEY_SOURCE", source)
    monkeypatch.setenv(source_of_environment.VARIABLE, source_of_environment.fresh("root"))
    keyfile.ensure_key_file(tmp_path)
    content = keyfile.read(tmp_path)
    on_disk = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    secrets: list[Any] = [*content["wrapping"].values(), *content["hashing"].values()]
    assert all(secret.encode() not in on_disk for secret in secrets)
    assert erasures.text_of(tmp_path) == ""
