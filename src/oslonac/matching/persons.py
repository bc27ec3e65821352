"""Two records of a person: how probable it is that they are one person, and why.

Belongs here: what each known fact brings for or against, after Fellegi & Sunter (1969).
Does not belong here: names (`names`), reading records from anywhere, any decision.

What a record may hold is what `Record` has. Religion and ethnicity are not among it, and
nothing here could use them. What is missing brings nothing, in either direction.

Birth is an interval (`births`). Weights of the other facts are learned.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from oslonac.matching import births, models
from oslonac.matching.evidence import Comparison, Reason, gettext_noop
from oslonac.matching.names import Comparer
from oslonac.matching.words import logistic

TWINS_TOO = 0.3  # nats that one day of birth brings where brothers and sisters are in question
SAME_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Seen:
    """An encounter: a town, and when (aware datetime)."""

    town: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Record:
    """What is known of a person. Empty means not known, never "none"."""

    names: tuple[str, ...] = ()
    birth_from: date | None = None
    birth_to: date | None = None
    sex: str = ""
    country: str = ""
    languages: frozenset[str] = frozenset()
    father: str = ""
    mother: str = ""
    group: str = ""
    seen: tuple[Seen, ...] = ()
    marks: frozenset[str] = frozenset()
    documents: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()


# Natural logs of m/u for each level of agreement: learned by expectation-maximisation from
# made-up registers without labels (`oslonac bench names --learn`), then rounded.
WEIGHTS = models.weights_of_levels()
# Weights of `PersonComparer.sums`: where log odds begin among records a search brings
# together, what a nat of the name and of the rest is worth (facts of a family depend on
# each other, so less than one), siblings, no name at all. Fitted with the weights.
CALIBRATION = models.row("calibration")

SENTENCES = {
    "sex_same": gettext_noop("Same sex"),
    "sex_other": gettext_noop("Different sex: %(left)s and %(right)s"),
    "country_same": gettext_noop("Same country of origin: %(left)s"),
    "country_other": gettext_noop("Different country of origin: %(left)s and %(right)s"),
    "language_shared": gettext_noop("A language in common: %(left)s"),
    "language_none": gettext_noop("No language in common"),
    "birth_day": gettext_noop("Born on the same day: %(left)s"),
    "birth_slip": gettext_noop(
        "Days of birth differ as by a slip of the pen: %(left)s and %(right)s"
    ),
    "birth_year": gettext_noop("Possible days of birth overlap: %(left)s and %(right)s"),
    "birth_near": gettext_noop("Days of birth are within two years: %(left)s and %(right)s"),
    "birth_far": gettext_noop("Days of birth are two to four years apart: %(left)s and %(right)s"),
    "birth_apart": gettext_noop("Days of birth are far apart: %(left)s and %(right)s"),
    "father_same": gettext_noop("The father's names agree: %(left)s and %(right)s"),
    "father_other": gettext_noop("The father's names differ: %(left)s and %(right)s"),
    "mother_same": gettext_noop("The mother's names agree: %(left)s and %(right)s"),
    "mother_other": gettext_noop("The mother's names differ: %(left)s and %(right)s"),
    "group_same": gettext_noop("Travelled in the same group"),
    "group_other": gettext_noop("Travelled in different groups"),
    "document_same": gettext_noop("The same document number"),
    "document_other": gettext_noop("Different document numbers"),
    "phone_same": gettext_noop("The same phone number"),
    "phone_other": gettext_noop("Different phone numbers"),
    "marks_shared": gettext_noop("The same mark: %(left)s"),
    "two_places": gettext_noop("Seen in %(left)s and in %(right)s in the same hour"),
    "twin": gettext_noop(
        "“%(left)s” and “%(right)s” differ while the family agrees: perhaps brothers or sisters"
    ),
}


class PersonComparer:
    """Compares records; names through one `Comparer`, whose memory it shares."""

    def __init__(self, names: Comparer | None = None) -> None:
        self.names = names or Comparer()

    def compare(self, left: Record, right: Record) -> Comparison:
        """Probability that both records are of one person."""
        name = self.best_name(left, right)
        reasons = [*(name.reasons if name else ()), *self.evidence(left, right)]
        twin = _siblings(left, right, name, reasons)
        logit = self.logit(left, right)
        return Comparison(logistic(logit), logit, (*reasons, twin) if twin else tuple(reasons))

    def logit(self, left: Record, right: Record) -> float:
        """Log odds alone, for callers that compare many."""
        return sum(map(float.__mul__, CALIBRATION, self.sums(left, right)))

    def sums(self, left: Record, right: Record) -> tuple[float, ...]:
        """What the calibration sees: 1, nats of the name, nats of the rest, siblings, nameless.

        What brothers and sisters share is left out where the names say they may be such, and
        one day of birth is then worth next to nothing: twins have it too.
        """
        name, evidence = self.best_name(left, right), self.evidence(left, right)
        logit = max(-12.0, min(name.logit, 8.0)) if name else 0.0
        twin = _siblings(left, right, name, evidence)
        weights = [reason.weight for reason in evidence]
        if twin:
            weights = [_own(reason) for reason in evidence]
        return 1.0, logit, sum(weights), float(bool(twin)), float(name is None)

    def evidence(self, left: Record, right: Record) -> tuple[Reason, ...]:
        """What all but the name brings, fact by fact."""
        found: list[Reason] = []
        for compare in _FACTS:
            level = compare(left, right)
            if level:
                found.append(_reason(*level))
        if born := _birth(left, right):
            birth, shown, other_shown = born
            found.append(
                Reason(
                    SENTENCES[birth],
                    {"left": shown, "right": other_shown},
                    weight_of_births(left, right),
                    birth,
                )
            )
        for parent in ("father", "mother"):
            one, other = getattr(left, parent), getattr(right, parent)
            if one and other:
                same = self.names.compare(one, other).probability
                if same >= 0.5:
                    found.append(_reason(f"{parent}_same", one, other))
                elif same < 0.2:
                    found.append(_reason(f"{parent}_other", one, other))
        return tuple(found)

    def nats(self, left: Record, right: Record) -> float:
        """The sum of `evidence`, without its sentences where a record holds little: for many."""
        if _holds_more(left) and _holds_more(right):
            return sum(reason.weight for reason in self.evidence(left, right))
        total = weight_of_births(left, right)
        if left.sex and right.sex:
            total += WEIGHTS["sex_same" if left.sex == right.sex else "sex_other"]
        if country := _country(left, right):
            total += WEIGHTS[country[0]]
        return total

    def most(self, left: Record, right: Record) -> float:
        """No less than the sum of `evidence`, had without comparing any name."""
        total = weight_of_births(left, right)
        for compare in _QUICK_FACTS:
            level = compare(left, right)
            total += WEIGHTS[level[0]] if level else 0.0
        for parent in ("father", "mother"):
            if getattr(left, parent) and getattr(right, parent):
                total += WEIGHTS[f"{parent}_same"]
        return total

    def best_name(self, left: Record, right: Record) -> Comparison | None:
        pairs = [self.names.compare(one, other) for one in left.names for other in right.names]
        return max(pairs, key=lambda found: found.logit, default=None)


def _holds_more(record: Record) -> bool:
    """More than birth, sex and country."""
    return bool(
        record.father
        or record.mother
        or record.group
        or record.seen
        or record.languages
        or record.marks
        or record.documents
        or record.phones
    )


def _reason(level: str, left: str = "", right: str = "") -> Reason:
    return Reason(SENTENCES[level], {"left": left, "right": right}, WEIGHTS[level], level)


def _sex(left: Record, right: Record) -> tuple[str, str, str] | None:
    if not (left.sex and right.sex):
        return None
    return ("sex_same" if left.sex == right.sex else "sex_other"), left.sex, right.sex


def _country(left: Record, right: Record) -> tuple[str, str, str] | None:
    if not (left.country and right.country) or len(left.country) != len(right.country) <= 3:
        return None  # two letters and three are two ways of writing codes
    same = left.country.casefold() == right.country.casefold()
    return ("country_same" if same else "country_other"), left.country, right.country


def _language(left: Record, right: Record) -> tuple[str, str, str] | None:
    if not (left.languages and right.languages):
        return None
    shared = left.languages & right.languages
    return ("language_shared" if shared else "language_none"), ", ".join(sorted(shared)), ""


def born_between(record: Record) -> tuple[date, date] | None:
    """The days a birth may lie between; an interval half open takes the other end's year."""
    first, last = record.birth_from or record.birth_to, record.birth_to or record.birth_from
    if first is None or last is None:
        return None
    return births.interval(first, last)


