"""Reading a page as a browser does: its forms with their fields, its links, its elements.

Belongs here: parsing. Does not: what is filled in (`values`), which pages are read (`crawling`).
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urljoin, urlsplit

# An element or attribute of this name can only come from what was typed.
CANARY = "canaryelement"


@dataclass
class Field:
    """One name of a form: its kind, what stands in it, what it offers."""

    name: str
    kind: str
    value: str = ""
    options: list[str] = field(default_factory=list)
    sent: bool = True
    multiple: bool = False


@dataclass
class Form:
    """A form as it stands on a page; `where` is the address of that page."""

    where: str
    action: str
    method: str = "get"
    multipart: bool = False
    fields: list[Field] = field(default_factory=list)

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(sorted({each.name for each in self.fields}))

    def values(self) -> list[tuple[str, str]]:
        """What a browser would send if nothing was changed."""
        return [(each.name, each.value) for each in self.fields if each.sent]


class Page(HTMLParser):
    """A parsed page: `forms`, `links` (addresses on this server), `foreign` elements."""

    def __init__(self, html: str, where: str) -> None:
        super().__init__(convert_charrefs=True)
        self.where = where
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.foreign: list[str] = []
        self._form: Form | None = None
        self._select: Field | None = None
        self._area: Field | None = None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        if tag == CANARY or any(CANARY in name or name.startswith("on") for name in at):
            self.foreign.append(self.get_starttag_text() or tag)
        for name in ("href", "hx-get", "src", "action", "formaction"):
            if at.get(name, "").strip().lower().startswith("javascript:"):
                self.foreign.append(self.get_starttag_text() or tag)
        if tag == "a" and "href" in at:
            self._link(at["href"])
        if "hx-get" in at:
            self._link(at["hx-get"])
        self._filled(tag, at)
        if "hx-post" in at and tag != "form" and self._form is not None:
            extra = Form(self.where, self._address(at["hx-post"]), "post", fields=self._form.fields)
            self.forms.append(extra)

    def _filled(self, tag: str, at: dict[str, str]) -> None:
        if tag == "form":
            multipart = at.get("enctype", "") == "multipart/form-data"
            action = self._address(at.get("action", ""))
            self._form = Form(self.where, action, at.get("method", "get").lower(), multipart)
            self.forms.append(self._form)
        elif self._form is None:
            return
        elif tag in ("input", "button") and at.get("name"):
            self._input(tag, at)
        elif tag == "select" and at.get("name"):
            self._select = Field(at["name"], "select", sent=False, multiple="multiple" in at)
            self._form.fields.append(self._select)
        elif tag == "option" and self._select is not None:
            self._select.options.append(at.get("value", ""))
            if "selected" in at or not self._select.sent:
                self._select.value = at.get("value", "")
                self._select.sent = not self._select.multiple or "selected" in at
        elif tag == "textarea" and at.get("name"):
            self._area = Field(at["name"], "textarea")
            self._form.fields.append(self._area)

    def _input(self, tag: str, at: dict[str, str]) -> None:
        assert self._form is not None
        kind = at.get("type", "submit" if tag == "button" else "text")
        if kind in ("radio", "checkbox"):
            for known in self._form.fields:
                if known.name == at["name"] and known.kind == kind:
                    known.options.append(at.get("value", "on"))
                    if "checked" in at:
                        known.value, known.sent = at.get("value", "on"), True
                    return
            made = Field(at["name"], kind, at.get("value", "on"), [at.get("value", "on")])
            made.sent, made.multiple = "checked" in at, kind == "checkbox"
        else:
            made = Field(at["name"], kind, at.get("value", ""))
            made.sent = kind not in ("submit", "button", "reset", "file")
        self._form.fields.append(made)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = None
        elif tag == "textarea" and self._area is not None:
            self._area.value = self._area.value.removeprefix("\n")
            self._area = None

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area.value += data

    def _address(self, said: str) -> str:
        return urljoin(self.where, said) if said else self.where

    def _link(self, said: str) -> None:
        parts = urlsplit(urljoin(self.where, said))
        if not parts.netloc and not parts.scheme and parts.path.startswith("/"):
            self.links.append(parts.path + (f"?{parts.query}" if parts.query else ""))


def query_names(address: str) -> list[str]:
    """Names of the parameters that an address carries."""
    return [name for name, _value in parse_qsl(urlsplit(address).query, keep_blank_values=True)]
