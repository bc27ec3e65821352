"""Recovering a lost key file: a recovery copy, and sheets of words that open it.

The copy is the key file sealed to an X25519 public key (RFC 7748, HKDF-SHA-256 RFC 5869,
AES-256-GCM); it may lie with the backups. The private half exists only on paper, split into
n sheets of which k open it (Shamir 1979, as SLIP-39 words with checksums). Whenever the key file
or the erasure list changes, the copy is written anew for the same sheets. It holds the keys
themselves, not a form that an HSM sealed: sheets must help when the HSM is lost.
"""

import base64
import json
from dataclasses import dataclass
from pathlib import Path

import shamir_mnemonic
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from oslonac.vault import erasures, keyfile
from oslonac.vault.aead import CannotOpen, decrypt, encrypt

COPY_NAME = "oslonac.keys.recovery"
_CONTEXT = "oslonac recovery copy"
MOST_SHEETS = 16  # a limit of SLIP-39


class BadSheets(ValueError):
    """The words typed do not open the copy: too few sheets, a slip, or sheets of another set."""


@dataclass(frozen=True)
class Rehearsal:
    """What a rehearsal found. `same`: the recovered keys are those in use now. `erased`: the copy
    knows of every erasure, so that bringing the keys back brings nobody back."""

    keys: int
    same: bool
    erased: bool


def make_sheets(folder: Path, *, threshold: int = 1, sheets: int = 1) -> list[str]:
    """New sheets for the key file in `folder`, and the recovery copy beside it.

    Returns one line of words per sheet; they are kept nowhere. Former sheets open nothing any
    more. Raises ValueError unless 1 ≤ threshold ≤ sheets ≤ 16 (a threshold of 1 has one sheet).
    """
    if not 1 <= threshold <= sheets <= MOST_SHEETS or (threshold == 1 and sheets != 1):
        raise ValueError("choose 1 of 1, or at least 2 of at most 16 sheets")
    private = X25519PrivateKey.generate()
    raw = private.private_bytes_raw()
    lines = shamir_mnemonic.generate_mnemonics(1, [(threshold, sheets)], raw)[0]
    with keyfile.changing(folder) as content:
        content["recovery"] = base64.b64encode(private.public_key().public_bytes_raw()).decode()
    write_copy(folder)
    return list(lines)


def write_copy(folder: Path) -> Path | None:
    """Seal the key file to its sheets, next to it. None when there are no sheets yet."""
    content = keyfile.read(folder)
    public = content.get("recovery")
    if public is None:
        return None
    # The erasure list travels along: keys that come back without it would bring back the erased.
    plain = json.dumps(content | {"erasure_list": erasures.text_of(folder)}).encode()
    once = X25519PrivateKey.generate()
    shared = once.exchange(X25519PublicKey.from_public_bytes(base64.b64decode(public)))
    sealed = encrypt(_derive(shared), plain, _CONTEXT)
    path = folder / COPY_NAME
    keyfile.write_private(path, once.public_key().public_bytes_raw() + sealed)
    return path


def open_copy(copy: Path, sheets: list[str]) -> bytes:
    """The key file's content from a recovery copy and enough sheets. Raises BadSheets."""
    try:
        raw = shamir_mnemonic.combine_mnemonics([" ".join(s.lower().split()) for s in sheets if s])
        private = X25519PrivateKey.from_private_bytes(raw)
    except (shamir_mnemonic.MnemonicError, ValueError) as error:
        raise BadSheets(str(error)) from error
    content = copy.read_bytes()
    shared = private.exchange(X25519PublicKey.from_public_bytes(content[:32]))
    try:
        return decrypt(_derive(shared), content[32:], _CONTEXT)
    except CannotOpen as error:
        raise BadSheets("these sheets belong to another recovery copy") from error


def rehearse(folder: Path, copy: Path, sheets: list[str]) -> Rehearsal:
    """Prove that the sheets bring back the keys in use, changing nothing."""
    recovered = json.loads(open_copy(copy, sheets))
    current = keyfile.read(folder)
    parts = ("active", "wrapping", "hashing")
    return Rehearsal(
        keys=len(recovered["wrapping"]) + len(recovered["hashing"]),
        same=all(recovered[part] == current[part] for part in parts),
        erased=recovered.get("erasure_list", "") == erasures.text_of(folder),
    )


def restore(copy: Path, sheets: list[str], folder: Path) -> Path:
    """Write the key file and the erasure list anew from a copy and sheets; the list stays where a
    longer one is there already. Raises FileExistsError over a key file."""
    path = folder / keyfile.FILE_NAME
    if path.exists():
        raise FileExistsError(f"there is a key file at {path}; it was left as it is")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    content = json.loads(open_copy(copy, sheets))
    erased = content.pop("erasure_list", "")
    keyfile.write(folder, content)
    erasures.merge(folder, erased)
    return path


def _derive(shared: bytes) -> bytes:
    return HKDF(hashes.SHA256(), keyfile.KEY_BYTES, None, _CONTEXT.encode()).derive(shared)
