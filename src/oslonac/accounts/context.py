"""Context processor: the user menu's links to one's own account."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _


def own_links(request: HttpRequest) -> dict[str, Any]:
    if getattr(request, "actor", None) is None:
        return {}
    return {"me_links": [{"label": _("My account"), "url": reverse("accounts:home")}]}
