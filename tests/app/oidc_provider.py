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
    """`sub` is whoever signs in next; `deny` answers as somebody who pressed cancel.

    What goes wrong: `claims` replaces claims (None leaves one out), `signed_by` signs with another
    key, `algorithm` with another algorithm ("none" with none), `typ` names another kind of token,
    `said` replaces what the discovery document says, `moved` answers everything with a redirect.
    """

    def __init__(self) -> None:
        self.sub, self.deny, self.audience = "subject-1", False, CLIENT
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[dict[str, str]] = []
        self.address = ""
        self.claims: dict[str, Any] = {}
        self.signed_by: Any = None
        self.algorithm, self.typ, self.moved = "RS256", "JWT", False
        self.said: dict[str, Any] = {}
        self.tokens: list[str] = []
        self.replay = ""

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
            "iss": self.address,
            "aud": self.audience,
            "sub": self.sub,
            "iat": moment,
            "exp": moment + 300,
            "name": "Mira Mirić",
            "email": "mira@organisation.example",
            "nonce": asked.get("nonce"),
        } | self.claims
        claims = {name: value for name, value in claims.items() if value is not None}
        key = None if self.algorithm == "none" else self.signed_by or self.key
        headers = {"kid": "k1", "typ": self.typ}
        signed = jwt.encode(claims, key, algorithm=self.algorithm, headers=headers)
        self.tokens.append(signed)
        return {"access_token": "a", "token_type": "Bearer", "id_token": self.replay or signed}

    def jwks(self) -> dict[str, Any]:
        """The public half of the key."""
        public = jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key(), as_dict=True)
        return {"keys": [public | {"kid": "k1", "use": "sig", "alg": "RS256"}]}

    def discovery(self) -> dict[str, Any]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorise",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
        } | self.said


@contextmanager
def running() -> Iterator[Provider]:
    """The provider on a free port."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if provider.moved and parts.path != "/authorise":
                self.send_response(302)
                self.send_header("Location", provider.address + "/elsewhere" + parts.path)
                return self.end_headers()
            if parts.path == "/keys":
                return self._json(provider.jwks())
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
