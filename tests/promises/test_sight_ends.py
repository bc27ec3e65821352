"""Promises about sight: a withdrawal ends it at once, a block beats every grant on every route, an
emergency ends by itself, and the person's paper tells nothing that could harm them."""

import re
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from oslonac.access import policy
from oslonac.access.models import Block, Grant
from oslonac.access.roles import Permission, Role
from oslonac.access.rules import Level, Reason
from oslonac.accounts.guards import permissions_of
from oslonac.audit.models import Event, Outcome
from oslonac.cases import actions, tabs
from oslonac.cases.models import Case, Consent, Decision, Emergency
from oslonac.directory.models import Organisation
from oslonac.guardianship import actions as guardianship
from oslonac.kit.clock import local_day, now
from oslonac.notices.models import Notice
from oslonac.own_file import actions as own_file
from oslonac.own_file import looks, sheet, texts
from oslonac.people import actions as people
from oslonac.people.models import Statement
from oslonac.placements import actions as placements
from oslonac.protocols.models import Obligation, State
from tests import cast
from tests.app.case_tabs import shown_to
from tests.http import Http, page_of
from tests.refusals import denied, hidden, invalid, refused
from tests.routes import address, walked
from tests.worlds import fresh, made_once

pytestmark = pytest.mark.django_db
NAME, WHERE = "Farid Rahimi", "Kuća 3, soba 12"


def _made() -> tuple[cast.Member, cast.Member, Case]:
    ana = cast.ana()
    return ana, cast.dragan(), cast.case(cast.teodora(), ana, at=now() - timedelta(hours=5))


made = made_once(_made)


@pytest.fixture
def ana(made: Any) -> cast.Member:
    return fresh(made[0])


@pytest.fixture
def dragan(made: Any) -> cast.Member:
    return fresh(made[1])


@pytest.fixture
def case(made: Any) -> Case:
    return fresh(made[2])


def reach(member: cast.Member, case: Case, *, later: timedelta = timedelta()) -> Any:
    moment = now() + later
    return policy.reach(member.actor(moment), case.pk, at=moment)


def consent(by: cast.Member, case: Case, office: str = "csw-nis", **more: Any) -> Consent:
    values: dict[str, Any] = {
        "purpose": "conference",
        "receiver": Organisation.objects.get(code=office),
        "level": Level.NARRATIVE,
        "child_answer": "yes",
        "language": "ps",
        "given_at": now(),
        "adult": "guardian",
        "scope": "Škola, ne put.",
    }
    return actions.record_consent(actor=by.actor(), at=now(), case=case, **(values | more))


def shared(by: cast.Member, case: Case, to: cast.Member, rests_on: Consent, **more: Any) -> Grant:
    values: dict[str, Any] = {
        "level": Level.CASE,
        "reason": "conference",
        "basis": "consent",
        "consent": rests_on,
        "until": now() + timedelta(days=3),
    }
    return actions.give_grant(
        actor=by.actor(), at=now(), case=case, user=to.user, **(values | more)
    )


def placed(by: cast.Member, case: Case) -> Organisation:
    house = Organisation.objects.filter(kind="reception_centre").first()
    assert house is not None
    placements.place(
        actor=by.actor(),
        at=now(),
        case=case,
        kind="emergency_centre",
        from_at=now(),
        organisation=house,
        address=WHERE,
    )
    return house


def keep(by: cast.Member, case: Case, **more: Any) -> Block:
    values: dict[str, Any] = {"scope": "all", "reason": "suspected", "why": "Viđen sa krijumčarem."}
    return actions.keep_away(actor=by.actor(), at=now(), case=case, **(values | more))


# Consent


def test_a_withdrawal_ends_at_once_what_rests_on_it_and_nothing_else(
    ana: cast.Member, dragan: cast.Member, case: Case
) -> None:
    olga = cast.member("Olga N.", Role.NGO_WORKER, "csw-nis")
    vera = cast.member("Vera I.", Role.SCHOOL, "csw-nis")
    said = consent(ana, case)
    shared(dragan, case, olga, said)
    other = actions.give_grant(
        actor=dragan.actor(),
        at=now(),
        case=case,
        user=vera.user,
        level=Level.CASE,
        reason="notified",
        basis="legal_duty",
        ground="social_protection",
        explanation="Škola.",
        until=now() + timedelta(days=3),
    )
    page = olga.client()
    assert page.get(f"/cases/{case.pk}/").status_code == 200
    actions.withdraw_consent(actor=ana.actor(), at=now(), consent=said, revision=said.revision)
    assert page.get(f"/cases/{case.pk}/").status_code == 404
    other.refresh_from_db()
    assert other.ends_at is not None and other.ends_at > now()
    assert Notice.objects.filter(user=olga.user, kind="consent.withdrawn").exists()