def weight_of_births(left: Record, right: Record) -> float:
    """Nats that both days of birth bring, 0 when one is not known."""
    one, other = born_between(left), born_between(right)
    return births.weight(one, other) if one and other else 0.0


def _birth(left: Record, right: Record) -> tuple[str, str, str] | None:
    one, other = born_between(left), born_between(right)
    if one is None or other is None:
        return None
    return births.level(one, other), _interval(one), _interval(other)


def _interval(days: tuple[date, date]) -> str:
    first, last = days
    return first.isoformat() if first == last else f"{first.isoformat()} – {last.isoformat()}"


def _group(left: Record, right: Record) -> tuple[str, str, str] | None:
    if not (left.group and right.group):
        return None
    return ("group_same" if left.group == right.group else "group_other"), "", ""


def _document(left: Record, right: Record) -> tuple[str, str, str] | None:
    if not (left.documents and right.documents):
        return None
    return ("document_same" if left.documents & right.documents else "document_other"), "", ""


def _phone(left: Record, right: Record) -> tuple[str, str, str] | None:
    if not (left.phones and right.phones):
        return None
    return ("phone_same" if left.phones & right.phones else "phone_other"), "", ""


def _marks(left: Record, right: Record) -> tuple[str, str, str] | None:
    shared = left.marks & right.marks
    return ("marks_shared", ", ".join(sorted(shared)), "") if shared else None


