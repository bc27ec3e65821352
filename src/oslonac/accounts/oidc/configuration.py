"""The provider from the environment, for settings; no framework.

  OSLONAC_OIDC_SERVER        address of the provider (its discovery document lies below it)
  OSLONAC_OIDC_CLIENT        client id registered there
  OSLONAC_OIDC_SECRET_FILE   file with the client secret, readable by us alone
  OSLONAC_OIDC_NAME          what the button says; default: the provider's host name
The redirect address to register there: /account/oidc/organisation/login/callback/
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PROVIDER_ID = "organisation"


class BadProvider(RuntimeError):
    """The environment names a provider that cannot be used."""


def server() -> str:
    """The provider's address, or "" when there is none. Raises BadProvider over plain http."""
    address = os.environ.get("OSLONAC_OIDC_SERVER", "").strip().rstrip("/")
    if not address:
        return ""
    if not is_safe(address):
        raise BadProvider("OSLONAC_OIDC_SERVER must begin with https://.")
    return address


def is_safe(address: str) -> bool:
    """Whether an address is https, or of this machine."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    here = parts.hostname in ("127.0.0.1", "localhost")
    return parts.scheme == "https" or (here and parts.scheme == "http")


def providers() -> dict[str, Any]:
    """SOCIALACCOUNT_PROVIDERS of django-allauth."""
    if not (address := server()):
        return {}
    secret_file = os.environ.get("OSLONAC_OIDC_SECRET_FILE", "")
    secret = Path(secret_file).read_text(encoding="utf-8").strip() if secret_file else ""
    app = {
        "provider_id": PROVIDER_ID,
        "name": os.environ.get("OSLONAC_OIDC_NAME") or urlsplit(address).hostname or address,
        "client_id": os.environ.get("OSLONAC_OIDC_CLIENT", ""),
        "secret": secret,
        "settings": {"server_url": address, "fetch_userinfo": False},
    }
    return {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}


def form_targets() -> dict[str, str]:
    """What the content security policy must allow: the form that leads to the provider."""
    address = server()
    if not address:
        return {}
    parts = urlsplit(address)
    return {"form-action": f"{parts.scheme}://{parts.netloc}"}
