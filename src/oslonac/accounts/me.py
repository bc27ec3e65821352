"""What the user menu shows about the signed-in user."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Me:
    name: str
    organisation: str = ""
    role: str = ""
