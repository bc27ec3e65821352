"""Tags for steps that are a button on another page."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from oslonac.kit.ids import uuid7

register = template.Library()


@register.simple_tag
def step_hidden(record: Any) -> SafeString:
    """What the button sends: the revision that was read, and a key against a second press."""
    words = (
        '<input type="hidden" name="revision" value="{}">'
        '<input type="hidden" name="request_key" value="{}">'
    )
    return format_html(words, getattr(record, "revision", 0), uuid7())
