"""Reading an ID token: signature, algorithm, issuer, audience, time and nonce, all of them always.

OpenID Connect Core 1.0, 3.1.3.7, permits to skip the signature of a token that came straight from
the provider over TLS. We do not: whoever breaks into the way there (a proxy that opens TLS, a
forged certificate) would choose who signs in.

Belongs here: the token and the keys that sign it. Does not: fetching it, whose account it opens.
"""

import hmac
from typing import Any

import jwt

# Asymmetric ones alone: "none", and an HMAC under the client secret, are no signature of theirs.
ALGORITHMS = (
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "EdDSA",
)
REQUIRED = ("iss", "sub", "aud", "exp", "iat", "nonce")
# How far the provider's clock may be from ours.
LEEWAY_SECONDS = 60


class BadToken(Exception):
    """The token is not one that this provider made for us in this sign-in."""


def verified(
    token: str, *, keys: dict[str, Any], issuer: str, client: str, nonce: str
) -> dict[str, Any]:
    """The claims of an ID token. `keys` is the provider's JWK set. Raises BadToken."""
    try:
        header = jwt.get_unverified_header(token)
        claims: dict[str, Any] = jwt.decode(
            token,
            _key(keys, header),
            algorithms=list(ALGORITHMS),
            issuer=issuer,
            audience=client,
            leeway=LEEWAY_SECONDS,
            options={"require": list(REQUIRED)},
        )
    except jwt.PyJWTError as error:
        raise BadToken(type(error).__name__) from error
    # An access token or a logout token of the same provider is signed by the same key.
    if str(header.get("typ", "JWT")).upper() != "JWT" or "events" in claims:
        raise BadToken("not an ID token")
    if claims.get("azp", client) != client:
        raise BadToken("made for somebody else")
    if not nonce or not hmac.compare_digest(str(claims["nonce"]).encode(), nonce.encode()):
        raise BadToken("of another sign-in")
    return claims


def _key(keys: dict[str, Any], header: dict[str, Any]) -> jwt.PyJWK:
    """The provider's signing key that the header names; the only one when it names none."""
    found = [
        each
        for each in jwt.PyJWKSet.from_dict(keys).keys
        if each.public_key_use in (None, "sig") and header.get("kid") in (None, each.key_id)
    ]
    if len(found) != 1:
        raise jwt.InvalidKeyError("no such key")
    return found[0]
