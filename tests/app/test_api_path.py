"""The whole path through the JSON API: from an encounter at night to a closed case."""

from datetime import timedelta
from typing import Any

import pytest

from oslonac.audit.models import Event
from oslonac.directory.models import Organisation
from oslonac.kit.clock import local_day, now
from tests import cast
from tests.app.api_client import Api

pytestmark = pytest.mark.django_db


def office(code: str) -> str:
    return str(Organisation.objects.get(code=code).pk)


def met(field: Api) -> Any:
    return field.made(
        "/encounters",
        {
            "happened_at": (now() - timedelta(hours=3)).isoformat(),
            "responsible": office("csw-vranje"),
            "reported_by": "police",
            "present": ["nobody"],
            "needs": ["food_water"],
            "narrative": "Sedeo je kraj puta.",
            "location": "Kod česme",
        },
    )


def described(field: Api, encounter: Any) -> Any:
    person = field.made(
        "/persons",
        {"record_kind": "encounter", "record_id": encounter["id"], "is_subject": True},
    )
    path = f"/persons/{person['id']}"
    field.made(f"{path}/names", {"full": "فرید رحیمی"})
    assert field.made(f"{path}/names", {"full": "Farid Rahimi"})["script"] == "Latn"
    birth = {"calendar": "solar_hijri", "year": 1389}
    stated = field.made(f"{path}/statements", {"attribute": "birth", "birth": birth})
    assert stated["born_from"] == "2010-03-21"
    field.made(f"{path}/statements", {"attribute": "language", "code": "fa-AF", "level": "first"})
    shown = field.get(path).data
    assert shown["name"] == "Farid Rahimi"
    assert [each["full"] for each in shown["names"]] == ["فرید رحیمی", "Farid Rahimi"]
    assert shown["languages"] == ["fa-AF"]
    return shown


def opened(field: Api) -> Any:
    encounter = met(field)
    person = described(field, encounter)
    path = f"/encounters/{encounter['id']}"
    encounter = field.made(f"{path}/person", {"revision": 1, "person": person["id"]})
    assert encounter["person"]["name"] == "Farid Rahimi"
    field.made(f"{path}/triage", {"revision": encounter["revision"], "outcome": "at_risk"})
    return field.made(
        "/cases",
        {
            "person": person["id"],
            "organisation": office("csw-vranje"),
            "priority": "urgent",
            "reason": "Sam na putu.",
            "encounter": encounter["id"],
        },
    )


def planned(api: Api, path: str, owner: str) -> None:
    day = str(local_day(now() + timedelta(days=5)))
    plan = api.made(f"{path}/plans", {})
    goal = api.made(
        f"{path}/plans/{plan['id']}/goals",
        {"domain": "safety", "outcome": "Bezbedan.", "indicator": "Spava noću.", "due_on": day},
    )
    activity = api.made(
        f"{path}/goals/{goal['id']}/activities",
        {"what": "Razgovor", "due_on": day, "owner": owner},
    )
    in_force = api.made(
        f"{path}/plans/{plan['id']}/force", {"revision": 1, "child_view": "Slaže se."}
    )
    assert in_force["goals"][0]["activities"][0]["what"] == "Razgovor"
    api.made(f"{path}/activities/{activity['id']}/ending", {"revision": 1, "status": "done"})
    changed = {"revision": 1, "outcome": "Bezbedan.", "indicator": "Spava.", "reached": "yes"}
    assert api.put(f"{path}/goals/{goal['id']}", changed).data["reached"] == "yes"


def assessed(api: Api, path: str) -> None:
    begun = api.made(f"{path}/assessments", {})
    saved = api.put(f"{path}/assessments/{begun['id']}", {"revision": 1, "needs": "Cipele."}).data
    done = api.made(
        f"{path}/assessments/{begun['id']}/completion",
        {
            "revision": saved["revision"],
            "alone_with_child": "yes",
            "conclusion": "U riziku.",
            "child_view": "Hoće kod strica.",
        },
    )
    assert done["status"] == "completed"
    assert done["needs"] == "Cipele."


def worked(api: Api, field: Api, path: str, ana: cast.Member, milan: cast.Member) -> None:
    assessed(api, path)
    guardian = api.made(
        f"{path}/guardians", {"guardian": str(milan.user.pk), "witness": "Policajac"}
    )
    api.made(
        f"{path}/guardians/{guardian['id']}/written-decision",
        {"revision": 1, "document_number": "12/26"},
    )
    placed = field.made(
        f"{path}/placements",
        {
            "kind": "emergency_centre",
            "from_at": now().isoformat(),
            "organisation": str(Organisation.objects.filter(kind="reception_centre")[0].pk),
            "address": "Ulica 1",
        },
    )
    assert placed["address"] == "Ulica 1"
    planned(api, path, str(ana.user.pk))
    api.made(
        f"{path}/contacts",
        {
            "kind": "visit",
            "happened_at": now().isoformat(),
            "alone_with_child": "yes",
            "interpreter": "S. N.",
            "narrative": "Hoće da zove majku.",
        },
    )
    api.made(
        f"{path}/reviews",
        {
            "happened_at": now().isoformat(),
            "outcome": "close",
            "findings": "Kod strica je.",
            "child_view": "Zadovoljan.",
        },
    )


