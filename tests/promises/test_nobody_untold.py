"""Told means told: duties are met by those they are asked of, and nothing ends un-notified.

The walk over the guards alone is in `tests/rules/test_suspicions.py`; here the ways out are tried
through the product, as the people in the stories would.
"""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from oslonac.access.actions import grant_user
from oslonac.access.actor import SYSTEM, holders_of
from oslonac.access.roles import Role
from oslonac.access.rules import Level, Reason, RecordKind
from oslonac.cases.models import Case, Concern
from oslonac.cases.steps.registry import all_steps
from oslonac.config.packfolder import pack_dir
from oslonac.directory.models import Organisation
from oslonac.protocols import rising
from oslonac.protocols.checking import check_paths
from oslonac.protocols.models import Obligation
from oslonac.protocols.pack import product_vocabulary
from tests import cast
from tests.app.case_tabs import shown_to
from tests.forms import fill
from tests.http import Http

pytestmark = pytest.mark.django_db

REASON = "He denies everything; nobody else was asked."


def office(code: str) -> str:
    return str(Organisation.objects.get(code=code).pk)


def opened(
    *, suspicions: tuple[str, ...] = (), manager: cast.Member | None = None, **more: Any
) -> Case:
    at = datetime.now(UTC)
    return cast.case(
        cast.teodora(), manager, at=at, encounter={"suspicions": list(suspicions)}, **more
    )


def revision(who: Http, case: Case) -> int:
    found: int = who.get(f"/cases/{case.pk}")["revision"]
    return found


class Suspicion:
    """A case with a suspicion, its manager and her supervisor."""

    def __init__(self, kind: str = "trafficking_labour") -> None:
        self.ana, self.dragan = cast.ana(), cast.dragan()
        self.manager, self.lead = Http(self.ana), Http(self.dragan)
        self.case = opened(suspicions=(kind,), manager=self.ana)
        self.path = f"/cases/{self.case.pk}"

    @property
    def concern(self) -> dict[str, Any]:
        found = self.manager.get(self.path + "/concerns")
        rows = found["items"] if isinstance(found, dict) else found
        row: dict[str, Any] = rows[0]
        return row

    def ended_long_ago(self) -> None:
        """As files stand in which this was not asked yet."""
        Concern.objects.filter(case=self.case).update(
            status="ended",
            decision="not_confirmed",
            decided_at=datetime.now(UTC),
            decided_by=self.ana.user,
        )

    def decide(self, decision: str, expect: Any = (200, 201), safety: str = "not_needed") -> Any:
        more = {}
        if decision in ("monitor", "confirmed"):
            more["review_on"] = (cast.today() + timedelta(days=9)).isoformat()
        return self.manager.post(
            f"{self.path}/concerns/{self.concern['id']}/decision",
            expect=expect,
            revision=self.concern["revision"],
            decision=decision,
            reason=REASON,
            safety_offered=safety,
            **more,
        )

    def notify(self, body: str = "cptv", expect: Any = (200, 201)) -> Any:
        return self.manager.post(
            f"{self.path}/concerns/{self.concern['id']}/notification",
            expect=expect,
            revision=self.concern["revision"],
            body=office(body),
        )

    def close(self, code: str, expect: Any = (200, 201)) -> Any:
        return self.manager.post(
            f"{self.path}/closing",
            expect=expect,
            revision=revision(self.manager, self.case),
            code=code,
            reason=REASON,
        )


def test_d1_story_14_he_denies_and_the_file_is_not_quietly_closed() -> None:
    story = Suspicion()
    for decision in ("not_confirmed", "resolved", "confirmed"):
        for safety in ("not_needed", "declined", "accepted"):
            refused = story.decide(decision, 409, safety)
            assert refused["code"] == "suspicion.not_notified", (decision, safety)
    story.decide("monitor", safety="declined")
    assert story.close("no_further_need", 409)["code"] == "closing.suspicion_open"
    assert "notify_suspicion" in story.manager.duties(str(story.case.pk))

    assert story.notify("csw-nis", 409)["code"] == "suspicion.other_body"
    story.notify()
    story.decide("not_confirmed")
    asked = story.close("no_further_need")
    story.lead.post(
        f"{story.path}/closing/{asked['id']}/answer", revision=asked["revision"], approved=True
    )
    assert story.lead.get(story.path)["status"] == "closed"


