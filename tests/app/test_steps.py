"""Every step on a case through its form: what it writes, what it refuses, what it keeps."""

import re
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django import forms
from django.utils.timezone import localtime

from oslonac.access.models import Grant
from oslonac.access.roles import Role
from oslonac.accounts.models import User
from oslonac.audit.models import Event
from oslonac.cases import rules
from oslonac.cases.duties.steps import fulfilling
from oslonac.cases.models import (
    Activity,
    Assessment,
    Case,
    Concern,
    Contact,
    Decision,
    Goal,
    Plan,
    Promise,
    Review,
    Transfer,
)
from oslonac.cases.situation import has_own_form
from oslonac.cases.steps import registry
from oslonac.directory.models import Organisation
from oslonac.guardianship.models import Appointment
from oslonac.kit.clock import now
from oslonac.people.models import GroupMember, Person, PersonName, Relation, Statement, TravelGroup
from oslonac.placements.models import Placement
from oslonac.planning import actions as planning
from oslonac.protocols import catalogue
from oslonac.protocols.dcr.graph import Response
from oslonac.protocols.models import Obligation
from oslonac.vault.sealing import open_one
from tests import cast
from tests.forms import fields_of, fill
from tests.http import page_of
from tests.worlds import fresh, made_once

pytestmark = pytest.mark.django_db
SOON = (cast.today() + timedelta(days=20)).isoformat()
MINUTE = "%Y-%m-%dT%H:%M"


class Stage:
    """A case of Ana's, with colleagues around; steps are taken as a browser would."""

    def __init__(self, **more: Any) -> None:
        self.teodora, self.ana = cast.teodora(), cast.ana()
        self.dragan, self.milan = cast.dragan(), cast.milan()
        at = now() - timedelta(hours=6)
        self.case = cast.case(self.teodora, self.ana, at=at, **more)

    def url(self, slug: str, subject: Any = None) -> str:
        base = f"/cases/{self.case.pk}/do/{slug}/"
        return f"{base}{subject.pk}/" if subject is not None else base

    def take(self, who: cast.Member, slug: str, subject: Any = None, **answers: Any) -> Any:
        response = fill(who.client(), self.url(slug, subject), **answers)
        assert response.status_code == 302, errors(response)
        assert re.search(rf"/cases/{self.case.pk}/(\w+/)?#", response["Location"])
        self.case.refresh_from_db()
        return response

    def refused(self, who: cast.Member, slug: str, subject: Any = None, **answers: Any) -> str:
        response = fill(who.client(), self.url(slug, subject), **answers)
        assert response.status_code == 422, response.status_code
        return page_of(response)


def errors(response: Any) -> str:
    text = response.content.decode()
    start = text.find('role="alert"')
    return text[start : start + 900]


def local(hours_ago: float = 1) -> str:
    return localtime(now() - timedelta(hours=hours_ago)).strftime(MINUTE)


made = made_once(Stage)


@pytest.fixture
def stage(made: Stage) -> Stage:
    return fresh(made)


def test_everything_that_can_be_owed_leads_to_a_step() -> None:
    """A form of its own, on the record the duty is about where the form needs one; else "done"."""
    for activity, found in catalogue.activities().items():
        owed = any(
            isinstance(r, Response) and r.target.removesuffix(".started") == activity
            for r in found.protocol.graph.relations
        )
        if not owed:
            continue
        subject = uuid4() if found.step.each else None
        duty = Obligation(id=uuid4(), case_id=uuid4(), activity=activity, subject_id=subject)
        step = fulfilling.step_of(duty)
        assert step is not None, activity
        own = fulfilling.where(duty)[0] != fulfilling.DONE
        # What "done" may record and what has a form of its own are told apart in one way.
        assert own == has_own_form(found.step), activity


def test_every_step_has_a_title_a_permission_and_a_place_on_the_page() -> None:
    for step in registry.all_steps():
        assert str(step.title) and str(step.done) and step.anchor, step.slug
        assert set(step.compares) <= set(step.form.base_fields) | {"said_by", "basis"}, step.slug


