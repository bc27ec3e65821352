"""The proxy middleware: scheme, host and address of a request, before anything else sees it.

- Headers that only our proxy may set (X-Forwarded-For, X-Forwarded-Proto) are taken off what did
  not come from it, so that nobody says of themselves that they came over https or from elsewhere.
- Where the installation is served over https, plain http leads to it: a page by a redirect; what
  writes, and every program, is refused, so that nobody goes on sending secrets in the clear without
  noticing.
- Pages are read and written by GET, HEAD and POST; TRACE and the like are refused. The API says
  itself which methods it takes.

Belongs here: what needs neither session nor user. Does not: headers of answers (`middleware`).
"""

import ipaddress
import logging
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.utils.translation import gettext as _

log = logging.getLogger(__name__)
_PROXYS_OWN = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_REAL_IP",
    "HTTP_FORWARDED",
)
METHODS = ("GET", "HEAD", "POST")
API = "/api/"


class ProxyMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not from_proxy(request.META.get("REMOTE_ADDR", "")):
            _take_off(request.META)
        program = request.path.startswith(API)
        if request.method not in METHODS and not (program and request.method != "TRACE"):
            said = _("This address does not allow this method.")
            answer = _refusal(program, 405, "method.refused", said)
            answer["Allow"] = ", ".join(METHODS)
            return answer
        if settings.OSLONAC_HTTPS and not request.is_secure():
            if program or request.method == "POST":
                said = _("This installation works over https only. Nothing was changed.")
                return _refusal(program, 403, "https.needed", said)
            return HttpResponsePermanentRedirect(
                f"https://{request.get_host()}{request.get_full_path()}"
            )
        return self.get_response(request)


def from_proxy(address: str) -> bool:
    """Whether a connection comes from where our proxy is; a socket file has no address."""
    if not address:
        return True
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped:  # a socket that takes both
        ip = ip.ipv4_mapped
    return any(ip in ipaddress.ip_network(each) for each in settings.OSLONAC_PROXY_ADDRESSES)


def _take_off(meta: dict[str, Any]) -> None:
    found = [name for name in _PROXYS_OWN if meta.pop(name, None) is not None]
    if found and settings.OSLONAC_HTTPS:
        log.warning("Headers of a proxy came from elsewhere; is OSLONAC_PROXY_ADDRESSES right?")


def _refusal(program: bool, status: int, code: str, said: str) -> HttpResponse:
    if not program:
        return HttpResponse(said, status=status, content_type="text/plain; charset=utf-8")
    content = {"type": "about:blank", "status": status, "code": code, "detail": said}
    return JsonResponse(content, status=status, content_type="application/problem+json")
