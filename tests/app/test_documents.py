"""Documents of a case: what is taken in, what is refused, who reads it, what lies on the disk."""

import io
import re
import socket
import struct
import tempfile
import threading
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from oslonac.access import actions as grants
from oslonac.access.actor import SYSTEM
from oslonac.access.roles import Role
from oslonac.access.rules import Level, Reason
from oslonac.audit.models import Event
from oslonac.cases.models import Case
from oslonac.documents.models import Document
from oslonac.kit.clock import now
from oslonac.vault import filestore
from oslonac.vault.sealing import open_one
from tests import cast
from tests.app.case_tabs import shown_to
from tests.http import page_of
from tests.worlds import fresh, made_once

pytestmark = pytest.mark.django_db
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SECRET = "Фарид Рахими чека у Прешеву"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.OSLONAC_DATA = str(tmp_path)
    settings.OSLONAC_STEP_UP = False
    return tmp_path


def _made() -> tuple[cast.Member, cast.Member, Case]:
    teodora, ana = cast.teodora(), cast.ana()
    return teodora, ana, cast.case(teodora, ana, at=now() - timedelta(hours=3))


made = made_once(_made)


@pytest.fixture
def people(made: Any) -> tuple[Any, Any]:
    return fresh(made[:2])


@pytest.fixture
def case(made: Any) -> Case:
    return fresh(made[2])


@pytest.fixture
def client(people: Any) -> Any:
    return people[1].client()


def add(client: Any, case: Case, content: bytes, name: str = "nalaz.pdf", **more: Any) -> Any:
    url = f"/cases/{case.pk}/do/document-add/"
    page = page_of(client.get(url))
    request_key = re.search(r'name="request_key" value="([^"]+)"', page)
    assert request_key
    assert 'enctype="multipart/form-data"' in page
    said = {
        "request_key": request_key[1],
        "kind": "medical" if "medical" in page else re.findall(r'<option value="(\w+)"', page)[0],
        "title": SECRET,
        "note": "Од доктора",
        "file": SimpleUploadedFile(name, content, "application/octet-stream"),
    }
    return client.post(url, said | more)


def kept(case: Case) -> Document:
    return Document.objects.get(case=case)


def fetched(client: Any, row: Document) -> Any:
    response = client.get(f"/cases/{row.case_id}/documents/{row.pk}/")
    if response.status_code == 200:
        response.body = b"".join(response.streaming_content)
    return response


def pdf(**more: Any) -> bytes:
    made = pikepdf.new()
    made.add_blank_page()
    for key, value in more.items():
        made.Root[f"/{key}"] = value
    target = io.BytesIO()
    made.save(target, deterministic_id=True)
    return target.getvalue()


def photo(orientation: int = 6, size: tuple[int, int] = (40, 20), kind: str = "JPEG") -> bytes:
    picture = Image.new("RGB", size, (200, 30, 30))
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x013B] = orientation, "TelefonX", "Farid Rahimi"
    exif.get_ifd(0x8825)[2] = (42.0, 18.0, 33.0)
    target = io.BytesIO()
    more = {"comment": b"Presevo"} if kind == "JPEG" else {}
    picture.save(target, kind, exif=exif, **more)
    return target.getvalue()


def office(*parts: str, rels: str = "") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for part in ("[Content_Types].xml", "word/document.xml", *parts):
            archive.writestr(part, "<x/>")
        archive.writestr("word/_rels/document.xml.rels", f"<Relationships>{rels}</Relationships>")
    return target.getvalue()


def test_a_document_is_sealed_on_disk_and_comes_back_whole(
    client: Any, case: Case, folder: Path
) -> None:
    content = pdf() + b"%" + SECRET.encode() * 10_000
    assert add(client, case, content).status_code == 302
    row = kept(case)
    assert (row.format, row.pages, row.size) == ("pdf", 1, len(content))
    assert open_one(row, "title") == SECRET
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert [path.name for path in files] == [row.stored]
    assert all(SECRET.encode()[:12] not in path.read_bytes() for path in files)
    assert files[0].stat().st_mode & 0o077 == 0
    answer = fetched(client, row)
    assert answer.body == content
    assert answer["Content-Disposition"] == f'attachment; filename="{case.number}-1.pdf"'
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert set(Event.objects.filter(record_id=row.pk).values_list("name", flat=True)) == {
        "document.added",
        "document.read",
    }
    page = shown_to(client, case)
    assert SECRET in page
    assert f"/cases/{case.pk}/documents/{row.pk}/" in page


