"""The words of procedures in the language of the page: Django's catalogue for what the pure
modules say, the pack's own texts, names of roles, facts and forms.

Belongs here: the one place where protocols meet translation. Does not: any sentence of theirs.
"""

from collections.abc import Callable
from typing import Any

from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from oslonac.access import roles
from oslonac.kit.once import Once
from oslonac.kit.wording import Wording
from oslonac.web.middleware import LANGUAGE_TAGS

NAMES: dict[str, Any] = {
    "priority": _("the priority"),
    "pathway": _("the path"),
    "accompaniment": _("who is with the person"),
    "manager_id": _("the case manager"),
    "guardian_id": _("the guardian"),
    "placement": _("the placement"),
    "review_on": _("the day of the review"),
    "age": _("the age"),
    "informed_at": _("the moment the centre was informed"),
    "organisation_id": _("the responsible centre"),
    "closed": _("the case is closed"),
    "placed_at": _("the place of the child"),
    "by_role": _("the role of whoever recorded it"),
    "by_office": _("the office of whoever recorded it"),
    "immediate": _("immediate"),
    "urgent": _("urgent"),
    "regular": _("regular"),
    "transit": _("transit"),
    "full": _("full"),
    "accompanied": _("accompanied"),
    "separated": _("separated"),
    "unaccompanied": _("unaccompanied"),
    "unknown": _("not known"),
    "under_14": _("under 14"),
    "from_14": _("14 or 15"),
    "from_16": _("16 or 17"),
    "adult": _("of age"),
}
_forms: list[Callable[[str], Any]] = Once()


def wording() -> Wording:
    """What pure modules say, in the language of the moment."""
    return Wording(gettext, ngettext)


def tag() -> str:
    """The language of the moment as packs name it: sr-Cyrl, sr-Latn, en."""
    language = get_language() or "en"
    return LANGUAGE_TAGS.get(language, language)


def role(code: str) -> str:
    """A role as people call it."""
    return roles.label(code)


def name(code: str) -> str:
    """A fact or a value as people call it; a pack's own by its id."""
    return str(NAMES.get(code, code.replace("_", " ")))


def register_forms(titles: Callable[[str], Any]) -> None:
    """Who knows what the forms are called (None: unknown): the packages above that have them."""
    _forms.append(titles)


def form(slug: str) -> str:
    """A form as people call it, empty where nobody knows it."""
    found = (titles(slug) for titles in _forms) if slug else ()
    return str(next((each for each in found if each), ""))
