"""What several files share is asked of whoever sees all of them, and of nobody else."""

from datetime import timedelta
from typing import Any

import pytest

from oslonac.access import reader
from oslonac.audit.models import Event
from oslonac.cases import actions as cases
from oslonac.cases.models import Case, Encounter
from oslonac.directory import codes
from oslonac.encounters import actions as encounters
from oslonac.kit.clock import now
from oslonac.kit.errors import Denied, Hidden, Refused, Stale
from oslonac.links import actions, computing, queries, rules
from oslonac.links.models import Part, PhoneMark, Signal
from oslonac.people import actions as people
from oslonac.people.models import Person
from oslonac.vault.erasers import Erased
from oslonac.vault.models import DataKey
from tests import cast
from tests.app.pairs import child, keep_away, says, see, staff
from tests.cast import Member
from tests.forms import fill
from tests.http import page_of

__all__ = ["staff"]
pytestmark = pytest.mark.django_db
NUMBER = "+381 64 123 4567"


@pytest.fixture
def three(staff: dict[str, Member]) -> list[Case]:
    """Three children of one centre, and the same number in each file, written three ways."""
    found = []
    for name, number in (
        ("Farid Rahimi", NUMBER),
        ("Nabil Sadat", "064/123-4567"),
        ("Omar Khan", "00381641234567"),
    ):
        case = child(staff, name, manager=staff["ana"].user)
        says(staff, case, "phone", detail=number)
        found.append(case)
    return found


def only() -> Signal:
    return Signal.objects.get()


def page(member: Member, path: str = "/signals/") -> str:
    return page_of(member.client().get(path))


def test_a_number_in_three_files_is_asked_about_at_once(
    three: list[Case], staff: dict[str, Member]
) -> None:
    signal = only()
    assert signal.parts == 3
    assert set(signal.people.values_list("person_id", flat=True)) == {c.person_id for c in three}
    shown = page(staff["ana"])
    assert "The same phone number is in 3 files." in shown
    assert "Do these people belong together?" in shown
    for name in ("Farid Rahimi", "Nabil Sadat", "Omar Khan"):
        assert name in shown
    assert "Do these people belong together?" in page(staff["ana"], f"/cases/{three[0].pk}/people/")


def test_no_number_stands_in_any_row(three: list[Case]) -> None:
    rows = str([list(model.objects.values()) for model in (Signal, Part, PhoneMark)])
    for secret in ("1234567", "641234567", "123-4567"):
        assert secret not in rows
    assert all(len(mark) == 24 for mark in PhoneMark.objects.values_list("mark", flat=True))


def test_whoever_misses_one_file_gets_nothing_not_even_a_count(
    three: list[Case], staff: dict[str, Member]
) -> None:
    signal = only()
    jelena = staff["jelena"]
    for case in three[:2]:
        see(case, jelena)
    empty = page(jelena)
    assert "There are no questions about" in empty and str(signal.pk) not in empty
    assert jelena.client().get(f"/signals/{signal.pk}/").status_code == 404
    assert jelena.client().get("/api/v1/signals").json() == []
    assert "Links between cases</h2>" not in page(jelena, f"/cases/{three[0].pk}/")
    with pytest.raises(Hidden):
        queries.signal(jelena.actor(), signal.pk, at=now())
    with reader.acting(jelena.actor(), now()):
        assert not Signal.objects.exists() and not Part.objects.exists()
        assert not DataKey.objects.filter(pk=signal.key_id).exists()
    see(three[2], jelena)
    assert str(signal.pk) in page(jelena)
    with reader.acting(jelena.actor(), now()):
        assert Signal.objects.count() == 1 and Part.objects.count() == 3


def test_a_grant_without_names_is_not_enough(three: list[Case], staff: dict[str, Member]) -> None:
    jelena = staff["jelena"]
    for case, level in zip(three, (60, 60, 50), strict=True):
        see(case, jelena, level)
    assert str(only().pk) not in page(jelena)


def test_a_block_on_one_file_takes_the_question_away(
    three: list[Case], staff: dict[str, Member]
) -> None:
    keep_away(staff, three[1], staff["ana"])
    assert str(only().pk) not in page(staff["ana"])
    assert "Links between cases</h2>" not in page(staff["ana"], f"/cases/{three[0].pk}/people/")


