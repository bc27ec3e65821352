"""What every source of a root key can do. Nothing about any of them."""

from typing import Protocol

CONTEXT = b"oslonac key file 2"


class SourceFailed(RuntimeError):
    """The root key cannot be reached or does not open the key file. The message says what to do
    next and quotes no secret."""


class Source(Protocol):
    """`name` is what OSLONAC_KEY_SOURCE says; root keys have ids, so that an older one can open
    what it sealed while a newer one already seals."""

    name: str

    def describe(self) -> str:
        """Where the root key lies, for `oslonac doctor`. Raises SourceFailed when it is away."""

    def seal(self, plain: bytes) -> dict[str, bytes]:
        """`plain` (32 bytes) sealed: one form for each root key that a running process may
        hold, by its id. Empty for the plain file."""

    def open(self, slots: dict[str, bytes]) -> bytes:
        """Inverse of `seal`, by any of the forms. Raises SourceFailed."""

    def renew(self) -> str:
        """A fresh root key where the source makes them itself; its id, or "" where only the
        operator can (the environment)."""
