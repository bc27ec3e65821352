"""Scenarios 1 to 4, 6 to 9: the first night and the first days."""

from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as told
from django.utils.translation import gettext_noop as _

from oslonac.cases.models import Encounter
from oslonac.demo.scenarios.story import Scenario, Target, Teller
from oslonac.kit.calendars import Calendar
from oslonac.people.actions import birth_interval
from oslonac.people.models import Person


def alone_at_night(t: Teller) -> Target:
    """1: met at 23:40, recorded when the phone had a network again, nine hours later."""
    met = t.ago(hours=16)
    encounter = t.met(
        "jelena",
        met,
        told(
            "Met beside the road below the village, alone, wet to the knees. Wants to sleep first "
            "and talk in the morning."
        ),
        recorded=met + timedelta(hours=9),
        reported_by="ngo",
        safety="at_risk",
        needs=["rest_sleep", "clothing"],
        language="ps",
    )
    person = t.child(
        encounter,
        "Zarif Stanikzai",
        "ظریف ستانکزی",
        "Zareef Stanekzay",
        by="jelena",
        year=1388,
        calendar=Calendar.SOLAR_HIJRI,
    )
    case = t.opened(
        encounter,
        person,
        told("Alone, at night, without papers."),
        priority="immediate",
        manager="ana",
    )
    return Target("case", case.pk)


def _father_found(t: Teller, encounter: Encounter, person: Person, at: datetime) -> None:
    by = t.cast("teodora")
    father = t.stage.make_person(by=by, at=at, kind="encounter", record_id=encounter.pk)
    t.stage.add_name(father, by=by, at=at, full="Behrouz Golzari", basis="document")
    relation = t.stage.relate(
        person, by=by, at=at, to_person=father, kind="father", present=True, said_by="relative"
    )
    t.stage.check_relation(
        relation,
        by=by,
        at=at,
        status="verified",
        evidence=told(
            "Both papers name the same village; boy and father, asked apart, say the same."
        ),
    )


def not_alone(t: Teller) -> Target:
    """2: father and uncle are around the corner; no case, reasons, feedback to the caller."""
    met = t.ago(days=1, hours=3)
    encounter = t.met(
        "goran",
        met,
        told("Police called about a boy alone in front of the bakery."),
        reported_by="police",
        reporter="Nikola Radenković",
        present=["unknown"],
    )
    speaks: dict[str, Any] = {"languages": ("fa",), "citizenship": "IR"}
    person = t.child(encounter, "Ehsan Golzari", "احسان گلزاری", by="goran", year=2014, **speaks)
    at = met + timedelta(hours=1)
    by = t.cast("teodora")
    _father_found(t, encounter, person, at)
    t.stage.correct_triage(
        encounter,
        by=by,
        at=at,
        present=["parent", "adult_relative"],
        presence_verified=True,
        safety="safe",
        needs=[],
        narrative=told("Father and uncle were buying bread around the corner."),
    )
    t.stage.decide_triage(
        encounter,
        by=by,
        at=at + timedelta(minutes=10),
        outcome="not_endangered",
        reasons=["parent_present"],
        note=told("Father present and verified."),
        reporter_told=True,
    )
    return Target("encounter", encounter.pk)


def led_by_a_boy(t: Teller) -> Target:
    """3: one of seventeen leads boys of eight and nine; a decision for each child.

    Seven boys at once: the assessment is hours late, the only one that is.
    """
    met = t.ago(days=3, hours=6)
    encounter = t.met(
        "teodora",
        met,
        told("Seven boys; the oldest carries the phone and speaks for all."),
        present=["minor_relative", "other_children"],
        children=7,
        suspicions=["smuggling_harm"],
        language="ps",
    )
    leader = t.child(encounter, "Torialai Momand", "توریالی مومند", year=2009)
    by, at = t.cast("teodora"), encounter.recorded_at
    names = ("Abrar", "Sebghat", "Idris", "Musawer", "Lemar", "Emal")
    younger = [
        t.child(encounter, f"{name} Momand", year=2017 + index % 2, attach=False)
        for index, name in enumerate(names)
    ]
    for boy in younger[:2]:
        t.stage.relate(leader, by=by, at=at, to_person=boy, kind="cousin", present=True)
    group = t.stage.form_group(
        by=by,
        at=at,
        label=told("Seven boys from one valley"),
        members=[(leader, "leader"), *((boy, "member") for boy in younger)],
    )
    case = t.opened(
        encounter, leader, told("Leads six small boys; in whose interest is not clear.")
    )
    t.guarded(case, met + timedelta(hours=8))
    for member in group.members.order_by("pk")[1:4]:
        t.stage.decide_member(
            member,
            by=t.cast("ana"),
            at=t.ago(days=2),
            decision="keep",
            reasons=told("Calm only in his presence; watched, with beds in one room."),
            child_view=told("Wants to sleep where Torialai sleeps."),
        )
    return Target("case", case.pk)