def test_contact_promise_and_review(stage: Stage) -> None:
    stage.take(
        stage.ana,
        "contact",
        kind="first",
        happened_at=local(),
        alone_with_child="yes",
        interpreter="Samim N.",
        told_story="on",
        information_given=["rights", "asylum"],
        narrative="Želi da pozove majku.",
    )
    contact = Contact.objects.get(case=stage.case)
    assert contact.told_story and contact.information_given == ["rights", "asylum"]
    assert open_one(contact, "narrative") == "Želi da pozove majku."
    stage.take(stage.ana, "promise", what="Cipele, broj 40", due_on=SOON, owner=stage.ana.user.pk)
    promise = Promise.objects.get(case=stage.case)
    assert promise.owner_id == stage.ana.user.pk
    stage.take(stage.ana, "promise", promise, status="kept", note="Dobio ih je.")
    promise.refresh_from_db()
    assert promise.status == "kept"
    stage.take(
        stage.ana,
        "review",
        happened_at=local(),
        outcome="continue",
        findings="Ide u školu.",
        child_view="Sviđa mu se.",
    )
    assert Review.objects.filter(case=stage.case).count() == 1


def test_assignment_offers_colleagues_with_their_load(stage: Stage) -> None:
    jovan = cast.member("Jovan Đorđević", Role.CASE_MANAGER)
    form = page_of(stage.dragan.client().get(stage.url("assignment")))
    assert "Jovan Đorđević" in form and "0 open cases" in form
    stage.take(stage.dragan, "assignment", manager=jovan.user.pk)
    assert stage.case.manager_id == jovan.user.pk


def test_somebody_of_another_centre_is_refused_as_manager(stage: Stage) -> None:
    jelena = cast.jelena()
    text = stage.refused(stage.dragan, "assignment", manager=jelena.user.pk)
    assert "Only a case manager of the responsible centre" in text


def test_priority_pathway_best_interest_and_whereabouts() -> None:
    stage = Stage(pathway=rules.Pathway.TRANSIT)
    stage.take(stage.ana, "priority", priority="immediate", reason="Muškarac ga traži.")
    assert stage.case.priority == "immediate"
    stage.take(stage.ana, "pathway", reason="Ostaje u Vranju.")
    assert stage.case.pathway == rules.Pathway.FULL
    stage.take(stage.ana, "best-interest", code="spajanje", reason="Majka je pronađena.")
    assert Decision.objects.filter(case=stage.case, kind="best_interest").exists()
    stage.take(stage.ana, "whereabouts")
    assert stage.case.whereabouts_restricted
    stage.take(stage.ana, "whereabouts-lift")
    assert not stage.case.whereabouts_restricted


def test_access_is_given_until_a_day_and_ended(stage: Stage) -> None:
    ngo = cast.member("Olga N.", Role.NGO_WORKER, "csw-nis")
    login = open_one(ngo.user, "login")
    answers = {
        "level": "40",
        "reason": "conference",
        "basis": "legal_duty",
        "until": SOON,
        "ground": "social_protection",
        "explanation": "Poziva se na konferenciju.",
    }
    text = stage.refused(stage.dragan, "grant", login="nobody-by-this-name", **answers)
    assert "There is no user with this login name" in text
    stage.take(stage.dragan, "grant", login=login, **answers)
    grant = Grant.objects.get(record_id=stage.case.pk, grantee=ngo.user)
    assert grant.ends_at is not None and localtime(grant.ends_at).hour == 0
    stage.take(stage.dragan, "grant-end", grant)
    assert ngo.client().get(f"/cases/{stage.case.pk}/").status_code == 404


def test_a_suspicion_is_notified_and_decided(stage: Stage) -> None:
    stage.take(stage.ana, "concern", kind="trafficking_labour", detail="Odnosi mu telefon.")
    concern = Concern.objects.get(case=stage.case)
    text = stage.refused(
        stage.ana, "concern-decision", concern, decision="monitor", reason="Ne još."
    )
    assert "Choose whether safety was offered" in text
    body = page_of(stage.ana.client().get(stage.url("concern-notice", concern)))
    name = body.split('<option value="')[1].split('"')[0]
    stage.take(stage.ana, "concern-notice", concern, body=name)
    stage.take(
        stage.ana,
        "concern-decision",
        concern,
        decision="monitor",
        reason="Policija proverava.",
        safety_offered="accepted",
        review_on=SOON,
    )
    concern.refresh_from_db()
    assert (concern.status, concern.safety_offered) == ("monitored", "accepted")


