"""Kinds of questions, their answers, and the thresholds of the pack."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from oslonac.kit.choices import TextChoices
from oslonac.kit.choices import lazy as _
from oslonac.kit.statuses import Tables

FEWEST = 2  # less is nothing shared

NEXT: Tables = {}


class SignalKind(TextChoices):
    PHONE = "phone", _("the same phone number")
    GUARDIAN = "guardian", _("one guardian with many children")
    LEADER = "leader", _("one group leader on several journeys")
    REGISTERS = "registers", _("in one register and not in another")


class SignalStatus(TextChoices):
    OPEN = "open", _("to check")
    ANSWERED = "answered", _("answered")
    DISMISSED = "dismissed", _("dismissed")


NEXT[SignalStatus] = {
    SignalStatus.OPEN: frozenset({SignalStatus.ANSWERED, SignalStatus.DISMISSED}),
    SignalStatus.ANSWERED: frozenset({SignalStatus.OPEN}),
    SignalStatus.DISMISSED: frozenset({SignalStatus.OPEN}),
}


class Answer(TextChoices):
    """What a person found. Nothing follows from it by itself."""

    TOGETHER = "together", _("the people belong together")
    HARMLESS = "harmless", _("there is an ordinary reason")
    LOOKED_INTO = "looked_into", _("it is being checked")
    PUT_RIGHT = "put_right", _("it was a gap in the files, now corrected")


class Register(TextChoices):
    CENTRE = "centre", _("the competent centre")
    POLICE = "police", _("the police")
    RECEPTION = "reception", _("reception and asylum centres")


@dataclass(frozen=True)
class Rules:
    """Thresholds; None asks no such question."""

    phone: int | None = None
    guardian: int | None = None
    leader: int | None = None
    after_days: int | None = None
    compare: tuple[tuple[Register, Register], ...] = ()


def rules_of(rows: Mapping[str, Mapping[str, Any]]) -> Rules:
    """From the pack's list `signal_rules`. What cannot be read asks nothing."""
    registers = rows.get("registers", {})
    days = registers.get("after_days")
    return Rules(
        phone=_least(rows.get("phone", {})),
        guardian=_least(rows.get("guardian", {})),
        leader=_least(rows.get("leader", {})),
        after_days=days if isinstance(days, int) and days >= 0 else None,
        compare=tuple(filter(None, map(_pair, registers.get("compare", ())))),
    )


def _least(row: Mapping[str, Any]) -> int | None:
    found = row.get("least")
    return max(FEWEST, found) if isinstance(found, int) else None


def _pair(words: Any) -> tuple[Register, Register] | None:
    present, _sign, absent = str(words).partition(">")
    if present in Register.values and absent in Register.values and present != absent:
        return Register(present), Register(absent)
    return None
