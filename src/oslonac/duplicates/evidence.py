"""Evidence as codes without a value, for rows that hold no clear text, and what they mean."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from oslonac.matching.evidence import Comparison
from oslonac.matching.persons import SENTENCES, Record

_CODES = {template: code for code, template in SENTENCES.items()}
SAME, LIKE = 0.85, 0.5
TWIN = "twin"
# What a row of the list says in a word or two; against stands in words on the comparison.
WORDS: Mapping[str, Any] = {
    "name_same": _("the same name"),
    "name_like": _("a similar name"),
    "name_other": _("another name"),
    "sex_same": _("sex"),
    "country_same": _("country of origin"),
    "language_shared": _("a language"),
    "birth_day": _("day of birth"),
    "birth_slip": _("day of birth, nearly"),
    "birth_year": _("year of birth"),
    "birth_near": _("age, nearly"),
    "father_same": _("the father"),
    "mother_same": _("the mother"),
    "group_same": _("travel group"),
    "document_same": _("a document"),
    "phone_same": _("a phone number"),
    "marks_shared": _("a mark"),
}
AGAINST: Mapping[str, Any] = {
    "sex_other": _("sex"),
    "country_other": _("country of origin"),
    "language_none": _("no language in common"),
    "birth_far": _("age"),
    "birth_apart": _("age"),
    "father_other": _("the father"),
    "mother_other": _("the mother"),
    "group_other": _("travel group"),
    "document_other": _("document number"),
    "phone_other": _("phone number"),
    "two_places": _("seen in two places in the same hour"),
    TWIN: _("perhaps brothers or sisters"),
}


def codes_of(comparison: Comparison, name_probability: float | None) -> list[str]:
    """The codes of a comparison, in a fixed order."""
    found = {_CODES[reason.template] for reason in comparison.reasons if reason.template in _CODES}
    if name_probability is not None:
        found.add(
            "name_same"
            if name_probability >= SAME
            else "name_like"
            if name_probability >= LIKE
            else "name_other"
        )
    return sorted(found)


def speaks_for(codes: Iterable[str]) -> list[str]:
    return [str(WORDS[code]) for code in WORDS if code in set(codes) and code != "name_other"]


def speaks_against(codes: Iterable[str]) -> list[str]:
    return [str(AGAINST[code]) for code in AGAINST if code in set(codes)]


def nothing_but_names(one: Record, other: Record) -> bool:
    """Whether either side holds so little that only its name can be compared."""
    return any(
        not (each.birth_from or each.phones or each.documents or each.father or each.mother)
        for each in (one, other)
    )