def test_assessment_is_begun_saved_and_completed_on_one_page(stage: Stage) -> None:
    stage.take(stage.ana, "assessment")
    found = stage.ana.client().get(stage.url("assessment"))
    assessment = Assessment.objects.get(case=stage.case)
    assert found["Location"] == stage.url("assessment", assessment), "goes on with the begun one"
    stage.take(stage.ana, "assessment", assessment, safety="Bezbedan noću.")
    text = stage.refused(stage.ana, "assessment", assessment, button="complete", needs="Škola.")
    assert "Please write something here." in text and "Škola." in text
    stage.take(
        stage.ana,
        "assessment",
        assessment,
        button="complete",
        alone_with_child="yes",
        conclusion="Puno vođenje slučaja.",
        child_view="Hoću u školu.",
    )
    assessment.refresh_from_db()
    assert assessment.status == "completed"
    assert open_one(assessment, "safety") == "Bezbedan noću."


def test_plan_from_draft_to_force(stage: Stage) -> None:
    stage.take(stage.ana, "plan", child_view="Škola.")
    plan = Plan.objects.get(case=stage.case)
    text = stage.refused(stage.ana, "plan", plan)
    assert "Add at least one goal first." in text
    goal_answers = {"domain": "education", "outcome": "Ide u školu", "indicator": "Dnevnik"}
    stage.take(stage.ana, "goal-add", plan, **goal_answers)
    goal = Goal.objects.get(plan=plan)
    text = stage.refused(stage.ana, "activity-add", goal, what="Upis", due_on=SOON)
    assert "Choose who does it." in text
    stage.take(
        stage.ana, "activity-add", goal, what="Upis", due_on=SOON, owner=stage.dragan.user.pk
    )
    activity = Activity.objects.get(goal=goal)
    stage.take(stage.ana, "goal", goal, reached="partly")
    stage.take(stage.ana, "plan", plan)
    plan.refresh_from_db()
    assert plan.status == "in_force"
    stage.take(stage.ana, "activity", activity, status="done")
    activity.refresh_from_db()
    assert activity.status == "done"


def test_what_was_just_done_is_undone_with_one_press(stage: Stage) -> None:
    stage.take(stage.ana, "promise", what="Poziv", due_on=SOON, owner=stage.ana.user.pk)
    promise = Promise.objects.get(case=stage.case)
    client = stage.ana.client()
    fill(client, stage.url("promise", promise), status="kept")
    page = page_of(client.get(f"/cases/{stage.case.pk}/"))
    address = page.split('<form method="post" action="/cases/')[1].split('"')[0]
    assert "/undo/promise/" in address
    assert client.get(f"/cases/{address}").status_code == 302, "a link alone undoes nothing"
    promise.refresh_from_db()
    assert promise.status == "kept"
    client.post(f"/cases/{address}")
    promise.refresh_from_db()
    assert promise.status == "open"
    client.post(f"/cases/{address}")  # pressed twice
    assert Event.objects.filter(name="promise.reopened").count() == 1


def test_transfer_is_asked_for_answered_and_taken_back(stage: Stage) -> None:
    jelena = cast.jelena()
    name = str(jelena.organisation)
    answers = {"receiver": name, "reason": "jurisdiction", "note": "Preselio se."}
    text = stage.refused(stage.ana, "transfer", **(answers | {"receiver": "Nepostojeći"}))
    assert "not in the register" in text and "Preselio se." in text
    stage.take(stage.ana, "transfer", **answers)
    transfer = Transfer.objects.get(case=stage.case)
    own = stage.ana.client().get(stage.url("transfer-answer", transfer))
    assert own.status_code == 302, "the sender does not answer its own proposal"
    stage.take(stage.ana, "transfer-withdraw", transfer)
    stage.take(stage.ana, "transfer", **answers)
    transfer = Transfer.objects.exclude(pk=transfer.pk).get(case=stage.case)
    stage.take(jelena, "transfer-answer", transfer, status="accepted")
    assert stage.case.organisation_id == jelena.organisation.pk


