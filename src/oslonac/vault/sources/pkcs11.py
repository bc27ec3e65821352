"""The root key in a hardware security module, spoken to by PKCS#11 (OASIS, version 2.40 and up).

  OSLONAC_PKCS11_MODULE    the vendor's library, such as /usr/lib/softhsm/libsofthsm2.so
  OSLONAC_PKCS11_TOKEN     label of the token
  OSLONAC_PKCS11_PIN       PIN of its user, or OSLONAC_PKCS11_PIN_FILE: a file that holds it
  OSLONAC_PKCS11_KEY       beginning of the labels of our keys (default: oslonac-root)

AES-256 keys made in the token, sensitive and not extractable; AES-GCM with a 96-bit nonce.
Needs the optional requirement python-pkcs11 (requirements/hsm.txt). Runs as a program of its own
(see `program`): `python -m oslonac.vault.sources.pkcs11 VERB`.
"""

import os
import sys
from pathlib import Path
from typing import Any

NONCE_BYTES = 12
TAG_BITS = 128


def _session() -> Any:
    import pkcs11

    library = pkcs11.lib(_setting("MODULE"))
    token = library.get_token(token_label=_setting("TOKEN"))
    return token.open(rw=True, user_pin=_pin())


def _setting(name: str, default: str = "") -> str:
    value = os.environ.get(f"OSLONAC_PKCS11_{name}", default)
    if not value:
        raise LookupError(f"OSLONAC_PKCS11_{name} is not set")
    return value


def _pin() -> str:
    if file := os.environ.get("OSLONAC_PKCS11_PIN_FILE"):
        return Path(file).read_text().strip()
    return _setting("PIN")


def _keys(session: Any) -> dict[str, Any]:
    """Our keys in the token by label, the oldest first."""
    from pkcs11 import Attribute, ObjectClass

    begin = _setting("KEY", "oslonac-root") + "-"
    found = {
        str(key[Attribute.LABEL]): key
        for key in session.get_objects({Attribute.CLASS: ObjectClass.SECRET_KEY})
        if str(key[Attribute.LABEL]).startswith(begin)
    }
    return dict(sorted(found.items(), key=lambda one: int(one[0].removeprefix(begin))))


def describe() -> dict[str, str]:
    """Which token, and which of its keys seals."""
    with _session() as session:
        keys = list(_keys(session))
    newest = keys[-1] if keys else "none yet"
    return {"text": f"The key file is sealed in the token {_setting('TOKEN')} (key {newest})."}


def renew() -> dict[str, str]:
    """A fresh key in the token. It can never leave it."""
    from pkcs11 import Attribute, KeyType

    with _session() as session:
        label = _next(list(_keys(session)))
        session.generate_key(
            KeyType.AES,
            256,
            label=label,
            store=True,
            template={Attribute.SENSITIVE: True, Attribute.EXTRACTABLE: False},
        )
    return {"key": label}


def _next(labels: list[str]) -> str:
    last = int(labels[-1].rsplit("-", 1)[1]) if labels else 0
    return f"{_setting('KEY', 'oslonac-root')}-{last + 1}"


def seal(value: bytes, context: bytes) -> dict[str, Any]:
    """Sealed by the newest key, which is made when there is none."""
    from pkcs11 import GCMParams, Mechanism

    with _session() as session:
        keys = _keys(session)
    label = list(keys)[-1] if keys else renew()["key"]
    with _session() as session:
        nonce = os.urandom(NONCE_BYTES)
        sealed = _keys(session)[label].encrypt(
            value, mechanism=Mechanism.AES_GCM, mechanism_param=GCMParams(nonce, context, TAG_BITS)
        )
    return {"key": label, "value": nonce + sealed}


def open_(key: str, value: bytes, context: bytes) -> dict[str, bytes]:
    """Opened by the key that sealed it."""
    from pkcs11 import GCMParams, Mechanism

    with _session() as session:
        keys = _keys(session)
        if key not in keys:
            raise LookupError(f"the token has no key {key}")
        params = GCMParams(value[:NONCE_BYTES], context, TAG_BITS)
        plain = keys[key].decrypt(
            value[NONCE_BYTES:], mechanism=Mechanism.AES_GCM, mechanism_param=params
        )
    return {"value": plain}


VERBS = {"describe": describe, "renew": renew, "seal": seal, "open": open_}


def main() -> int:
    """One verb, as `program` describes."""
    from oslonac.vault.sources.program import serve

    try:
        print(serve(VERBS, sys.argv[1], "" if sys.argv[1] == "describe" else sys.stdin.read()))
    except ModuleNotFoundError as problem:
        print(f"{problem.name} is not installed (see requirements/hsm.txt)", file=sys.stderr)
    except (LookupError, OSError, ValueError, RuntimeError) as problem:
        print(f"{type(problem).__name__}: {problem}", file=sys.stderr)
    except Exception as problem:  # the library's errors have no common base of ours
        print(f"the token refused: {type(problem).__name__}", file=sys.stderr)
    else:
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
