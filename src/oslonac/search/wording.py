"""Evidence of similarity as sentences in the reader's language."""

import re
from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from oslonac.cases import moments
from oslonac.directory import codes
from oslonac.matching.evidence import Reason
from oslonac.matching.index.question import LEFT_OUT
from oslonac.matching.persons import SENTENCES
from oslonac.people.rules import Sex
from oslonac.web.shapes import Flag, Kind

_LISTS = {
    SENTENCES["country_same"]: "citizenships",
    SENTENCES["country_other"]: "citizenships",
    SENTENCES["language_shared"]: "languages",
}
MOST = 4
HARDLY = 0.3  # nats: what weighs less in either direction is not worth a line
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")  # as the comparison writes days, in no language


def sentence(reason: Reason) -> str:
    """One reason, its codes in words."""
    # Isolated: a name in Arabic letters must not turn the sentence around it.
    values = {
        name: moments.isolated(_value(reason.template, value))
        for name, value in reason.values.items()
    }
    return _(reason.template) % values


def _value(template: str, value: str) -> str:
    if template in _LISTS:
        return ", ".join(codes.title(_LISTS[template], each) for each in value.split(", "))
    if value in Sex.values:
        return str(Sex(value).label)
    if _DAY.search(value):
        return _days(value)
    return value


def _days(value: str) -> str:
    """Days as the reader writes them; a whole year, which is how most births are known, as one."""
    found = _DAY.findall(value)
    if len(found) == 2 and value.index(found[0]) == 0:
        first, last = (date.fromisoformat(each) for each in found)
        if (first.month, first.day, last.month, last.day) == (1, 1, 12, 31):
            return str(first.year) if first.year == last.year else f"{first.year}–{last.year}"
    return _DAY.sub(lambda each: moments.of_day(date.fromisoformat(each.group())), value)


def remark(reason: Reason) -> str:
    """What limits an answer, in a sentence."""
    if reason.template != LEFT_OUT:
        return sentence(reason)
    read = int(reason.values["read"])
    words = ngettext(
        "Only the rarest word you typed was used.",
        "Only the %(n)d rarest words you typed were used.",
        read,
    )
    return words % {"n": read}


def sentences(reasons: Iterable[Reason], most: int = MOST) -> list[str]:
    """The weightiest reasons; remarks, which weigh nothing, come last."""
    listed = [each for each in reasons if not each.weight or abs(each.weight) >= HARDLY]
    ordered = sorted(listed, key=lambda each: -abs(each.weight))
    return [sentence(each) for each in ordered[:most]]


def likeness(name_probability: float) -> Flag:
    """How close a name is, in words; a number would seem to know more."""
    for least, words, kind in _STEPS:
        if name_probability >= least:
            return Flag(str(words), kind)
    return Flag(_("a slightly similar name"), "calm")


def hardly(name_probability: float) -> bool:
    """Whether a name is less like the one asked for than any of the steps say."""
    return name_probability < _STEPS[-1][0]


_STEPS: tuple[tuple[float, object, Kind], ...] = (
    (0.9, gettext_lazy("the same name"), "ok"),
    (0.5, gettext_lazy("probably the same name"), "warn"),
    (0.15, gettext_lazy("a similar name"), "calm"),
)
