"""Scenarios 12 to 15, 18 and 19: suspicions, and what the figures and plans say of them."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as told
from django.utils.translation import gettext_noop as _

from oslonac.cases.models import Case, Encounter
from oslonac.demo.scenarios.story import Scenario, Target, Teller
from oslonac.people.models import Person


def night_at_the_station(t: Teller) -> Target:
    """12: pregnant, without papers, every number unanswered; a few hours are left to act."""
    met = t.ago(hours=19)
    encounter = t.met(
        "nikola",
        met,
        told(
            "Seven months pregnant. Rang four numbers between two and four; nobody answered. "
            "She slept on a bench in the station."
        ),
        reported_by="police",
        safety="at_risk",
        needs=["pregnancy_care", "safe_place"],
        suspicions=["trafficking_suspected"],
    )
    person = t.child(
        encounter,
        "Ifrah Jibril",
        "إفراح جبريل",
        sex="female",
        citizenship="SO",
        languages=("so",),
        year=2009,
    )
    case = t.opened(
        encounter, person, told("Pregnant, alone, no place to go."), priority="immediate"
    )
    return Target("case", case.pk)


def denies_everything(t: Teller) -> Target:
    """13: she denies out of fear; the file may not just close."""
    met = t.ago(days=50)
    encounter = t.met(
        "teodora",
        met,
        told("A man answered for her. She looked at the floor."),
        present=["unrelated_adult"],
        suspicions=["trafficking_sexual"],
    )
    person = t.child(
        encounter,
        "Anđela Stojilković",
        "Анђела Стојилковић",
        sex="female",
        citizenship="RS",
        languages=("sr-Cyrl",),
        year=2010,
    )
    case = t.opened(encounter, person, told("He could not say her family name."))
    concern, ana = t.stage.concerns(case)[0], t.cast("ana")
    body = t.organisation("cptv")
    t.guarded(case, met + timedelta(hours=5), "urgent_foster")
    t.stage.notify_concern(concern, by=ana, at=met + timedelta(hours=20), body=body)
    t.assessed(
        case,
        met + timedelta(days=2),
        met + timedelta(days=7),
        told("He speaks for her and she lets him. Whether she may leave is not clear."),
        told("Wants to be left alone, and to know who reads this."),
    )
    t.planned(case, met + timedelta(days=11), what=told("Ask the school to take her back"))
    t.placed(case, met + timedelta(days=14), "foster")
    t.talk(
        case,
        t.ago(days=30),
        told("Denies everything and asks whether he will know of this."),
        language="sr-Cyrl",
        interpreter="",
    )
    t.stage.decide_concern(
        concern,
        by=ana,
        at=t.ago(days=25),
        decision="monitor",
        safety_offered="declined",
        reason=told("Denial out of fear is no evidence. Safety was offered and stays offered."),
        review_on=t.day(-1),
    )
    return Target("case", case.pk)


def told_at_once(t: Teller) -> Target:
    """14: suspicion alone creates the duty to notify; it is not done yet."""
    met = t.ago(days=2)
    encounter = t.met(
        "teodora",
        met,
        told("Washes cars for a man who keeps his papers and his wages."),
        present=["unrelated_adult"],
        suspicions=["trafficking_labour"],
    )
    person = t.child(
        encounter,
        "Kashif Gondal",
        "کاشف گوندل",
        "Kaashif Gundal",
        citizenship="PK",
        languages=("ur",),
        year=2010,
    )
    case = t.opened(encounter, person, told("Works for somebody who keeps his papers."))
    t.guarded(case, met + timedelta(hours=7))
    t.stage.give_grant(
        case,
        by=t.cast("dragan"),
        at=t.ago(days=1),
        user=t.cast("katarina"),
        level=50,
        reason="notified",
        basis="legal_duty",
        ground="trafficking_notice",
        explanation=told("Suspicion alone: the body that identifies victims is told."),
        until=t.world.now + timedelta(days=60),
    )
    t.stage.break_glass(
        by=t.cast("nis"),
        at=t.ago(hours=19),
        number=case.number,
        reason=told("A man asked for him at our door and we could reach nobody in Vranje."),
        minutes=30,
    )
    return Target("case", case.pk)


def _sister(t: Teller, encounter: Encounter, person: Person) -> None:
    by = "goran"
    sister = t.child(
        encounter,
        "Senada Bajramović",
        by=by,
        sex="female",
        citizenship="RS",
        languages=("rom",),
        year=2014,
        attach=False,
    )
    t.stage.relate(
        person,
        by=t.cast(by),
        at=encounter.recorded_at,
        to_person=sister,
        kind="sister",
        said_by="other",
    )


def married_at_fourteen(t: Teller) -> Target:
    """15: an early marriage is an indicator like any other; the sister is looked after as well."""
    met = t.ago(days=6)
    encounter = t.met(
        "marija",
        met,
        told("Has not come since September. A friend says she lives with a man in Niš."),
        reported_by="school",
        present=["unknown"],
        suspicions=["early_marriage"],
    )
    by = "goran"
    person = t.child(
        encounter,
        "Sanela Bajramović",
        "Санела Бајрамовић",
        by=by,
        sex="female",
        citizenship="RS",
        languages=("rom", "sr-Latn"),
        year=2012,
    )
    _sister(t, encounter, person)
    case = t.opened(encounter, person, told("Fourteen and living with a grown man."))
    assessment = t.stage.begin_assessment(case, by=t.cast("ana"), at=met + timedelta(hours=44))
    t.stage.raise_concern(
        case,
        by=t.cast("ana"),
        at=t.ago(days=4),
        kind="siblings_at_risk",
        detail=told("Her sister is twelve and was asked for as well."),
    )
    t.talk(case, t.ago(days=3), told("Met at her aunt's, alone. Misses her class."), language="rom")
    t.stage.complete_assessment(
        assessment,
        by=t.cast("ana"),
        at=t.ago(days=1),
        alone_with_child="yes",
        conclusion=told("Both sisters are in danger while money has been taken for one of them."),
        child_view=told("Wants to go back to school and that nobody is punished for it."),
    )
    return Target("case", case.pk)


_ROM: dict[str, Any] = {"language": "rom", "interpreter": ""}


def _closed_once(t: Teller, case: Case, met: datetime) -> None:
    ana, lead = t.cast("ana"), t.cast("dragan")
    concern, body = t.stage.concerns(case)[0], t.organisation("cptv")
    t.guarded(case, met + timedelta(hours=6), "urgent_foster")
    t.stage.notify_concern(concern, by=ana, at=met + timedelta(hours=19), body=body)
    t.talk(
        case,
        met + timedelta(days=1),
        told("Counts faster than anybody here."),
        kind="first",
        **_ROM,
    )
    t.assessed(
        case,
        met + timedelta(days=2),
        met + timedelta(days=7),
        told("She is no relative. His aunt in the next village asks for him."),
        told("Wants to stay with his aunt if she keeps the dog."),
    )
    t.planned(case, met + timedelta(days=12))
    t.placed(case, met + timedelta(days=20), "kin")
    t.stage.decide_concern(
        concern,
        by=ana,
        at=t.ago(days=272),
        decision="resolved",
        safety_offered="accepted",
        reason=told("Lives with his aunt; she is strict."),
    )
    t.talk(
        case, t.ago(days=250), told("Goes to school; the dog waits outside."), kind="visit", **_ROM
    )
    decision = t.stage.request_closing(
        case,
        by=ana,
        at=t.ago(days=200),
        code="no_further_need",
        reason=told("Goes to school, nobody rings any more."),
    )
    t.stage.answer_closing(decision, by=lead, at=t.ago(days=198), approved=True)


def counted_once(t: Teller) -> Target:
    """18: one child, two centres, two files; one person."""
    met = t.ago(days=300)
    encounter = t.met(
        "teodora",
        met,
        told("Begs at the bridge for a woman who counts the money."),
        suspicions=["trafficking_begging"],
    )
    person = t.child(
        encounter,
        "Denis Demirović",
        "Денис Демировић",
        citizenship="RS",
        languages=("rom", "sr-Latn"),
        year=2014,
    )
    case = t.opened(encounter, person, told("Begs for somebody else."))
    lead = t.cast("dragan")
    _closed_once(t, case, met)
    t.stage.reopen_case(
        case,
        by=lead,
        at=t.ago(days=12),
        code="new_concern",
        priority="urgent",
        reason=told("Seen begging in Niš; counted there as a new child."),
    )
    t.guarded(case, t.ago(days=11.5), "urgent_foster")
    t.talk(case, t.ago(days=11), told("Ran away after a quarrel; says the bridge pays."), **_ROM)
    t.assessed(
        case,
        t.ago(days=10),
        t.ago(days=5),
        told("The aunt wants him back; the woman from the bridge knows where she lives."),
        told("Wants to go home, but not before the woman is gone."),
    )
    return Target("case", case.pk)


def plan_without_budget(t: Teller) -> Target:
    """19: the coordination body of the city."""
    return Target("organisation", t.organisation("vranje-social-committee").pk)


SCENARIOS = (
    Scenario(
        12,
        _("A night at the police station"),
        _("A pregnant girl without papers; nobody answered at four numbers."),
        _("Immediate priority, act within 24 hours, and a suspicion to be notified."),
        "ana",
        night_at_the_station,
        _("Not built yet: the calling list and the search for a free place."),
    ),
    Scenario(
        13,
        _("She denies everything"),
        _("A girl denies everything out of fear; her file was almost closed."),
        _("Closing is refused while the suspicion is watched; its review is overdue."),
        "ana",
        denies_everything,
    ),
    Scenario(
        14,
        _("A suspicion is enough"),
        _("A boy works for a man who keeps his papers."),
        _("The notification is late. The victims' centre may read the case until a day."),
        "katarina",
        told_at_once,
        _("Not built yet: identification by the body in charge."),
    ),
    Scenario(
        15,
        _("“Married” at fourteen"),
        _("A girl stopped coming to school and lives with a man in another city."),
        _("Early marriage is a suspicion like any other; the sister is a concern of its own."),
        "ana",
        married_at_fourteen,
    ),
    Scenario(
        18,
        _("Counted twice"),
        _("A child was closed in one city and seen again in another; figures differ."),
        _("One person, one file that was re-opened, with everything said before."),
        "dragan",
        counted_once,
        _("Not built yet: comparing figures of several sources."),
    ),
    Scenario(
        19,
        _("A plan without a budget"),
        _("The city's plan has no budget and no deadline; its body stopped meeting."),
        _("The body as it is in the directory, with the year of its source."),
        "stanka",
        plan_without_budget,
        _("Not built yet: the register of local plans."),
    ),
)
