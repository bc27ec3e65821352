"""A small OpenID provider for tests: discovery, authorisation, token, keys; on a port of its own.

Belongs here: what the protocol needs, PKCE checked. Does not: pages.
"""

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "oslonac-test", "s3cret"


class Provider:
    """`sub` is whoever signs in next; `deny` answers as somebody who pressed cancel."""

    def __init__(self) -> None:
        self.sub, self.deny, self.audience = "subject-1", False, CLIENT
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[dict[str, str]] = []
        self.address = ""

    def authorise(self, query: dict[str, str]) -> str:
        """Where the browser goes back to."""
        self.asked.append(query)
        back: dict[str, str] = {"state": query["state"]}
        if self.deny:
            back["error"] = "access_denied"
        else:
            code = f"code-{len(self.codes)}"
            self.codes[code] = query
            back["code"] = code
        return f"{query['redirect_uri']}?{urlencode(back)}"

    def token(self, form: dict[str, str]) -> dict[str, Any] | None:
        asked = self.codes.pop(form.get("code", ""), None)
        if asked is None or form.get("client_secret") != SECRET:
            return None
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).decode().rstrip("=") != asked.get("code_challenge"):
            return None
        moment = int(time.time())
        claims = {
            "iss": self.address, "aud": self.audience, "sub": self.sub, "iat": moment,
            "exp": moment + 300, "name": "Mira Mirić", "email": "mira@organisation.example",
        }  # fmt: skip
        signed = jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": "k1"})
        return {"access_token": "a", "token_type": "Bearer", "id_token": signed}

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorise",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        }


@contextmanager
def running() -> Iterator[Provider]:
    """The provider on a free port."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path.endswith("/.well-known/openid-configuration"):
                return self._json(provider.discovery())
            if parts.path == "/authorise":
                query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                self.send_response(302)
                self.send_header("Location", provider.authorise(query))
                return self.end_headers()
            return self._json({}, 404)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            answer = provider.token({name: each[0] for name, each in parse_qs(body).items()})
            self._json(answer or {"error": "invalid_grant"}, 200 if answer else 400)

        def _json(self, content: Any, status: int = 200) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(content).encode())

        def log_message(self, *args: Any) -> None:
            """Silence."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    provider.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
