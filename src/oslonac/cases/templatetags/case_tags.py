"""Tags of the case page: an entry, a section, the steps on a record."""

from typing import Any

from django import template
from django.template import Context

from oslonac.cases.steps import registry

register = template.Library()


@register.simple_tag(takes_context=True)
def steps_on(context: Context, record: Any, *slugs: str) -> list[Any]:
    """Buttons of the steps on a record that are open to the reader: `{% steps_on x 'a' as b %}`."""
    return registry.buttons(context["actor"], context["case"], record, *slugs)


@register.simple_tag(takes_context=True)
def step_on_case(context: Context, slug: str) -> Any:
    """The button of a step on the case itself, or None."""
    return registry.button(slug, context["actor"], context["case"])
