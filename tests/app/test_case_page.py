"""The case page through different eyes: what is told, what is left out and said to be left out."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from oslonac.access.roles import Role
from oslonac.access.rules import Level
from oslonac.audit.models import Event
from oslonac.cases import actions
from oslonac.cases.models import Case, Concern
from oslonac.cases.tabs import Tab, url
from oslonac.directory.models import Organisation
from oslonac.encounters import actions as encounters
from oslonac.guardianship import actions as guardianship
from oslonac.kit.clock import now
from oslonac.people import actions as people
from oslonac.placements import actions as placements
from oslonac.planning import actions as planning
from oslonac.protocols.models import Obligation
from tests import cast
from tests.app.case_tabs import everything, tab

pytestmark = pytest.mark.django_db
# What a tab reads, it reads in one statement; the rest is who asks, and what everybody is told.
MOST_QUERIES = 12
WHERE = "Kuća 3, soba 12"
STORY = "Muškarac mu noću uzima telefon."


def get(member: cast.Member, case: Case) -> str:
    return everything(member, case)


def rich(ana: cast.Member) -> Case:
    """A case in which everything has happened at least once."""
    teodora, at = cast.teodora(), now() - timedelta(days=10)
    case = cast.case(teodora, ana, at=at, encounter={"suspicions": ["trafficking_labour"]})
    actor = ana.actor()
    people.add_name(actor=actor, at=at, person=case.person, full="فرید رحیمی")
    mother = people.make_person(actor=actor, at=at, kind="case", record_id=case.pk)
    people.add_name(actor=actor, at=at, person=mother, full="مریم رحیمی")
    people.relate(actor=actor, at=at, from_person=case.person, to_person=mother, kind="mother")
    people.form_group(
        actor=actor, at=at, label="Preševo", members=[(case.person, "member"), (mother, "member")]
    )
    house = Organisation.objects.filter(kind="reception_centre").first()
    placements.place(
        actor=actor,
        at=at,
        case=case,
        kind="emergency_centre",
        from_at=at,
        organisation=house,
        address=WHERE,
    )
    guardianship.appoint(
        actor=actor, at=at, case=case, guardian=cast.milan().user, witness="Oficir N. N."
    )
    planning.record_contact(
        actor=actor,
        at=at,
        case=case,
        kind="first",
        happened_at=at - timedelta(hours=3),
        alone_with_child="yes",
        interpreter="Samim N.",
        told_story=True,
        narrative=STORY,
    )
    _planned(ana, case, at)
    actions.decide_best_interest(actor=actor, at=at, case=case, code="put", reason="Ostaje.")
    case.refresh_from_db()
    return case


def _planned(ana: cast.Member, case: Case, at: Any) -> None:
    actor, due = ana.actor(), date.fromisoformat("2030-01-01")
    planning.begin_assessment(actor=actor, at=at, case=case)
    plan = planning.draft_plan(actor=actor, at=at, case=case, child_view="Škola.")
    goal = planning.add_goal(
        actor=actor, at=at, plan=plan, domain="education", outcome="Ide u školu", indicator="D"
    )
    planning.add_activity(actor=actor, at=at, goal=goal, what="Upis", due_on=due, owner=ana.user)
    planning.put_plan_in_force(
        actor=actor, at=at, plan=plan, revision=plan.revision, child_view="Škola."
    )
    planning.make_promise(
        actor=actor, at=at, case=case, what="Cipele, broj 40", due_on=due, owner=ana.user
    )


def see(by: cast.Member, case: Case, member: cast.Member, level: Level, **more: Any) -> None:
    """Give somebody access to the case, up to a level."""
    at = now()
    actions.give_grant(
        actor=by.actor(),
        at=at,
        case=case,
        user=member.user,
        level=level,
        reason="conference",
        basis="legal_duty",
        ground="social_protection",
        explanation="Konferencija.",
        until=at + timedelta(days=3),
        **more,
    )


def test_the_case_manager_sees_everything_and_few_queries_make_it() -> None:
    ana = cast.ana()
    case = rich(ana)
    client = ana.client()
    for each in Tab:
        client.get(url(case.pk, each))
        with CaptureQueriesContext(connection) as queries:
            client.get(url(case.pk, each))
        told = "\n".join(q["sql"][:120] for q in queries)
        assert len(queries) <= MOST_QUERIES, f"{each}: {len(queries)}\n{told}"
    text = get(ana, case)
    for words in (
        "Farid Rahimi",
        "فرید رحیمی",
        "مریم رحیمی",
        STORY,
        WHERE,
        "Cipele, broj 40",
        "Ide u školu",
        "Upis",
        "Milan Petrov",
        "Samim N.",
        "1389 in the Solar Hijri calendar",
        "Possible labour exploitation",
        "Begin the initial assessment",
        "legal source not confirmed",
    ):
        assert words in text, words
    assert text.count("<svg") >= 2, "timeline and people are drawn"
    assert "Your access does not show" not in text


def test_one_read_event_says_what_was_shown() -> None:
    ana = cast.ana()
    case = rich(ana)
    reads = Event.objects.filter(outcome="read", case_id=case.pk)
    for which, fields in ((Tab.STORY, {"names", "narrative"}), (Tab.NOW, {"names", "what"})):
        before = reads.count()
        tab(ana, case, which)
        assert reads.count() == before + 1
        assert fields <= set(reads.latest("at").fields)
    assert "narrative" not in reads.latest("at").fields, "what was not shown was not read"


def test_without_names_and_narratives_the_page_says_so() -> None:
    ana, dragan = cast.ana(), cast.dragan()
    case = rich(ana)
    olga = cast.member("Olga N.", Role.NGO_WORKER, "csw-nis")
    see(dragan, case, olga, Level.CASE)
    text = get(olga, case)
    for hidden in ("Farid", "فرید", "مریم", STORY, WHERE, "Cipele", "Samim", "Oficir"):
        assert hidden not in text, hidden
    for words in (
        "Name not shown",
        "What people wrote",
        "Names, documents and phone numbers.",
        "takes part in the case conference",
        "Possible labour exploitation",
    ):
        assert words in text, words
    assert not Event.objects.filter(
        outcome="read", actor_id=olga.user.pk, name="sealed.read"
    ).exists()


def test_the_owner_of_a_task_reads_the_task_and_nothing_else() -> None:
    ana = cast.ana()
    case = rich(ana)
    rade = cast.member("Rade Cvetić", Role.RECEPTION, "csw-nis")
    planning.make_promise(
        actor=ana.actor(),
        at=now(),
        case=case,
        what="Soba bez buke",
        due_on=date.fromisoformat("2030-01-01"),
        owner=rade.user,
    )
    text = get(rade, case)
    assert "Soba bez buke" in text
    assert "Cipele" not in text and "A promise, text not shown" in text


def test_restricted_whereabouts_leave_no_trace_of_the_house() -> None:
    ana, dragan = cast.ana(), cast.dragan()
    case = rich(ana)
    house = str(Organisation.objects.filter(kind="reception_centre").first())
    actions.restrict_whereabouts(
        actor=ana.actor(), at=now(), case=case, revision=case.revision, restricted=True
    )
    olga = cast.member("Olga N.", Role.NGO_WORKER, "csw-nis")
    see(dragan, case, olga, Level.NARRATIVE)
    text = get(olga, case)
    assert house not in text and WHERE not in text
    assert "Emergency reception centre" in text, "that there is a placement is told"
    assert "the whereabouts are restricted" in text
    assert house in get(ana, case)
    paper = olga.client().get(f"/cases/{case.pk}/summary.pdf")
    assert paper.status_code == 200


@pytest.mark.parametrize(
    ("level", "calls"), [(Level.EXISTENCE, False), (Level.CONTACT, True), (Level.SERVICE, True)]
)
def test_below_the_case_only_its_existence_is_told(level: Level, calls: bool) -> None:
    ana, dragan = cast.ana(), cast.dragan()
    case = rich(ana)
    olga = cast.member("Olga N.", Role.NGO_WORKER, "csw-nis")
    see(dragan, case, olga, level)
    text = get(olga, case)
    assert case.number in text and "The content of the case" in text
    assert ("Ana Kostić" in text) is calls
    for hidden in ("Farid", STORY, "exploitation", "Milan Petrov", "What must happen next"):
        assert hidden not in text, hidden
    assert olga.client().get(f"/cases/{case.pk}/summary.pdf").status_code == 403
    assert olga.client().get(f"/cases/{case.pk}/do/contact/").status_code == 403


def test_an_empty_case_says_what_is_missing() -> None:
    ana, teodora = cast.ana(), cast.teodora()
    met = cast.encounter(teodora, at=now())
    actor = teodora.actor()
    person = people.make_person(
        actor=actor, at=now(), kind="encounter", record_id=met.pk, is_subject=True
    )
    encounters.attach_person(actor=actor, at=now(), encounter=met, revision=1, person=person)
    met.refresh_from_db()
    encounters.decide_triage(
        actor=actor, at=now(), encounter=met, revision=met.revision, outcome="at_risk"
    )
    case = actions.open_case(
        actor=actor,
        at=now(),
        person=person,
        organisation=met.responsible,
        priority="regular",
        reason="Sam na putu.",
        manager=ana.user,
        encounter=met,
    )
    text = get(ana, case)
    for words in (
        "Name not known",
        "Under 18 presumed: age not known",
        "not asked yet",
        "No promises are recorded.",
        "There is no plan yet.",
        "No guardian is appointed.",
        "Nobody has spoken with the person alone yet.",
        "Nobody is recorded yet.",
    ):
        assert words in text, words


def test_doubt_about_the_age_shows_the_presumption_and_every_statement() -> None:
    ana = cast.ana()
    case = cast.case(cast.teodora(), ana, at=now())
    people.state(
        actor=ana.actor(),
        at=now(),
        person=case.person,
        attribute="birth",
        birth=(date.fromisoformat("2003-01-01"), date.fromisoformat("2003-12-31")),
        calendar="gregorian",
        said_by="document",
        basis="document",
        detail="Kopija",
    )
    text = get(ana, case)
    assert "Under 18 presumed: the age is in doubt" in text
    assert "1389 in the Solar Hijri calendar" in text and "2003" in text
    assert "shown first" in text


def test_late_by_law_stands_first_and_guidance_is_not_called_late() -> None:
    ana = cast.ana()
    case = cast.case(cast.teodora(), ana, at=now())
    rows = Obligation.objects.filter(case_id=case.pk)
    rows.update(due_at=now() - timedelta(days=9), verified=False)
    rows.filter(activity="begin_initial").update(due_at=now() - timedelta(hours=3), verified=True)
    text = tab(ana, case)
    due = text[text.index('id="next"') :]
    assert due.index("3 h late") < due.index("9 days after the recommended date")
    assert "9 days late" not in text
    assert f"/cases/{case.pk}/do/assessment/" in due


def test_what_happened_tells_when_it_happened_and_when_it_was_recorded() -> None:
    ana = cast.ana()
    case = rich(ana)
    text = tab(ana, case, Tab.STORY, "?events=all")
    happened = text[text.index('id="events"') :]
    visit = happened[: happened.index("First interview")][-900:]
    assert "recorded " in visit
    assert "earlier entries" not in text
    assert "earlier entries" in tab(ana, case, Tab.STORY)


def test_who_may_see_names_people_reasons_and_ends() -> None:
    ana, dragan = cast.ana(), cast.dragan()
    case = rich(ana)
    olga = cast.member("Olga N.", Role.NGO_WORKER, "csw-nis")
    see(dragan, case, olga, Level.CASE)
    text = tab(dragan, case, Tab.ACCESS)
    sight = text[text.index('id="who-may-see"') :]
    for words in (
        "Ana Kostić",
        "responsible for the case",
        "Olga N.",
        "(legal duty: Duty under",
        "until ",
        "Milan Petrov",
        "is the guardian",
        "grant-end",
    ):
        assert words in sight, words
    assert "grant-end" not in get(ana, case), "only leads end what was given"


def test_continuity_counts_people_not_contacts() -> None:
    ana = cast.ana()
    case = rich(ana)
    for interpreter in ("Samim N.", " samim n. ", "Leila K."):
        planning.record_contact(
            actor=ana.actor(),
            at=now(),
            case=case,
            kind="visit",
            happened_at=now(),
            alone_with_child="yes",
            interpreter=interpreter,
        )
    text = tab(ana, case, Tab.STORY)
    panel = text[text.index('id="continuity"') :]
    assert "<dt>Interpreters</dt><dd><bdi>2</bdi>" in panel
    assert "<dt>Professionals the person met</dt><dd><bdi>1</bdi>" in panel


def test_a_closed_case_is_read_and_opened_again() -> None:
    ana = cast.ana()
    case = cast.case(cast.teodora(), ana, at=now(), priority="regular")
    assert not Concern.objects.filter(case=case).exists()
    actions.request_closing(
        actor=ana.actor(),
        at=now(),
        case=case,
        revision=case.revision,
        code="no_further_need",
        reason="Ciljevi postignuti.",
    )
    text = get(ana, case)
    assert "Closed on" in text and "Open the case again" in text
    assert "/do/contact/" not in text and "/do/plan/" not in text


def test_the_paper_is_a_pdf_and_an_event() -> None:
    ana = cast.ana()
    case = rich(ana)
    response = ana.client().get(f"/cases/{case.pk}/summary.pdf")
    assert response.status_code == 200
    assert response.content.startswith(b"%PDF")
    assert case.number in response["Content-Disposition"]
    reads = Event.objects.filter(outcome="read", actor_id=ana.user.pk)
    assert any("summary.pdf" in event.fields for event in reads)


def test_other_languages_and_hidden_cases() -> None:
    ana = cast.ana()
    case = rich(ana)
    client = ana.client()
    client.cookies["language"] = "sr-Cyrl"
    assert client.get(f"/cases/{case.pk}/").status_code == 200
    assert cast.jelena().client().get(f"/cases/{case.pk}/").status_code == 404


def test_names_stay_out_of_the_title() -> None:
    ana = cast.ana()
    text = tab(ana, rich(ana))
    title = text[text.index("<title>") : text.index("</title>")]
    assert "Farid" not in title and "Rahimi" not in title