def test_closing_is_approved_by_another_person_and_opened_again(stage: Stage) -> None:
    answers = {"code": "turned_18", "reason": "Stigao kod strica.", "feedback_offered": "yes"}
    stage.take(stage.ana, "closing", **answers)
    decision = Decision.objects.get(case=stage.case, kind="closing")
    stage.take(stage.ana, "closing-withdraw", decision)
    stage.take(stage.ana, "closing", **answers)
    decision = Decision.objects.exclude(pk=decision.pk).get(case=stage.case, kind="closing")
    own = stage.ana.client().get(stage.url("closing-answer", decision))
    assert own.status_code == 403
    text = stage.refused(stage.dragan, "closing-answer", decision, approved="no")
    assert "Please write something here." in text
    stage.take(stage.dragan, "closing-answer", decision, approved="yes")
    assert stage.case.status == "closed"
    turned = stage.ana.client().get(stage.url("contact"))
    assert turned.status_code == 302, "nothing is done on a closed case"
    stage.take(stage.ana, "reopen", code="returned", priority="urgent", reason="Vratio se.")
    assert stage.case.status == "open"


def test_a_field_worker_is_refused_as_guardian_with_the_reason(stage: Stage) -> None:
    form = page_of(stage.ana.client().get(stage.url("guardian")))
    assert "Milan Petrov" in form and "guardian of 0 children" in form
    text = stage.refused(
        stage.ana, "guardian", guardian=stage.teodora.user.pk, witness="Oficir N. N."
    )
    assert "cannot be the guardian" in text
    assert "Oficir N. N." in text, "what was typed is kept"


def test_guardian_from_oral_appointment_to_release(stage: Stage) -> None:
    stage.take(stage.ana, "guardian", guardian=stage.milan.user.pk, witness="Oficir N. N.")
    first = Appointment.objects.get(case=stage.case)
    stage.take(stage.ana, "guardian-written", first, document_number="553-1/2026")
    stage.take(stage.ana, "guardian", name="Vera Simić", oral="no", document_number="553-2")
    second = Appointment.objects.exclude(pk=first.pk).get(case=stage.case)
    stage.take(stage.ana, "guardian-handover", second, with_child="on", note="Razgovor.")
    second.refresh_from_db()
    assert second.handover_with_child
    stage.take(stage.ana, "guardian-end", second, reason="guardian_request")
    second.refresh_from_db()
    assert second.status == "ended"


def test_placement_begins_moves_and_ends(stage: Stage) -> None:
    text = stage.refused(stage.ana, "placement", kind="emergency_centre", from_at=local(3))
    assert "Enter where the person is placed." in text
    form = stage.ana.client().get(stage.url("placement")).content.decode()
    house = form.split("id_organisation_list")[-1].split('<option value="')[1].split('"')[0]
    stage.take(
        stage.ana, "placement", kind="emergency_centre", from_at=local(3), organisation=house
    )
    stage.take(stage.ana, "placement", kind="foster", from_at=local(1), place="Vranje")
    placement = Placement.objects.get(case=stage.case, status="running")
    stage.take(stage.ana, "placement-end", placement, until_at=local(0.2), reason="Preseljen")
    placement.refresh_from_db()
    assert placement.status == "ended"


@pytest.mark.parametrize(
    ("slug", "answers"),
    [
        ("name", {"full": "فرید رحیمی", "said_by": "document", "basis": "document"}),
        (
            "birth",
            {"born_calendar": "solar_hijri", "born_year": "1387", "detail": "سال ۱۳۸۷"},
        ),
        ("sex", {"code": "male"}),
        ("citizenship", {"code": "AF"}),
        ("language", {"code": "fa-AF", "level": "first"}),
        ("document", {"code": "passport", "detail": "P 12 345"}),
        ("phone", {"detail": "+93 700 000 111"}),
        ("address", {"detail": "Ulica bb, Vranje"}),
        ("fact", {"attribute": "wish", "detail": "Hoće u Grac."}),
    ],
)
def test_statements_about_the_child(stage: Stage, slug: str, answers: dict[str, str]) -> None:
    names, statements = PersonName.objects.count(), Statement.objects.count()
    stage.take(stage.ana, slug, **answers)
    added = PersonName.objects.count() - names + Statement.objects.count() - statements
    assert added == 1
    assert Event.objects.filter(case_id=stage.case.pk, actor_id=stage.ana.user.pk).exists()


