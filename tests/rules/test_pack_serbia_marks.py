"""What a mark of verification means in the Serbia pack: a source that was read states the entry.

A norm that binds cites its act, its article and its gazette; what ceased binds nobody; a list of
a peer is cited for what it holds.
"""

import re
from pathlib import Path
from typing import Any

import yaml

from oslonac.protocols.pack import load_folder

PACK = Path(__file__).parents[2] / "packs" / "serbia"
PROTOCOLS = load_folder(PACK)


def load(name: str) -> Any:
    return yaml.safe_load((PACK / name).read_text("utf-8"))


ACTS = {act["id"]: act for act in load("law/sources.yaml")["acts"]}
SOURCES = {
    f"{path.stem}: {id_}": source
    for path in sorted((PACK / "protocols").glob("*.yaml"))
    for id_, source in yaml.safe_load(path.read_text("utf-8"))["sources"].items()
}


def test_a_norm_of_a_law_cites_article_gazette_and_the_day_of_reading() -> None:
    laws = {
        where: source
        for where, source in SOURCES.items()
        if source["verified"] and ACTS.get(source.get("act", ""), {}).get("kind") == "law"
    }
    assert len(laws) > 30
    for where, source in laws.items():
        assert re.match(r"Art\. \d", source["article"]["en"]), where
        assert source["gazette"]["en"].startswith("OG RS "), where
        assert "2026" in source["read"], where
        act = ACTS[source["act"]]
        assert act["verified"] and "not read" not in act["read"], where
        first = re.search(r"\d+/\d+", source["gazette"]["en"])
        assert first and first[0] in act["gazette"]["en"], where


def test_what_ceased_or_was_replaced_binds_nobody() -> None:
    ended = {id_ for id_, act in ACTS.items() if act.get("in_force_until") or "replaced_by" in act}
    assert {"general-protocol-2005", "foreigners-2008", "asylum-2007"} <= ended
    assert [where for where, s in SOURCES.items() if s.get("act") in ended] == []
    grounds = load("codes/legal_grounds.yaml")["codes"]
    assert [each["code"] for each in grounds if each.get("law") in ended] == []


def test_what_binds_says_which_act_it_is() -> None:
    """A recommendation, a page of a shelter, a report of an association bind nobody."""
    nameless = [where for where, s in SOURCES.items() if s["verified"] and not s.get("act")]
    assert nameless == []


def test_numbers_that_a_pack_added_are_never_a_norm() -> None:
    wrong = [
        where
        for where, source in SOURCES.items()
        if source["verified"] and "this pack" in source["title"]["en"]
    ]
    assert wrong == []


def test_a_list_of_a_peer_is_cited_only_where_it_holds_the_item() -> None:
    citing = {
        (path.stem, each["code"])
        for path in (PACK / "codes").glob("*.yaml")
        for each in yaml.safe_load(path.read_text("utf-8"))["codes"]
        if "Primero" in each["source"] and each["verified"]
    }
    # The thirteen care arrangements of that list; three stand for the same people elsewhere.
    items = "parents step_parent customary_caregiver adult_sibling kinship foster residential"
    items += " kafala independent child_headed unrelated_adult none other"
    expected = {("care_arrangements", item) for item in items.split()}
    expected |= {("presence", "sibling_adult"), ("presence", "unrelated_adult")}
    expected |= {("relations", "step_parent"), ("relations", "customary_caregiver")}
    assert citing == expected


def test_the_shelter_for_victims_is_not_offered_as_open() -> None:
    listed = {each["id"]: each for each in load("organisations/national.yaml")["organisations"]}
    shelter = listed["cptv-shelter"]
    assert "capacity" not in shelter and shelter["accepts_trafficking_victims"] == "unknown"


def test_a_dispute_between_centres_is_the_ministrys_to_settle() -> None:
    kinds = {each["code"]: each.get("does", []) for each in load("offices.yaml")["kinds"]}
    assert [code for code, does in kinds.items() if "settles" in does] == ["ministry"]


def test_ages_of_the_law_stand_with_their_articles() -> None:
    ages = load("pack.yaml")["ages"]
    assert (ages["own_opinion"]["value"], ages["file_access"]["value"]) == (10, 15)
    assert ages["majority"]["verified"] and "Art. 11" in ages["majority"]["source"]
    assert not ages["asylum_centre_minimum"]["verified"]
