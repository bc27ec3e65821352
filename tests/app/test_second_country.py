"""A second country: own holidays and week, own roles and kinds of office, Latin letters only.

Testland (`tests/testland`) walks the whole path from an encounter to the closed case through
pages, and meets its own words, clocks and rules on the way.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.utils.timezone import localtime

from oslonac.access.roles import Permission, Role
from oslonac.cases.models import Case, Encounter
from oslonac.country import country
from oslonac.directory import kinds, loading
from oslonac.directory.models import ContactPoint, Organisation
from oslonac.guardianship.models import Appointment
from oslonac.kit.calendars import Amount, Unit
from oslonac.kit.clock import local_day, now
from oslonac.kit.errors import Invalid
from oslonac.placements.models import Placement
from oslonac.protocols import catalogue, editions
from oslonac.protocols.models import Obligation
from tests import cast, database
from tests.forms import fill

TESTLAND = Path(__file__).parents[1] / "testland"
WARD, LANTERN = "ward-inkwell", "lantern-blot"
# What only Serbia says; none of it may stand on a page of Testland.
FOREIGN = ("Serbia", "Srpski", "Српски", "CSW", "social work", "Belgrade")
LOCAL = "%Y-%m-%dT%H:%M"


@pytest.fixture
def testland(
    settings: Any, fresh_database: str, database_server: database.TestServer
) -> Iterator[None]:
    """An installation of Testland: its settings, and a register that knows nothing else."""
    dsn = database_server.dsn("owner", fresh_database)
    with psycopg.connect(dsn, autocommit=True) as owner:
        owner.execute(
            "TRUNCATE directory_place, directory_organisation, directory_codelist, directory_pack, "
            "protocols_procedureset, protocols_edition CASCADE"
        )
    settings.OSLONAC_PACK = str(TESTLAND)
    settings.TIME_ZONE = country().calendar.zone
    settings.OSLONAC_PHONE_REGION = country().phone_region
    settings.LANGUAGES = [("en", "English")]
    _forget()
    loading.load(TESTLAND)
    yield
    _forget()


def _forget() -> None:
    catalogue.forget_cached()
    loading.forget_cached()
    editions._procedure.cache_clear()
    editions.protocol_of.cache_clear()


pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("testland")]


def member(name: str, role: str, office: str = WARD) -> cast.Member:
    return cast.member(name, role, office)  # type: ignore[arg-type]


class Walk:
    """People of the ward taking steps on pages as browsers do."""

    def __init__(self) -> None:
        self.scout = member("Quill Scout", "ward_scout")
        self.keeper = member("Nib Keeper", "ward_keeper")
        self.second = member("Page Second", "ward_second")
        self.elder = member("Folio Elder", "ward_elder")
        self.friend = member("Margin Friend", "child_friend")

    def page(self, who: cast.Member, path: str) -> str:
        response = who.client().get(path)
        assert response.status_code == 200, (path, response.status_code)
        text = str(response.content.decode())
        assert not [word for word in FOREIGN if word in text], path
        return text

    def take(
        self, who: cast.Member, case: Case, slug: str, subject: Any = None, **answers: Any
    ) -> None:
        path = f"/cases/{case.pk}/do/{slug}/" + (f"{subject.pk}/" if subject else "")
        self.page(who, path)
        response = fill(who.client(), path, **answers)
        text = response.content.decode()
        assert response.status_code == 302, (slug, text[text.find('role="alert"') :][:800])
        case.refresh_from_db()

    def met(self) -> Encounter:
        answers = {
            "request_key": "night",
            "happened_at": localtime(now() - timedelta(hours=3)).strftime(LOCAL),
            "place": "Inkwell",
            "reported_by": "police",
            "present": ["nobody"],
            "safety": "unknown",
            "children": "1",
            "narrative": "Sat by the river with a paper boat.",
            "child-name": "Vellum",
            "child-age": "10",
        }
        self.page(self.scout, "/encounters/new/")
        response = self.scout.client().post("/encounters/new/", answers)
        assert response.status_code == 302, response.content.decode()[:2000]
        return Encounter.objects.get()

    def opened(self) -> Case:
        met = self.met()
        path = f"/encounters/{met.pk}/"
        self.page(self.scout, path)
        response = fill(
            self.scout.client(), f"{path}case/", priority="urgent", reason="Alone at night."
        )
        assert response.status_code == 302, response.content.decode()[:2000]
        return Case.objects.get()


def test_the_whole_path_from_an_encounter_to_the_closing() -> None:
    walk = Walk()
    with pytest.MonkeyPatch.context() as patch:  # what follows lies after the opening
        patch.setattr("oslonac.accounts.middleware.now", lambda: now() - timedelta(hours=2))
        case = walk.opened()
    assert case.organisation.code == WARD
    for who in (walk.scout, walk.elder):
        walk.page(who, "/")
    walk.take(walk.second, case, "assignment", manager=str(walk.keeper.user.pk))
    _owed(walk, case)
    walk.take(walk.keeper, case, "concern", kind="neglect", detail="Wet feet.")
    walk.take(walk.keeper, case, "guardian", guardian=str(walk.friend.user.pk), witness="A watcher")
    assert Appointment.objects.get().guardian == walk.friend.user
    _placed(walk, case)
    walk.take(walk.keeper, case, "contact", kind="visit", alone_with_child="yes", narrative="Talk.")
    assert not Obligation.objects.filter(case_id=case.pk, activity="first_talk", state="open")
    _planned(walk, case)
    walk.take(walk.keeper, case, "closing", code="turned_18", reason="The boat sailed.")
    decision = case.decisions.get(kind="closing")
    walk.take(walk.second, case, "closing-answer", decision, approved="yes")
    assert case.status == "closed"
    assert not Obligation.objects.filter(case_id=case.pk, state="open")
    assert not Placement.objects.filter(case=case, status="running")
    walk.page(walk.keeper, f"/cases/{case.pk}/")


def _owed(walk: Walk, case: Case) -> None:
    """Duties go to the country's own roles, by its own clock."""
    rows = {row.activity: row for row in Obligation.objects.filter(case_id=case.pk, state="open")}
    assert set(rows) == {"ring_the_bell", "first_talk"}
    assert rows["ring_the_bell"].role == "ward_elder"
    assert rows["ring_the_bell"].organisation_id == case.organisation_id
    assert rows["first_talk"].due_at == country().calendar.deadline(
        case.opened_at, Amount(3, Unit.WORKING_DAYS)
    )
    page = walk.page(walk.elder, f"/cases/{case.pk}/")
    assert "Ring the bell of the ward" in page and "Elder of the ward" in page
    # A step of a role of its own is a decision too: others are sent back to the case.
    path = f"/cases/{case.pk}/do/duty/{rows['ring_the_bell'].pk}/"
    assert walk.keeper.client().get(path).status_code == 302
    happened = localtime(now() - timedelta(minutes=5)).strftime(LOCAL)
    said = {"evidence": "It rang.", "happened_at": happened}
    assert fill(walk.elder.client(), path, **said).status_code == 302
    rows["ring_the_bell"].refresh_from_db()
    assert rows["ring_the_bell"].state == "done"


