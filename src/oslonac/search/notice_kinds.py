"""Notices to an office when somebody asks about a person who may be in its cases."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from oslonac.accounts.queries import names_of
from oslonac.directory import codes
from oslonac.directory.models import Organisation
from oslonac.notices import kinds
from oslonac.search.relaying import ASKED


def register() -> None:
    """Called once, when the application is ready."""
    title = gettext_lazy("Somebody asks about a person who may be in your case.")
    kinds.register(kinds.Kind(ASKED, title, "search", sentence=sentence))


def sentence(notice: Any) -> str:
    """Who asked, why, and what they were told. The office decides whether to call."""
    who = names_of([UUID(notice.data["by"])]).get(UUID(notice.data["by"]), _("Somebody"))
    wanted = _id(notice.data["from"])
    office = Organisation.objects.filter(pk=wanted).first() if wanted else None
    given = {
        "who": who,
        "office": office or _("an unknown office"),
        "purpose": codes.title("search_purposes", notice.data["purpose"]),
    }
    if notice.data["told"]:
        return (
            _("%(who)s, %(office)s. Reason given: %(purpose)s. They were asked to contact you.")
            % given
        )
    return (
        _(
            "%(who)s, %(office)s. Reason given: %(purpose)s. They were shown nothing; "
            "decide whether to call them."
        )
        % given
    )


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
