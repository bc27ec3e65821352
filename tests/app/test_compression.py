"""Which answers are compressed, and what stands against guessing at secrets in them."""

import gzip

import pytest
from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.test import RequestFactory

from oslonac.web.compression import Compression
from tests import cast

GZIP = {"accept-encoding": "gzip"}


def passed(response: HttpResponse | StreamingHttpResponse) -> HttpResponse | StreamingHttpResponse:
    request = RequestFactory().get("/", headers=GZIP)
    return Compression(lambda _request: response)(request)  # type: ignore[return-value]


@pytest.mark.django_db
def test_pages_are_compressed_for_browsers_that_ask_and_say_the_same() -> None:
    client = cast.ana().client()
    plain = client.get("/")
    packed = client.get("/", headers=GZIP)
    assert "Content-Encoding" not in plain
    assert packed["Content-Encoding"] == "gzip" and "Accept-Encoding" in packed["Vary"]
    told = gzip.decompress(packed.content).decode()
    assert "Your tasks" in told and len(packed.content) * 3 < len(told)


def test_the_same_page_is_of_another_length_each_time() -> None:
    lengths = {len(passed(HttpResponse("Vranje " * 400)).content) for _ in range(40)}  # type: ignore[union-attr]
    assert len(lengths) > 10


@pytest.mark.django_db
def test_the_form_token_is_masked_anew_in_every_answer() -> None:
    client = cast.ana().client()

    def token() -> str:
        text = client.get("/").content.decode()
        start = text.index('"X-CSRFToken": "') + len('"X-CSRFToken": "')
        return text[start : start + 64]

    assert token() != token()


def test_files_streams_and_what_is_packed_already_stay_as_they_are() -> None:
    content = b"%PDF" + b"x" * 4000
    for response in (
        HttpResponse(content, content_type="application/pdf"),
        HttpResponse(content, content_type="image/png"),
        HttpResponse(content, content_type="application/vnd.openxmlformats"),
        StreamingHttpResponse(iter([content]), content_type="text/plain"),
        FileResponse(iter([content]), content_type="application/octet-stream"),
    ):
        assert "Content-Encoding" not in passed(response)
    packed = HttpResponse(content, content_type="text/html", headers={"Content-Encoding": "br"})
    assert passed(packed)["Content-Encoding"] == "br"