def test_an_upload_leaves_nothing_clear_in_temporary_folders(
    client: Any, case: Case, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = folder / "tmp"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    seen: list[bytes] = []
    real = filestore.store

    def looking(content: Any) -> Any:
        seen.extend(path.read_bytes() for path in folder.rglob("*") if path.is_file())
        return real(content)

    monkeypatch.setattr(filestore, "store", looking)
    content = pdf() + SECRET.encode() * 400_000  # far above what Django keeps in memory
    add(client, case, content)
    assert sum(map(len, seen)) > len(content)
    assert all(SECRET.encode() not in each for each in seen)
    assert list(temporary.iterdir()) == []
    assert list((folder / "files" / "incoming").iterdir()) == []


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "PNG", "TIFF"])
def test_pictures_lose_what_the_phone_wrote_and_stand_upright(
    client: Any, case: Case, kind: str
) -> None:
    assert add(client, case, photo(kind=kind), "x.bin").status_code == 302
    body = fetched(client, kept(case)).body
    for said in (b"TelefonX", b"Farid", b"Presevo"):
        assert said not in body
    with Image.open(io.BytesIO(body)) as picture:
        assert picture.size == (20, 40)
        assert not dict(picture.getexif()) or set(picture.getexif()) <= set(range(254, 340))
        assert picture.getexif().get_ifd(0x8825) == {}
        red = picture.convert("RGB").getpixel((5, 5))
    assert red[0] > 180
    assert max(red[1:]) < 60


def test_pages_of_a_scan_all_stay(client: Any, case: Case) -> None:
    target = io.BytesIO()
    frames = [Image.new("L", (30, 30), shade) for shade in (10, 120, 240)]
    frames[0].save(target, "TIFF", save_all=True, append_images=frames[1:])
    add(client, case, target.getvalue(), "scan.tif")
    assert kept(case).pages == 3
    with Image.open(io.BytesIO(fetched(client, kept(case)).body)) as picture:
        assert picture.n_frames == 3


def bomb() -> bytes:
    """A picture of 900 million pixels in a few kilobytes."""
    import zlib

    def chunk(name: bytes, data: bytes) -> bytes:
        return (
            struct.pack("!I", len(data)) + name + data + struct.pack("!I", zlib.crc32(name + data))
        )

    head = struct.pack("!IIBBBBB", 30_000, 30_000, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * 3751 * 100)
    begin = b"\x89PNG\r\n\x1a\n"
    return begin + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def action(kind: str, **more: Any) -> pikepdf.Dictionary:
    return pikepdf.Dictionary(S=pikepdf.Name(f"/{kind}"), **more)


def embedded() -> bytes:
    made = pikepdf.new()
    made.add_blank_page()
    made.attachments["x.exe"] = pikepdf.AttachedFileSpec(made, b"MZ", filename="x.exe")
    target = io.BytesIO()
    made.save(target)
    return target.getvalue()


def locked() -> bytes:
    made = pikepdf.new()
    made.add_blank_page()
    target = io.BytesIO()
    made.save(target, encryption=pikepdf.Encryption(owner="a", user="b"))
    return target.getvalue()