def test_d1_no_reason_of_closing_is_a_way_around_what_was_decided_before() -> None:
    story = Suspicion()
    story.ended_long_ago()
    codes = ("no_further_need", "turned_18", "duplicate", "opened_in_error", "left_country")
    for code in codes:
        assert story.close(code, 409)["code"] == "suspicion.not_notified", code
    story.notify()
    story.close("no_further_need")


def test_d1_a_closing_asked_for_is_not_approved_either() -> None:
    story = Suspicion()
    story.notify()
    story.decide("not_confirmed")
    asked = story.close("no_further_need")
    Concern.objects.filter(case=story.case).update(notified_at=None)
    refused = story.lead.post(
        f"{story.path}/closing/{asked['id']}/answer",
        expect=409,
        revision=asked["revision"],
        approved=True,
    )
    assert refused["code"] == "suspicion.not_notified"


def test_d1_the_duty_goes_with_the_case_to_another_centre() -> None:
    story = Suspicion()
    asked = story.manager.post(
        f"{story.path}/transfers",
        receiver=office("csw-nis"),
        reason="placed_elsewhere",
        note="The boy lives in Niš now.",
    )
    jelena = Http(cast.jelena())
    jelena.post(
        f"{story.path}/transfers/{asked['id']}/answer",
        revision=asked["revision"],
        status="accepted",
        answer="We take him.",
    )
    assert "notify_suspicion" in jelena.duties(str(story.case.pk))
    refused = jelena.post(
        f"{story.path}/closing",
        expect=409,
        revision=revision(jelena, story.case),
        code="no_further_need",
        reason=REASON,
    )
    assert refused["code"] == "closing.suspicion_open"


@pytest.mark.parametrize("kind", ["trafficking_begging", "early_marriage", "begging"])
def test_d1_a_triage_does_not_stop_with_a_suspicion_of_trafficking(kind: str) -> None:
    teodora = cast.teodora()
    met = cast.encounter(teodora, at=datetime.now(UTC), suspicions=[kind], safety="safe")
    body = {
        "revision": met.revision,
        "outcome": "not_endangered",
        "reasons": ["parent_present"],
        "suspicion_decision": "Provereno sa policijom: porodica putuje zajedno.",
    }
    refused = Http(teodora).post(f"/encounters/{met.pk}/triage", expect=409, **body)
    assert refused["code"] == "triage.trafficking"


def test_d1_a_file_with_a_suspicion_nobody_was_notified_of_is_not_destroyed() -> None:
    story = Suspicion()
    story.ended_long_ago()
    Case.objects.filter(pk=story.case.pk).update(
        status="closed", closed_at=datetime.now(UTC), closing_reason="no_further_need"
    )
    refused = story.lead.post(
        f"{story.path}/disposals", expect=409, ground="request", reference="Zahtev 1/26"
    )
    assert refused["code"] == "suspicion.not_notified"


@pytest.mark.parametrize("kind", ["early_marriage", "smuggling_harm", "begging"])
def test_d9_what_the_list_takes_for_trafficking_is_notified(kind: str) -> None:
    story = Suspicion(kind)
    assert story.concern["is_suspicion"]
    assert "notify_suspicion" in story.manager.duties(str(story.case.pk))
    assert story.decide("not_confirmed", 409)["code"] == "suspicion.not_notified"


def test_d9_a_suspicion_that_is_no_trafficking_asks_for_a_decision_only() -> None:
    story = Suspicion("sexual_abuse")
    assert "notify_suspicion" not in story.manager.duties(str(story.case.pk))
    story.decide("not_confirmed")


def steps(who: cast.Member, case: Case, activity: str, expect: Any = (200, 201)) -> Any:
    return Http(who).post(
        f"/cases/{case.pk}/steps",
        expect=expect,
        activity=activity,
        happened_at=datetime.now(UTC).isoformat(),
        evidence="Decision 551-4/26, read on the telephone.",
        all_the_same=True,
    )