def test_it_is_taken_back_in_one_step_of_the_same_page(
    ana: cast.Member, dragan: cast.Member, case: Case
) -> None:
    said = consent(ana, case)
    olga = cast.member("Olga N.", Role.NGO_WORKER, "csw-nis")
    grant = shared(dragan, case, olga, said)
    client = ana.client()
    step = f"/cases/{case.pk}/do/consent-withdraw/{said.pk}/"
    assert step in shown_to(client, case)
    assert client.post(step, {"by": "child", "revision": said.revision}).status_code == 302
    grant.refresh_from_db()
    assert grant.ends_at is not None and grant.ends_at <= now()


@pytest.mark.parametrize(
    ("field", "wrong", "more"),
    [
        ("level", {}, {"level": Level.IDENTITY}),
        ("whereabouts", {}, {"whereabouts": True}),
        ("reason", {}, {"reason": "referral"}),
        ("consent", {}, {"consent": None}),
        ("consent", {"office": "csw-subotica"}, {}),
        ("consent", {"agreed": False}, {}),
        ("consent", {"until": "past"}, {}),
    ],
)
def test_a_grant_rests_only_on_a_consent_that_covers_it(
    ana: cast.Member, dragan: cast.Member, case: Case, field: str, wrong: Any, more: Any
) -> None:
    given = dict(wrong)
    soon = now() + timedelta(seconds=1)
    if given.pop("until", ""):
        given["until"] = soon
    said = consent(ana, case, **given)
    if "until" in given:
        Consent.objects.filter(pk=said.pk).update(until=now())
        said.refresh_from_db()
    with invalid(field):
        shared(dragan, case, cast.member("Olga N.", Role.NGO_WORKER, "csw-nis"), said, **more)


def test_a_grant_never_outlives_its_consent(
    ana: cast.Member, dragan: cast.Member, case: Case
) -> None:
    end = now() + timedelta(days=1)
    said = consent(ana, case, until=end)
    grant = shared(dragan, case, cast.member("Olga N.", Role.NGO_WORKER, "csw-nis"), said)
    assert grant.ends_at == end


def test_without_consent_another_body_is_shown_a_case_only_on_a_recorded_ground(
    dragan: cast.Member, case: Case
) -> None:
    olga = cast.member("Olga N.", Role.NGO_WORKER, "csw-nis")
    body: dict[str, Any] = {
        "user": str(olga.user.pk),
        "level": "case",
        "reason": "conference",
        "basis": "legal_duty",
        "until": (now() + timedelta(days=1)).isoformat(),
    }
    api = Http(dragan)
    path = f"/cases/{case.pk}/grants"
    for missing in ({}, {"ground": "social_protection"}, {"explanation": "Jer je hitno."}):
        api.post(path, expect=422, **(body | missing))
    given = {"ground": "social_protection", "explanation": "Smeštaj se traži."}
    made = api.post(path, expect=201, **(body | given))
    assert made["ground"] == "social_protection"
    assert Decision.objects.filter(case=case, kind="disclosure", code="social_protection").exists()


def test_ages_decide_whose_word_is_needed_and_a_childs_no_stops_every_consent(
    ana: cast.Member, case: Case
) -> None:
    with refused("consent.child_refuses"):
        consent(ana, case, child_answer="no")
    with invalid("child_answer"):
        consent(ana, case, child_answer="not_asked")
    assert consent(ana, case, child_answer="no", agreed=False).status == "refused"
    people.state(
        actor=ana.actor(),
        at=now(),
        person=case.person,
        attribute="birth",
        basis="document",
        birth=people.birth_interval("gregorian", now().year - 8, None, None),
    )
    case.person.refresh_from_db()
    with invalid("adult"):
        consent(ana, case, adult="")
    assert consent(ana, case, adult="", exception="Roditelji se ne mogu naći.").status == "given"


