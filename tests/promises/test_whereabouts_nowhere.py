"""Somebody who works on a case and is kept from where the person is finds it nowhere: every route,
every record of the case, papers as text.

Belongs here: the walk with the marks of a place. Does not: who is kept away and how
(`test_sight_ends`), other blocks.
"""

import itertools
import re
from typing import Any

import pytest
from django.apps import apps

from oslonac.access import reader
from oslonac.access.roles import Role
from oslonac.access.rules import Level
from oslonac.cases import actions
from oslonac.cases.models import Case, Goal
from oslonac.directory.models import Organisation, Place
from oslonac.kit.clock import now
from oslonac.placements import actions as placements
from oslonac.planning import actions as planning
from tests import cast
from tests.app.test_case_page import rich
from tests.forms import fill
from tests.fuzzing.stage import OF_A_CASE, PARAMETERS
from tests.routes import PARAMETER, walked
from tools.access_matrix.asking import papers_as_text

pytestmark = pytest.mark.django_db
STREET, TITLE, KEEPER = "Ulica breza 17", "Ugovor o smeštaju u Brezi", "Bogdana Brezić"


@pytest.fixture(autouse=True)
def folder(tmp_path: Any, settings: Any) -> None:
    settings.OSLONAC_DATA = str(tmp_path)
    settings.OSLONAC_STEP_UP = False


@pytest.fixture
def house(db: None) -> Organisation:
    town = Place.objects.filter(names__en="Bor").first() or Place.objects.order_by("code").last()
    return Organisation.objects.create(
        code="kuca-breza",
        kind="reception_centre",
        place=town,
        names={"en": "House Breza", "sr-Latn": "Kuća Breza", "sr-Cyrl": "Кућа Бреза"},
    )


@pytest.fixture
def placed(house: Organisation) -> tuple[Case, dict[str, cast.Member], tuple[str, ...]]:
    """A case in which everything happened, then a house of which only others know; and the words
    that would tell it."""
    ana, dragan = cast.ana(), cast.dragan()
    case = rich(ana)
    case.refresh_from_db()
    keeper = cast.member(KEEPER, Role.RECEPTION, "kuca-breza")
    actor, at = dragan.actor(), now()
    leads = cast.member("Vera Popović", Role.SUPERVISOR)
    for kept in (ana, leads):
        actions.keep_away(
            actor=actor,
            at=at,
            case=case,
            scope="whereabouts",
            reason="suspected",
            why="Preti detetu.",
            user=kept.user,
        )
    placements.place(
        actor=actor,
        at=at,
        case=case,
        kind="emergency_centre",
        from_at=at,
        organisation=house,
        place=house.place,
        address=STREET,
        reason="U kući Breza je bezbedan.",
    )
    planning.record_contact(
        actor=keeper.actor(),
        at=at,
        case=case,
        kind="visit",
        happened_at=at,
        alone_with_child="yes",
        narrative="Miran je.",
    )
    planning.make_promise(
        actor=dragan.actor(),
        at=at,
        case=case,
        what="Cipele.",
        due_on=cast.today(at),
        owner=keeper.user,
    )
    _asked_of_the_house(dragan, case, house)
    added = fill(
        dragan.client(),
        f"/cases/{case.pk}/do/document-add/",
        kind="finding_opinion",
        title=TITLE,
        tells_where="on",
        file=_file(),
    )
    assert added.status_code == 302
    words = (
        "block.set",
        "Breza",
        "Бреза",
        "Brezi",
        house.code,
        str(house.pk),
        STREET,
        TITLE,
        KEEPER,
        str(keeper.user.pk),
    )
    return case, {"ana": ana, "dragan": dragan, "keeper": keeper, "leads": leads}, words


def _asked_of_the_house(dragan: cast.Member, case: Case, house: Organisation) -> None:
    """Something of the plan is done by the house, the child agreed that it may be told, and a
    promise of somebody there is late."""
    actor, at = dragan.actor(), now()
    goal = Goal.objects.filter(plan__case=case).first()
    assert goal is not None
    planning.add_activity(
        actor=actor,
        at=at,
        goal=goal,
        what="Razgovor.",
        due_on=cast.today(at),
        owner_organisation=house,
    )
    actions.record_consent(
        actor=actor,
        at=at,
        case=case,
        purpose="service",
        receiver=house,
        level=int(Level.CASE),
        child_answer="yes",
        language="ps",
        given_at=at,
        adult="guardian",
        adult_name="Milan P.",
    )


def _file() -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("ugovor.txt", b"Kuca Breza")


