"""`/.well-known/security.txt`: where weaknesses are reported (RFC 9116).

The contact comes from the configuration; without one the file does not exist, because an address
that nobody reads is worse than none. `Expires` lies half a year ahead, as the RFC asks for less
than a year.
"""

from datetime import timedelta

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse

from oslonac.accounts.guards import public
from oslonac.kit.clock import now

VALID_DAYS = 180
_SCHEMES = ("mailto:", "https://", "tel:")


@public
def security_txt(request: HttpRequest) -> HttpResponse:
    """Answers 404 without a usable contact."""
    contacts = [each for each in settings.OSLONAC_SECURITY_CONTACT if each.startswith(_SCHEMES)]
    if not contacts:
        raise Http404
    expires = (now() + timedelta(days=VALID_DAYS)).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    lines = [f"Contact: {each}" for each in contacts]
    lines.append(f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}")
    lines.append("Preferred-Languages: sr, en")
    lines.append(f"Canonical: {request.build_absolute_uri(request.path)}")
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