# Blocks


def test_a_block_beats_every_grant_on_every_route(
    ana: cast.Member, dragan: cast.Member, case: Case
) -> None:
    teodora_group = people.form_group(
        actor=ana.actor(),
        at=now(),
        label="Miratovac",
        case_id=case.pk,
        members=[(case.person, "member")],
    )
    ids = {
        "case_id": case.pk,
        "encounter_id": case.encounter_id,
        "person_id": case.person_id,
        "group_id": teodora_group.pk,
        "slug": "contact",
        "revision": 1,
        "request_id": uuid4(),
    }
    assert reach(ana, case).shows(Level.IDENTITY)
    keep(dragan, case, user=ana.user)
    client = ana.client()
    client.raise_request_exception = False
    for route, entry in walked():
        answer = client.get(address(route, ids))
        assert NAME not in answer.content.decode(errors="replace"), route
        assert case.number not in answer.content.decode(errors="replace"), route
        about_it = re.search("case_id|encounter_id|person_id|group_id", route)
        if about_it and permissions_of(entry.callback) & ana.actor().permissions:
            assert answer.status_code in (302, 404, 405), (route, answer.status_code)
    found = page_of(client.get("/search/", {"q": case.number}))
    assert f"/cases/{case.pk}/" not in found
    # Later grants have no effect either, and none is given by mistake.
    Grant.objects.create(
        record_kind="case",
        record_id=case.pk,
        principal=ana.user.pk,
        grantee=ana.user,
        level=Level.IDENTITY,
        whereabouts=True,
        reason=Reason.DECISION,
        starts_at=now(),
    )
    assert not reach(ana, case).level
    with refused("block.kept_away"):
        actions.assign_case(
            actor=dragan.actor(),
            at=now(),
            case=case,
            manager=ana.user,
            revision=Case.objects.get(pk=case.pk).revision,
        )


def test_a_suspected_guardian_who_sees_the_case_learns_nothing_of_where_the_child_is(
    ana: cast.Member, dragan: cast.Member, case: Case
) -> None:
    milan = cast.milan()
    guardianship.appoint(
        actor=ana.actor(), at=now(), case=case, guardian=milan.user, witness="Oficir"
    )
    house = placed(ana, case)
    client = milan.client()
    urls = [
        *(tabs.url(case.pk, tab) for tab in tabs.Tab),
        f"/people/{case.person_id}/",
        f"/api/v1/cases/{case.pk}",
        f"/api/v1/cases/{case.pk}/placements",
        f"/api/v1/cases/{case.pk}/grants",
        f"/api/v1/persons/{case.person_id}",
    ]
    before = "".join(client.get(url).content.decode() for url in urls)
    assert str(house) in before and "soba 12" in before
    keep(dragan, case, scope="whereabouts", user=milan.user)
    for url in urls:
        text = page_of(client.get(url))
        for secret in (str(house), "soba 12", str(house.pk), house.code):
            assert secret not in text, (url, secret)
        # Markup has words of its own, which nobody reads.
        assert "blocked" not in re.sub(r"<[^>]*>", " ", text).lower(), url
    assert reach(milan, case).shows(Level.IDENTITY)
    assert not reach(milan, case).whereabouts


def test_a_block_holds_for_whoever_stands_with_a_person_also_later(
    ana: cast.Member, dragan: cast.Member, case: Case
) -> None:
    uncle = people.make_person(actor=ana.actor(), at=now(), kind="case", record_id=case.pk)
    people.relate(
        actor=ana.actor(), at=now(), from_person=case.person, to_person=uncle, kind="uncle"
    )
    lawyer = cast.member("Luka A.", Role.NGO_WORKER, "csw-nis")
    said = consent(ana, case)
    shared(dragan, case, lawyer, said)
    keep(dragan, case, scope="all", person=uncle, reason="for_somebody")
    assert reach(lawyer, case).level
    actions.note_tie(
        actor=dragan.actor(), at=now(), case=case, user=lawyer.user, person=uncle, kind="lawyer"
    )
    assert not reach(lawyer, case).level
    assert lawyer.client().get(f"/cases/{case.pk}/").status_code == 404