def of_case(case: Case) -> dict[str, list[str]]:
    """Ids of what belongs to the case, by the parameter of addresses; what names no case."""
    found: dict[str, list[str]] = {"case_id": [str(case.pk)], "revision": ["1"], "tag": ["en"]}
    with reader.system():
        for name, label in PARAMETERS.items():
            rows = apps.get_model(label)._default_manager.order_by("-pk")
            path = OF_A_CASE.get(name)
            if path:
                rows = rows.filter(**{path: case.pk})
                found[name] = [str(pk) for pk in rows.values_list("pk", flat=True)[:6]]
    found["person_id"] = [str(case.person_id)]
    found["encounter_id"] = [str(case.encounter_id)]
    found["group_id"] = [str(case.person.groups.get().group_id)]
    found["form"] = ["csv", "pdf"]
    return found


def asked(ids: dict[str, list[str]]) -> list[str]:
    urls = []
    for route, _entry in walked():
        names = [each for each in PARAMETER.findall(route) if each not in ("slug", "name", "code")]
        if len(names) < len(PARAMETER.findall(route)) or set(names) - set(ids):
            continue
        for chosen in itertools.product(*(ids[name] for name in names)):
            named = dict(zip(names, chosen, strict=True))
            urls.append("/" + PARAMETER.sub(lambda found, named=named: named[found[1]], route))
    return urls


def found_in(member: cast.Member, urls: list[str], words: tuple[str, ...]) -> dict[str, list[str]]:
    """What a reader is shown of the words, by address; their own address apart."""
    client = member.client()
    client.raise_request_exception = False
    shown: dict[str, list[str]] = {}
    with papers_as_text():
        for url in urls:
            answer = client.get(url)
            assert answer.status_code < 500, url
            raw = b"".join(answer.streaming_content) if answer.streaming else answer.content
            text = raw.decode(errors="replace")
            if told := [word for word in words if word in text]:
                shown[url] = told
    return shown


# What names every house or everybody, whoever is there: the directory and lists of colleagues.
REGISTERS = re.compile(r"^/(directory|administration|api/v1/(organisations|users|places|services))")


def test_no_route_tells_where_the_child_is(
    placed: tuple[Case, dict[str, cast.Member], tuple[str, ...]],
) -> None:
    case, who, words = placed
    urls = [url for url in asked(of_case(case)) if not REGISTERS.match(url)]
    assert len(urls) > 120
    assert len(found_in(who["dragan"], urls, words)) > 5, "the marks are shown to those who may"
    told = found_in(who["ana"], urls, words)
    assert told == {}, "\n".join(f"{url} {each}" for url, each in told.items())


def test_no_list_tells_it_to_somebody_who_leads(
    placed: tuple[Case, dict[str, cast.Member], tuple[str, ...]],
) -> None:
    """Lists over many cases: grants by case and by colleague, duties of the team, notices."""
    case, who, words = placed
    ids = of_case(case)
    urls = [url for url in asked({"form": ids["form"]}) if not REGISTERS.match(url)]
    by_case, by_person = f"?case={case.number}", f"?person={who['keeper'].user.pk}"
    grants = [f"/administration/grants/{by_case}", "/api/v1/grants?limit=200"]
    shown = found_in(who["dragan"], grants, words)
    assert set(shown) == set(grants), "the marks are shown to those who may"
    # Who leads was told that another is kept away, before a block named them too.
    rest = tuple(word for word in words if word != "block.set")
    told = found_in(who["leads"], [*urls, *grants], rest)
    assert told == {}, "\n".join(f"{url} {each}" for url, each in told.items())
    auditor = cast.member("Petra Nikolić", Role.AUDITOR, "csw-subotica")
    assert found_in(auditor, [f"/administration/grants/{by_person}"], (case.number,)) == {}


def test_nor_does_a_step_a_search_or_a_notice(
    placed: tuple[Case, dict[str, cast.Member], tuple[str, ...]],
) -> None:
    from oslonac.cases.steps import registry

    case, who, words = placed
    ids = of_case(case)
    urls = [f"/cases/{case.pk}/do/{step.slug}/" for step in registry.all_steps()]
    for step in registry.all_steps():
        names = (
            []
            if step.part is None
            else [n for n, on in PARAMETERS.items() if on == step.part._meta.label]
        )
        urls += [
            f"/cases/{case.pk}/do/{step.slug}/{pk}/" for n in names for pk in ids.get(n, [])[:2]
        ]
    urls += ["/notices/", "/api/v1/notices", "/", "/search/?q=Breza", f"/search/?q={case.number}"]
    # A form may offer every house that there is, and an answer repeat what was searched for.
    house = Organisation.objects.get(code="kuca-breza")
    everywhere = ("Breza", "Бреза", house.code, str(house.pk))
    rest = tuple(word for word in words if word not in everywhere)
    told = found_in(who["ana"], urls, rest)
    assert told == {}, "\n".join(f"{url} {each}" for url, each in told.items())
