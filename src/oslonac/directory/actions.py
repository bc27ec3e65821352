"""Correcting the register: every change names its source, its date and whether it was verified."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from oslonac.access.actor import Actor
from oslonac.access.roles import Permission
from oslonac.audit.actions import action, record
from oslonac.country import country
from oslonac.directory import codes
from oslonac.directory.labels import STATUSES
from oslonac.directory.models import ContactPoint, Organisation
from oslonac.directory.rules import as_of_day
from oslonac.kit.clock import local_day
from oslonac.kit.errors import Invalid, Stale
from oslonac.kit.revisions import swap
from oslonac.kit.text import clean_line

CONTACT_KINDS = ("phone", "email", "web", "address")
_LONGEST_SOURCE = 300


def _status(status: str, before: str) -> str:
    if status != before and status not in STATUSES:
        return codes.check_one("service_status", status, field="status", required=False)
    return status


def _sourced(at: datetime, source: str, as_of: str, verified: bool) -> dict[str, Any]:
    """Where a statement comes from. Raises Invalid."""
    source, as_of = clean_line(source)[:_LONGEST_SOURCE], clean_line(as_of)
    if not source:
        raise Invalid({"source": _("Enter the source: who told you, or which page.")})
    day = as_of_day(as_of)
    if day is None:
        raise Invalid({"as_of": _("A year, as in 2026, or a day, as in 2026-03-05.")})
    if day > local_day(at):
        raise Invalid({"as_of": _("This is in the future.")})
    return {"source": source, "as_of": as_of, "verified": verified}


@action("organisation.corrected", Permission.DIRECTORY_WRITE)
def correct_organisation(
    *,
    actor: Actor,
    at: datetime,
    organisation: Organisation,
    revision: int,
    names: dict[str, str],
    status: str,
    active: bool,
    source: str,
    as_of: str,
    verified: bool,
) -> Organisation:
    """Change names and status. Raises Stale when somebody changed them first."""
    kept = {tag: clean_line(name) for tag, name in names.items() if clean_line(name)}
    if unknown := sorted(kept.keys() - {"en", *country().languages}):
        raise Invalid({"names": _("“%(code)s” is not on the list.") % {"code": unknown[0][:60]}})
    if not kept:
        raise Invalid({"name_en": _("Enter at least one name.")})
    changes = {
        "names": kept,
        "status": _status(status, organisation.status),
        "active": active,
        **_sourced(at, source, as_of, verified),
    }
    changed = [name for name, value in changes.items() if getattr(organisation, name) != value]
    swap(organisation, revision, **changes)
    record(
        "organisation.corrected",
        actor=actor,
        at=at,
        subject=organisation,
        fields=changed,
        data={"as_of": changes["as_of"], "verified": verified},
    )
    return organisation


def _contact_fields(kind: str, value: str, hours: str) -> dict[str, str]:
    value = clean_line(value)
    if kind not in CONTACT_KINDS:
        raise Invalid({"kind": _("Choose one.")})
    if not value:
        raise Invalid({"value": _("Enter the number or the address.")})
    if kind == "phone" and not any(char.isdigit() for char in value):
        raise Invalid({"value": _("A phone number must have digits.")})
    if kind == "web" and not value.startswith(("http://", "https://")):
        raise Invalid({"value": _("Start with https:// or http://.")})
    return {"kind": kind, "value": value[:300], "hours": clean_line(hours)[:120]}


@action("contact.added", Permission.DIRECTORY_WRITE)
def add_contact(
    *,
    actor: Actor,
    at: datetime,
    organisation: Organisation,
    kind: str,
    value: str,
    hours: str,
    source: str,
    as_of: str,
    verified: bool,
) -> ContactPoint:
    """A further public number or address."""
    contact = ContactPoint.objects.create(
        organisation=organisation,
        **_contact_fields(kind, value, hours),
        **_sourced(at, source, as_of, verified),
    )
    _touched(organisation)
    record("contact.added", actor=actor, at=at, subject=contact, fields=["kind", "value"])
    return contact


@action("contact.corrected", Permission.DIRECTORY_WRITE)
def correct_contact(
    *,
    actor: Actor,
    at: datetime,
    contact: ContactPoint,
    revision: int,
    kind: str,
    value: str,
    hours: str,
    source: str,
    as_of: str,
    verified: bool,
) -> ContactPoint:
    """Change a contact point. Raises Stale when somebody changed it first."""
    changes: dict[str, Any] = {
        **_contact_fields(kind, value, hours),
        **_sourced(at, source, as_of, verified),
    }
    changed = [name for name, new in changes.items() if getattr(contact, name) != new]
    swap(contact, revision, **changes, from_pack=False)
    _touched(contact.organisation)
    record("contact.corrected", actor=actor, at=at, subject=contact, fields=changed)
    return contact


@action("contact.removed", Permission.DIRECTORY_WRITE)
def remove_contact(
    *, actor: Actor, at: datetime, contact: ContactPoint, revision: int
) -> Organisation:
    """Take a number or address off that is wrong. Raises Stale."""
    organisation = contact.organisation
    record("contact.removed", actor=actor, at=at, subject=contact)
    gone, _rows = ContactPoint.objects.filter(pk=contact.pk, revision=revision).delete()
    if not gone:
        raise Stale(ContactPoint.objects.filter(pk=contact.pk).first())
    _touched(organisation)
    return organisation


def _touched(organisation: Organisation) -> None:
    """An entry that an editor changed is the editors': the pack no longer overwrites it."""
    revision = Organisation.objects.values_list("revision", flat=True).get(pk=organisation.pk)
    Organisation.objects.filter(pk=organisation.pk, revision=revision).update(revision=revision + 1)