def _places(left: Record, right: Record) -> tuple[str, str, str] | None:
    for one in left.seen:
        for other in right.seen:
            if one.town != other.town and abs(one.at - other.at) <= SAME_HOUR:
                return "two_places", one.town, other.town
    return None


_FACTS: Sequence[Callable[[Record, Record], tuple[str, str, str] | None]] = (
    _sex,
    _country,
    _language,
    _group,
    _document,
    _phone,
    _marks,
    _places,
)

_QUICK_FACTS = (_sex, _country, _group, _document, _phone, _language, _marks)

_FAMILY = (
    "father_same",
    "mother_same",
    "group_same",
    "phone_same",
    "country_same",
    "language_shared",
)
_OF_FAMILY = frozenset(SENTENCES[level] for level in _FAMILY)


def _own(reason: Reason) -> float:
    """What a fact brings when all that a family shares is set aside."""
    if reason.template in _OF_FAMILY:
        return 0.0
    if reason.template == SENTENCES["birth_day"]:
        return min(reason.weight, TWINS_TOO)
    return reason.weight


def _siblings(
    left: Record, right: Record, name: Comparison | None, reasons: Sequence[Reason]
) -> Reason | None:
    """Facts a family shares speak for the family, not for the child, when names differ. A name left
    out is no other name, and no family calls two children the same."""
    if name is None or name.logit > 0 or not name.contradicts or name.given:
        return None
    surname = any(reason.weight > 0 for reason in name.reasons)
    if surname or any(reason.template in _OF_FAMILY for reason in reasons):
        return _reason("twin", left.names[0], right.names[0])
    return None
