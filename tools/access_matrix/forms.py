"""The forms of a page, filled in as somebody would who knows what to write.

A form is read off the page that offers it, to somebody who may: what stands in it is kept, what is
empty and asked for gets a plausible answer. So a step that is added later is really taken by the
proof, without a body written for it. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from html.parser import HTMLParser
from typing import Any

from tools.access_matrix.answers import answer_for

Fields = dict[str, list[str]]


@dataclass
class Form:
    """`fields`: what a browser would send now. `choices`: what may be chosen instead."""

    action: str
    fields: Fields = field(default_factory=dict)
    choices: dict[str, list[str]] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)

    def filled(self, at: datetime, given: Mapping[str, Any]) -> dict[str, Any]:
        """What to send. `given` wins; then what the page proposes; then a plausible answer."""
        sent: dict[str, Any] = {}
        for name, kind in self.kinds.items():
            said = [each for each in self.fields.get(name, []) if each]
            if not said and kind != "hidden":
                options = self.choices.get(name)
                said = [answer_for(name, kind, at, options)]
            sent[name] = said if len(said) > 1 else "".join(said)
        if self.buttons and self.buttons[0][0]:
            sent[self.buttons[0][0]] = self.buttons[0][1]
        return sent | dict(given)


class _Reader(HTMLParser):
    """Collects the forms of a page that write."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._form: Form | None = None
        self._select = self._area = self._list = ""
        self._lists: dict[str, list[str]] = {}
        self._from_list: list[tuple[Form, str, str]] = []

    def close(self) -> None:
        """Fields that suggest answers offer them as choices."""
        super().close()
        for form, name, source in self._from_list:
            if self._lists.get(source):
                form.choices[name] = self._lists[source]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        if tag == "datalist":
            self._list = at.get("id", "")
        elif tag == "option" and self._list:
            self._lists.setdefault(self._list, []).append(at.get("value", ""))
        elif tag == "form":
            self._form = None
            if at.get("method", "").lower() == "post":
                self._form = Form(at.get("action", ""))
                self.forms.append(self._form)
        elif self._form is not None:
            self._inside(self._form, tag, at)

    def _inside(self, form: Form, tag: str, at: dict[str, str]) -> None:
        name = at.get("name", "")
        if tag == "button" and at.get("type", "submit") == "submit":
            form.buttons.append((name, at.get("value", "")))
        elif tag == "input" and name and name != "csrfmiddlewaretoken":
            self._input(form, name, at)
        elif tag == "select" and name:
            self._select = name
            form.kinds[name] = "select"
        elif tag == "option" and self._select:
            value = at.get("value", "")
            form.choices.setdefault(self._select, []).append(value)
            if "selected" in at:
                form.fields.setdefault(self._select, []).append(value)
        elif tag == "textarea" and name:
            self._area = name
            form.kinds[name] = "textarea"
            form.fields[name] = [""]

    def _input(self, form: Form, name: str, at: dict[str, str]) -> None:
        kind = at.get("type", "text")
        value = at.get("value", "on" if kind == "checkbox" else "")
        form.kinds[name] = kind
        if "list" in at:
            self._from_list.append((form, name, at["list"]))
        if kind in ("radio", "checkbox"):
            form.choices.setdefault(name, []).append(value)
            if "checked" not in at:
                return
        form.fields.setdefault(name, []).append(value)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "datalist":
            self._list = ""
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area and self._form is not None:
            self._form.fields[self._area][0] += data.lstrip("\n")


def forms_of(html: str) -> list[Form]:
    """The forms of a page that write, in their order."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.forms
