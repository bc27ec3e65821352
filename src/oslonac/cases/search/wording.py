"""Evidence of likeness as sentences in the reader's language."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oslonac.cases import moments
from oslonac.directory import codes
from oslonac.matching.evidence import Reason
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
    return value


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
    return Flag(_("a name hardly like it"), "calm")


_STEPS: tuple[tuple[float, object, Kind], ...] = (
    (0.9, gettext_lazy("the same name"), "ok"),
    (0.5, gettext_lazy("probably the same name"), "warn"),
    (0.15, gettext_lazy("a name like it"), "calm"),
)
