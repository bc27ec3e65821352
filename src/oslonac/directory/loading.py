"""Loading a country pack into the register.

Entries are matched by their stable codes: loading twice changes nothing, loading a newer pack
updates what it names. What editors added by hand stays. A pack with an error is refused whole.
Shapes: `docs/how-to/write-a-country-pack.md`; what is wrong with one: `directory.checking`.
"""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.db import models, transaction

from oslonac.access.actor import SYSTEM
from oslonac.access.roles import of_country
from oslonac.audit.actions import record
from oslonac.country.reading import read_country
from oslonac.country.values import Task
from oslonac.directory import kinds
from oslonac.directory.checking import AREAS, MUNICIPALITIES, POINTS, check
from oslonac.directory.codes import forget_cached
from oslonac.directory.models import (
    CodeList,
    ContactPoint,
    Organisation,
    Pack,
    Place,
    PlaceKind,
    Service,
)
from oslonac.directory.packfiles import PackFiles
from oslonac.kit.clock import now
from oslonac.protocols import catalogue, editions
from oslonac.protocols.editions import BadProtocols

# What code lists say beside a title.
_KEPT = {"native", "script", "direction", "verified", "as_of", "group", "number", "law", "article"}
_KEPT |= {"from_age", "to_age", "child", "adult", "reasons", "register"}
_KEPT |= {"ordinary", "protected", "an_hour", "a_day"}
_KEPT |= {"four_eyes", "least", "after_days", "compare"}
_KEPT |= {"suspicion", "trafficking", "needs"}