def test_a_declared_conflict_closes_every_record_of_that_person_and_the_work_goes_on(
    ana: cast.Member, dragan: cast.Member, case: Case
) -> None:
    uncle = people.make_person(actor=ana.actor(), at=now(), kind="case", record_id=case.pk)
    actions.declare_conflict(
        actor=ana.actor(), at=now(), case=case, reason="own_family", person=uncle
    )
    assert not reach(ana, case).level
    case.refresh_from_db()
    assert case.manager_id is None
    assert Notice.objects.filter(user=dragan.user, kind="block.set").exists()
    # Another case in which the same person turns up is closed from its first moment.
    later = cast.case(cast.teodora(), at=now() - timedelta(hours=1))
    people.appear(uncle, kind="case", record_id=later.pk)
    Grant.objects.create(
        record_kind="case",
        record_id=later.pk,
        principal=ana.user.pk,
        grantee=ana.user,
        level=Level.IDENTITY,
        reason=Reason.DECISION,
        starts_at=now(),
    )
    assert not reach(ana, later).level


def test_nobody_lifts_a_block_on_themselves_and_lifting_restores_the_sight(
    ana: cast.Member, dragan: cast.Member, case: Case
) -> None:
    own = keep(dragan, case, scope="whereabouts", user=dragan.user)
    with refused("block.own"):
        actions.lift_block(actor=dragan.actor(), at=now(), case=case, block=own, why="Moja odluka.")
    other = keep(dragan, case, user=ana.user)
    actions.lift_block(actor=dragan.actor(), at=now(), case=case, block=other, why="Provereno.")
    shown = policy.reaches(ana.actor(), [case.encounter_id], at=now())  # type: ignore[list-item]
    assert not Block.objects.filter(cause=other.cause, ends_at__isnull=True).exists()
    assert shown == policy.reaches(ana.actor(), [case.encounter_id], at=now())  # type: ignore[list-item]


def test_the_question_of_a_conflict_does_not_tell_where_the_child_lives(
    ana: cast.Member, dragan: cast.Member, case: Case
) -> None:
    """A supervisor kept off the whereabouts tries staff of houses as guardians, one by one."""
    house = placed(ana, case)
    other = Organisation.objects.filter(kind="reception_centre").exclude(pk=house.pk).first()
    assert other is not None
    keep(cast.member("Stana P.", Role.HEAD), case, scope="whereabouts", user=dragan.user)
    answers = set()
    for office in (house.code, other.code):
        worker = cast.member("Rade C.", Role.RECEPTION, office)
        with refused("guardian.conflict") as caught:
            guardianship.appoint(
                actor=dragan.actor(), at=now(), case=case, guardian=worker.user, witness="W"
            )
        answers.add((caught.value.code, str(caught.value.message)))
    assert len(answers) == 1


def test_an_auditor_who_asks_for_a_worker_of_a_house_is_not_told_who_lives_there(
    ana: cast.Member, case: Case
) -> None:
    house = placed(ana, case)
    worker = cast.member("Rade C.", Role.RECEPTION, house.code)
    auditor = cast.member("Lidija J.", Role.AUDITOR, "csw-nis").client()
    page = auditor.get("/oversight/grants/", {"person": str(worker.user.pk)})
    assert case.number not in page.content.decode()


def test_a_block_closes_the_ledger_of_that_case_to_an_auditor_too(
    dragan: cast.Member, case: Case
) -> None:
    lidija = cast.member("Lidija J.", Role.AUDITOR, "csw-nis")
    api = Http(lidija)
    path = f"/ledger/events?case_id={case.pk}"
    assert api.get(path)["items"] and case.number in str(
        lidija.client().get("/oversight/ledger/", {"case": case.number}).content
    )
    keep(dragan, case, user=lidija.user, reason="own_family")
    assert not api.get(path)["items"]
    page = page_of(lidija.client().get("/oversight/ledger/", {"case": case.number}))
    assert str(case.pk) not in page and "case.opened" not in page


# Emergencies


def broken(who: cast.Member, case: Case, **more: Any) -> Emergency:
    values = {"reason": "Dete je nestalo iz kuće, niko se ne javlja.", "minutes": 20}
    return actions.break_glass(actor=who.actor(), at=now(), number=case.number, **(values | more))