def let_see(case: Case, who: cast.Member, level: Level = Level.IDENTITY) -> cast.Member:
    grant_user(
        actor=SYSTEM,
        at=datetime.now(UTC),
        kind=RecordKind.CASE,
        record_id=case.pk,
        user_id=who.user.pk,
        level=level,
        reason=Reason.CONFERENCE,
    )
    return who


def done(case: Case, activity: str) -> bool:
    return Obligation.objects.filter(case_id=case.pk, activity=activity, state="done").exists()


@pytest.mark.parametrize(
    ("activity", "role", "home"),
    [
        ("return_status_decided", Role.VICTIMS_ADVISER, "cptv"),
        ("uasc_police_registration", Role.POLICE, "mup"),
    ],
)
def test_d5_a_step_of_another_body_is_recorded_by_that_body_alone(
    activity: str, role: Role, home: str
) -> None:
    ana = cast.ana()
    case = opened(manager=ana)
    steps(ana, case, "return_proposed")
    others = [
        ana,
        cast.dragan(),
        cast.member("Head Of Vranje", Role.HEAD),
        let_see(case, cast.member("Nikola Tim", Role.NGO_WORKER, "atina")),
        let_see(case, cast.milan()),
    ]
    for who in others:
        steps(who, case, activity, 403)
    assert not done(case, activity)
    adviser = let_see(case, cast.member("Katarina Savet", role, home))
    page = adviser.client().get(f"/cases/{case.pk}/").content.decode()
    duty = Obligation.objects.get(case_id=case.pk, activity=activity)
    assert f"/do/duty/{duty.pk}/" in page
    assert f"/do/duty/{duty.pk}/" not in ana.client().get(f"/cases/{case.pk}/").content.decode()
    steps(adviser, case, activity)
    assert done(case, activity)


def test_d5_what_is_asked_of_a_post_of_the_centre_is_not_met_by_the_same_post_elsewhere() -> None:
    ana = cast.ana()
    case = opened(manager=ana)
    elsewhere = let_see(case, cast.member("Jovana Druga", Role.CASE_MANAGER, "csw-nis"))
    steps(elsewhere, case, "uasc_health_check", 403)
    steps(cast.member("Iva Treća", Role.SUPERVISOR), case, "uasc_health_check")
    assert done(case, "uasc_health_check")


def test_d7_an_organisation_drafts_a_plan_and_only_the_centre_puts_it_into_force() -> None:
    ana = cast.ana()
    case = opened(manager=ana)
    ngo = let_see(case, cast.member("Nikola Tim", Role.NGO_WORKER, "atina"))
    nikola, manager, path = Http(ngo), Http(ana), f"/cases/{case.pk}"
    plan = nikola.post(f"{path}/plans", child_view="Wants to learn.")
    goal = {"domain": "education", "outcome": "In school", "indicator": "Goes there"}
    made = nikola.post(f"{path}/plans/{plan['id']}/goals", **goal)
    goal_id = made["goals"][0]["id"] if "goals" in made else made["id"]
    nikola.post(
        f"{path}/goals/{goal_id}/activities",
        what="Ask the school",
        due_on=(cast.today() + timedelta(days=9)).isoformat(),
        owner=str(ana.user.pk),
    )
    now = manager.get(f"{path}/plans")
    row = (now["items"] if isinstance(now, dict) else now)[0]
    force = {"revision": row["revision"], "child_view": "Wants to learn."}
    nikola.post(f"{path}/plans/{plan['id']}/force", expect=403, **force)
    assert f"/do/plan/{plan['id']}/" not in ngo.client().get(f"{path}/").content.decode()
    manager.post(f"{path}/plans/{plan['id']}/force", **force)
    nikola.post(f"{path}/plans/{plan['id']}/goals", expect=403, **goal)
    assert f"/do/goal-add/{plan['id']}/" not in ngo.client().get(f"{path}/").content.decode()


def test_d7_an_organisation_neither_reviews_the_plan_nor_changes_the_path() -> None:
    ana = cast.ana()
    case = opened(manager=ana, pathway="transit")
    nikola = Http(let_see(case, cast.member("Nikola Tim", Role.NGO_WORKER, "atina")))
    nikola.post(
        f"/cases/{case.pk}/reviews",
        expect=403,
        happened_at=datetime.now(UTC).isoformat(),
        outcome="close",
        findings="Nothing more to do.",
        child_view="Wants to go.",
    )
    nikola.post(
        f"/cases/{case.pk}/pathway",
        expect=403,
        revision=revision(nikola, case),
        reason="The boy stays.",
    )


