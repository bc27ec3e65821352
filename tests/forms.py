"""Filling in a page's form as a browser would: what stands in it is sent back, then changed."""

from html.parser import HTMLParser
from typing import Any

from django.test import Client


class _Fields(HTMLParser):
    """The values of the form that posts (the last one in <main>)."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, Any] = {}
        self._inside = False
        self._select = ""
        self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = dict(attrs)
        if tag == "main":
            self._inside = True
        if not self._inside:
            return
        name = at.get("name") or ""
        if tag == "input" and name and name != "csrfmiddlewaretoken":
            if at.get("type") in ("radio", "checkbox") and "checked" not in at:
                return
            self.values[name] = at.get("value") or ""
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in at:
            self.values[self._select] = at.get("value") or ""
        elif tag == "textarea":
            self._area = name
            self.values[name] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "main":
            self._inside = False
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            # HTML drops one newline after <textarea>.
            self.values[self._area] = self.values[self._area].removeprefix("\n")
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.values[self._area] += data


def fields_of(html: str) -> dict[str, Any]:
    """What a browser would send if nothing was changed."""
    parser = _Fields()
    parser.feed(html)
    return parser.values


def fill(client: Client, url: str, **changes: Any) -> Any:
    """Open the form at `url`, change some answers, send it. The response."""
    opened = client.get(url)
    assert opened.status_code == 200, (url, opened.status_code)
    return client.post(url, fields_of(opened.content.decode()) | changes)