def test_an_answer_changes_nothing_and_is_asked_anew_only_of_others(
    three: list[Case], staff: dict[str, Member]
) -> None:
    signal, before = only(), list(Person.objects.order_by("pk").values())
    url = f"/signals/{signal.pk}/"
    client = staff["ana"].client()
    assert fill(client, f"{url}answer/", answer="harmless", why="").status_code == 422
    assert fill(client, f"{url}answer/", answer="harmless", why="One aunt").status_code == 302
    assert list(Person.objects.order_by("pk").values()) == before
    assert "One aunt" in page(staff["ana"], url)
    computing.compute(at=now())
    assert only().status == "answered"
    fourth = child(staff, "Jawad Noori", manager=staff["ana"].user)
    says(staff, fourth, "phone", detail=NUMBER)
    back = only()
    assert back.status == "open" and back.returned and back.parts == 4
    assert Event.objects.filter(name="signal.returned").count() == 1


def test_put_aside_with_a_reason_and_asked_again(
    three: list[Case], staff: dict[str, Member]
) -> None:
    url = f"/signals/{only().pk}/"
    client = staff["ana"].client()
    assert fill(client, f"{url}dismiss/", why="The number of the camp").status_code == 302
    assert url not in page(staff["ana"]) and url in page(staff["ana"], "/signals/?show=closed")
    with pytest.raises(Refused):
        actions.answer(
            actor=staff["ana"].actor(),
            at=now(),
            signal=only(),
            revision=only().revision,
            answer="harmless",
            why="Isti telefon.",
        )
    client.post(f"{url}reopen/", {"revision": only().revision})
    assert only().status == "open"


def test_a_stale_answer_and_a_second_press(three: list[Case], staff: dict[str, Member]) -> None:
    signal = only()
    values: dict[str, Any] = {"answer": "together", "why": "Brothers", "request_key": "press"}
    for _press in range(2):
        actions.answer(
            actor=staff["ana"].actor(),
            at=now(),
            signal=Signal.objects.get(pk=signal.pk),
            revision=signal.revision,
            **values,
        )
    assert Event.objects.filter(name="signal.answered").count() == 1
    actions.reopen(actor=staff["ana"].actor(), at=now(), signal=only(), revision=only().revision)
    with pytest.raises(Stale):
        actions.dismiss(
            actor=staff["ana"].actor(),
            at=now(),
            signal=only(),
            revision=signal.revision,
            why="Isti telefon.",
        )


def test_sight_alone_answers_nothing(three: list[Case], staff: dict[str, Member]) -> None:
    for case in three:
        see(case, staff["jelena"])
    with pytest.raises(Denied):
        actions.dismiss(
            actor=staff["jelena"].actor(),
            at=now(),
            signal=only(),
            revision=only().revision,
            why="Isti telefon.",
        )


def test_the_walk_through_the_api(three: list[Case], staff: dict[str, Member]) -> None:
    client = staff["ana"].client()
    listed = client.get("/api/v1/signals?status=open").json()
    assert [row["kind"] for row in listed] == ["phone"] and len(listed[0]["people"]) == 3
    base = f"/api/v1/signals/{listed[0]['id']}"

    def post(path: str, **body: Any) -> Any:
        return client.post(f"{base}/{path}", body, content_type="application/json")

    answered = post("answer", revision=listed[0]["revision"], answer="together", why="Brothers")
    assert answered.status_code == 200 and answered.json()["why"] == "Brothers"
    assert (
        post("dismissal", revision=answered.json()["revision"], why="Isti telefon.").status_code
        == 409
    )
    again = post("reopening", revision=answered.json()["revision"])
    assert again.json()["status"] == "open"
    aside = post("dismissal", revision=again.json()["revision"], why="Camp")
    assert aside.json()["status"] == "dismissed" and client.get(base).status_code == 200


def test_numbers_written_in_bulk_are_marked_by_the_job(three: list[Case]) -> None:
    Signal.objects.all().delete()
    PhoneMark.objects.all().delete()
    assert computing.compute(at=now()) >= 1
    assert Signal.objects.filter(kind="phone").count() == 1


def test_an_erased_file_takes_its_questions_along(three: list[Case]) -> None:
    gone = Erased(three[0].person_id, (three[0].key_id,), now())
    for _twice in range(2):
        computing.erase(gone)
    assert not Signal.objects.exists() and PhoneMark.objects.count() == 2


def test_one_guardian_with_many_children(
    staff: dict[str, Member], monkeypatch: pytest.MonkeyPatch
) -> None:
    pack(monkeypatch, guardian={"least": 2})
    milan = cast.milan()
    for name in ("Farid Rahimi", "Nabil Sadat"):
        case = child(staff, name, manager=staff["ana"].user)
        _appoint(staff, case, milan)
    computing.compute(at=now())
    signal = Signal.objects.get(kind="guardian")
    assert signal.parts == 2 and signal.guardian_id == milan.user.pk
    assert "Milan Petrov" in page(staff["dragan"])
    assert milan.client().get("/signals/").status_code == 403, "not asked about themselves"


