"""Searches."""

from django.utils.translation import gettext_lazy as _

from oslonac.audit.events import Event, declare

declare(
    Event("search.asked", _("Searched for people"), data="query name found"),
    Event(
        "search.asked_for",
        _("The office was told that somebody asked about its case"),
        told=True,
        kind="calm",
        data="purpose by from told event",
    ),
    Event(
        "search.elsewhere",
        _("Asked other offices about a person"),
        data="purpose query name told relayed",
    ),
)
