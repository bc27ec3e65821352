"""How a person found is shown in the search, at intake and in pairs.

Belongs here: finished shapes. Does not: finding (`asking`), evidence in sentences (`wording`).
"""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from oslonac.kit.text import clean_line
from oslonac.matching.index.service import Answer
from oslonac.people.rules import Sex
from oslonac.search import asking, wording
from oslonac.web.shapes import Flag

QUOTED = 60  # characters of what was typed that a sentence repeats


def line(hit: asking.Hit) -> dict[str, Any]:
    """One person found: what they are called, where they appear, and why they were found."""
    facts = [_("%(age)s years") % {"age": hit.age}] if hit.age is not None else []
    if hit.person.sex in (Sex.FEMALE, Sex.MALE):
        facts.append(str(Sex(hit.person.sex).label))
    by_name = bool(hit.found.name)
    return {
        "name": hit.name,
        "other_writing": hit.other_writing,
        "also": [name for name in hit.also if name != hit.other_writing],
        "url": reverse("people:person", args=[hit.person.pk]),
        "pk": str(hit.person.pk),
        "note": " · ".join(facts),
        "records": hit.records,
        "flag": wording.likeness(hit.found.name_probability)
        if by_name
        else Flag(_("the same number"), "ok"),
        "hardly": by_name and wording.hardly(hit.found.name_probability),
        "reasons": wording.sentences(hit.found.reasons),
    }


def remarks(answer: Answer) -> list[str]:
    """What limits an answer, in sentences."""
    return [wording.remark(each) for each in answer.remarks]


def quoted(typed: str) -> str:
    """What was typed, short enough to be repeated in a sentence."""
    text = clean_line(typed)
    return text if len(text) <= QUOTED else text[: QUOTED - 1].rstrip() + "…"