def test_a_birth_in_the_childs_own_calendar_is_an_interval(stage: Stage) -> None:
    stage.take(stage.ana, "birth", born_calendar="solar_hijri", born_year="1387")
    said = Statement.objects.filter(attribute="birth").latest("stated_at")
    assert (said.born_from, said.born_to) == (date(2008, 3, 20), date(2009, 3, 20))
    text = stage.refused(
        stage.ana,
        "birth",
        born_calendar="solar_hijri",
        born_year="1387",
        born_month="12",
        born_day="31",
    )
    assert "This date does not exist in this calendar" in text


def test_people_around_are_claimed_checked_and_decided_on(stage: Stage) -> None:
    text = stage.refused(stage.ana, "relation", kind="cousin")
    assert "Choose somebody, or write the name" in text
    stage.take(stage.ana, "relation", kind="cousin", name="نبی رحیمی", present="on")
    relation = Relation.objects.get()
    stage.take(stage.ana, "relation-check", relation, status="verified", evidence="Video poziv.")
    relation.refresh_from_db()
    assert relation.status == "verified"
    cousin = relation.to_person_id
    stage.take(
        stage.ana,
        "group",
        label="Preševo",
        companions=[str(cousin)],
        newcomers="Hamid A.\nمحمد علی",
        leader=str(cousin),
    )
    group = TravelGroup.objects.get()
    assert group.members.count() == 4
    assert group.members.get(role="leader").person_id == cousin
    stage.take(stage.ana, "group-join", group, name="Omid", role="member")
    member = GroupMember.objects.get(person=cousin)
    stage.take(
        stage.ana,
        "group-decide",
        member,
        decision="keep",
        reasons="Znaju se od malena.",
        child_view="Hoću s njim.",
    )
    member.refresh_from_db()
    assert member.decision == "keep"


def test_a_double_click_makes_one_record(stage: Stage) -> None:
    client = stage.ana.client()
    url = stage.url("relation")
    answers = fields_of(client.get(url).content.decode())
    answers |= {"kind": "uncle", "name": "Karim"}
    people = Person.objects.count()
    for _ in range(2):
        assert client.post(url, answers).status_code == 302
    assert Relation.objects.count() == 1
    assert Person.objects.count() == people + 1
    again = client.post(url, answers | {"kind": "aunt"})
    assert again.status_code == 422
    assert "already saved" in again.content.decode()


def test_two_people_write_and_nothing_is_lost(stage: Stage) -> None:
    assessment = planning.begin_assessment(actor=stage.ana.actor(), at=now(), case=stage.case)
    url = stage.url("assessment", assessment)
    ana, dragan = stage.ana.client(), stage.dragan.client()
    hers = fields_of(ana.get(url).content.decode())
    his = fields_of(dragan.get(url).content.decode())
    assert dragan.post(url, his | {"safety": "Bezbedan.", "needs": "Lekar."}).status_code == 302
    response = ana.post(url, hers | {"safety": "Nije bezbedan!", "health": "Noge."})
    text = response.content.decode()
    assert response.status_code == 409
    assert "Dragan Savić" in text and "Their version" in text
    assert "Bezbedan." in text and "Nije bezbedan!" in text
    chosen = fields_of(text) | {"safety": "Nije bezbedan!", "needs": "Lekar.", "health": "Noge."}
    assert ana.post(url, chosen).status_code == 302
    assessment.refresh_from_db()
    found = [open_one(assessment, name) for name in ("safety", "needs", "health")]
    assert found == ["Nije bezbedan!", "Lekar.", "Noge."]


