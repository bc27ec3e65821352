"""The shape of every finding. Nothing else belongs here."""

from dataclasses import asdict, dataclass
from typing import Literal

Level = Literal["ok", "warning", "error"]


@dataclass(frozen=True)
class Finding:
    """One thing looked at: what it is, how it stands, and what to do next if it is not well."""

    code: str
    level: Level
    sentence: str
    next_step: str = ""

    def as_dict(self) -> dict[str, str]:
        """For programs that read `--json`."""
        return asdict(self)

    def __str__(self) -> str:
        mark = {"ok": "ok     ", "warning": "look   ", "error": "wrong  "}[self.level]
        return f"{mark}{self.sentence} {self.next_step}".rstrip()


def ok(code: str, sentence: str) -> Finding:
    """All is well."""
    return Finding(code, "ok", sentence)


def warning(code: str, sentence: str, next_step: str) -> Finding:
    """Works, but somebody should look."""
    return Finding(code, "warning", sentence, next_step)


def error(code: str, sentence: str, next_step: str) -> Finding:
    """Does not work, or is not safe."""
    return Finding(code, "error", sentence, next_step)
