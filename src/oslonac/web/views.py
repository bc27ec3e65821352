"""The gallery: every component in every state, for designers and for tests."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation

from oslonac.accounts.guards import public
from oslonac.web import gallery_data
from oslonac.web.middleware import direction


@public
def gallery(request: HttpRequest) -> HttpResponse:
    """Only in the demonstration or in development; `?dir=rtl` shows it right to left."""
    if not (settings.DEBUG or getattr(settings, "OSLONAC_DEMO", False)):
        raise Http404
    language = "fa" if request.GET.get("dir") == "rtl" else ""
    context = gallery_data.context(
        request.POST or None, direction(language or translation.get_language() or "en")
    )
    if language:
        context["html_lang"] = language
    if request.GET.get("theme") in ("light", "dark"):
        context["theme"] = request.GET["theme"]
    return render(request, "web/gallery.html", context)
