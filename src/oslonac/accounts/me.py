"""What the user menu says of whoever is signed in."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Me:
    name: str
    organisation: str = ""
    role: str = ""