def ask_closing(who: Http, case: Case, code: str, expect: Any = (200, 201)) -> Any:
    return who.post(
        f"/cases/{case.pk}/closing",
        expect=expect,
        revision=revision(who, case),
        code=code,
        reason="Gone, says the boy in the next bed.",
    )


def test_d6_who_left_is_missing_until_a_return_was_signed_off() -> None:
    ana = cast.ana()
    case = opened(manager=ana, pathway="transit")
    manager = Http(ana)
    refused = ask_closing(manager, case, "left_country", 409)
    assert refused["code"] == "closing.step_lacking"
    assert "Sign off the return" in refused["detail"] and "missing" in refused["detail"]
    assert ask_closing(manager, case, "not_contactable", 409)["code"] == "closing.concern_lacking"
    manager.post(f"/cases/{case.pk}/concerns", kind="missing", detail="Reported to the police.")
    asked = ask_closing(manager, case, "not_contactable")
    assert asked["status"] == "requested"


def test_d6_a_return_signed_off_by_the_head_opens_the_way_and_an_old_one_does_not() -> None:
    ana, dragan = cast.ana(), cast.dragan()
    case = opened(manager=ana)
    steps(ana, case, "return_proposed")
    steps(ana, case, "return_sign_off", 403)
    steps(cast.member("Head Of Vranje", Role.HEAD), case, "return_sign_off")
    manager, lead = Http(ana), Http(dragan)
    asked = ask_closing(manager, case, "left_country")
    answer = f"/cases/{case.pk}/closing/{asked['id']}/answer"
    lead.post(answer, revision=asked["revision"], approved=True)
    lead.post(
        f"/cases/{case.pk}/reopening",
        revision=revision(lead, case),
        code="returned",
        priority="urgent",
        reason="Seen at the station again.",
    )
    assert ask_closing(lead, case, "left_country", 409)["code"] == "closing.step_lacking"


def test_d6_of_somebody_of_age_no_return_of_a_child_is_asked() -> None:
    ana = cast.ana()
    case = opened(manager=ana)
    case.person.born_from, case.person.born_to = date(1990, 1, 1), date(1990, 12, 31)
    case.person.save()
    assert ask_closing(Http(ana), case, "left_country")["status"] == "requested"


def test_d11_a_return_signed_off_with_checks_open_names_them_and_says_why() -> None:
    ana, head = cast.ana(), cast.member("Head Of Vranje", Role.HEAD)
    case = opened(manager=ana)
    steps(ana, case, "return_proposed")
    body = {
        "activity": "return_sign_off",
        "happened_at": datetime.now(UTC).isoformat(),
        "all_the_same": True,
    }
    for nothing in ("ok", ".", "-", "Da", "ok ok", "OK."):
        refused = Http(head).post(f"/cases/{case.pk}/steps", expect=422, evidence=nothing, **body)
        assert "evidence" in refused["errors"], nothing
    signed = Http(head).post(
        f"/cases/{case.pk}/steps", evidence="The only flight of the month.", **body
    )
    checks = {
        "return_status_decided",
        "return_best_interest",
        "return_care_plan",
        "return_guardian_there",
    }
    assert set(signed["overridden"]) == checks
    page = shown_to(head.client(), case)
    shown = page[page.index('id="decisions"') :]
    assert "Done although these were open" in shown
    assert "A guardian is appointed in the other country" in shown


def test_d11_reasons_are_refused_beside_the_field_wherever_they_are_demanded() -> None:
    ana = cast.ana()
    case = opened(manager=ana)
    manager, path = Http(ana), f"/cases/{case.pk}"
    now = revision(manager, case)
    asked = {
        "priority": {"revision": now, "priority": "immediate", "reason": "ok"},
        "best-interest-decisions": {"code": "stays", "reason": "-"},
        "closing": {"revision": now, "code": "no_further_need", "reason": "ne"},
    }
    for where, body in asked.items():
        assert "reason" in manager.post(f"{path}/{where}", expect=422, **body)["errors"], where
    answer = fill(ana.client(), f"{path}/do/priority/", priority="immediate", reason="ok")
    assert answer.status_code == 422
    assert "This says nothing to whoever reads it later" in answer.content.decode()


