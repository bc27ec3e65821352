"""Events of persons, their names, statements, relations and groups."""

from django.utils.translation import gettext_lazy as _

from oslonac.audit.events import Event, declare

declare(
    Event(
        "group.decided",
        _("Separation of a travel group decided"),
        told=_("Decision on the travel group"),
        kind="warn",
        data="decision",
    ),
    Event(
        "group.joined",
        _("Joined to a travel group"),
        told=_("Somebody added to the travel group"),
        kind="calm",
        data="role",
    ),
    Event("group.met", _("Travel group met"), told=_("Travel group recorded"), data="size"),
    Event("name.added", _("Name added"), told=True, kind="calm", data="person script addressed"),
    Event("person.made", _("Person recorded"), told=_("Person recorded"), kind="calm", data="in"),
    Event("relation.checked", _("Relation checked"), told=True, kind="warn", data="status"),
    Event(
        "relation.claimed",
        _("Relation stated"),
        told=_("Relation claimed"),
        kind="calm",
        data="from to kind present",
    ),
    Event(
        "statement.made",
        _("Fact about a person recorded"),
        told=_("Statement about the person recorded"),
        kind="calm",
        data="person basis said_by addressed",
    ),
)
