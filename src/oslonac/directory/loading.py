"""Loading a country pack into the register.

Entries are matched by their stable codes: loading twice changes nothing, loading a newer pack
updates what it names. What editors added by hand stays. Shapes: `packs/<country>/README.md`.
"""

import csv
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from django.db import models, transaction

from oslonac.access.actor import SYSTEM
from oslonac.audit.actions import record
from oslonac.directory.codes import forget_cached
from oslonac.directory.models import (
    CodeList,
    ContactPoint,
    Organisation,
    OrganisationKind,
    Pack,
    Place,
    PlaceKind,
    Service,
)
from oslonac.kit.clock import now
from oslonac.protocols import catalogue, editions

# What code lists say beside a title.
_KEPT = {"native", "script", "direction", "verified", "as_of", "group", "number", "law", "article"}
_KEPT |= {"from_age", "to_age", "child", "adult", "reasons"}
_KEPT |= {"ordinary", "protected", "an_hour", "a_day"}
_KEPT |= {"four_eyes", "least", "after_days", "compare"}
_KEPT |= {"suspicion", "trafficking", "needs"}
_KINDS = {"reception_facility": OrganisationKind.SHELTER}


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
def load(folder: Path) -> None:
    """Load places, organisations, services, lines, code lists and procedures of a pack."""
    _places(folder / "places")
    for name in ("national.yaml", "csw.yaml"):
        for entry in _listed(folder / "organisations" / name, "organisations"):
            _organisation(entry)
    for city in _listed(folder / "organisations" / "cities.yaml", "cities"):
        _city(city)
    for line in _listed(folder / "organisations" / "lines.yaml", "lines"):
        _line(line)
    _parents(folder)
    for path in sorted((folder / "codes").glob("*.yaml")):
        _codes(_read(path))
    if (services := folder / "services" / "classification.yaml").exists():
        _service_codes(_read(services))
    procedures = editions.load_pack(folder)
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
            "procedures": str(procedures.pk),
        },
    )
    forget_cached()
    catalogue.forget_cached()


def _listed(path: Path, key: str) -> list[Any]:
    """The entries of a file; a country that has no such file yet has none."""
    return list(_read(path)[key]) if path.exists() else []


def _read(path: Path) -> Any:
    return yaml.load(path.read_text("utf-8"), Loader=_Loader)  # noqa: S506 - a safe loader


_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _sourced(entry: dict[str, Any]) -> dict[str, Any]:
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


def _places(folder: Path) -> None:
    areas = _listed(folder / "areas.yaml", "areas")
    _upsert(
        [
            Place(code=a["code"], kind=PlaceKind.AREA, names=a["names"], **_sourced(a))
            for a in areas
        ],
        "code",
    )
    rows = list(_csv(folder / "municipalities.csv"))
    for depth in (False, True):  # city municipalities hang below their city
        _upsert(
            [
                _place(row, row["parent_code"] or row["area_code"], row["kind"])
                for row in rows
                if bool(row["parent_code"]) is depth
            ],
            "code",
        )
    _upsert(
        [_place(row, row["municipality_code"], row["kind"]) for row in _csv(folder / "points.csv")],
        "code",
    )


def _place(row: dict[str, str], parent: str, kind: str) -> Place:
    return Place(
        code=row["code"],
        kind=PlaceKind(kind),
        parent_id=parent or None,
        names={
            "en": row["name_en"],
            "sr-Latn": row["name_latn"],
            "sr-Cyrl": row["name_cyrl"],
        },
        latitude=float(row["lat"]) if row["lat"] else None,
        longitude=float(row["lon"]) if row["lon"] else None,
        **_sourced(row),
    )


def _csv(path: Path) -> Iterator[dict[str, str]]:
    if path.exists():
        with path.open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)


def _organisation(entry: dict[str, Any], *, names: str = "names") -> Organisation:
    kind = entry["kind"]
    edited = Organisation.objects.filter(code=entry["id"], revision__gt=1).first()
    if edited is not None:  # an editor changed it: it is theirs now
        return edited
    organisation, _ = Organisation.objects.update_or_create(
        code=entry["id"],
        defaults={
            "kind": OrganisationKind(_KINDS.get(kind, kind)),
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


def _city(city: dict[str, Any]) -> None:
    """A facility without a named operator is an organisation of its own."""
    for entry in city["services"]:
        entry = {**entry, "place": city["place"]}
        operator = Organisation.objects.filter(code=entry.get("operator") or "").first()
        organisation = operator or _organisation(entry)
        if operator is not None and (offered := entry.get("services")):
            operator.offers = list(dict.fromkeys([*operator.offers, *offered]))
            operator.save(update_fields=["offers"])
        limits = entry.get("stay_limits") or []
        Service.objects.update_or_create(
            code=entry["id"],
            defaults={
                "organisation": organisation,
                "kind": entry["kind"],
                "names": entry["names"],
                "target_groups": entry.get("target_groups") or [],
                "capacity": entry.get("capacity"),
                "stay_limits": limits,
                "accepts_trafficking_victims": str(entry["accepts_trafficking_victims"]),
                "status": entry.get("status") or "",
                "notes": entry.get("notes") or {},
                **_sourced(entry),
            },
        )
    for body in city.get("bodies_and_protocols") or []:
        if body["kind"] != "protocol":
            _organisation({**body, "place": city["place"]}, names="title")


def _line(entry: dict[str, Any]) -> None:
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
    _organisation({**entry, "kind": "line", "contacts": [contact] if number else []})


def _parents(folder: Path) -> None:
    """`part_of` and the operator of a line may name an entry that comes later in a file."""
    entries = _listed(folder / "organisations" / "national.yaml", "organisations")
    entries += _listed(folder / "organisations" / "lines.yaml", "lines")
    for entry in entries:
        parent = entry.get("part_of") or entry.get("operator")
        found = Organisation.objects.filter(code=parent or "").first()
        if found is not None:
            Organisation.objects.filter(code=entry["id"]).update(parent=found)


def _codes(content: dict[str, Any]) -> None:
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


def _service_codes(content: dict[str, Any]) -> None:
    entries = [
        subtype | {"group": group["code"]}
        for group in content["groups"]
        for subtype in [group, *group.get("subtypes", [])]
    ]
    # What organisations offer besides the services of the law: named by cities and by responders.
    taken = {entry["code"] for entry in entries}
    for section in ("local_rights", "migration_response"):
        found = content.get(section) or []
        entries += [entry for entry in found if entry["code"] not in taken]
        taken |= {entry["code"] for entry in found}
    _codes({"list": "services", "codes": entries})
