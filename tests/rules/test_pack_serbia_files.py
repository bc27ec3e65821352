"""The content files of the Serbia pack: shapes, marks, references, spelling.

Needs no database and imports nothing of the product. What the pack means for the
system is tested elsewhere.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cyrtranslit
import pytest
import yaml

PACK = Path(__file__).resolve().parents[2] / "packs" / "serbia"
FOLDERS = ("places", "organisations", "services", "codes", "law")
YAML_FILES = [PACK / "pack.yaml", *sorted(p for f in FOLDERS for p in (PACK / f).glob("*.yaml"))]
CSV_FILES = sorted((PACK / "places").glob("*.csv"))

TEXT_KEYS = {"en", "sr-Cyrl", "sr-Latn"}
MARKS = {"source", "as_of", "verified"}
AS_OF = re.compile(r"\d{4}(-\d{2}-\d{2})?")
ORGANISATION_KINDS = {
    "csw",
    "police",
    "border_police",
    "ministry",
    "commissariat",
    "asylum_centre",
    "reception_centre",
    "victims_centre",
    "social_institution",
    "foster_centre",
    "shelter",
    "safe_house",
    "ngo",
    "un_body",
    "health",
    "school",
    "employment_service",
    "prosecution",
    "court",
    "local_government",
    "institute",
    "ombudsman",
    "red_cross",
    "network",
    "reception_facility",
}
STATUSES = {"operating_2013", "planned_2013", "stopped_2013", "unknown"}
# Lists of maps that are parts of a marked entry, not entries of their own.
UNMARKED_LISTS = {"stay_limits", "licences"}
# Maps of settings by script: their keys are those of texts, what they hold is none.
SETTINGS_BY_SCRIPT = {".alphabets"}

Entry = tuple[str, dict[str, Any]]


def load(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def rows(name: str) -> list[dict[str, str]]:
    with (PACK / "places" / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def maps(node: Any, path: str = "") -> Iterator[Entry]:
    """Every map in a file with the dotted path that leads to it."""
    if isinstance(node, dict):
        yield path, node
        for key, value in node.items():
            yield from maps(value, f"{path}.{key}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from maps(value, f"{path}[{index}]")


def entries(node: Any, path: str = "", key: str = "") -> Iterator[Entry]:
    """Every map that stands in a list: these are the entries that must be marked."""
    if isinstance(node, dict):
        for name, value in node.items():
            yield from entries(value, f"{path}.{name}", name)
    elif isinstance(node, list) and key not in UNMARKED_LISTS:
        for index, value in enumerate(node):
            if isinstance(value, dict):
                yield f"{path}[{index}]", value
            yield from entries(value, f"{path}[{index}]")


def texts(node: Any) -> Iterator[Entry]:
    found = ((path, m) for path, m in maps(node) if TEXT_KEYS & set(m))
    return ((path, m) for path, m in found if path not in SETTINGS_BY_SCRIPT)


def script(character: str) -> str | None:
    if not character.isalpha():
        return None
    return "Cyrl" if "CYRILLIC" in unicodedata.name(character, "") else "other"


MUNICIPALITIES = {row["code"]: row for row in rows("municipalities.csv")}
AREAS = {area["code"]: area for area in load(PACK / "places/areas.yaml")["areas"]}
NATIONAL = load(PACK / "organisations/national.yaml")["organisations"]
CSW = load(PACK / "organisations/csw.yaml")["organisations"]
CITIES = load(PACK / "organisations/cities.yaml")["cities"]
LINES = load(PACK / "organisations/lines.yaml")["lines"]
SERVICES = load(PACK / "services/classification.yaml")
ACTS = load(PACK / "law/sources.yaml")["acts"]
CITY_SERVICES = [service for city in CITIES for service in city["services"]]
ORGANISATIONS = NATIONAL + CSW
SERVICE_CODES = {
    entry["code"]
    for entries_ in (
        *(group["subtypes"] for group in SERVICES["groups"]),
        SERVICES["local_rights"],
        SERVICES["migration_response"],
    )
    for entry in entries_
}

by_file = pytest.mark.parametrize("path", YAML_FILES, ids=lambda p: str(p.relative_to(PACK)))


@by_file
def test_every_text_has_three_forms_and_nothing_else(path: Path) -> None:
    wrong = [
        where
        for where, text in texts(load(path))
        if set(text) != TEXT_KEYS or not all(text.values())
    ]
    assert not wrong


@by_file
def test_latin_is_the_transliteration_of_cyrillic(path: Path) -> None:
    # Cyrillic text may hold Latin words (names of foreign bodies, ISO codes): they pass unchanged.
    wrong = [
        (where, text["sr-Latn"])
        for where, text in texts(load(path))
        if cyrtranslit.to_latin(text["sr-Cyrl"], "sr") != text["sr-Latn"]
    ]
    assert not wrong


@by_file
def test_no_word_mixes_scripts(path: Path) -> None:
    wrong = [
        word
        for _, text in texts(load(path))
        for form in text.values()
        for word in re.findall(r"[^\W\d_]+", form)
        if len({script(c) for c in word} - {None}) > 1
    ]
    assert not wrong


@by_file
def test_latin_form_holds_no_cyrillic(path: Path) -> None:
    latin = [text["sr-Latn"] for _, text in texts(load(path))]
    assert not [form for form in latin if any(script(c) == "Cyrl" for c in form)]


def test_each_alphabet_is_written_in_its_own_script() -> None:
    alphabets = load(PACK / "pack.yaml")["alphabets"]
    assert set(alphabets) == TEXT_KEYS - {"en"}
    for form, alphabet in alphabets.items():
        assert set(alphabet) == {"letters", *MARKS}
        letters = alphabet["letters"].split()
        assert len(letters) == len(set(letters))
        wanted = "Cyrl" if form == "sr-Cyrl" else "other"
        assert {script(c) for letter in letters for c in letter} == {wanted}
    cyrillic = alphabets["sr-Cyrl"]["letters"].split()
    assert {cyrtranslit.to_latin(c, "sr") for c in cyrillic} <= set(
        alphabets["sr-Latn"]["letters"].split()
    )


@by_file
def test_every_entry_is_marked(path: Path) -> None:
    assert not [where for where, entry in entries(load(path)) if not set(entry) >= MARKS]


@by_file
def test_marks_are_whole_and_well_formed(path: Path) -> None:
    for where, entry in maps(load(path)):
        if not MARKS & set(entry):
            continue
        assert set(entry) >= MARKS, where
        assert isinstance(entry["source"], str) and entry["source"], where
        assert isinstance(entry["as_of"], str) and AS_OF.fullmatch(entry["as_of"]), where
        assert isinstance(entry["verified"], bool), where


@by_file
def test_general_knowledge_and_own_lists_are_never_verified(path: Path) -> None:
    wrong = [
        where
        for where, entry in maps(load(path))
        if entry.get("verified") is True
        and re.search("general knowledge|working list", str(entry["source"]))
    ]
    assert not wrong


@by_file
def test_files_of_2013_keep_2013(path: Path) -> None:
    for where, entry in maps(load(path)):
        if str(entry.get("source", "")).startswith("Atina 2013"):
            assert entry["as_of"] == "2013", where


@pytest.mark.parametrize(
    "path", [*YAML_FILES, *CSV_FILES, PACK / "README.md"], ids=lambda p: p.name
)
def test_no_file_names_a_path_of_a_machine(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"(^|[\s\"'(])/(work|home|tmp|root|usr|var)/", text)


@pytest.mark.parametrize("path", sorted((PACK / "codes").glob("*.yaml")), ids=lambda p: p.stem)
def test_code_list_is_named_after_its_file_and_codes_are_unique(path: Path) -> None:
    content = load(path)
    codes = [entry["code"] for entry in content["codes"]]
    assert content["list"] == path.stem
    assert not [code for code, n in Counter(codes).items() if n > 1]
    if path.stem not in {"languages", "interpreter_languages", "citizenships"}:
        assert all(re.fullmatch(r"[a-z][a-z0-9_]*", code) for code in codes)


def test_ids_are_unique_across_organisations() -> None:
    ids = [entry["id"] for entry in ORGANISATIONS + CITY_SERVICES + CITIES + LINES]
    for city in CITIES:
        ids += [entry["id"] for entry in city["plans"] + city["bodies_and_protocols"]]
    assert not [i for i, n in Counter(ids).items() if n > 1]
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", i) for i in ids)


def test_service_codes_acts_and_areas_are_unique() -> None:
    subtypes = [s["code"] for group in SERVICES["groups"] for s in group["subtypes"]]
    assert len(subtypes) == len(set(subtypes))
    assert len(ACTS) == len({act["id"] for act in ACTS})
    assert [group["number"] for group in SERVICES["groups"]] == [1, 2, 3, 4, 5]


def test_there_are_25_areas_outside_kosovo() -> None:
    assert list(AREAS) == [f"RS-{n:02d}" for n in range(25)]
    assert Counter(area["kind"] for area in AREAS.values()) == {"district": 24, "city": 1}


def test_local_units_are_counted() -> None:
    kinds = Counter(row["kind"] for row in MUNICIPALITIES.values())
    assert kinds == {"municipality": 117, "city": 28, "city_municipality": 22}
    assert Counter(row["parent_code"] for row in MUNICIPALITIES.values() if row["parent_code"]) == {
        "rs-beograd": 17,
        "rs-nis": 5,
    }


def test_every_local_unit_stands_in_one_area_and_its_parents_area() -> None:
    codes = [row["code"] for row in rows("municipalities.csv")]
    assert len(codes) == len(set(codes))
    for row in MUNICIPALITIES.values():
        assert row["area_code"] in AREAS
        assert bool(row["parent_code"]) == (row["kind"] == "city_municipality")
        if row["parent_code"]:
            assert MUNICIPALITIES[row["parent_code"]]["area_code"] == row["area_code"]
    assert {row["area_code"] for row in MUNICIPALITIES.values()} == set(AREAS)


@pytest.mark.parametrize("name", ["municipalities.csv", "points.csv"])
def test_places_are_marked_spelled_and_inside_the_country(name: str) -> None:
    for row in rows(name):
        assert row["source"] and AS_OF.fullmatch(row["as_of"]), row["code"]
        assert row["verified"] in {"true", "false"}, row["code"]
        if row["source"].startswith("general knowledge"):
            assert row["verified"] == "false", row["code"]
        assert cyrtranslit.to_latin(row["name_sr-Cyrl"], "sr") == row["name_sr-Latn"], row["code"]
        assert bool(row["lat"]) == bool(row["lon"]), row["code"]
        if row["lat"]:
            assert 42.2 < float(row["lat"]) < 46.2 and 18.8 < float(row["lon"]) < 23.1, row["code"]
            assert "GeoNames" in row["source"], row["code"]


def test_seats_lie_near_the_others_of_their_area() -> None:
    for area in AREAS:
        seats = [r for r in MUNICIPALITIES.values() if r["area_code"] == area and r["lat"]]
        lat = sorted(float(r["lat"]) for r in seats)[len(seats) // 2]
        lon = sorted(float(r["lon"]) for r in seats)[len(seats) // 2]
        for seat in seats:
            assert abs(float(seat["lat"]) - lat) <= 0.8, seat["code"]
            assert abs(float(seat["lon"]) - lon) <= 1.0, seat["code"]


def test_points_refer_to_local_units() -> None:
    points = rows("points.csv")
    assert len({p["code"] for p in points}) == len(points)
    assert not [p["code"] for p in points if p["municipality_code"] not in MUNICIPALITIES]
    assert {p["kind"] for p in points} == {"settlement", "border_point"}


def test_every_place_reference_resolves() -> None:
    for entry in ORGANISATIONS + CITIES:
        assert entry["place"] in MUNICIPALITIES, entry["id"]
        assert all(code in MUNICIPALITIES for code in entry.get("covers", [])), entry["id"]
    founders = {entry["founder"] for entry in CITY_SERVICES if entry["founder"]}
    assert founders <= set(MUNICIPALITIES)
    assert not [e["id"] for e in LINES if e.get("place", "rs-nis") not in MUNICIPALITIES]


def test_every_organisation_reference_resolves() -> None:
    known = {o["id"] for o in ORGANISATIONS} | {s["id"] for s in CITY_SERVICES}
    for entry in ORGANISATIONS:
        assert entry.get("part_of") is None or entry["part_of"] in known, entry["id"]
    for entry in CITY_SERVICES + LINES:
        assert entry["operator"] is None or entry["operator"] in known, entry["id"]
    for city in CITIES:
        assert city["csw"] in known and set(city["organisations"]) <= known, city["id"]
    assert load(PACK / "pack.yaml")["identification_body"]["default"] in known


def test_kinds_services_and_states_are_known() -> None:
    for entry in ORGANISATIONS + CITY_SERVICES:
        assert entry["kind"] in ORGANISATION_KINDS, entry["id"]
        assert set(entry["services"]) <= SERVICE_CODES, entry["id"]
    for service in CITY_SERVICES:
        assert service["status"] in STATUSES, service["id"]
        assert service["accepts_trafficking_victims"] in {"yes", "no", "unknown"}, service["id"]


def test_no_contact_without_a_value_and_no_number_invented() -> None:
    contacts = [c for e in ORGANISATIONS + CITY_SERVICES for c in e["contacts"]]
    assert all(c["kind"] in {"phone", "email", "web", "address"} and c["value"] for c in contacts)
    assert [line["id"] for line in LINES if line["verified"] and line["number"]] == [
        "line-116000",
        "line-116111",
    ]


def test_no_local_unit_is_covered_by_two_centres() -> None:
    covered = Counter(code for centre in CSW for code in centre["covers"])
    assert not [code for code, n in covered.items() if n > 1]
    must = {city["csw"] for city in CITIES} | {"csw-beograd", "csw-presevo", "csw-sid"}
    assert must <= {centre["id"] for centre in CSW}
    assert len(CSW) <= 141


def test_the_seven_cities_are_there_and_nis_keeps_its_limits() -> None:
    cities = "nis kraljevo vranje kragujevac novi-sad subotica sremska-mitrovica"
    assert {city["place"] for city in CITIES} == {f"rs-{name}" for name in cities.split()}
    limits = {s["id"]: s["stay_limits"] for s in CITY_SERVICES}
    assert limits["nis-shelter-reception"][0]["max_days"] == 30
    assert limits["nis-safe-house"][0]["max_months"] == 6
    assert limits["nis-safe-house"][0]["extended_max_months"] == 12


def test_priorities_carry_their_clock_and_their_law() -> None:
    codes = {c["code"]: c for c in load(PACK / "codes/priorities.yaml")["codes"]}
    assert {k: (c["limit"], c["unit"]) for k, c in codes.items()} == {
        "immediate": (24, "hours"),
        "urgent": (72, "hours"),
        "regular": (5, "working_days"),
    }
    acts = {act["id"] for act in ACTS}
    assert all(c["law"] in acts and c["verified"] for c in codes.values())
    assert all(group["law"] in acts for group in SERVICES["groups"])
    assert {a["replaced_by"] for a in ACTS if "replaced_by" in a} <= acts


def test_languages_of_the_pack_are_in_the_list() -> None:
    languages = {c["code"]: c for c in load(PACK / "codes/languages.yaml")["codes"]}
    pack = load(PACK / "pack.yaml")
    for language in pack["beneficiary_languages"]:
        listed = languages[language["code"]]
        for key in ("script", "direction", "title"):
            assert listed[key] == language[key], language["code"]
    interpreters = load(PACK / "codes/interpreter_languages.yaml")["codes"]
    assert {entry["code"] for entry in interpreters} <= set(languages)
    assert {c["code"] for c in languages.values() if c["direction"] == "rtl"} == {
        c["code"] for c in languages.values() if c["script"] == "Arab"
    }


def test_concerns_belong_to_a_declared_group() -> None:
    concerns = load(PACK / "codes/concerns.yaml")
    assert {c["group"] for c in concerns["codes"]} == set(concerns["groups"])