def test_a_change_elsewhere_in_the_case_does_not_collide(stage: Stage) -> None:
    client = stage.ana.client()
    url = stage.url("priority")
    typed = fields_of(client.get(url).content.decode()) | {
        "priority": "regular",
        "reason": "Mirno je.",
    }
    stage.take(stage.dragan, "whereabouts")
    response = client.post(url, typed)
    text = response.content.decode()
    assert response.status_code == 409
    assert "Mirno je." in text
    again = client.post(url, fields_of(text) | {"priority": "regular"})
    assert again.status_code == 302
    stage.case.refresh_from_db()
    assert stage.case.priority == "regular"


@pytest.mark.parametrize("text", ["x" * 100_001, "a\x00b", "\u202eevil", "🙂" * 500, "\ud800"])
def test_any_text_is_taken_or_refused_with_a_sentence(stage: Stage, text: str) -> None:
    answers = {"kind": "phone", "happened_at": local(), "alone_with_child": "no"}
    encoded = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    response = fill(stage.ana.client(), stage.url("contact"), **answers, narrative=encoded)
    assert response.status_code in (302, 422)
    if response.status_code == 422:
        assert "field-error" in response.content.decode()


@pytest.mark.parametrize("moment", ["", "yesterday", "2999-01-01T10:00", "0001-01-01T00:00"])
def test_moments_that_make_no_sense_are_refused_beside_the_field(stage: Stage, moment: str) -> None:
    answers = {"kind": "phone", "alone_with_child": "no", "narrative": "Poziv."}
    response = fill(stage.ana.client(), stage.url("contact"), **answers, happened_at=moment)
    assert response.status_code == 422
    assert "Poziv." in response.content.decode()


def test_unknown_hidden_and_foreign_ids_look_alike(stage: Stage) -> None:
    jelena = cast.jelena()
    other = cast.case(stage.teodora, cast.ana(), at=now())
    foreign = planning.make_promise(
        actor=stage.dragan.actor(),
        at=now(),
        case=other,
        what="Poziv",
        due_on=date.fromisoformat(SOON),
        owner=stage.dragan.user,
    )
    pages = [
        jelena.client().get(stage.url("contact")),
        stage.ana.client().get(stage.url("promise", foreign)),
        stage.ana.client().get(stage.url("no-such-step")),
        stage.ana.client().get(f"/cases/{foreign.pk}/"),
    ]
    assert [page.status_code for page in pages] == [404] * 4


def test_a_step_without_the_permission_is_refused_and_told_to_the_ledger(stage: Stage) -> None:
    response = stage.teodora.client().get(stage.url("closing"))
    assert response.status_code == 403
    assert Event.objects.filter(outcome="denied", actor_id=stage.teodora.user.pk).exists()


def test_an_obligation_may_name_a_record_the_step_does_not_need(stage: Stage) -> None:
    response = stage.ana.client().get(stage.url("contact", stage.case))
    assert response["Location"] == stage.url("contact")


def test_the_form_says_whose_file_it_is_and_the_ledger_that_it_was_read(stage: Stage) -> None:
    page = page_of(stage.ana.client().get(stage.url("contact")))
    assert "Farid Rahimi" in page
    assert "Farid" not in page.split("<title>")[1].split("</title>")[0]
    read = Event.objects.filter(outcome="read", actor_id=stage.ana.user.pk).latest("at")
    assert "shown_name" in read.fields


def test_names_of_staff_are_not_guessed_by_id(stage: Stage) -> None:
    answers = {"what": "Poziv", "due_on": SOON, "owner": str(stage.case.pk)}
    assert "Choose one." in stage.refused(stage.ana, "promise", **answers)
    assert User.objects.filter(pk=stage.case.pk).count() == 0
    assert Case.objects.filter(pk=stage.case.pk).exists()


def test_suggestions_are_of_this_form_alone() -> None:
    """What one form could offer is not offered by the next: another language, another house."""
    from oslonac.steps.fields import OrganisationNamed

    class Asked(forms.Form):
        house = OrganisationNamed()

    first, second = Asked(), Asked()
    first.fields["house"].prepare(None)
    Organisation.objects.update(active=False)
    second.fields["house"].prepare(None)
    assert first.fields["house"].widget.suggestions
    assert second.fields["house"].widget.suggestions == []
