"""A root key behind a program: the way to any HSM or KMS, without its code in our processes.

The program is called with one word and answers once:

  describe   -> {"text": "one sentence"}
  seal       <- {"context": base64, "value": base64}          -> {"key": id, "value": base64}
  open       <- {"context": base64, "key": id, "value": base64} -> {"value": base64}
  renew      -> {"key": id}    (a fresh root key; {"key": ""} where it cannot make one)

JSON on standard input and output; `context` must be authenticated with the value. Any other end
than 0 is a failure, with one sentence on standard error. It gets only the variables that PASSED
names. A process of its own also keeps a vendor's library away from ours, which fork.
"""

import base64
import binascii
import json
import os
import shlex
import subprocess
from collections.abc import Sequence
from typing import Any

from oslonac.vault.sources.base import CONTEXT, SourceFailed

VARIABLE = "OSLONAC_KEY_PROGRAM"
PATIENCE_SECONDS = 30
# What a program may need. Never our own root key nor the address of the database.
_PASSED = ("PATH", "HOME", "LANG", "PYTHONPATH", "SSL_CERT_FILE", "HTTPS_PROXY", "NO_PROXY")
_PREFIXES = ("OSLONAC_PKCS11_", "OSLONAC_TRANSIT_", "OSLONAC_KMS_", "SOFTHSM2_")


class ProgramSource:
    name = "program"

    def __init__(self, name: str, command: Sequence[str]) -> None:
        self.name = name
        self.command = list(command)

    def describe(self) -> str:
        text = str(self._ask("describe").get("text", "")).strip()
        return f"{text or 'The key file is sealed by a program.'} (source: {self.name})"

    def seal(self, plain: bytes) -> dict[str, bytes]:
        answer = self._ask("seal", context=CONTEXT, value=plain)
        return {str(answer["key"]): _bytes(answer, "value")}

    def open(self, slots: dict[str, bytes]) -> bytes:
        failures = []
        for key, sealed in slots.items():
            try:
                answer = self._ask("open", key=key, context=CONTEXT, value=sealed)
            except SourceFailed as problem:
                failures.append(str(problem))
            else:
                return _bytes(answer, "value")
        raise SourceFailed(" ".join(failures) or "The key file is sealed by no root key.")

    def renew(self) -> str:
        return str(self._ask("renew").get("key", ""))

    def _ask(self, verb: str, **values: bytes | str) -> dict[str, Any]:
        said = {
            name: base64.b64encode(value).decode() if isinstance(value, bytes) else value
            for name, value in values.items()
        }
        try:
            done = subprocess.run(  # noqa: S603 - the operator's own setting
                [*self.command, verb],
                input=json.dumps(said).encode(),
                capture_output=True,
                env=_environment(),
                timeout=PATIENCE_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as problem:
            raise SourceFailed(
                f"The program for the root key ({self.name}) did not answer: "
                f"{type(problem).__name__}. Nothing was changed."
            ) from problem
        if done.returncode:
            words = done.stderr.decode(errors="replace").strip().splitlines()
            raise SourceFailed(
                f"The root key ({self.name}) is out of reach: {words[-1] if words else 'no reason'}"
            )
        return _answer(done.stdout)


def from_setting() -> ProgramSource:
    """The program that OSLONAC_KEY_PROGRAM names, with its fixed arguments."""
    command = shlex.split(os.environ.get(VARIABLE, ""))
    if not command:
        raise SourceFailed(f"OSLONAC_KEY_SOURCE says program, and {VARIABLE} is empty.")
    return ProgramSource(ProgramSource.name, command)


def serve(verbs: dict[str, Any], word: str, asked: str) -> str:
    """For programs that we ship: one verb with decoded values in, the JSON answer out."""
    values = json.loads(asked or "{}")
    for name in ("context", "value"):
        if name in values:
            values[name] = base64.b64decode(values[name])
    answer = verbs[word](**values)
    return json.dumps(
        {
            name: base64.b64encode(value).decode() if isinstance(value, bytes) else value
            for name, value in answer.items()
        }
    )


def _environment() -> dict[str, str]:
    return {
        name: value
        for name, value in os.environ.items()
        if name in _PASSED or name.startswith(_PREFIXES)
    }


def _answer(output: bytes) -> dict[str, Any]:
    try:
        answer = json.loads(output)
    except ValueError as problem:
        raise SourceFailed("The program for the root key answered no JSON.") from problem
    if not isinstance(answer, dict):
        raise SourceFailed("The program for the root key answered no JSON object.")
    return answer


def _bytes(answer: dict[str, Any], name: str) -> bytes:
    try:
        return base64.b64decode(answer[name], validate=True)
    except (KeyError, TypeError, binascii.Error) as problem:
        raise SourceFailed("The answer of the program for the root key lacks a value.") from problem
