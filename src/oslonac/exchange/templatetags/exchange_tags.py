"""Whether the reader of a case page may export it."""

from django import template
from django.template import Context

from oslonac.access.roles import Permission
from oslonac.access.rules import Level

register = template.Library()


@register.simple_tag(takes_context=True)
def may_export(context: Context) -> bool:
    """The permission at the responsible centre, and sight of everything in the file."""
    actor, case = context["actor"], context["case"]
    allowed: bool = actor.may_at(Permission.EXPORT_MAKE, case.organisation_id)
    return allowed and case.reach.shows(Level.IDENTITY) and case.reach.whereabouts
