"""Security headers and the choice of language.

Order in MIDDLEWARE: SecurityHeaders near the top; Language after authentication, in place of
Django's LocaleMiddleware.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import patch_vary_headers

from oslonac.kit.translations import CATALOGUES

Handler = Callable[[HttpRequest], HttpResponse]

LANGUAGE_TAGS = {known.code: tag for tag, known in CATALOGUES.items()}
"""Django's code to the tag browsers and screen readers understand."""

LANGUAGE_ALIASES = {
    "sr-cyrl": "sr",
    "sr-latn": "sr-latn",
    "sh": "sr-latn",
    "bs": "sr-latn",
    "hr": "sr-latn",
    "cnr": "sr-latn",
}
"""Tags browsers send to Django's code; neighbours read Serbian Latin better than English."""

RTL_LANGUAGES = frozenset({"ar", "fa", "prs", "ps", "ur", "ckb", "he", "sd", "ug"})


def direction(language: str) -> str:
    """'rtl' or 'ltr' for a BCP 47 tag or a Django code."""
    return "rtl" if language.lower().split("-")[0] in RTL_LANGUAGES else "ltr"


def language_code(tag: str) -> str:
    """The code of LANGUAGES for a tag (`sr-Latn-RS`, `sr_Cyrl`, `en-GB`), or '' when unknown."""
    offered = {code for code, _ in settings.LANGUAGES}
    parts = tag.strip().lower().replace("_", "-").split("-")
    while parts:
        code = LANGUAGE_ALIASES.get("-".join(parts), "-".join(parts))
        if code in offered:
            return code
        parts.pop()
    return ""


def accepted_language(header: str) -> str:
    """The best offered code of an Accept-Language header, or ''."""
    ranked = []
    for place, part in enumerate(header[:500].split(",")):
        tag, _, weight = part.partition(";q=")
        try:
            quality = float(weight) if weight else 1.0
        except ValueError:
            continue
        ranked.append((-quality, place, tag))
    for quality, _, tag in sorted(ranked):
        if quality < 0 and (code := language_code(tag)):
            return code
    return ""


class Language:
    """Cookie (chosen on this device), then the person's own setting, then the browser's."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        code = self._choose(request)
        translation.activate(code)
        request.LANGUAGE_CODE = code
        response = self.get_response(request)
        if not request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME):
            patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", LANGUAGE_TAGS.get(code, code))
        return response

    def _choose(self, request: HttpRequest) -> str:
        own = getattr(getattr(request, "user", None), "language", "") or ""
        return (
            language_code(request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, ""))
            or language_code(own)
            or accepted_language(request.headers.get("Accept-Language", ""))
            or settings.LANGUAGE_CODE
        )


POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data: blob:",
    "font-src": "'self'",
    "media-src": "'self' blob:",
    "connect-src": "'self'",
    "worker-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
    "object-src": "'none'",
}

PERMISSIONS = (
    "camera=(self), geolocation=(self), microphone=(self), accelerometer=(), autoplay=(), "
    "browsing-topics=(), display-capture=(), fullscreen=(self), gyroscope=(), "
    "magnetometer=(), midi=(), payment=(), usb=(), publickey-credentials-create=(self), "
    "publickey-credentials-get=(self)"
)


def content_security_policy(extra: dict[str, str] | None = None, *, https: bool = False) -> str:
    """The policy as a header value; `extra` appends sources to a directive."""
    parts = [
        f"{name} {sources} {(extra or {}).get(name, '')}".strip()
        for name, sources in POLICY.items()
    ]
    return "; ".join([*parts, "upgrade-insecure-requests"] if https else parts)


class SecurityHeaders:
    """Headers a view may tighten or replace: what it set itself is kept.

    OSLONAC_CSP_EXTRA (settings, a dict of directive to sources) opens single directives, for
    instance form-action for an OpenID provider.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        secure = request.is_secure()
        extra = getattr(settings, "OSLONAC_CSP_EXTRA", {})
        headers = {
            "Content-Security-Policy": content_security_policy(extra, https=secure),
            "Referrer-Policy": "same-origin",
            "Permissions-Policy": PERMISSIONS,
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
        }
        if secure:
            headers["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        return response
