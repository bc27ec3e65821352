"""Template tags of the design system: `{% load web_tags %}`.

Each tag lays out one component of web/components/ from a record of `oslonac.web.shapes` (or a
dict with the same keys). Texts arrive finished and localised; everything is escaped.
"""

import zlib
from typing import Any, cast

from django import forms, template
from django.core.paginator import Page
from django.template import Context
from django.template.loader import get_template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from oslonac.web.messages import undo_url as read_undo_url
from oslonac.web.middleware import direction
from oslonac.web.shapes import value_of

register = template.Library()

FLAG_ICONS = {"calm": "info", "ok": "check", "warn": "caution", "alert": "alert"}
EVENT_ICONS = {"calm": "", "ok": "", "warn": "caution", "alert": "alert"}
DIRECTIONAL = frozenset({"next", "back", "leave", "undo", "send"})
DUE_ICONS = {"late": "alert", "soon": "clock", "later": "calendar", "done": "check"}


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite; decorative unless `label` says what it means."""
    kind = "icon directional" if name in DIRECTIONAL else "icon"
    if label:
        return format_html(
            '<svg class="{}" role="img" aria-label="{}"><use href="#i-{}"/></svg>',
            kind,
            label,
            name,
        )
    return format_html('<svg class="{}" aria-hidden="true"><use href="#i-{}"/></svg>', kind, name)


@register.filter
def undo_url(message: Any) -> str:
    return read_undo_url(getattr(message, "extra_tags", "") or "")


@register.filter
def text_dir(language: str) -> str:
    """'rtl' or 'ltr' for a language tag."""
    return direction(language or "en")


@register.filter
def get(mapping: Any, name: str) -> Any:
    return value_of(mapping, name, None)


@register.simple_block_tag(takes_context=False)
def card(
    content: str,
    title: str = "",
    count: Any = None,
    anchor: str = "",
    kind: str = "",
    note: str = "",
) -> SafeString:
    """A section with a heading. `kind` 'alert' edges it; `anchor` becomes its id."""
    return _render(
        "card.html", content=content, title=title, count=count, anchor=anchor, kind=kind, note=note
    )


@register.simple_block_tag(takes_context=False)
def menu(content: str, label: str, icon: str = "more", hide_label: bool = False) -> SafeString:
    """A disclosure menu: links and small forms inside; works without scripts."""
    return _render("menu.html", content=content, label=label, icon=icon, hide_label=hide_label)


def _render(name: str, **values: Any) -> SafeString:
    # Declared as str; the template engine marks what it rendered as safe.
    return cast(SafeString, get_template(f"web/components/{name}").render(values))


def _component(name: str, takes_context: bool = False) -> Any:
    return register.inclusion_tag(f"web/components/{name}.html", takes_context=takes_context)


@_component("flag")
def flag(text: str, kind: str = "calm", icon: str = "") -> dict[str, Any]:
    return {"text": text, "kind": kind, "icon": icon or FLAG_ICONS[kind]}


@_component("flags")
def flags(items: Any) -> dict[str, Any]:
    return {"items": items}


@_component("due_list", takes_context=True)
def due(context: Context, row: Any) -> dict[str, Any]:
    return due_list(context, [row])


@_component("due_list", takes_context=True)
def due_list(context: Context, rows: Any, fold: bool = False) -> dict[str, Any]:
    """Lines of duties. `fold`: why, who hears and what else can be done open on demand."""
    states = [value_of(row, "state") or "later" for row in rows]
    lines = [(row, state, DUE_ICONS[state]) for row, state in zip(rows, states, strict=True)]
    return {"lines": lines, "fold": fold, **_token(context)}


@_component("identity", takes_context=True)
def identity(context: Context, strip: Any) -> dict[str, Any]:
    return {"strip": strip, **_token(context)}


@_component("facts")
def facts(rows: Any, layout: str = "rows") -> dict[str, Any]:
    """`layout` 'rows' (label, value on a line) or 'grid' (label above value)."""
    return {"rows": rows, "layout": layout}


@_component("timeline")
def timeline(events: Any) -> dict[str, Any]:
    return {"events": [(e, _event_icon(e)) for e in events]}


def _event_icon(event: Any) -> str:
    return value_of(event, "icon") or EVENT_ICONS.get(value_of(event, "kind") or "ok", "")


@_component("table")
def data_table(table: Any) -> dict[str, Any]:
    columns = list(value_of(table, "columns"))
    rows = [list(zip(columns, row, strict=True)) for row in value_of(table, "rows")]
    return {"table": table, "columns": columns, "rows": rows}


@_component("empty")
def empty(
    sentence: str, icon: str = "calm", next_label: str = "", next_url: str = "", next_text: str = ""
) -> dict[str, Any]:
    return {
        "sentence": sentence,
        "icon": icon,
        "next_label": next_label,
        "next_url": next_url,
        "next_text": next_text,
    }


@_component("action", takes_context=True)
def action(context: Context, item: Any) -> dict[str, Any]:
    return {"item": item, **_token(context)}


@_component("button")
def button(
    label: str,
    kind: str = "main",
    icon: str = "",
    type: str = "submit",
    name: str = "",
    value: str = "",
    shortcut: str = "",
) -> dict[str, Any]:
    return {
        "label": label,
        "kind": kind,
        "icon": icon,
        "type": type,
        "name": name,
        "value": value,
        "shortcut": shortcut,
    }


@_component("tabs")
def tabs(items: Any, label: str) -> dict[str, Any]:
    return {"items": items, "label": label}


@_component("breadcrumbs")
def breadcrumbs(items: Any) -> dict[str, Any]:
    return {"items": items}


@_component("progress")
def progress(
    label: str, value: int | None = None, maximum: int = 100, text: str = ""
) -> dict[str, Any]:
    """A bar; `value` None means under way, length not known."""
    return {"label": label, "value": value, "maximum": maximum, "text": text}


@_component("pagination", takes_context=True)
def pagination(context: Context, page: Page[Any], param: str = "page") -> dict[str, Any]:
    request = context.get("request")
    query = request.GET.copy() if request else None
    if query is not None:
        query.pop(param, None)
    rest = query.urlencode() if query else ""
    numbers = list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))
    return {
        "page": page,
        "param": param,
        "rest": f"&{rest}" if rest else "",
        "numbers": numbers,
        "gap": page.paginator.ELLIPSIS,
    }


@_component("confirm", takes_context=True)
def confirm(context: Context, item: Any, question: str, yes: str, no: str) -> dict[str, Any]:
    """An Action behind a question. Opens in place, so it works without scripts."""
    return {"item": item, "question": question, "yes": yes, "no": no, **_token(context)}


@_component("conflict", takes_context=True)
def conflict(context: Context, item: Any) -> dict[str, Any]:
    return {"item": item, **_token(context)}


@_component("who_may_see", takes_context=True)
def who_may_see(context: Context, viewers: Any) -> dict[str, Any]:
    return {"viewers": viewers, **_token(context)}


@_component("person")
def person(name: Any, note: str = "", url: str = "") -> dict[str, Any]:
    """A chip. `name` is a Name or plain text."""
    text = name if isinstance(name, str) else value_of(name, "text")
    return {
        "text": text,
        "lang": "" if isinstance(name, str) else value_of(name, "lang"),
        "note": note or ("" if isinstance(name, str) else value_of(name, "note")),
        "url": url or ("" if isinstance(name, str) else value_of(name, "url")),
    }


@_component("notice")
def notice(text: str, kind: str = "calm", title: str = "") -> dict[str, Any]:
    """A sentence or two in a tinted box."""
    return {"text": text, "kind": kind, "title": title, "icon": FLAG_ICONS[kind]}


CHOICES = (forms.RadioSelect, forms.CheckboxSelectMultiple)


@_component("field")
def field(bound: Any) -> dict[str, Any]:
    """A form field with label, help and error. Radios become cards, check boxes a list."""
    widget = bound.field.widget
    return {
        "field": bound,
        "group": bool(getattr(widget, "use_fieldset", False)),
        "choices": isinstance(widget, CHOICES),
        "check": isinstance(widget, forms.CheckboxInput),
        "multiple": isinstance(widget, forms.CheckboxSelectMultiple),
    }


@_component("form_fields")
def form_fields(form: Any, focus: bool = True) -> dict[str, Any]:
    """Error summary, hidden fields and every visible field of the form."""
    return {"form": form, "focus": focus}


@_component("form_errors")
def form_errors(form: Any, focus: bool = True) -> dict[str, Any]:
    """What is wrong, with a link to each place; takes the focus when the page opens."""
    return {"form": form, "focus": focus}


@register.inclusion_tag("web/components/stepper.html")
def stepper() -> dict[str, Any]:
    """Put first inside `<form data-stepper>`: one question a screen on a narrow viewport."""
    return {}


@register.inclusion_tag("web/components/stepper_foot.html")
def stepper_foot() -> dict[str, Any]:
    """Put last inside the form: whoever tabs comes through the question first."""
    return {}


def _token(context: Context) -> dict[str, Any]:
    """Components that hold forms need the CSRF token of the page."""
    return {"csrf_token": context.get("csrf_token"), "request": context.get("request")}


# A picture with more links than this offers a way past them to whoever tabs.
MANY_STOPS = 8


@_component("drawing")
def drawing(svg: str, lines: Any = (), caption: str = "", wide: bool = False) -> dict[str, Any]:
    """A picture of oslonac.web.drawings with its words to read; `wide` scrolls on a phone."""
    past = f"past-{zlib.crc32(svg.encode()):08x}" if svg.count("<a ") > MANY_STOPS else ""
    return {
        "svg": SafeString(svg),
        "lines": lines,
        "caption": caption,
        "wide": wide,
        "past": past,
    }
