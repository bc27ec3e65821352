"""No root key: the key file is not encrypted, only protected by its mode 0600 and its place."""

from oslonac.vault.sources.base import SourceFailed


class PlainSource:
    name = "file"

    def describe(self) -> str:
        return "The keys stand in the key file itself (source: file)."

    def seal(self, plain: bytes) -> dict[str, bytes]:
        return {}

    def open(self, slots: dict[str, bytes]) -> bytes:
        raise SourceFailed(
            "The key file is sealed by another source, but OSLONAC_KEY_SOURCE says file. Set it "
            "to what it was when the file was written."
        )

    def renew(self) -> str:
        return ""
