"""Entries of the register as the pages show them: finished sentences, never bare codes."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import quote

import phonenumbers
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oslonac.directory import codes, kinds, labels
from oslonac.directory.models import ContactPoint, Organisation, Service, Sourced, in_language
from oslonac.directory.rules import age_in_years, is_old
from oslonac.web.shapes import Fact, Flag


def age_sentence(entry: Sourced, today: date) -> str:
    """“as of 2013, 13 years old: check before use”."""
    years = age_in_years(entry.as_of, today)
    if years is None:
        return _("undated: check before use")
    if not is_old(entry.as_of, today):
        return _("as of %(day)s") % {"day": entry.as_of}
    return ngettext(
        "as of %(day)s, %(years)s year old: check before use",
        "as of %(day)s, %(years)s years old: check before use",
        years,
    ) % {"day": entry.as_of, "years": years}


def short_age(entry: Sourced, today: date) -> str:
    """The same for a list, where a sentence on every line would only be noise."""
    if not is_old(entry.as_of, today):
        return ""
    return _("as of %(day)s") % {"day": entry.as_of} if entry.as_of else _("undated")


def trust_flags(entry: Sourced, today: date) -> list[Flag]:
    """What a reader must know before relying on an entry."""
    found = []
    if is_old(entry.as_of, today):
        found.append(Flag(age_sentence(entry, today), "warn", "clock"))
    if not entry.verified:
        found.append(Flag(_("not verified"), "warn"))
    return found


@dataclass(frozen=True)
class SourceLine:
    """Under every entry: where it comes from and how far to trust it."""

    text: str
    flags: list[Flag] = field(default_factory=list)


def source_line(entry: Sourced, today: date) -> SourceLine:
    text = entry.source or _("no source given")
    if not is_old(entry.as_of, today):
        text = f"{text} · {age_sentence(entry, today)}"
    return SourceLine(text, trust_flags(entry, today))


@dataclass(frozen=True)
class ContactLine:
    contact: ContactPoint
    kind: str
    value: str
    url: str
    note: str
    source: SourceLine


def contact_line(contact: ContactPoint, today: date) -> ContactLine:
    notes = [in_language(contact.purpose) if contact.purpose else "", _hours(contact.hours)]
    notes.append(_languages(contact.languages))
    return ContactLine(
        contact,
        labels.word(labels.CONTACTS, contact.kind),
        readable(contact.kind, contact.value),
        contact_url(contact.kind, contact.value),
        " · ".join(note for note in notes if note),
        source_line(contact, today),
    )


def _hours(hours: str) -> str:
    return _("answered %(hours)s") % {"hours": hours} if hours else ""


def _languages(spoken: Iterable[str]) -> str:
    named = [codes.title("languages", code) for code in spoken]
    return _("in %(languages)s") % {"languages": ", ".join(named)} if named else ""


def readable(kind: str, value: str) -> str:
    """A full phone number in groups; everything else as it stands."""
    if kind != "phone" or not value.startswith("+"):
        return value
    try:
        number = phonenumbers.parse(value)
    except phonenumbers.NumberParseException:
        return value
    shown: str = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return shown


def contact_url(kind: str, value: str) -> str:
    """tel:, mailto: or the page itself; nothing for a street address."""
    if kind == "phone":
        digits = "".join(char for char in value if char.isdigit() or char == "+")
        return f"tel:{digits}" if digits else ""
    if kind == "email":
        return f"mailto:{quote(value, safe='@.+-_')}"
    return value if value.startswith(("https://", "http://")) else ""


@dataclass(frozen=True)
class ServiceLine:
    service: Service
    kind: str
    facts: list[Fact]
    stay: str
    flags: list[Flag]
    note: str
    source: SourceLine


def service_line(service: Service, today: date) -> ServiceLine:
    groups = [labels.word(labels.TARGET_GROUPS, code) for code in service.target_groups]
    facts = [
        Fact(_("For"), ", ".join(groups) or _("not stated"), empty=not groups),
        Fact(
            _("Places"),
            str(service.capacity) if service.capacity is not None else _("not stated"),
            empty=service.capacity is None,
        ),
    ]
    limits = [limit_sentence(limit) for limit in service.stay_limits]
    stay = _("Stay: %(limits)s") % {"limits": "; ".join(limits)} if limits else ""
    accepts = service.accepts_trafficking_victims
    kinds = {"yes": "ok", "no": "alert"}
    flags = [Flag(labels.word(labels.ACCEPTS, accepts), kinds.get(accepts, "calm"))]  # type: ignore[arg-type]
    if service.status:
        flags.insert(0, Flag(labels.status_word(service.status), "calm"))
    note = in_language(service.notes) if service.notes else ""
    return ServiceLine(
        service, _service_kind(service), facts, stay, flags, note, source_line(service, today)
    )


def _service_kind(service: Service) -> str:
    known = dict(kinds.choices())
    return known.get(service.kind) or codes.title("services", service.kind)


def limit_sentence(limit: dict[str, Any]) -> str:
    """How long somebody may stay there."""
    said = []
    if days := limit.get("min_days"):
        said.append(ngettext("at least %(n)s day", "at least %(n)s days", days) % {"n": days})
    if days := limit.get("max_days"):
        said.append(ngettext("up to %(n)s day", "up to %(n)s days", days) % {"n": days})
    if months := limit.get("max_months"):
        said.append(ngettext("up to %(n)s month", "up to %(n)s months", months) % {"n": months})
    if until := limit.get("until"):
        said.append(_("until %(event)s") % {"event": until})
    if months := limit.get("extended_max_months"):
        said.append(
            ngettext("extended up to %(n)s month", "extended up to %(n)s months", months)
            % {"n": months}
        )
    if extension := limit.get("extension"):
        said.append(str(extension))
    return ", ".join(said)


@dataclass(frozen=True)
class Entry:
    """An organisation in a list."""

    organisation: Organisation
    name: str
    url: str
    kind: str
    place: str
    age: str  # empty for a young entry
    verified: bool


def offered(row: Organisation) -> list[str]:
    """Titles of the classified services that an organisation offers."""
    return [codes.title("services", code) for code in row.offers]