def test_an_emergency_opens_tells_and_ends_by_itself(
    ana: cast.Member, dragan: cast.Member, case: Case
) -> None:
    jelena = cast.jelena()
    assert jelena.client().get(f"/cases/{case.pk}/").status_code == 404
    broken(jelena, case)
    assert NAME in jelena.client().get(f"/cases/{case.pk}/").content.decode()
    assert not reach(jelena, case).whereabouts
    for told in (ana, dragan):
        assert Notice.objects.filter(user=told.user, kind="emergency.opened").exists()
        assert "Opened in an emergency" in told.client().get("/").content.decode()
    assert not reach(jelena, case, later=timedelta(minutes=21)).level


def test_its_review_is_an_obligation_of_another_person(
    ana: cast.Member, dragan: cast.Member, case: Case
) -> None:
    emergency = broken(cast.jelena(), case)
    duty = Obligation.objects.get(case_id=case.pk, activity="review_emergency", state=State.OPEN)
    assert duty.due_at is not None and duty.subject_id == emergency.pk
    auditor = cast.member("Lidija J.", Role.AUDITOR, "csw-nis").client()
    assert case.number in auditor.get("/emergencies/").content.decode()
    actions.review_emergency(
        actor=dragan.actor(),
        at=now(),
        emergency=emergency,
        revision=1,
        outcome="justified",
        review="Dete je nađeno.",
    )
    duty.refresh_from_db()
    assert duty.state == State.DONE
    own = broken(dragan_elsewhere := cast.member("Petar L.", Role.SUPERVISOR, "csw-nis"), case)
    with denied("case.approve.elsewhere"):
        actions.review_emergency(
            actor=dragan_elsewhere.actor(),
            at=now(),
            emergency=own,
            revision=1,
            outcome="justified",
            review="Sam sebi.",
        )


@pytest.mark.parametrize(
    ("field", "given"), [("minutes", 121), ("minutes", 0), ("reason", "hitno")]
)
def test_minutes_not_days_and_a_reason_in_a_sentence(case: Case, field: str, given: Any) -> None:
    more = {field: given}
    with invalid(field):
        broken(cast.jelena(), case, **more)


def test_a_blocked_case_and_an_unknown_number_answer_alike(dragan: cast.Member, case: Case) -> None:
    jelena = cast.jelena()
    keep(dragan, case, user=jelena.user)
    client = jelena.client()
    bodies = set()
    for number in (case.number, "2026-9999"):
        answer = client.post(
            "/emergency/", {"number": number, "reason": "Dete je u opasnosti sada.", "minutes": 5}
        )
        assert answer.status_code == 422
        text = answer.content.decode().replace(number, "")
        found = re.search(r"You cannot open a case with this number[^<]*", text)
        bodies.add(found[0] if found else text)
    assert len(bodies) == 1
    with hidden("case"):
        broken(jelena, case)


def test_an_old_proof_of_who_asks_is_not_enough(case: Case) -> None:
    from dataclasses import replace

    from oslonac.kit.errors import NotFresh

    with pytest.raises(NotFresh):
        actions.break_glass(
            actor=replace(cast.jelena().actor(), stale=True),
            at=now(),
            number=case.number,
            reason="Dete je u opasnosti sada.",
        )


def test_roles_without_the_permission_break_nothing(case: Case) -> None:
    for role in (Role.ADMINISTRATOR, Role.ANALYST, Role.AUDITOR, Role.SCHOOL, Role.LAWYER):
        who = cast.member("Neko N.", role, "csw-nis")
        assert Permission.GLASS_BREAK not in who.actor().permissions
        assert who.client().get("/emergency/").status_code == 403


# The person's own file


def seen_by(case: Case, role: str, office: Organisation) -> None:
    from oslonac.access.actor import Post, actor_of
    from oslonac.audit.actions import record_read

    reader = actor_of(uuid4(), [Post(office.pk, Role(role))])
    record_read(actor=reader, at=now(), subject=case, fields=["names"], case_id=case.pk)