def _appoint(staff: dict[str, Member], case: Case, guardian: Member) -> None:
    from oslonac.guardianship.models import Appointment

    Appointment.objects.create(
        case=case,
        key=case.key,
        guardian=guardian.user,
        status="written",
        appointed_at=now(),
        appointed_by=staff["dragan"].user,
        written_at=now(),
    )


def pack(monkeypatch: pytest.MonkeyPatch, **rows: Any) -> None:
    real = codes.extras
    monkeypatch.setattr(
        codes, "extras", lambda name: rows if name == "signal_rules" else real(name)
    )


def test_one_leader_on_two_journeys(staff: dict[str, Member]) -> None:
    first = child(staff, "Farid Rahimi", manager=staff["ana"].user)
    second = child(staff, "Nabil Sadat", manager=staff["ana"].user)
    actor = staff["teodora"].actor()
    leader = people.make_person(actor=actor, at=now(), kind="case", record_id=first.pk)
    people.add_name(actor=actor, at=now(), person=leader, full="Haji Gul")
    people.appear(leader, kind="case", record_id=second.pk)
    for case in (first, second):
        assert not Signal.objects.filter(kind="leader").exists()
        people.form_group(
            actor=staff["ana"].actor(),
            at=now(),
            label="",
            case_id=case.pk,
            members=[(case.person, "member"), (leader, "leader")],
        )
        computing.compute(at=now())
    signal = Signal.objects.get(kind="leader")
    assert signal.parts == 3
    assert "One person led several travel groups" in page(staff["ana"])
    assert "One person led" not in page(staff["jelena"])


def test_a_child_known_to_the_police_and_to_no_centre(staff: dict[str, Member]) -> None:
    at = now() - timedelta(days=9)
    met = cast.encounter(staff["teodora"], at=at)
    person = cast.child(staff["teodora"], met, at=at)
    young = cast.encounter(staff["teodora"], at=now())
    cast.child(staff["teodora"], young, at=now(), name="Nabil Sadat")
    computing.compute(at=now())
    signal = Signal.objects.get(kind="registers")
    assert signal.about == ["police", "centre"]
    words = "The child is known to the police, but not to the competent centre."
    assert words in page(staff["dragan"])
    assert str(person.pk) in page(staff["dragan"], f"/signals/{signal.pk}/")
    encounters.decide_triage(
        actor=staff["teodora"].actor(),
        at=now(),
        encounter=met,
        revision=Encounter.objects.get(pk=met.pk).revision,
        outcome="at_risk",
    )
    cases.open_case(
        actor=staff["teodora"].actor(),
        at=now(),
        person=person,
        encounter=met,
        organisation=met.responsible,
        priority="urgent",
        reason="Sam na putu.",
    )
    computing.compute(at=now())
    assert not Signal.objects.filter(kind="registers").exists(), "put right, so no question"


def test_that_a_register_lacks_a_child_is_told_only_with_the_whole_file(
    staff: dict[str, Member],
) -> None:
    at = now() - timedelta(days=9)
    met = cast.encounter(staff["teodora"], at=at)
    person = cast.child(staff["teodora"], met, at=at)
    other = cast.encounter(staff["ivan"], at=at, responsible=staff["ivan"].organisation)
    people.appear(person, kind="encounter", record_id=other.pk, is_subject=True)
    computing.compute(at=now())
    signal = Signal.objects.get(kind="registers")
    assert str(signal.pk) not in page(staff["dragan"])
    assert staff["dragan"].client().get(f"/signals/{signal.pk}/").status_code == 404


def test_records_joined_as_one_person_share_nothing(staff: dict[str, Member]) -> None:
    from oslonac.people.models import Merge

    one, other = child(staff, "Farid Rahimi"), child(staff, "Farid Rahimi")
    Merge.objects.create(survivor=one.person, merged=other.person, made_at=now())
    for case in (one, other):
        says(staff, case, "phone", by="teodora", detail=NUMBER)
    assert not Signal.objects.exists()


def test_the_pack_of_serbia_asks_all_four() -> None:
    found = computing.current()
    assert None not in (found.phone, found.guardian, found.leader, found.after_days)
    assert found.compare


@pytest.mark.parametrize("row", [{}, {"least": "many"}, {"least": None}])
def test_a_slip_in_the_pack_asks_nothing(row: dict[str, Any]) -> None:
    assert rules.rules_of({"phone": row}).phone is None


def test_thresholds_are_never_below_two_and_registers_are_read() -> None:
    found = rules.rules_of(
        {"phone": {"least": 1}, "registers": {"after_days": 3, "compare": ["police>centre", "x>y"]}}
    )
    assert found.phone == 2
    assert found.compare == ((rules.Register.POLICE, rules.Register.CENTRE),)