def guardian_by_word(t: Teller) -> Target:
    """4: appointed orally at first contact; the written decision is late."""
    met = t.ago(days=2, hours=1)
    encounter = t.met("teodora", met, told("Asked for a doctor for his friend, then for himself."))
    person = t.child(encounter, "Hekmat Safi", "حکمت ساپی", "Hikmat Sapi", year=2011)
    case = t.opened(encounter, person, told("Nobody here can be responsible for him."))
    t.stage.appoint(
        case,
        by=t.cast("teodora"),
        at=met + timedelta(hours=4),
        guardian=t.cast("milan"),
        witness="Nikola Radenković",
    )
    t.stage.place(
        case,
        by=t.cast("teodora"),
        at=met + timedelta(hours=5),
        kind="emergency_centre",
        from_at=met + timedelta(hours=5),
        organisation=t.organisation("rc-bujanovac"),
    )
    return Target("case", case.pk)


def year_only(t: Teller) -> Target:
    """6: only the year 1387 is known; a paper says something else; both stay."""
    met = t.ago(days=9)
    encounter = t.met("teodora", met, told("Says he was born in the year of the great snow, 1387."))
    person = t.child(
        encounter,
        "Mohammad Ali Karimzai",
        "محمد علی کریمزی",
        "Muhamed Ali Kerimzaj",
        languages=("fa-AF", "ps"),
        year=1387,
        calendar=Calendar.SOLAR_HIJRI,
    )
    case = t.opened(encounter, person, told("Minority is presumed while it is possible."))
    t.guarded(case, met + timedelta(hours=7))
    assessment = t.stage.begin_assessment(case, by=t.cast("ana"), at=met + timedelta(hours=40))
    t.stage.state(
        person,
        by=t.cast("ana"),
        at=t.ago(days=7),
        attribute="birth",
        birth=birth_interval(Calendar.GREGORIAN, 2006, 1, 1),
        calendar=Calendar.GREGORIAN,
        said_by="other",
        basis="claimed",
        detail=told("Written on the paper of another country, without asking him."),
    )
    t.talk(
        case,
        t.ago(days=6),
        told("Explained why the year is enough and that nobody measures bones."),
        language="fa-AF",
    )
    t.stage.complete_assessment(
        assessment,
        by=t.cast("ana"),
        at=t.ago(days=4),
        alone_with_child="yes",
        conclusion=told("Everything he tells of school and home fits a boy of his year."),
        child_view=told("Wants to be believed, and to sit in a class."),
    )
    return Target("case", case.pk)


def two_days(t: Teller) -> Target:
    """7: in transit for two days, then stays; what was done is kept."""
    met = t.ago(days=13)
    encounter = t.met(
        "teodora",
        met,
        told("Wants to go on with his cousins on Sunday."),
        present=["adult_relative"],
    )
    person = t.child(encounter, "Nasim Shinwari", "نسیم شینواری", year=2010)
    case = t.opened(
        encounter,
        person,
        told("Passing through, with a cousin of age."),
        pathway="transit",
        priority="urgent",
    )
    t.guarded(case, met + timedelta(hours=6))
    t.talk(case, met + timedelta(days=1), told("Told him how to reach us from the next place."))
    t.stage.change_pathway(
        case,
        by=t.cast("ana"),
        at=met + timedelta(days=2),
        reason=told("The cousin left without him; he has a fever and stays."),
    )
    t.assessed(
        case,
        met + timedelta(days=2, hours=2),
        met + timedelta(days=7),
        told("The cousin was the plan. There is no other yet."),
        told("Wants to call his mother and decide afterwards."),
    )
    return Target("case", case.pk)