FETCHING = (
    '<Relationship Id="r1" Type="http://x/attachedTemplate" Target="http://evil/" '
    'TargetMode="External"/>'
)
REFUSED = {
    "program": (b"MZ\x90\0" + b"\0" * 80, "program"),
    "elf": (b"\x7fELF\2\1\1" + b"\0" * 80, "program"),
    "shell": (b"#!/bin/sh\nrm -rf /\n", "program"),
    "html": (b"<!DOCTYPE html><script>1</script>", "web page"),
    "html later": (b"\n\n hello <HTML><body onload=x>", "web page"),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="x"/>', "web page"),
    "zip": (b"PK\x05\x06" + b"\0" * 18, "archive"),
    "rar": (b"Rar!\x1a\7\0", "archive"),
    "old word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 60, "Old office"),
    "heic": (b"\0\0\0\x18ftypheic" + b"\0" * 20, "Pictures of this kind"),
    "gif": (b"GIF89a" + b"\0" * 20, "Pictures of this kind"),
    "noise": (bytes(range(256)), "kind of file is not accepted"),
    "text that turns": (b"a" * 70_000 + b"\0\1\2", "kind of file is not accepted"),
    "bomb": (bomb(), "million pixels"),
    "torn picture": (photo()[:80], "damaged"),
    "torn pdf": (b"%PDF-1.7\n", "damaged"),
    "script in pdf": (pdf(OpenAction=action("JavaScript", JS="app.alert(1)")), "contains a script"),
    "launch": (pdf(OpenAction=action("Launch", F="cmd.exe")), "contains a script"),
    "nested": (
        pdf(A=pikepdf.Array([pikepdf.Dictionary(X=action("SubmitForm"))])),
        "contains a script",
    ),
    "file in pdf": (embedded(), "contains a script"),
    "locked pdf": (locked(), "has a password"),
    "macros": (office("word/vbaProject.bin"), "macros"),
    "object": (office("word/embeddings/oleObject1.bin"), "macros"),
    "fetching": (office(rels=FETCHING), "macros"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_dangerous_files_are_refused_with_a_sentence_whatever_their_name(
    name: str, client: Any, case: Case, folder: Path
) -> None:
    content, sentence = REFUSED[name]
    answer = add(client, case, content, "godisnji-odmor.pdf")
    assert answer.status_code == 422
    page = page_of(answer)
    assert sentence in page
    assert SECRET in page  # what was typed is still there
    assert not Document.objects.exists()
    assert [path for path in folder.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("content", [office(), "Белешка\nдруги ред".encode(), pdf()])
def test_ordinary_files_are_taken(content: bytes, client: Any, case: Case) -> None:
    assert add(client, case, content, "virus.exe").status_code == 302
    assert fetched(client, kept(case)).body == content


def test_too_large_a_file_is_refused_in_words_and_the_rest_of_the_form_stays(
    client: Any, case: Case, settings: Any, folder: Path
) -> None:
    settings.OSLONAC_UPLOAD_BYTES = 300_000
    answer = add(client, case, pdf() + b"%" * 400_000)
    page = page_of(answer)
    assert answer.status_code == 422
    assert "This file is larger than 293" in page
    assert SECRET in page
    assert "This field is required" not in page
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_six_megabytes_are_taken_although_a_form_takes_only_five(client: Any, case: Case) -> None:
    assert add(client, case, pdf() + b"%" * 6_000_000).status_code == 302


@pytest.mark.parametrize("path", ["/cases/{}/do/contact/", "/api/v1/cases/{}/contacts"])
def test_too_much_in_a_form_is_413_with_a_sentence(client: Any, case: Case, path: str) -> None:
    client.raise_request_exception = False
    body = b"x=" + b"a" * (6 * 1024 * 1024)
    kind = "application/json" if "api" in path else "application/x-www-form-urlencoded"
    answer = client.post(path.format(case.pk), body, content_type=kind)
    assert answer.status_code == 413
    said = page_of(answer)
    assert "is larger than" in said
    assert "Nothing was changed" in said


def test_a_stranger_uploads_nothing(case: Case, folder: Path) -> None:
    from django.test import Client

    before = set(folder.rglob("*"))
    answer = Client().post(
        f"/cases/{case.pk}/do/document-add/", {"file": SimpleUploadedFile("a.pdf", pdf())}
    )
    assert answer.status_code == 302
    assert set(folder.rglob("*")) == before


def seeing(case: Case, level: Level, whereabouts: bool = False) -> Any:
    who = cast.member("Lidija R.", Role.CASE_MANAGER, "csw-nis")
    grants.grant_user(
        actor=SYSTEM,
        at=now(),
        kind="case",
        record_id=case.pk,
        user_id=who.user.pk,
        level=level,
        whereabouts=whereabouts,
        reason=Reason.DECISION,
    )
    return who.client()


def test_only_the_level_of_documents_opens_them(client: Any, case: Case) -> None:
    add(client, case, pdf())
    row = kept(case)
    assert fetched(seeing(case, Level.NARRATIVE), row).status_code == 403
    assert fetched(cast.member("Stran C.", Role.HEAD, "csw-nis").client(), row).status_code == 404
    below = shown_to(seeing(case, Level.NARRATIVE), case)
    assert 'id="documents"' not in below
    assert SECRET not in below
    assert fetched(seeing(case, Level.IDENTITY), row).status_code == 200


def test_what_says_where_the_child_is_goes_with_the_whereabouts(client: Any, case: Case) -> None:
    add(client, case, pdf(), tells_where="on")
    row = kept(case)
    assert row.tells_where
    without = seeing(case, Level.IDENTITY)
    assert fetched(without, row).status_code == 404
    assert SECRET not in shown_to(without, case)
    assert without.get(f"/cases/{case.pk}/do/document-remove/{row.pk}/").status_code == 404
    assert fetched(seeing(case, Level.IDENTITY, whereabouts=True), row).status_code == 200


def test_removing_destroys_the_file_and_keeps_the_reason(
    client: Any, case: Case, people: Any, folder: Path
) -> None:
    add(client, case, pdf())
    row = kept(case)
    url = f"/cases/{case.pk}/do/document-remove/{row.pk}/"
    other = people[0].client()  # the field worker neither added it nor decides
    assert other.post(url, {"reason": "x", "request_key": "1", "revision": 1}).status_code == 403
    assert client.post(url, {"reason": "Погрешно дете", "request_key": "2"}).status_code == 302
    row.refresh_from_db()
    assert (row.status, row.stored, row.file_key) == ("removed", "", None)
    assert fetched(client, row).status_code == 409
    assert "Погрешно дете" in shown_to(client, case)


def test_a_double_click_keeps_one_file(client: Any, case: Case, folder: Path) -> None:
    for _ in range(2):
        assert add(client, case, pdf(), request_key="one-and-the-same").status_code == 302
    assert Document.objects.count() == 1
    assert len([path for path in folder.rglob("*") if path.is_file()]) == 1


def test_what_a_dead_process_left_goes(folder: Path) -> None:
    left = filestore.Incoming()
    left.writer.write(b"abc")
    left.finish()
    assert filestore.sweep() == 0
    assert filestore.sweep(older_than_seconds=-1) == 1
    assert not left.path.exists()


class Clamd(threading.Thread):
    """Speaks the part of clamd's protocol that we use, over a UNIX socket."""

    def __init__(self, path: Path, limit: int = 0) -> None:
        super().__init__(daemon=True)
        self.server = socket.socket(socket.AF_UNIX)
        self.server.bind(str(path))
        self.server.listen()
        self.limit, self.seen = limit, b""

    def run(self) -> None:
        while True:
            try:
                connection, _ = self.server.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as said:
                self._answer(connection, said)

    def _answer(self, connection: socket.socket, said: Any) -> None:
        command = b""
        while not command.endswith(b"\0"):
            command += said.read(1)
        if command == b"zPING\0":
            connection.sendall(b"PONG\0")
            return
        assert command == b"zINSTREAM\0"
        self.seen = b""
        while length := struct.unpack("!I", said.read(4))[0]:
            self.seen += said.read(length)
            if self.limit and len(self.seen) > self.limit:
                connection.sendall(b"INSTREAM size limit exceeded. ERROR\0")
                return
        found = EICAR in self.seen
        connection.sendall(b"stream: Eicar-Test-Signature FOUND\0" if found else b"stream: OK\0")


@pytest.fixture
def clamd(tmp_path: Path, settings: Any) -> Iterator[Clamd]:
    short = Path(tempfile.mkdtemp(prefix="clam")) / "s"
    server = Clamd(short)
    server.start()
    settings.OSLONAC_CLAMAV = str(short)
    yield server
    server.server.close()


def test_the_scanner_sees_every_byte_and_its_word_counts(
    clamd: Clamd, client: Any, case: Case
) -> None:
    content = pdf() + b"%" * 200_000
    assert add(client, case, content).status_code == 302
    assert clamd.seen == content
    assert kept(case).scan == "clean"
    answer = add(client, case, b"Obican tekst " + EICAR)
    assert answer.status_code == 422
    assert "malware in this file (Eicar-Test-Signature)" in answer.content.decode()
    assert Document.objects.count() == 1


@pytest.mark.parametrize("setting", ["refuse", "quarantine"])
def test_a_scanner_that_is_away_refuses_or_keeps_aside(
    setting: str, client: Any, case: Case, settings: Any, tmp_path: Path
) -> None:
    settings.OSLONAC_CLAMAV = str(tmp_path / "nobody")
    settings.OSLONAC_CLAMAV_UNREACHABLE = setting
    answer = add(client, case, pdf())
    if setting == "refuse":
        assert answer.status_code == 422
        assert "does not answer" in answer.content.decode()
        assert not Document.objects.exists()
        return
    row = kept(case)
    assert row.status == "quarantined"
    assert fetched(client, row).status_code == 409
    url = f"/cases/{case.pk}/do/document-scan/{row.pk}/"
    assert "still does not answer" in client.post(url, {"request_key": "a"}).content.decode()
    before = row.stored
    short = Path(tempfile.mkdtemp(prefix="clam")) / "s"
    Clamd(short).start()
    settings.OSLONAC_CLAMAV = str(short)
    assert client.post(url, {"request_key": "b"}).status_code == 302
    row.refresh_from_db()
    assert (row.status, row.scan) == ("kept", "clean")
    assert row.stored != before
    assert fetched(client, row).body == pdf()


def test_no_scanner_is_said_plainly(client: Any, case: Case, settings: Any) -> None:
    settings.OSLONAC_CLAMAV = ""
    add(client, case, pdf())
    assert kept(case).scan == "not_scanned"
    assert "no scanner is set up" in shown_to(client, case)
