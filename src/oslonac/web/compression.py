"""Answers made smaller on their way out: pages are texts, and a border phone has a slow line.

Belongs here: which answers are compressed. Does not: static files (WhiteNoise brings them
compressed already), what a proxy before us does (docs/how-to/proxy.md).
"""

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

TEXTS = ("text/", "application/json", "application/problem+json", "image/svg+xml")


class Compression(GZipMiddleware):
    """Texts alone, whole. Files and exports are sealed, packed or streamed: they stay as they are.

    Somebody who can make a browser ask for pages and watch how long the answers are could guess at
    secrets in them (BREACH). Against it: the form token is masked anew in every answer, and every
    answer is lengthened by a number of random bytes.
    """

    max_random_bytes = 256

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        kind = response.headers.get("Content-Type", "")
        if isinstance(response, StreamingHttpResponse) or not kind.startswith(TEXTS):
            return response
        assert isinstance(response, HttpResponse)  # noqa: S101  (there is no third kind)
        return super().process_response(request, response)