def responders_assess(t: Teller) -> Target:
    """8: the team of a civil society organisation assesses; the State decides."""
    met = t.ago(days=4)
    encounter = t.met(
        "jelena",
        met,
        told("A girl with two small brothers and a woman she calls aunt."),
        reported_by="ngo",
        present=["adult_relative"],
        language="ar",
    )
    person = t.child(
        encounter,
        "Rima Sabbagh",
        "ريما صباغ",
        "Reema Sabag",
        by="jelena",
        sex="female",
        citizenship="SY",
        languages=("ar",),
        year=2012,
    )
    case = t.opened(encounter, person, told("High risk by the first assessment of the field team."))
    t.guarded(case, met + timedelta(hours=5))
    assessment = t.stage.begin_assessment(case, by=t.cast("jelena"), at=met + timedelta(hours=6))
    t.stage.complete_assessment(
        assessment,
        by=t.cast("jelena"),
        at=met + timedelta(hours=30),
        alone_with_child="yes",
        conclusion=told("The woman cannot say when the girl was born. Refer for a decision."),
        child_view=told("Wants to stay with her brothers, not with the woman."),
    )
    # What the centre is asked for by law, its own case manager does.
    t.stage.begin_assessment(case, by=t.cast("ana"), at=met + timedelta(hours=44))
    t.stage.decide_best_interest(
        case,
        by=t.cast("ana"),
        at=t.ago(days=1),
        code="siblings",
        reason=told("Brothers and sister stay together, without the woman."),
    )
    return Target("case", case.pk)


def three_nights(t: Teller) -> Target:
    """9: the same worker, three nights one after the other."""
    last = None
    for night in (3, 2, 1):
        met = t.ago(days=night, hours=5)
        last = t.met(
            "teodora",
            met,
            told("Night %(n)d without relief; went on foot, no vehicle.") % {"n": 4 - night},
            children=2,
            present=["other_children"],
        )
    assert last is not None  # noqa: S101
    return Target("encounter", last.pk)


SCENARIOS = (
    Scenario(
        1,
        _("A boy alone at night"),
        _("A field team met a boy at the border and had no network until the morning."),
        _("The clocks run from the encounter, not from when it was recorded."),
        "ana",
        alone_at_night,
        _("Not built yet: recording without a network."),
    ),
    Scenario(
        2,
        _("Not alone after all"),
        _("Police reported an unaccompanied child; father and uncle were around the corner."),
        _(
            "No case was opened, with reasons. The relation was verified. The reporter was "
            "informed."
        ),
        "goran",
        not_alone,
    ),
    Scenario(
        3,
        _("Seven boys, one leads"),
        _("A boy of seventeen leads six boys of eight and nine."),
        _("The group, claimed relations, and a decision for each child with its own view."),
        "ana",
        led_by_a_boy,
    ),
    Scenario(
        4,
        _("A guardian appointed by word"),
        _("The guardian was appointed orally at first contact, before a witness."),
        _("The written decision is late. Try to appoint the field worker: it is refused."),
        "ana",
        guardian_by_word,
    ),
    Scenario(
        6,
        _("Born in 1387"),
        _("A boy knows only the year of his birth; a paper from elsewhere says another."),
        _("An interval of ages, minority presumed, both statements side by side."),
        "ana",
        year_only,
    ),
    Scenario(
        7,
        _("Two days became two weeks"),
        _("A child in transit stayed because his cousin left without him."),
        _("The same case moved to the full path; the first steps are still there."),
        "ana",
        two_days,
    ),
    Scenario(
        8,
        _("The first responders assess"),
        _("A civil society team assessed a girl and referred her for a decision."),
        _("The team's assessment and the centre's decision, each with its author."),
        "jelena",
        responders_assess,
        _("Not built yet: the referral with its own deadline and receiver."),
    ),
    Scenario(
        9,
        _("Three nights in a row"),
        _("One worker was on call every night, without relief and without a vehicle."),
        _("Three encounters at night, all recorded by the same person."),
        "dragan",
        three_nights,
        _("Not built yet: the rota, its limits and the vehicle book."),
    ),
)
