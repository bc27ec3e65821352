"""The bill of materials: everything that is locked, nothing else, the same bytes every time."""

import re
from pathlib import Path

from oslonac.config import sbom

REQUIREMENTS = Path(__file__).resolve().parents[2] / "requirements" / "runtime.txt"


def test_every_pin_is_listed_with_its_hashes() -> None:
    text = REQUIREMENTS.read_text(encoding="utf-8")
    bill = sbom.bill(REQUIREMENTS)
    assert len(bill["components"]) == len(re.findall(r"^[A-Za-z0-9].*==", text, re.M)) > 20
    listed = [each["value"] for one in bill["components"] for each in one["properties"]]
    assert sorted(listed) == sorted(re.findall(r"sha256:([0-9a-f]{64})", text))
    names = {one["name"] for one in bill["components"]}
    assert {"django", "django-allauth", "cryptography", "psycopg"} <= names


def test_the_shape_is_cyclonedx() -> None:
    bill = sbom.bill(REQUIREMENTS)
    assert (bill["bomFormat"], bill["specVersion"], bill["version"]) == ("CycloneDX", "1.6", 1)
    assert re.fullmatch(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", bill["serialNumber"])
    refs = {one["bom-ref"] for one in bill["components"]}
    root = bill["metadata"]["component"]["bom-ref"]
    assert len(refs) == len(bill["components"])
    for each in bill["dependencies"]:
        assert each["ref"] in refs | {root} and set(each["dependsOn"]) <= refs
    needs = {each["ref"]: each["dependsOn"] for each in bill["dependencies"]}
    django = next(ref for ref in refs if ref.startswith("pkg:pypi/django@"))
    assert django in needs[root]
    assert any("asgiref" in ref for ref in needs[django])
    reached, waiting = set(), [root]
    while waiting:
        ref = waiting.pop()
        if ref not in reached:
            reached.add(ref)
            waiting += needs[ref]
    assert reached == refs | {root}, "something is installed that nobody asked for"


def test_the_same_pins_give_the_same_bytes_and_others_another_number(tmp_path: Path) -> None:
    assert sbom.text_of(REQUIREMENTS) == sbom.text_of(REQUIREMENTS)
    changed = tmp_path / "runtime.txt"
    changed.write_text(REQUIREMENTS.read_text().replace("==", "==9.", 1))
    assert sbom.bill(changed)["serialNumber"] != sbom.bill(REQUIREMENTS)["serialNumber"]
    assert "http" not in sbom.text_of(REQUIREMENTS).replace(
        "http://cyclonedx.org/schema/bom-1.6.schema.json", ""
    )
