"""The seeds' scenarios 2, 3, 4, 6, 7, 10 and 13, replayed through HTTP.

Each is something that really went wrong, or right, in the source documents; the numbers are
those of the scenario list.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from oslonac.cases.models import Case
from oslonac.directory.models import Organisation
from tests import cast
from tests.http import Http

pytestmark = pytest.mark.django_db


def hours_ago(hours: float) -> str:
    return (datetime.now(UTC) - timedelta(hours=hours)).isoformat()


def office(code: str) -> str:
    return str(Organisation.objects.get(code=code).pk)


def intake(who: Http, *, ago: float = 2, **more: Any) -> Any:
    body: dict[str, Any] = {
        "happened_at": hours_ago(ago),
        "responsible": office("csw-vranje"),
        "reported_by": "police",
        "present": ["nobody"],
    }
    return who.post("/intakes", **(body | more))


def open_case(who: Http, met: Any, manager: cast.Member | None = None, **more: Any) -> Any:
    """Open a case from an encounter; a supervisor assigns the manager."""
    body = {
        "revision": met["revision"],
        "organisation": office("csw-vranje"),
        "priority": "urgent",
        "reason": "Dete bez odrasle osobe koja za njega odgovara.",
    }
    case = who.post(f"/encounters/{met['id']}/case", **(body | more))
    if manager is None:
        return case
    return Http(cast.dragan()).post(
        f"/cases/{case['id']}/assignment",
        revision=case["revision"],
        manager=str(manager.user.pk),
    )


SAID_1387 = {"names": ["فرید رحیمی"], "births": [{"calendar": "solar_hijri", "year": 1387}]}


def test_2_father_and_uncle_are_around_the_corner() -> None:
    """The centre is called for an "unaccompanied minor" who is not alone."""
    teodora = Http(cast.teodora())
    met = intake(teodora, present=["unknown"], narrative="Policija javlja: dete bez pratnje.")

    corrected = teodora.post(
        f"/encounters/{met['id']}/correction",
        revision=met["revision"],
        present=["parent", "adult_relative"],
        presence_verified=True,
        safety="safe",
        needs=["food_water"],
        narrative="Otac i stric su iza ugla; rodbinska veza proverena dokumentom.",
    )
    without_reasons = teodora.post(
        f"/encounters/{met['id']}/triage",
        expect=(409, 422),
        revision=corrected["revision"],
        outcome="not_endangered",
    )
    assert "not endangered" in str(without_reasons)

    ended = teodora.post(
        f"/encounters/{met['id']}/triage",
        revision=corrected["revision"],
        outcome="not_endangered",
        reasons=["parent_present"],
        note="Otac prisutan, dete mirno.",
        reporter_told=True,
    )
    assert ended["outcome"] == "not_endangered"
    assert ended["outcome_reasons"] == ["parent_present"]
    assert ended["reporter_told_at"]
    assert not Case.objects.exists()


def test_3_a_seventeen_year_old_leads_small_boys() -> None:
    """The leader is assessed; keep or separate is decided for each child, with its view."""
    ana = cast.ana()
    teodora, manager = Http(cast.teodora()), Http(ana)
    met = intake(
        teodora,
        present=["minor_relative", "other_children"],
        children=7,
        child={"names": ["Yusuf"], "births": [{"year": 2017}]},
        others=[
            {
                "said": {"names": ["Zahir"], "births": [{"year": 2009}]},
                "relation": "cousin",
                "leads": True,
            },
            {"said": {"names": ["Idris"], "births": [{"year": 2018}]}, "relation": "companion"},
        ],
        travel_together=True,
    )
    case = open_case(teodora, met, manager=ana)
    child = manager.get(f"/persons/{case['child']['id']}")
    claimed = child["relations"][0]
    assert claimed["status"] == "claimed"
    group = manager.get(f"/groups/{child['groups'][0]['id']}")
    members = {member["role"]: member for member in group["members"]}
    assert members["leader"]["decision"] == "pending"

    refused = manager.post(
        f"/groups/{group['id']}/members/{members['member']['id']}/decision",
        expect=(409, 422),
        revision=members["member"]["revision"],
        decision="separate",
        reasons="Vođa grupe ne može da brine o deci.",
        child_view="",
        case=case["id"],
    )
    assert "child_view" in str(refused)

    decided = manager.post(
        f"/groups/{group['id']}/members/{members['member']['id']}/decision",
        revision=members["member"]["revision"],
        decision="keep",
        reasons="Odvajanje bi ga uznemirilo; smeštaj je zajednički.",
        child_view="Želi da ostane sa rođakom.",
        case=case["id"],
    )
    assert "keep" in str(decided)
    verified = manager.post(
        f"/persons/{child['id']}/relations/{claimed['id']}/verification",
        revision=claimed["revision"],
        status="verified",
        evidence="Razgovor sa majkom obojice, uz prevodioca.",
        case=case["id"],
    )
    assert verified["status"] == "verified"


def test_4_a_guardian_is_appointed_orally_and_a_field_worker_is_refused() -> None:
    field_worker, milan = cast.teodora(), cast.milan()
    teodora = Http(field_worker)
    case = open_case(teodora, intake(teodora, child=SAID_1387))
    assert teodora.duties(case["id"])["appoint_guardian"]

    refused = teodora.post(
        f"/cases/{case['id']}/guardians",
        expect=409,
        guardian=str(field_worker.user.pk),
        oral=True,
        witness="Dežurni policajac",
    )
    assert refused["code"] == "guardian.field_worker"
    assert "cannot be the guardian" in refused["detail"]

    appointed_at = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    appointment = teodora.post(
        f"/cases/{case['id']}/guardians",
        guardian=str(milan.user.pk),
        oral=True,
        appointed_at=appointed_at.isoformat(),
        witness="Dežurni policajac",
    )
    duty = teodora.duties(case["id"])["write_guardian"]
    assert datetime.fromisoformat(duty["due_at"]) == appointed_at + timedelta(hours=24)
    assert "appoint_guardian" not in teodora.duties(case["id"])

    teodora.post(
        f"/cases/{case['id']}/guardians/{appointment['id']}/written-decision",
        revision=appointment["revision"],
        document_number="551-1/2026",
    )
    assert "write_guardian" not in teodora.duties(case["id"])
    assert Http(milan).get(f"/cases/{case['id']}")["child"]


def test_6_a_year_of_birth_known_only_as_1387() -> None:
    """The interval straddles 18: minority is presumed, and every account stays."""
    ana = cast.ana()
    teodora, manager = Http(cast.teodora()), Http(ana)
    case = open_case(teodora, intake(teodora, child=SAID_1387), manager=ana)
    person = manager.get(f"/persons/{case['child']['id']}")
    assert (person["born_from"], person["born_to"]) == ("2008-03-20", "2009-03-20")
    on = cast.today()
    if on.isoformat() < "2027-03-20":
        assert person["age"]["presumed_minor"]

    manager.post(
        f"/persons/{person['id']}/statements",
        attribute="birth",
        birth={"calendar": "gregorian", "year": 2008, "month": 1, "day": 1},
        said_by="document",
        basis="document",
        case=case["id"],
    )
    again = manager.get(f"/persons/{person['id']}")
    said = [s for s in again["statements"] if s["attribute"] == "birth"]
    assert {s["basis"] for s in said} == {"claimed", "document"}
    assert {s["born_from"] for s in said} == {"2008-03-20", "2008-01-01"}
    impossible = manager.post(
        f"/persons/{person['id']}/statements",
        expect=422,
        attribute="birth",
        birth={"calendar": "solar_hijri", "year": 1400, "month": 12, "day": 30},
    )
    assert impossible["errors"]


def test_7_a_child_in_transit_stays_longer_and_nothing_done_is_lost() -> None:
    ana = cast.ana()
    teodora, manager = Http(cast.teodora()), Http(ana)
    met = intake(teodora, ago=40, child=SAID_1387)
    case = open_case(teodora, met, pathway="transit", manager=ana)
    few = set(manager.duties(case["id"]))
    # What transit asks for, and what is due for every child who is alone.
    transit = {"choose_pathway", "transit_urgent_needs", "transit_information"}
    alone = {"appoint_guardian", "uasc_health_check", "uasc_police_registration"}
    # Family Law, Art. 332: placed within 24 hours.
    alone |= {"place_provisionally"}
    assert few == {"begin_initial"} | transit | alone
    manager.post(
        f"/cases/{case['id']}/contacts",
        kind="first",
        happened_at=hours_ago(1),
        alone_with_child="yes",
        narrative="Želi da nastavi put.",
    )
    current = manager.get(f"/cases/{case['id']}")
    grown = manager.post(
        f"/cases/{case['id']}/pathway",
        revision=current["revision"],
        reason="Ostaje: povređeno stopalo.",
    )
    assert grown["pathway"] == "full"
    after = manager.duties(case["id"])
    assert {"begin_initial", "appoint_guardian", "keep_contact"} <= set(after)
    assert not {"choose_pathway", "transit_urgent_needs"} & set(after)
    assert len(manager.get(f"/cases/{case['id']}/contacts")) >= 1


def test_10_the_receiving_centre_disputes_and_an_arbiter_decides() -> None:
    """The case stays with the sender until somebody has accepted it."""
    ana = cast.ana()
    teodora, manager = Http(cast.teodora()), Http(ana)
    jelena = Http(cast.jelena())
    arbiter = Http(cast.member("Vera Lukić", "head", "ministry-social"))
    case = open_case(teodora, intake(teodora, child=SAID_1387), manager=ana)
    path = f"/cases/{case['id']}"
    jelena.get(path, 404)

    asked = manager.post(
        path + "/transfers",
        receiver=office("csw-nis"),
        reason="placed_elsewhere",
        note="Dete je smešteno u Nišu.",
    )
    assert jelena.duties(case["id"])["answer_transfer"]
    disputed = jelena.post(
        f"{path}/transfers/{asked['id']}/answer",
        revision=asked["revision"],
        status="disputed",
        answer="Prebivalište nije u Nišu.",
        arbiter=office("ministry-social"),
    )
    assert disputed["status"] == "disputed"
    still = manager.get(path)
    assert still["organisation"]["id"] == office("csw-vranje")

    settled = arbiter.post(
        f"{path}/transfers/{asked['id']}/answer",
        revision=disputed["revision"],
        status="accepted",
        answer="Nadležan je Niš.",
    )
    assert settled["status"] == "accepted"
    assert jelena.get(path)["organisation"]["id"] == office("csw-nis")
    manager.get(path, 404)


def test_13_a_suspicion_never_just_vanishes() -> None:
    """The victim denies everything; the file cannot be quietly closed."""
    ana = cast.ana()
    teodora, manager = Http(cast.teodora()), Http(ana)
    case = open_case(
        teodora,
        intake(teodora, child=SAID_1387, suspicions=["trafficking_labour"]),
        manager=ana,
    )
    path = f"/cases/{case['id']}"
    listed = manager.get(path + "/concerns")
    concern = (listed["items"] if isinstance(listed, dict) else listed)[0]
    assert concern["is_suspicion"]
    assert {"notify_suspicion", "decide_suspicion"} <= set(manager.duties(case["id"]))

    def close(expect: Any) -> Any:
        revision = manager.get(path)["revision"]
        return manager.post(
            path + "/closing",
            expect=expect,
            revision=revision,
            code="no_further_need",
            reason="Sve poriče i ne želi pomoć.",
        )

    assert close(409)["code"] == "closing.suspicion_open"
    deciding = f"{path}/concerns/{concern['id']}/decision"
    manager.post(
        deciding,
        expect=(409, 422),
        revision=concern["revision"],
        decision="not_confirmed",
        reason="Poriče.",
    )
    watched = manager.post(
        deciding,
        revision=concern["revision"],
        decision="monitor",
        reason="Poriče iz straha; znaci ostaju.",
        safety_offered="declined",
        review_on=(cast.today() + timedelta(days=14)).isoformat(),
    )
    assert watched["status"] == "monitored"
    assert "review_suspicion" in manager.duties(case["id"])
    assert close(409)["code"] == "closing.suspicion_open"
    told = manager.post(
        f"{path}/concerns/{concern['id']}/notification",
        revision=watched["revision"],
        body=office("cptv"),
    )
    manager.post(
        deciding,
        revision=told["revision"],
        decision="not_confirmed",
        reason="Provereno sa policijom i porodicom; nema osnova.",
        safety_offered="not_needed",
    )
    asked = close((200, 201))
    assert manager.get(path)["status"] == "open"
    own = Http(cast.dragan())
    approved = own.post(
        f"{path}/closing/{asked['id']}/answer", revision=asked["revision"], approved=True
    )
    assert approved["status"] == "in_force"
    assert own.get(path)["status"] == "closed"


def test_13_a_stop_at_the_border_needs_a_decision_on_the_suspicion_too() -> None:
    teodora = Http(cast.teodora())
    met = intake(teodora, present=["parent"], suspicions=["sexual_abuse"], safety="safe")
    body = {"revision": met["revision"], "outcome": "not_endangered", "reasons": ["parent_present"]}
    refused = teodora.post(f"/encounters/{met['id']}/triage", expect=409, **body)
    assert refused["code"] == "triage.suspicion_open"
    ended = teodora.post(
        f"/encounters/{met['id']}/triage",
        suspicion_decision="Provereno sa policijom: porodica putuje zajedno.",
        **body,
    )
    assert ended["outcome"] == "not_endangered"
