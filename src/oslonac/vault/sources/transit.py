"""The root key in a key management service that speaks the transit interface of HashiCorp Vault
and OpenBao over HTTPS (their documentation, "Transit secrets engine (API)").

  OSLONAC_TRANSIT_URL     such as https://vault.example:8200/v1/transit
  OSLONAC_TRANSIT_KEY     name of the key there (default: oslonac); it must be of a type that
                          takes associated data, such as aes256-gcm96
  OSLONAC_TRANSIT_TOKEN   token, or OSLONAC_TRANSIT_TOKEN_FILE: a file that holds it

The service keeps every version of the key; the id of a root key here is that version. Runs as a
program of its own (see `program`) and is the reference for programs of other services.
"""

import base64
import json
import os
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

PATIENCE_SECONDS = 20


class _Stay(urllib.request.HTTPRedirectHandler):
    """Follows no redirect: the token goes where it was meant to go."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


_opener = urllib.request.build_opener(_Stay)


def _ask(path: str, said: dict[str, str] | None) -> dict[str, Any]:
    base = _setting("URL").rstrip("/")
    if not base.startswith("https://") and not base.startswith("http://127.0.0.1:"):
        raise LookupError("OSLONAC_TRANSIT_URL must begin with https://")
    request = urllib.request.Request(  # noqa: S310 - the scheme was checked
        f"{base}/{path}",
        data=None if said is None else json.dumps(said).encode(),
        headers={"X-Vault-Token": _token(), "Content-Type": "application/json"},
    )
    try:
        with _opener.open(request, timeout=PATIENCE_SECONDS) as answer:
            body = answer.read()
    except urllib.error.HTTPError as problem:
        raise LookupError(f"the service answered {problem.code}") from problem
    except urllib.error.URLError as problem:
        raise LookupError(f"the service is out of reach ({problem.reason})") from problem
    data: dict[str, Any] = json.loads(body)["data"] if body else {}
    return data


def _setting(name: str, default: str = "") -> str:
    value = os.environ.get(f"OSLONAC_TRANSIT_{name}", default)
    if not value:
        raise LookupError(f"OSLONAC_TRANSIT_{name} is not set")
    return value


def _token() -> str:
    if file := os.environ.get("OSLONAC_TRANSIT_TOKEN_FILE"):
        return Path(file).read_text().strip()
    return _setting("TOKEN")


def _key() -> str:
    return _setting("KEY", "oslonac")


def _b64(value: bytes) -> str:
    return base64.b64encode(value).decode()


def describe() -> dict[str, str]:
    """Which service and which version of the key seals."""
    newest = _ask(f"keys/{_key()}", None)["latest_version"]
    return {
        "text": f"The key file is sealed by {_setting('URL')} (key {_key()}, version {newest})."
    }


def renew() -> dict[str, str]:
    """A new version of the key at the service."""
    _ask(f"keys/{_key()}/rotate", {})
    return {"key": f"v{_ask(f'keys/{_key()}', None)['latest_version']}"}


def seal(value: bytes, context: bytes) -> dict[str, Any]:
    """Sealed by the newest version."""
    said = {"plaintext": _b64(value), "associated_data": _b64(context)}
    sealed = str(_ask(f"encrypt/{_key()}", said)["ciphertext"])
    return {"key": sealed.split(":")[1], "value": sealed.encode()}


def open_(key: str, value: bytes, context: bytes) -> dict[str, bytes]:
    """Opened by the version that the sealed text itself names."""
    said = {"ciphertext": value.decode(), "associated_data": _b64(context)}
    return {"value": base64.b64decode(_ask(f"decrypt/{_key()}", said)["plaintext"])}


VERBS = {"describe": describe, "renew": renew, "seal": seal, "open": open_}


def main() -> int:
    """One verb, as `program` describes."""
    from oslonac.vault.sources.program import serve

    try:
        print(serve(VERBS, sys.argv[1], "" if sys.argv[1] == "describe" else sys.stdin.read()))
    except (LookupError, OSError, ValueError) as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