def content_hash(folder: Path) -> str:
    """SHA-256 over every file of the pack, hex."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
            digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()


def load_if_changed(folder: Path) -> bool:
    """Load the pack unless this very content is loaded. Whether it was loaded now."""
    fingerprint = content_hash(folder)
    if (
        Pack.objects.filter(code=folder.name, fingerprint=fingerprint).exists()
        and editions.is_loaded()
    ):
        return False
    load(folder)
    return True


@transaction.atomic
def load(folder: Path) -> dict[str, int]:
    """Load places, organisations, services, lines, code lists and procedures of a pack; returns
    how many of each. Raises BadProtocols, with every line that is wrong."""
    checked = check(folder)
    if checked.errors:
        raise BadProtocols("\n".join(map(str, checked.errors)))
    files = checked.files
    _places(files)
    for entry in files.organisations:
        _organisation(entry.values)
    for city, service in files.city_services:
        _city_service(service.values, city.values["place"])
    for city, body in files.city_bodies:
        _organisation({**body.values, "place": city.values["place"]}, names="title")
    for line in files.lines:
        _line(line.values)
    _parents(entry.values for entry in [*files.organisations, *files.lines])
    for name in files.names("codes"):
        _codes(files.values(name))
    if files.services:
        _codes({"list": "services", "codes": files.services})
    _own_lists(folder)
    procedures = editions.load_pack(folder)
    _note_loaded(folder, procedures.pk)
    return checked.counts | {"procedures": len(procedures.editions)}


def _note_loaded(folder: Path, procedures: Any) -> None:
    pack, _ = Pack.objects.update_or_create(
        code=folder.name, defaults={"fingerprint": content_hash(folder), "loaded_at": now()}
    )
    record(
        "pack.loaded",
        actor=SYSTEM,
        at=now(),
        kind="pack",
        data={
            "pack": folder.name,
            "fingerprint": pack.fingerprint,
            "procedures": str(procedures),
        },
    )
    forget_cached()
    catalogue.forget_cached()


def _own_lists(folder: Path) -> None:
    """Roles and kinds as lists of codes, so that programs can ask which there are."""
    country = read_country(folder)
    lists: dict[str, Mapping[str, Any]] = {
        "roles": of_country(country),
        "office_kinds": country.offices,
        "placement_kinds": country.placements.kinds,
    }
    for name, found in lists.items():
        CodeList.objects.filter(name=name).exclude(code__in=list(found)).update(active=False)
        rows = [
            {"code": each.code, "title": dict(each.title)}
            | ({"retired": True} if getattr(each, "retired", False) else {})
            for each in found.values()
        ]
        _codes({"list": name, "codes": rows})


def _sourced(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "source": entry.get("source") or "",
        "as_of": str(entry.get("as_of") or ""),
        "verified": str(entry.get("verified")).lower() == "true",
    }


def _upsert(rows: list[models.Model], unique: str) -> None:
    """Insert or update by a unique column, in one statement."""
    if not rows:
        return
    model = type(rows[0])
    fields = [
        field.name
        for field in model._meta.concrete_fields
        if not field.primary_key and field.name not in (unique, "revision")
    ]
    model._default_manager.bulk_create(
        rows, update_conflicts=True, unique_fields=[unique], update_fields=fields
    )


def _places(files: PackFiles) -> None:
    areas = [entry.values for entry in files.listed(AREAS, "areas")]
    _upsert(
        [
            Place(code=a["code"], kind=PlaceKind.AREA, names=a["names"], **_sourced(a))
            for a in areas
        ],
        "code",
    )
    rows = [entry.values for entry in files.table(MUNICIPALITIES)]
    for depth in (False, True):  # parts of a city hang below their city
        _upsert(
            [
                _place(row, row.get("parent_code") or row["area_code"])
                for row in rows
                if bool(row.get("parent_code")) is depth
            ],
            "code",
        )
    points = [entry.values for entry in files.table(POINTS)]
    _upsert([_place(row, row["municipality_code"]) for row in points], "code")


def _place(row: Mapping[str, str], parent: str) -> Place:
    """A place of a table; its names stand in columns `name_` and a language tag."""
    names = {
        key.removeprefix("name_"): name
        for key, name in row.items()
        if key.startswith("name_") and name
    }
    return Place(
        code=row["code"],
        kind=PlaceKind(row["kind"]),
        parent_id=parent or None,
        names=names,
        latitude=float(row["lat"]) if row.get("lat") else None,
        longitude=float(row["lon"]) if row.get("lon") else None,
        **_sourced(row),
    )


def _organisation(entry: Mapping[str, Any], *, names: str = "names") -> Organisation:
    edited = Organisation.objects.filter(code=entry["id"], revision__gt=1).first()
    if edited is not None:  # an editor changed it: it is theirs now
        return edited
    organisation, _ = Organisation.objects.update_or_create(
        code=entry["id"],
        defaults={
            "kind": entry["kind"],
            "names": entry[names],
            "aliases": entry.get("aliases") or [],
            "mandate": entry.get("mandate") or entry.get("for") or {},
            "place_id": entry.get("place"),
            "covers": entry.get("covers") or [],
            "status": entry.get("status") or "",
            "notes": entry.get("notes") or {},
            "offers": entry.get("services") or [],
            **_sourced(entry),
        },
    )
    organisation.contacts.filter(from_pack=True).delete()
    ContactPoint.objects.bulk_create(
        ContactPoint(
            organisation=organisation,
            kind=contact["kind"],
            value=str(contact["value"]),
            hours=contact.get("hours") or "",
            languages=contact.get("languages") or [],
            purpose=contact.get("what_for") or {},
            from_pack=True,
            **_sourced(contact),
        )
        for contact in entry.get("contacts") or []
        if contact.get("value")
    )
    return organisation


def _city_service(entry: Mapping[str, Any], place: str) -> None:
    """A facility without a named operator is an organisation of its own."""
    operator = Organisation.objects.filter(code=entry.get("operator") or "").first()
    organisation = operator or _organisation({**entry, "place": place})
    if operator is not None and (offered := entry.get("services")):
        operator.offers = list(dict.fromkeys([*operator.offers, *offered]))
        operator.save(update_fields=["offers"])
    Service.objects.update_or_create(
        code=entry["id"],
        defaults={
            "organisation": organisation,
            "kind": entry["kind"],
            "names": entry["names"],
            "target_groups": entry.get("target_groups") or [],
            "capacity": entry.get("capacity"),
            "stay_limits": entry.get("stay_limits") or [],
            "accepts_trafficking_victims": str(entry.get("accepts_trafficking_victims", "unknown")),
            "status": entry.get("status") or "",
            "notes": entry.get("notes") or {},
            **_sourced(entry),
        },
    )


def _line(entry: Mapping[str, Any]) -> None:
    number = entry.get("number")
    contact = {
        "kind": "phone",
        "value": number,
        "hours": entry.get("hours"),
        "languages": entry.get("languages"),
        "what_for": entry.get("for"),
        "source": entry.get("source"),
        "as_of": entry.get("as_of"),
        "verified": entry.get("verified"),
    }
    kind = kinds.doing(Task.PHONE_LINE)[0]
    _organisation({**entry, "kind": kind, "contacts": [contact] if number else []})


def _parents(entries: Iterable[Mapping[str, Any]]) -> None:
    """`part_of` and the operator of a line may name an entry that comes later in a file."""
    for entry in entries:
        parent = entry.get("part_of") or entry.get("operator")
        found = Organisation.objects.filter(code=parent or "").first()
        if found is not None:
            Organisation.objects.filter(code=entry["id"]).update(parent=found)


def _codes(content: Mapping[str, Any]) -> None:
    name = content["list"]
    CodeList.objects.bulk_create(
        [
            CodeList(
                name=name,
                code=entry["code"],
                titles=entry["title"],
                order=order,
                source=entry.get("source") or "",
                active="retired" not in entry,
                extra={key: value for key, value in entry.items() if key in _KEPT},
            )
            for order, entry in enumerate(content["codes"])
        ],
        update_conflicts=True,
        unique_fields=["name", "code"],
        update_fields=["titles", "order", "source", "active", "extra"],
    )