def test_the_paper_tells_neither_the_house_nor_that_an_authority_inquires(
    ana: cast.Member, dragan: cast.Member, case: Case
) -> None:
    house = placed(ana, case)
    police = Organisation.objects.filter(kind="police").first()
    assert police is not None
    seen_by(case, Role.RECEPTION, house)
    seen_by(case, Role.POLICE, police)
    keep(dragan, case, scope="whereabouts", user=cast.milan().user)
    client = ana.client()
    client.get(f"/cases/{case.pk}/")
    case.reach = policy.reach(ana.actor(), case.pk, at=now())
    found = {look.function: look for look in looks.of_case(case, at=now())}
    assert {looks.HOUSE, looks.AUTHORITY, Role.CASE_MANAGER} <= set(found)
    assert found[looks.HOUSE].office is None
    for tag in texts.offered():
        data = str(sheet.compose(case, texts.of(tag), at=now()).data())
        for secret in (str(house), house.code, "soba 12", str(police), "Milan", "Dragan"):
            assert secret not in data, (tag, secret)
        assert "Ana Kostić" in data and case.number in data


def test_every_language_has_every_text_and_is_a_paper_of_its_direction(
    ana: cast.Member, case: Case
) -> None:
    english = set(texts.of("en").texts)
    assert {"ar", "fa", "fa-AF", "ps", "ur", "sr-Latn", "sr-Cyrl", "en"} <= set(texts.offered())
    for tag in texts.offered():
        assert set(texts.of(tag).texts) == english, tag
    client = ana.client()
    for tag in ("ps", "sr-Cyrl"):
        answer = client.get(f"/cases/{case.pk}/own.pdf", {"lang": tag})
        assert answer.content.startswith(b"%PDF"), tag
    page = page_of(client.get(f"/cases/{case.pk}/own/", {"lang": "ps"}))
    assert 'dir="rtl"' in page and texts.of("ps")("title") in page
    assert Event.objects.filter(
        outcome=Outcome.READ, case_id=case.pk, fields__contains=["own_file.pdf"]
    ).exists()


def test_a_correction_is_added_beside_what_was_written_and_its_answer_printed(
    ana: cast.Member, case: Case
) -> None:
    before = set(Statement.objects.filter(person=case.person).values_list("pk", flat=True))
    asked = own_file.ask_own(
        actor=ana.actor(),
        at=now(),
        case=case,
        kind="correction",
        asked_by="child",
        language="ps",
        asked_at=now(),
        text="Nisam iz Kabula.",
    )
    duty = Obligation.objects.get(case_id=case.pk, activity="answer_own", state=State.OPEN)
    # Law on Personal Data Protection: within 30 days from receipt; the text was read.
    assert duty.due_at is not None and duty.verified
    assert (local_day(duty.due_at) - local_day(asked.asked_at)).days == 30
    with invalid("detail"):
        own_file.answer_own(
            actor=ana.actor(),
            at=now(),
            request=asked,
            revision=1,
            status="granted",
            answer="Da, u celini.",
        )
    own_file.answer_own(
        actor=ana.actor(),
        at=now(),
        request=asked,
        revision=1,
        status="granted",
        answer="U pravu si.",
        attribute="origin",
        detail="Iz Kundúza sam.",
    )
    after = Statement.objects.filter(person=case.person)
    assert before < set(after.values_list("pk", flat=True))
    duty.refresh_from_db()
    assert duty.state == State.DONE
    paper = ana.client().get(f"/cases/{case.pk}/own/{asked.pk}.pdf")
    assert paper.content.startswith(b"%PDF")


def test_an_objection_is_decided_by_those_who_lead(
    ana: cast.Member, dragan: cast.Member, case: Case
) -> None:
    asked = own_file.ask_own(
        actor=ana.actor(),
        at=now(),
        case=case,
        kind="objection",
        asked_by="child",
        language="ps",
        asked_at=now(),
        text="Niko me nije pitao.",
    )
    with denied("case.approve.elsewhere"):
        own_file.answer_own(
            actor=ana.actor(),
            at=now(),
            request=asked,
            revision=1,
            status="refused",
            answer="Ne, štiti drugoga.",
        )
    answered = own_file.answer_own(
        actor=dragan.actor(),
        at=now(),
        request=asked,
        revision=1,
        status="partly",
        answer="Da, u celini.",
    )
    assert answered.decided_by_id == dragan.user.pk
