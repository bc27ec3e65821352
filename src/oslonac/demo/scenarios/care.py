"""Scenarios 5, 10, 11, 16, 17 and 20: the months after, in care."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as told
from django.utils.translation import gettext_noop as _

from oslonac.cases.models import Case
from oslonac.demo.scenarios.settled import assessed, settled
from oslonac.demo.scenarios.story import Scenario, Target, Teller


def many_hands(t: Teller) -> Target:
    """5: a new guardian in each town, another interpreter each day."""
    met = t.ago(days=40)
    encounter = t.met("teodora", met, told("Told his story twice before he was given water."))
    person = t.child(encounter, "Waleed Ahmadzai", "ولید احمدزی", "Walid Ahmedzaj", year=2012)
    case = t.opened(encounter, person, told("Alone; his uncle is somewhere ahead."))
    others = t.world.staff("csw-vranje", "guardian")
    ana, first = t.cast("ana"), t.cast("milan")
    t.guarded(case, met + timedelta(hours=20))
    t.placed(case, t.ago(days=28), "foster")
    second = next((each for each in others if each.pk != first.pk), None)
    second = second or t.world.staff("csw-nis", "guardian")[0]
    interpreters = ("Sohrab Nuri", "Mina Tahirzai", "Jamal Sherwan", "Sohrab Nuri")
    for index, interpreter in enumerate(interpreters):
        by = t.cast("teodora") if index == 0 else ana
        t.talk(
            case,
            t.ago(days=38 - 4 * index),
            told("Asked him about the road once more."),
            by=by,
            interpreter=interpreter,
            told_story=True,
        )
        if index == 0:
            assessed(t, case, met + timedelta(hours=60))
    t.planned(case, t.ago(days=25))
    row = t.stage.appoint(case, by=ana, at=t.ago(days=2), guardian=second, witness="Vesna Tasić")
    t.stage.write_decision(row, by=ana, at=t.ago(days=1.5), document_number="560-91")
    return Target("case", case.pk)


def far_away(t: Teller) -> Target:
    """10: placed far away; the receiving centre disputes that it is competent."""
    case = settled(t, "Dawlat Zadran", "دولت ځدراڼ", days=70, in_a_family=False)
    ana = t.cast("ana")
    t.stage.place(
        case,
        by=ana,
        at=t.ago(days=40),
        kind="institution",
        from_at=t.ago(days=40),
        organisation=t.organisation("uasc-centre-nis"),
        reason=told("No foster family speaks his language."),
        child_view=told("Wants to be near his friend."),
    )
    transfer = t.stage.propose_transfer(
        case,
        by=ana,
        at=t.ago(days=6),
        receiver=t.organisation("csw-nis"),
        reason="placed_elsewhere",
        note=told("He lives there since six weeks and will stay."),
    )
    t.stage.answer_transfer(
        transfer,
        by=t.cast("nis"),
        at=t.ago(days=2),
        status="disputed",
        answer=told("Placement alone does not move the competence."),
        arbiter=t.organisation("ministry-social"),
    )
    return Target("case", case.pk)


def wants_to_go_on(t: Teller) -> Target:
    """11: the child wants to go on to work, against what professionals think."""
    case = settled(t, "Baryalai Wardak", "بریالی وردګ", days=30)
    t.talk(
        case,
        t.ago(days=3),
        told("Wants to go on to his brother and work. Knows the risks and says so calmly."),
        information_given=["asylum", "family_reunification", "return"],
    )
    t.stage.decide_best_interest(
        case,
        by=t.cast("ana"),
        at=t.ago(days=2),
        code="legal_route",
        reason=told("Look for the brother and the legal way to him; a friendly centre until then."),
    )
    _own_word(t, case)
    return Target("case", case.pk)


def _own_word(t: Teller, case: Case) -> None:
    """What he agreed to, from whom his whereabouts are kept, and what he asks about his file."""
    ana, dragan = t.cast("ana"), t.cast("dragan")
    t.stage.record_consent(
        case,
        by=ana,
        at=t.ago(days=4),
        purpose="tracing",
        receiver=t.organisation("red-cross"),
        level=40,
        child_answer="yes",
        adult="guardian",
        language="ps",
        interpreter="Sohrab Nuri",
        given_at=t.ago(days=4),
        until=t.world.now + timedelta(days=80),
        scope=told("They may ask for my brother by name. Not how we crossed."),
    )
    t.stage.keep_away(
        case,
        by=dragan,
        at=t.ago(days=3),
        scope="whereabouts",
        reason="for_somebody",
        why=told("Somebody who paid for his journey asks where he is through acquaintances."),
        user=t.cast("marko"),
    )
    asked = t.stage.ask_own(
        case,
        by=ana,
        at=t.ago(days=3),
        kind="correction",
        asked_by="child",
        language="ps",
        asked_at=t.ago(days=3),
        text=told("It says that I am from Kabul. I am from Maidan Shahr."),
    )
    t.stage.answer_own(
        asked,
        by=ana,
        at=t.ago(days=2),
        status="granted",
        answer=told(
            "You are right. What you told us now stands in your file beside the old entry."
        ),
        attribute="origin",
        detail=told("From Maidan Shahr, not from Kabul."),
    )
    t.stage.ask_own(
        case,
        by=ana,
        at=t.ago(days=1),
        kind="objection",
        asked_by="child",
        language="ps",
        asked_at=t.ago(days=1),
        text=told("Nobody asked me before the friendly centre was chosen."),
    )


def _in_foster_care(t: Teller, case: Case, met: datetime) -> None:
    ana = t.cast("ana")
    t.talk(
        case,
        met + timedelta(days=1),
        told("Asked who will feed the cat."),
        language="rom",
        interpreter="",
        kind="first",
    )
    assessed(t, case, met + timedelta(days=2))
    t.planned(case, met + timedelta(days=8), what=told("Bring her to school in the first week"))
    t.stage.place(
        case,
        by=ana,
        at=t.ago(days=80),
        kind="foster",
        from_at=t.ago(days=80),
        place=t.world.places["rs-vranje"],
        address="Lipova 12",
        reason=told("Close to the school."),
        child_view=told("Wants her own bed."),
    )
    t.talk(
        case,
        t.ago(days=60),
        told("Has her own bed and a desk. The foster mother works late."),
        language="rom",
        interpreter="",
        kind="visit",
    )
    t.talk(
        case,
        t.ago(days=20),
        told("A man who is no relative walks through her room at night."),
        language="rom",
        interpreter="",
        by=ana,
    )


def complaint(t: Teller) -> Target:
    """16: an unrelated man crosses the girl's room in the foster family."""
    met = t.ago(days=95)
    encounter = t.met(
        "goran",
        met,
        told("The school called: nobody comes for her any more."),
        reported_by="school",
        present=["unknown"],
    )
    person = t.child(
        encounter,
        "Đulijana Selimov",
        "Ђулијана Селимов",
        by="goran",
        sex="female",
        citizenship="RS",
        languages=("rom", "sr-Latn"),
        year=2013,
    )
    case = t.opened(encounter, person, told("Nobody cares for her at home."))
    _in_foster_care(t, case, met)
    t.stage.raise_concern(
        case,
        by=t.cast("dragan"),
        at=t.ago(days=2),
        kind="carer_endangers",
        detail=told("She said so three weeks ago and nothing happened."),
    )
    t.stage.restrict_whereabouts(case, by=t.cast("dragan"), at=t.ago(days=2), restricted=True)
    return Target("case", case.pk)