def closed(api: Api, lead: Api, path: str) -> None:
    case = api.get(path).data
    ask = {"revision": case["revision"], "code": "turned_18", "reason": "Otišao kod strica."}
    decision = api.made(f"{path}/closing", ask)
    assert decision["status"] == "requested"
    own = api.post(f"{path}/closing/{decision['id']}/answer", {"revision": 1, "approved": True})
    assert own.status_code == 403  # a case manager approves nothing
    approval = {"revision": 1, "approved": True}
    answered = lead.made(f"{path}/closing/{decision['id']}/answer", approval)
    assert answered["status"] == "in_force"


def test_from_an_encounter_to_a_closed_case_and_back() -> None:
    ana, dragan, milan = cast.ana(), cast.dragan(), cast.milan()
    field, api, lead = Api(cast.teodora()), Api(ana), Api(dragan)
    case = opened(field)
    path = f"/cases/{case['id']}"
    assignment = {"revision": case["revision"], "manager": str(ana.user.pk)}
    assert lead.made(f"{path}/assignment", assignment)["manager"]["name"] == "Ana Kostić"
    assert [each["id"] for each in api.get("/case-lists/mine").data["items"]] == [case["id"]]
    today = api.get("/today").data
    assert "begin_initial" in {each["activity"] for each in today["this_week"] + today["today"]}
    worked(api, field, path, ana, milan)
    closed(api, lead, path)
    assert lead.get("/case-lists/closed").data["items"][0]["status"] == "closed"
    names = [each["name"] for each in lead.get(f"{path}/timeline").data["items"]]
    assert names[0] == "case.opened"
    assert "case.closed" in names
    again = lead.get(path).data
    reopening = {
        "revision": again["revision"],
        "code": "new_risk",
        "priority": "regular",
        "reason": "Vratio se.",
    }
    answer = lead.post(f"{path}/reopening", reopening)
    if answer.status_code == 422:  # the pack's own word for it
        reopening["code"] = lead.get("/code-lists/reopening_reasons").data[0]["code"]
        answer = lead.post(f"{path}/reopening", reopening)
    assert answer.data["status"] == "open"
    assert set(Event.objects.values_list("channel", flat=True)) >= {"api"}


def test_suspicions_promises_transfers_and_grants() -> None:
    ana, dragan, jelena = cast.ana(), cast.dragan(), cast.jelena()
    case = cast.case(cast.teodora(), ana, at=now())
    api, lead, other = Api(ana), Api(dragan), Api(jelena)
    path = f"/cases/{case.pk}"
    concern = api.made(f"{path}/concerns", {"kind": "trafficking_labour", "detail": "Rad."})
    assert concern["is_suspicion"]
    step = f"{path}/concerns/{concern['id']}"
    told = api.made(f"{step}/notification", {"revision": 1, "body": office("cptv")})
    early = api.post(
        f"{step}/decision",
        {"revision": told["revision"], "decision": "resolved", "reason": "Osamnaest godina."},
    )
    assert early.status_code == 422
    assert "safety_offered" in early.data["errors"]
    promise = api.made(
        f"{path}/promises",
        {"what": "Cipele", "due_on": str(cast.today()), "owner": str(ana.user.pk)},
    )
    api.made(f"{path}/promises/{promise['id']}/ending", {"revision": 1, "status": "kept"})
    blocked = api.post(
        f"{path}/closing",
        {
            "revision": api.get(path).data["revision"],
            "code": "turned_18",
            "reason": "Osamnaest godina.",
        },
    )
    assert (blocked.status_code, blocked.data["code"]) == (409, "closing.suspicion_open")
    transfer = api.made(
        f"{path}/transfers",
        {"receiver": office("csw-nis"), "reason": "jurisdiction", "note": "Živi u Nišu."},
    )
    seen = other.get(path).data
    assert seen["withheld"] == ["identity", "whereabouts"]
    assert seen["child"]["name"] is None
    answer = {"revision": 1, "status": "accepted"}
    assert other.made(f"{path}/transfers/{transfer['id']}/answer", answer)["status"] == "accepted"
    assert api.get(path).status_code == 404
    grants = other.get(f"{path}/grants").data
    assert {each["reason"] for each in grants} >= {"supervision"}
    given = other.made(
        f"{path}/grants",
        {
            "user": str(ana.user.pk),
            "level": "case",
            "reason": "conference",
            "ground": "guardianship_authority",
            "explanation": "Preuzima se slučaj.",
            "until": (now() + timedelta(days=2)).isoformat(),
        },
    )
    assert api.get(path).data["withheld"] == ["narrative", "identity", "whereabouts"]
    other.made(f"{path}/grants/{given['id']}/ending")
    assert api.get(path).status_code == 404
    assert lead.get(path).status_code == 404


