"""The list of everything the product is made of, as CycloneDX 1.6 JSON, from the locked pins.

Reproducible: the same requirements give the same bytes on every machine, so there is no date and
no licence (both would come from the machine). Hashes are those that an installation checks.
Source: CycloneDX specification 1.6 (ECMA-424); package URL specification, type pypi.
"""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from oslonac import __version__

_PIN = re.compile(r"(?P<name>[A-Za-z0-9._-]+)(\[[^\]]*\])?==(?P<version>[^\s;\\]+)")
_HASH = re.compile(r"--hash=sha256:(?P<digest>[0-9a-f]{64})")
_OURS = re.compile(r"-r requirements/\w+\.in")


@dataclass
class Pin:
    """One locked package: who asked for it, and the files that may be installed."""

    name: str
    version: str
    hashes: list[str] = field(default_factory=list)
    asked_by: list[str] = field(default_factory=list)

    @property
    def purl(self) -> str:
        return f"pkg:pypi/{self.name}@{self.version}"


def pins(text: str) -> list[Pin]:
    """Pins of a requirements file as uv writes it, in its order."""
    found: list[Pin] = []
    via = False
    for line in text.splitlines():
        if match := _PIN.match(line):
            found.append(Pin(_normal(match["name"]), match["version"]))
            via = False
        elif match := _HASH.search(line):
            found[-1].hashes.append(match["digest"])
        elif (comment := line.strip()).startswith("#") and found:
            said = comment.lstrip("# ")
            via = via or said.startswith("via")
            said = said.removeprefix("via").strip()
            if via and said:
                found[-1].asked_by.append("" if _OURS.match(said) else _normal(said))
    return found


def bill(requirements: Path) -> dict[str, Any]:
    """The bill of materials of one requirements file."""
    listed = sorted(pins(requirements.read_text(encoding="utf-8")), key=lambda pin: pin.name)
    root = f"pkg:generic/oslonac@{__version__}"
    content = "\n".join(f"{pin.purl} {' '.join(sorted(pin.hashes))}" for pin in listed)
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, content)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": root,
                "name": "oslonac",
                "version": __version__,
                "licenses": [{"license": {"id": "EUPL-1.2"}}],
            }
        },
        "components": [_component(pin) for pin in listed],
        "dependencies": _dependencies(root, listed),
    }


def _component(pin: Pin) -> dict[str, Any]:
    return {
        "type": "library",
        "bom-ref": pin.purl,
        "name": pin.name,
        "version": pin.version,
        "purl": pin.purl,
        # One release has several files, so the hashes cannot be the component's own.
        "properties": [
            {"name": "oslonac:locked-file-sha256", "value": each} for each in sorted(pin.hashes)
        ],
    }


def _dependencies(root: str, listed: list[Pin]) -> list[dict[str, Any]]:
    refs = {pin.name: pin.purl for pin in listed} | {"": root}
    needs: dict[str, list[str]] = {ref: [] for ref in refs.values()}
    for pin in listed:
        for asker in pin.asked_by:
            if asker in refs:
                needs[refs[asker]].append(pin.purl)
    return [{"ref": ref, "dependsOn": sorted(set(needs[ref]))} for ref in sorted(needs)]


def text_of(requirements: Path) -> str:
    """The bill as text, ending in a newline."""
    return json.dumps(bill(requirements), indent=1, sort_keys=True) + "\n"


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
