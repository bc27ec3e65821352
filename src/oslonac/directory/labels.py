"""Words for the codes of the register that no list of the pack names.

Target groups and states are codes of the sources; a code without words here is shown as it is.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from oslonac.country.values import Shown
from oslonac.directory import codes
from oslonac.kit.translations import CATALOGUES

STATUSES: dict[str, Any] = {
    "operating": _("operating"),
    "planned": _("planned"),
    "stopped": _("stopped"),
    "unknown": _("not known"),
}

CONTACTS: dict[str, Any] = {
    "phone": _("Phone"),
    "email": _("E-mail"),
    "web": _("Web page"),
    "address": _("Address"),
}

TARGET_GROUPS: dict[str, Any] = {
    "adults": _("adults"),
    "all": _("everybody"),
    "asylum_seekers_potential": _("people who may seek asylum"),
    "children": _("children"),
    "children_behaviour": _("children with behavioural difficulties"),
    "children_disability": _("children with disabilities"),
    "children_under_18": _("children under 18"),
    "children_without_parental_care": _("children without parental care"),
    "disability": _("people with disabilities"),
    "elderly": _("elderly people"),
    "families": _("families"),
    "foster_families": _("foster families"),
    "migrants": _("migrants"),
    "mothers_with_babies": _("mothers with babies"),
    "pregnant_women": _("pregnant women"),
    "refugees_idp_resident": _("refugees and displaced people who live in the city"),
    "street_children": _("children in street situations"),
    "sudden_loss_of_home": _("people who suddenly lost their home"),
    "trafficking_victims": _("victims of trafficking"),
    "trafficking_victims_children": _("children who are victims of trafficking"),
    "unaccompanied_foreign_minors": _("unaccompanied foreign children"),
    "vagrants": _("people without a home"),
    "violence_victims": _("victims of violence"),
    "women": _("women"),
    "women_children_violence": _("women and children who suffered violence"),
    "youth": _("young people"),
    "youth_leaving_care": _("young people leaving care"),
}

ACCEPTS: dict[str, Any] = {
    "yes": _("accepts victims of trafficking"),
    "no": _("does not accept victims of trafficking"),
    "unknown": _("victims of trafficking: not known"),
}

# What the map tells apart: a form for each, never colour alone.
MAP_GROUPS: dict[str, Any] = {
    Shown.CENTRE: _("competent centres"),
    Shown.SHELTER: _("shelters and accommodation"),
    Shown.POLICE: _("police and justice"),
    Shown.CIVIL: _("civil society and international bodies"),
}
OTHERS: tuple[str, Any] = (Shown.OTHER, _("others"))


def language_name(tag: str) -> str:
    """What a language is called: by the pack's list, else in itself."""
    named = codes.title("languages", tag)
    return CATALOGUES[tag].name if named == tag and tag in CATALOGUES else named


def word(words: Mapping[str, Any], code: str) -> str:
    """The word for a code; the code, readable, when there is none."""
    return str(words[code]) if code in words else code.replace("_", " ")


def status_word(code: str) -> str:
    """A state of an organisation or a service, from the pack's list where it has one."""
    if code in STATUSES:
        return str(STATUSES[code])
    return codes.title("service_status", code) if code else ""
