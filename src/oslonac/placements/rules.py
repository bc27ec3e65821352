"""What stands against a placement, as a pure function over the country's table of kinds."""

from oslonac.country.values import PlacementKind, Placements
from oslonac.kit.choices import TextChoices
from oslonac.kit.choices import lazy as _
from oslonac.kit.errors import Invalid, Refused
from oslonac.kit.statuses import Tables
from oslonac.people.rules import AgeInterval

NEXT: Tables = {}


class PlacementStatus(TextChoices):
    RUNNING = "running", _("lives there")
    ENDED = "ended", _("ended")


NEXT[PlacementStatus] = {
    PlacementStatus.RUNNING: frozenset({PlacementStatus.ENDED}),
    PlacementStatus.ENDED: frozenset(),
}


def known_kind(table: Placements, code: str) -> PlacementKind:
    """A kind in which a child may be placed. Raises Invalid."""
    kind = table.kinds.get(code)
    if kind is None or kind.retired:
        raise Invalid({"kind": _("Choose one.")})
    return kind


def check_kind(
    table: Placements,
    kind: PlacementKind,
    *,
    age: AgeInterval | None,
    asylum_sought: bool,
    reason: str,
) -> None:
    """Raise Refused where the country's rules stand against a placement.

    A doubtful age counts as the younger one. A rule whose source was not read refuses nothing: it
    asks for a reason, as the priority of families does.
    """
    unmet = _unmet(kind, age=age, asylum_sought=asylum_sought)
    if unmet is not None and (kind.verified or not reason.strip()):
        raise unmet
    first = table.family_first
    young = first is not None and age is not None and age.youngest < first.below
    if first is not None and young and not (kind.emergency or kind.family or reason.strip()):
        raise Refused(
            "placement.family_first",
            _("Under %(age)s a family comes first. Write why another place is better here.")
            % {"age": first.below},
            field="reason",
        )


def _unmet(kind: PlacementKind, *, age: AgeInterval | None, asylum_sought: bool) -> Refused | None:
    """The first condition of a kind that a child does not meet."""
    young = kind.from_age is not None and (age is None or age.youngest < kind.from_age)
    if young:
        return Refused(
            "placement.age",
            _("A child can live there only if certainly %(age)s or older.")
            % {"age": kind.from_age},
            field="kind",
        )
    if kind.asylum_only and not asylum_sought:
        return Refused(
            "placement.asylum",
            _("A child can live there only when asylum was sought."),
            field="kind",
        )
    return None