def test_relations_and_travel_groups() -> None:
    teodora, ana = cast.teodora(), cast.ana()
    case = cast.case(teodora, ana, at=now())
    api = Api(ana)
    child = str(case.person_id)
    other = api.made("/persons", {"record_kind": "case", "record_id": str(case.pk)})
    api.made(f"/persons/{other['id']}/names", {"full": "Nabi", "case": str(case.pk)})
    relation = api.made(
        f"/persons/{child}/relations",
        {"to_person": other["id"], "kind": "cousin", "present": True, "case": str(case.pk)},
    )
    checked = api.made(
        f"/persons/{child}/relations/{relation['id']}/verification",
        {"revision": 1, "status": "verified", "evidence": "Razgovor sa majkom."},
    )
    assert checked["to_person"]["name"] == "Nabi"
    group = api.made(
        "/groups",
        {"label": "Sedmorica", "members": [{"person": child}, {"person": other["id"]}]},
    )
    member = group["members"][0]
    decided = api.made(
        f"/groups/{group['id']}/members/{member['id']}/decision",
        {"revision": 1, "decision": "keep", "reasons": "Brinu se.", "child_view": "Hoće."},
    )
    assert decided["decision"] == "keep"
    assert api.get(f"/groups/{group['id']}").data["label"] == "Sedmorica"
    assert api.get(f"/persons/{child}").data["relations"][0]["status"] == "verified"


def test_an_intake_in_one_go_becomes_a_case() -> None:
    field = Api(cast.teodora())
    intake = {
        "happened_at": (now() - timedelta(hours=1)).isoformat(),
        "responsible": office("csw-vranje"),
        "reported_by": "police",
        "present": ["unrelated_adult"],
        "child": {"names": ["Farid"], "births": [{"age": 14, "words": "14"}], "sex": "male"},
        "others": [{"said": {"names": ["Nabi"]}, "relation": "cousin", "leads": True}],
        "travel_together": True,
    }
    met = field.made("/intakes", intake, key="intake-1")
    assert field.made("/intakes", intake, key="intake-1")["id"] == met["id"]
    child = field.get(f"/persons/{met['person']['id']}").data
    assert [each["to_person"]["name"] for each in child["relations"]] == ["Nabi"]
    assert len(child["groups"][0]["members"]) == 2
    case = field.made(
        f"/encounters/{met['id']}/case",
        {
            "revision": met["revision"],
            "organisation": office("csw-vranje"),
            "priority": "urgent",
            "reason": "Sa nepoznatim odraslim.",
        },
    )
    assert case["child"]["name"] == "Farid"
    assert field.get("/requests").data == []


def test_administrators_keep_users_and_auditors_read_the_ledger() -> None:
    admin = Api(cast.member("Sanja Adamov", cast.Role.ADMINISTRATOR))
    user = admin.made("/users", {"login": "novi", "name": "Novi Čovek"})
    post = admin.made(
        f"/users/{user['id']}/memberships",
        {
            "organisation": office("csw-vranje"),
            "role": "case_manager",
            "starts_on": str(cast.today()),
        },
    )
    ended = admin.made(
        f"/users/{user['id']}/memberships/{post['id']}/ending",
        {"revision": 1, "ends_on": str(cast.today())},
    )
    assert ended["ends_on"] == str(cast.today())
    changed = {"revision": 1, "name": "Novo Ime", "is_active": False}
    assert admin.put(f"/users/{user['id']}", changed).data["is_active"] is False
    assert admin.get("/case-lists/mine").status_code == 403
    auditor = Api(cast.member("Vera Kostić", cast.Role.AUDITOR))
    events = auditor.get("/ledger/events", name="user.made").data["items"]
    assert user["id"] in {each["record_id"] for each in events}
    assert auditor.get("/grants").status_code == 200


def test_editors_correct_the_directory_with_a_source() -> None:
    editor = Api(cast.member("Mira Editor", cast.Role.EDITOR))
    path = f"/organisations/{office('csw-vranje')}"
    sourced = {"source": "Poziv centru", "as_of": "2026", "verified": True}
    number = {"kind": "phone", "value": "017 000 000", **sourced}
    point = editor.made(f"{path}/contacts", number)
    changed = {**number, "value": "017 000 001", "revision": point["revision"]}
    point = editor.put(f"{path}/contacts/{point['id']}", changed).data
    assert point["value"] == "017 000 001"
    late = editor.put(f"{path}/contacts/{point['id']}", changed)
    assert (late.status_code, late.data["current"]["value"]) == (409, "017 000 001")
    removal = {"revision": point["revision"]}
    left = editor.made(f"{path}/contacts/{point['id']}/removal", removal)
    assert point["id"] not in {each["id"] for each in left["contacts"]}
    names = {"en": "Centre for Social Work Vranje"}
    corrected = editor.put(path, {"revision": left["revision"] - 1, "names": names, **sourced})
    assert corrected.status_code == 409
    current = editor.get(path).data["revision"]
    corrected = editor.put(path, {"revision": current, "names": names, **sourced})
    assert corrected.data["name"] == names["en"]
