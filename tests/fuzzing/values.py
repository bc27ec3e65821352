"""What people, programs and attackers put into fields: by the kind of the field, and against it.

Belongs here: values and their bytes. Does not: which forms there are (`pages`), what must hold.
"""

import json
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import quote_plus
from uuid import uuid4

from django.utils.timezone import localtime

from oslonac.kit.clock import local_day, now
from tests.fuzzing.canaries import TYPED
from tests.fuzzing.pages import CANARY, Field, Form

# What becomes an element where a page does not escape.
MARKUP: tuple[str, ...] = (
    f"<{CANARY}>",
    f'"><{CANARY} onload=alert(1)>',
    f"' {CANARY}=1 onmouseover='x",
    f"</textarea><{CANARY}>",
    f"</title></script><script {CANARY}>",
    f"--></svg><{CANARY}>",
)
TEXTS: tuple[str, ...] = (
    *MARKUP,
    "", " ", "x", "محمد علی رحیمی", "Нађа Ђорђевић", "ŠĐČĆŽ šđčćž", "ሰላም ልጄ", "বাংলা নাম", "王小明",
    "\u200fمرحبا\u200e abc \u2067x\u2069", "\u202egnp.exe", "🧒🏽👩‍👩‍👧🇷🇸" * 20, "a\0b", "\0", "\ud800", "x\udfffy",
    "e\u0301" * 300, "\ufdfa" * 200, "ﷺ\u0345" * 50, "\x1b[31mred\x07", "a\r\nb\r\rc\u2028d\u2029e",
    "د" * 100_001, "x" * 100_000, "A" * 501, "a@b", "http://x/", "../../etc/passwd", "..\\..\\boot.ini",
    "javascript:alert(1)", "&lt;b&gt;", "<!--", "]]>", "{{ 7|add:7 }}",
    "{% load x %}", "${7*7}", "%s %(name)s {0} {x.__class__}", "%", "%%", "{", "\\", "'", '"', "';--",
    "' OR 1=1 --", "1); DROP TABLE cases_case; --", "=cmd|' /C calc'!A1", "@SUM(1+1)", "+1", "-1", "null",
    "None", "true", "[]", "{}", '{"a": 1}', "NaN", "Infinity", "-Infinity", "1e999", "0x10", "1_000", "١٢٣",
    "²", "①", "9" * 400, "-0", "1.5", "1,5", "٣٫٥", *TYPED,
)  # fmt: skip
NUMBERS = (
    "0", "1", "-1", "2147483647", "2147483648", "9223372036854775808", "1" + "0" * 30, "-" + "9" * 40,
    "1e5", "NaN", "Infinity", "-Infinity", "0.1", "٧", "²", " 1 ", "1\0", "", "abc", "True",
)  # fmt: skip
DAYS = (
    "0001-01-01", "9999-12-31", "2024-02-29", "2023-02-29", "1900-01-01", "2026-03-29", "2026-10-25",
    "1389-12-30", "-0001-01-01", "10000-01-01", "0000-00-00", "2026-13-01", "٢٠٢٦-٠١-٠١", "01.02.2026.",
    "2026-1-1", "2026-02-30", "2026-W10", "20260301", "yesterday", "", "\0", "2026-11-21",
)  # fmt: skip
_CLOCKS = (
    "00:00", "02:30", "23:59:59.999999", "24:00", "02:30+02:00", "00:00+23:59", "00:00Z",
)  # fmt: skip
MOMENTS = (
    *(f"{day}T{clock}" for day in ("0001-01-01", *DAYS[1:9]) for clock in _CLOCKS),
    "", "x", "2026-11-20 10:00", "T", "2026-11-20T", "2026-11-20T99:99", "2026-11-20T10:00-23:59",
)  # fmt: skip
TIMES = ("00:00", "24:00", "23:59:59.999999", "99:99", "-1:00", "", "x", "٠١:٠٠")
IDS = (
    "", "x", "0", "00000000-0000-0000-0000-000000000000", "ffffffff-ffff-ffff-ffff-ffffffffffff",
    "urn:uuid:00000000-0000-0000-0000-000000000001", "{" + "0" * 32 + "}", "1" * 32, "\0", "null", "-1",
    "../" * 20,
)  # fmt: skip
FILES: tuple[tuple[str, bytes, str], ...] = (
    ("nalaz.txt", b"Temperatura 39.", "text/plain"),
    ("empty.pdf", b"", "application/pdf"),
    ("../../../etc/passwd", b"%PDF-1.7\n%broken", "application/pdf"),
    ("a\0b.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 40, "image/png"),
    ("x" * 300 + ".jpg", b"\xff\xd8\xff\xe0" + b"\0" * 100, "image/jpeg"),
    (
        f"<{CANARY}>.svg",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>",
        "image/svg+xml",
    ),
    ("CON", b"MZ\x90\0" * 50, "application/octet-stream"),
    ("\u202egpj.exe", b"GIF89a" + b"\0" * 20, "image/gif"),
    ("Фарид \ud800.docx", b"PK\x03\x04" + b"\0" * 30, "application/zip"),
    ("", b"x", "text/plain"),
    ("h.html", f"<html><{CANARY}>".encode(), "text/html"),
    ("utf16.txt", "ћирилица".encode("utf-16"), "text/plain"),
)
_OF_KIND: dict[str, tuple[str, ...]] = {
    "number": NUMBERS, "range": NUMBERS, "date": DAYS, "datetime-local": MOMENTS, "time": TIMES,
    "month": DAYS, "week": DAYS,
}  # fmt: skip


def plausible(field: Field, chance: Random) -> str:
    """What somebody who wants to get on would answer; what stands there already stays mostly."""
    if field.value and chance.random() < 0.7:
        return field.value
    if offered := [each for each in field.options if each]:
        return chance.choice(offered)
    day, minute = localtime(now()), "%Y-%m-%dT%H:%M"
    return {
        "number": "3",
        "date": local_day(day).isoformat(),
        "datetime-local": day.strftime(minute),
        "time": "10:30",
        "email": "kanarinac@example.org",
    }.get(field.kind) or chance.choice((*TYPED, "x", "2011", *MARKUP))


def odd(field: Field, chance: Random) -> str:
    """A value for a field: mostly of its kind, sometimes of another."""
    if field.options and chance.random() < 0.6:
        return chance.choice(field.options)
    if field.kind == "hidden" or field.name in ("request_key", "revision"):
        return chance.choice((*IDS, *NUMBERS, str(uuid4())))
    own = _OF_KIND.get(field.kind)
    if own and chance.random() < 0.75:
        return chance.choice(own)
    if field.kind in ("text", "textarea", "search") and chance.random() < 0.3:
        return chance.choice((*DAYS, *NUMBERS, *MOMENTS, *IDS))
    return chance.choice(TEXTS)


@dataclass
class Sending:
    """A request body: the pairs it holds, files, and how it is written."""

    pairs: list[tuple[str, str]]
    files: list[tuple[str, tuple[str, bytes, str]]]
    multipart: bool
    kind: str = ""

    def body(self) -> tuple[bytes, str]:
        """The bytes and their content type."""
        if self.kind == "json":
            return json.dumps(dict(self.pairs)).encode("utf-8", "replace"), "application/json"
        if self.kind:
            return _urlencoded(self.pairs), self.kind
        if self.multipart:
            return self._parts(), f"multipart/form-data; boundary={_BOUNDARY}"
        return _urlencoded(self.pairs), "application/x-www-form-urlencoded"

    def _parts(self) -> bytes:
        lines = []
        for name, value in self.pairs:
            head = f'Content-Disposition: form-data; name="{_quoted(name)}"\r\n\r\n'
            lines.append(_bytes(head) + _bytes(value))
        for name, (called, content, kind) in self.files:
            head = (
                f'Content-Disposition: form-data; name="{_quoted(name)}"; '
                f'filename="{_quoted(called)}"\r\nContent-Type: {kind}\r\n\r\n'
            )
            lines.append(_bytes(head) + content)
        begin = f"--{_BOUNDARY}\r\n".encode()
        return b"".join(begin + line + b"\r\n" for line in lines) + f"--{_BOUNDARY}--\r\n".encode()

    def typed(self) -> list[str]:
        return [value for _name, value in self.pairs] + [each[1][0] for each in self.files]


_BOUNDARY = "----fuzzing-boundary"


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _quoted(text: str) -> str:
    return text.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")


def _urlencoded(pairs: list[tuple[str, str]]) -> bytes:
    return "&".join(f"{quote_plus(_bytes(k))}={quote_plus(_bytes(v))}" for k, v in pairs).encode()


def sending(form: Form, chance: Random) -> Sending:
    """What stands in the form, with some answers changed, left out, repeated or added."""
    share = chance.choice((0.0, 0.05, 0.2, 0.5, 1.0))
    pairs: list[tuple[str, str]] = []
    files: list[tuple[str, tuple[str, bytes, str]]] = []
    for each in form.fields:
        if each.kind == "file":
            if chance.random() < 0.8:
                files.append((each.name, chance.choice(FILES)))
        elif chance.random() < share and each.name != "csrfmiddlewaretoken":
            if chance.random() > 0.08:
                pairs += [(each.name, odd(each, chance))]
            if chance.random() < 0.06:
                pairs += [(each.name, odd(each, chance))]
        elif each.sent or (each.kind in ("radio", "select", "checkbox") and chance.random() < 0.6):
            pairs.append((each.name, _as_it_stood(each, chance)))
    if chance.random() < 0.05:
        pairs.append((chance.choice(TEXTS)[:200] or "x", chance.choice(TEXTS)))
    kind = ""
    if chance.random() < 0.03:
        kind = chance.choice(("json", "text/plain", "application/xml", "x", "multipart/form-data"))
    return Sending(pairs, files, form.multipart, kind)


def _as_it_stood(field: Field, chance: Random) -> str:
    """Hidden fields as the page gave them, but with a request key of their own each time."""
    if field.name == "request_key":
        return str(uuid4()) if chance.random() < 0.9 else field.value
    if field.name == "revision" and field.value.isdigit() and chance.random() < 0.3:
        return str(int(field.value) + chance.randint(1, 3))
    return field.value if field.kind == "hidden" else plausible(field, chance)


def parameters(names: list[str], chance: Random) -> str:
    """A query string for a page that takes these parameters."""
    pairs = []
    for name in names:
        if chance.random() < 0.7:
            pairs.append((name, chance.choice((*TEXTS, *NUMBERS, *DAYS, *IDS))[:1500]))
        if chance.random() < 0.1:
            pairs.append((name, chance.choice(NUMBERS)))
    return _urlencoded(pairs).decode()


def shortened(value: Any) -> str:
    text = repr(value)
    return text if len(text) < 120 else f"{text[:100]}… ({len(text)})"