def promised(t: Teller) -> Target:
    """17: four things were promised; two are overdue."""
    case = settled(
        t,
        "Merveille Kalonji",
        "Merveille Calonji",
        days=120,
        sex="female",
        citizenship="CD",
        languages=("fr",),
    )
    ana = t.cast("ana")
    made = [
        t.stage.make_promise(
            case, by=ana, at=t.ago(days=60), what=what, due_on=t.day(due), owner=ana
        )
        for what, due in (
            (told("Papers that say who she is"), -12),
            (told("A place at the school"), -3),
            (told("Winter shoes"), -30),
            (told("A visit to her cousin"), 6),
        )
    ]
    t.stage.end_promise(made[2], by=ana, at=t.ago(days=33), status="kept")
    return Target("case", case.pk)


SCENARIOS = (
    Scenario(
        5,
        _("A new face every day"),
        _(
            "Two guardians, three interpreters and two workers asked the same boy the same "
            "questions."
        ),
        _("The number of people he met, and the overdue handover between guardians."),
        "ana",
        many_hands,
    ),
    Scenario(
        10,
        _("Placed far away, competence disputed"),
        _("A child was placed in another city; the centre there says it is not competent."),
        _("The case stays with Vranje until somebody accepts; a named arbiter decides."),
        "nis",
        far_away,
    ),
    Scenario(
        11,
        _("He wants to go on and work"),
        _("A boy wants to go on, against the opinion of the professionals."),
        _(
            "His own view beside the decision, and what he was told in which language. Start the "
            "search for his brother under “Family tracing”."
        ),
        "ana",
        wants_to_go_on,
    ),
    Scenario(
        16,
        _("A complaint that nobody answered"),
        _("A man who is no relative walks through a girl's room in her foster family."),
        _("A concern raised over the case manager's head; the address is shown to few."),
        "dragan",
        complaint,
        _("Not built yet: a complaint route."),
    ),
    Scenario(
        17,
        _("Four promises"),
        _("A girl was promised papers, school, shoes and a visit."),
        _(
            "One kept, two overdue, one ahead; each with owner and date. Print her own file in "
            "French: the promises are in it."
        ),
        "ana",
        promised,
    ),
)