def _placed(walk: Walk, case: Case) -> None:
    """The table of placements is the country's: its ages, its words, its houses."""
    path = f"/cases/{case.pk}/do/placement/"
    page = walk.page(walk.keeper, path)
    assert "year in a lantern house" in page and "asylum centre" not in page
    house = str(Organisation.objects.get(code=LANTERN).pk)
    refused = fill(walk.keeper.client(), path, kind="lantern_year", organisation=house)
    assert refused.status_code == 422
    assert "certainly 11 or older" in refused.content.decode()
    assert (
        fill(walk.keeper.client(), path, kind="safe_house", organisation=house).status_code == 422
    )
    walk.take(walk.keeper, case, "placement", kind="lantern_night", organisation=house)
    assert Placement.objects.get(case=case).kind == "lantern_night"
    carer = member("Wick Carer", "lantern_carer", LANTERN)
    walk.page(carer, f"/cases/{case.pk}/")


def _planned(walk: Walk, case: Case) -> None:
    soon = (local_day(now()) + timedelta(days=20)).isoformat()
    walk.take(walk.keeper, case, "plan", child_view="A bigger boat.")
    plan = case.plans.get()
    walk.take(
        walk.keeper,
        case,
        "goal-add",
        plan,
        domain="education",
        outcome="Learns to fold.",
        indicator="Three boats.",
        due_on=soon,
    )
    goal = plan.goals.get()
    owner = str(walk.keeper.user.pk)
    walk.take(walk.keeper, case, "activity-add", goal, what="Paper.", due_on=soon, owner=owner)
    walk.take(walk.keeper, case, "plan", plan, child_view="Agrees.")


def test_pages_offer_the_countrys_language_alone_and_its_words() -> None:
    elder = member("Folio Elder", "ward_elder")
    walk = elder.client()
    page = walk.get("/").content.decode()
    assert "elder of the ward" in page.lower() and 'lang="sr' not in page
    directory = walk.get("/directory/").content.decode()
    assert "lantern house" in directory.lower() and "ward" in directory.lower()
    assert not [word for word in FOREIGN if word in directory]
    gate = member("Hinge Gate", "gatekeeper").client()
    users = gate.get("/administration/users/").content.decode()
    assert "counter of pages" in users and "case manager" not in users
    assert walk.get("/", headers={"Accept-Language": "sr-Latn"})["Content-Language"] == "en"

    _roles()


def _roles() -> None:
    """Roles of the country may what their archetype may; names of archetypes are no roles."""
    elder = member("Folio Elder", "ward_elder").actor()
    assert elder.holds(Role.HEAD) and Permission.CASE_APPROVE in elder.permissions
    assert not member("Nib Keeper", "ward_keeper").actor().holds(Role.HEAD, Role.SUPERVISOR)
    for code in ("head", "case_manager", "nobody"):
        with pytest.raises(Invalid):
            member("Nobody", code)


def test_the_register_is_what_the_files_say_and_what_people_added() -> None:
    house = Organisation.objects.get(code=LANTERN)
    ContactPoint.objects.create(organisation=house, kind="email", value="by@hand.example")
    loading.load(TESTLAND)
    contacts = {row.value: row.verified for row in house.contacts.all()}
    assert contacts.keys() == {"+999 000 001", "by@hand.example"}
    assert contacts["+999 000 001"] is False  # “yes” is no mark
    assert Organisation.objects.get(code="river-watch").verified
    assert not house.verified
    found = dict(Organisation.objects.values_list("code", "kind"))
    assert found == {
        WARD: "ward",
        LANTERN: "lantern_house",
        "river-watch": "river_watch",
        "whistle": "whistle",
    }
    assert kinds.competent() == ("ward",)
    assert Organisation.objects.get(code="whistle").parent.code == "river-watch"  # type: ignore[union-attr]