def test_d4_every_role_that_is_asked_may_take_the_step() -> None:
    words = product_vocabulary()
    for report in check_paths([pack_dir() / "protocols"]):
        assert [p.message for p in report.problems if p.code == "not_able"] == [], report.id
    held: dict[str, set[str]] = {}
    for step in all_steps():
        held.setdefault(step.slug, set()).add(step.permission.value)
    for form, needs in words.needs.items():
        if form in held:
            assert set(needs) == held[form], form
    assert set(words.needs) - set(held) == {"encounter"}


def test_d4_the_check_finds_a_role_that_would_be_turned_away(tmp_path: Path) -> None:
    source = (pack_dir() / "protocols" / "transit.yaml").read_text()
    wrong = source.replace("who: case_manager", "who: police")
    (tmp_path / "transit.yaml").write_text(wrong)
    (report,) = check_paths([tmp_path])
    found = [p for p in report.errors if p.code == "not_able"]
    assert found and "police" in found[0].message and found[0].line > 0


def test_d4_school_health_and_police_raise_a_concern_in_a_case_they_see() -> None:
    case = opened(manager=cast.ana())
    for role, home in ((Role.SCHOOL, "atina"), (Role.HEALTH, "atina"), (Role.POLICE, "mup")):
        who = let_see(case, cast.member("Jasna Nova", role, home))
        Http(who).post(f"/cases/{case.pk}/concerns", kind="neglect", detail="No coat, no shoes.")


def test_d4_first_buttons_and_links_never_answer_403() -> None:
    ana, milan = cast.ana(), cast.milan()
    case = opened(manager=ana)
    Http(ana).post(
        f"/cases/{case.pk}/guardians",
        guardian=str(milan.user.pk),
        oral=True,
        appointed_at=datetime.now(UTC).isoformat(),
        witness="The officer on duty",
    )
    steps(ana, case, "return_proposed")
    adviser = let_see(case, cast.member("Katarina Savet", Role.VICTIMS_ADVISER, "cptv"))
    officer = let_see(case, cast.member("Nikola Border", Role.POLICE, "mup"))
    for who in (ana, milan, adviser, officer):
        client = who.client()
        for page in ("/", "/cases/", f"/cases/{case.pk}/"):
            text = client.get(page).content.decode()
            links = set(re.findall(r'href="([^"#]*(?:/do/|/tracing/)[^"#]*)"', text))
            for link in links:
                assert client.get(unescape(link)).status_code != 403, (who.role, page, link)


def test_d10_a_dispute_whose_arbiter_nobody_leads_rises_to_the_sender_and_says_so() -> None:
    ana, dragan = cast.ana(), cast.dragan()
    case = opened(manager=ana)
    path = f"/cases/{case.pk}"
    asked = Http(ana).post(
        f"{path}/transfers",
        receiver=office("csw-nis"),
        reason="placed_elsewhere",
        note="The boy lives in Niš now.",
    )
    disputed = Http(cast.jelena()).post(
        f"{path}/transfers/{asked['id']}/answer",
        revision=asked["revision"],
        status="disputed",
        answer="He does not live here.",
        arbiter=office("ministry-social"),
    )
    duty = Obligation.objects.get(case_id=case.pk, activity="settle_transfer", state="open")
    assert duty.principal == holders_of(Role.SUPERVISOR, case.organisation_id)
    assert (duty.organisation_id, "head", 1) in rising.unheld()
    page = dragan.client().get(f"{path}/").content.decode()
    assert "nobody holds this post, so it rose to the supervisor" in page
    assert "Settle the disputed transfer" in dragan.client().get("/").content.decode()
    settled = Http(dragan).post(
        f"{path}/transfers/{asked['id']}/answer",
        revision=disputed["revision"],
        status="declined",
        answer="We took him first; he stays with us.",
    )
    assert settled["status"] == "declined"
