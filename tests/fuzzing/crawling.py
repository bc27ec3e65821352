"""Walking pages as one reader: every address shown, every form and parameter met on the way.

Belongs here: finding and remembering. Does not: sending (`tests/promises/test_form_fuzzer`).
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.test import Client
from django.urls import Resolver404, resolve

from tests.fuzzing.pages import Form, Page, query_names

# Addresses that end the walk, or that only a browser's script asks for.
FILES = re.compile(r"\.(pdf|svg|xml)(\?|$)|/file/|/certificate")
LEFT_OUT = re.compile(r"^/(account/logout|account/leave|static|api|language|demo)/")


def place_of(address: str) -> str:
    """The route of an address with the names that tell pages of one route apart."""
    path = urlsplit(address).path
    try:
        match = resolve(path)
    except Resolver404:
        return path
    known = {k: v for k, v in match.kwargs.items() if k in ("slug", "kind", "form")}
    return " ".join([match.route, *map(str, known.values())])


@dataclass
class Walk:
    """What a reader was shown. `files`: papers and drawings are opened as well."""

    client: Client
    look: Callable[[str, Any], None]
    most: int = 1
    files: bool = False
    forms: dict[tuple[Any, ...], Form] = field(default_factory=dict)
    parameters: dict[str, set[str]] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)

    def begin(self, addresses: Iterable[str]) -> None:
        """Follow links from these addresses, `most` of a kind."""
        waiting = list(addresses)
        seen: set[str] = set()
        times: dict[str, int] = {}
        while waiting:
            address = waiting.pop(0)
            kind = place_of(address)
            shape = f"{kind}?{'&'.join(sorted(set(query_names(address))))}"
            if address in seen or self._passed(address) or times.get(shape, 0) >= self.most:
                continue
            seen.add(address)
            times[shape] = times.get(shape, 0) + 1
            waiting += self._read(address, kind)

    def _passed(self, address: str) -> bool:
        """Whether it is left out: files are opened only by those who ask for them."""
        left = LEFT_OUT.match(address) or (not self.files and FILES.search(address))
        return left is not None

    def _read(self, address: str, kind: str) -> list[str]:
        answer = self.client.get(address)
        self.look(f"GET {kind}", answer)
        self.statuses[address] = answer.status_code
        if answer.status_code in (301, 302):
            return [answer["Location"]]
        if not answer["Content-Type"].startswith("text/html") or answer.streaming:
            return []
        if answer.status_code != 200:
            return []
        page = Page(answer.content.decode(), address)
        for form in page.forms:
            self._keep(form, kind)
        for link in page.links:
            if names := query_names(link):
                self.parameters.setdefault(urlsplit(link).path, set()).update(names)
        return page.links

    def _keep(self, form: Form, kind: str) -> None:
        if form.method == "get":
            path = urlsplit(form.action).path
            self.parameters.setdefault(path, set()).update(form.names)
        elif form.method == "post" and not LEFT_OUT.match(urlsplit(form.action).path):
            key = (place_of(form.action), form.names)
            self.forms.setdefault(key, form)
