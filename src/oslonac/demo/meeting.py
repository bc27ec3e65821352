"""The first chapter: a child is met, recorded and assessed."""

from datetime import timedelta
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from oslonac.access.roles import Role
from oslonac.cases import rules
from oslonac.demo import names, stories
from oslonac.demo.life import INTERPRETERS, Life
from oslonac.kit.calendars import Calendar, solar_hijri_year
from oslonac.kit.clock import local_day
from oslonac.people.actions import birth_interval
from oslonac.people.rules import Accompaniment, accompaniment

# What field workers call a group: how many, and where they were seen.
_GROUPS = (
    _("two from the bus station"),
    _("the two by the crossing"),
    _("two from the night train"),
    _("those from the abandoned house"),
    _("the family on the road"),
)
_SPOTS = (_("km %(n)d"), _("house no. %(n)d"), _("platform %(n)d"), _("stop %(n)d"))
_PRESENT: tuple[tuple[int, tuple[str, ...]], ...] = (
    (38, ("nobody",)),
    (16, ("other_children",)),
    (12, ("unrelated_adult",)),
    (12, ("adult_relative",)),
    (4, ("minor_relative", "other_children")),
    (13, ("parent",)),
    (5, ("unknown",)),
)
_SUSPICIONS = (
    "trafficking_suspected",
    "trafficking_labour",
    "trafficking_begging",
    "trafficking_sexual",
    "early_marriage",
    "smuggling_harm",
)
_NEEDS = ("food_water", "clothing", "medical_care", "rest_sleep", "interpretation", "guardian")
_SOURCES = ("police", "border_police", "ngo", "reception_centre", "citizen", "self_detected", "csw")


def _told(text: str) -> str:
    return gettext(text)


def met(life: Life) -> bool:
    """Encounter, person and triage; whether a case follows."""
    rng, stage = life.rng, life.stage
    team = life.world.staff("demo-field-team", Role.NGO_WORKER)
    life.by = life.pick(team) if life.lucky(0.15) else life.some(Role.FIELD_WORKER)
    happened = life.at
    present = rng.choices([p for _, p in _PRESENT], [share for share, _ in _PRESENT])[0]
    languages = life.who.origin.languages
    life.later(0.3, 3)
    life.encounter = stage.record_encounter(
        by=life.by,
        at=life.at,
        happened_at=happened,
        responsible=life.centre,
        reported_by=life.pick(_SOURCES),
        place=life.world.places.get(life.centre.place_id or ""),
        location=_told(life.pick(_SPOTS)) % {"n": rng.randint(1, 90)},
        reporter=names.colleague(rng) if life.lucky(0.4) else "",
        present=present,
        presence_verified=rng.choice((True, False, None)),
        safety=rng.choices(("safe", "unknown", "at_risk"), (45, 35, 20))[0],
        needs=sorted(rng.sample(_NEEDS, rng.randint(0, 3))),
        suspicions=[life.pick(_SUSPICIONS)] if life.lucky(0.1) else [],
        language=languages[0],
        interpreter=life.pick(INTERPRETERS) if not languages[0].startswith("sr") else "",
        children=rng.choice((1, 1, 1, 2, 3, 5)),
        narrative=stories.encounter(rng),
    )
    _who_is_it(life)
    return _triage(life)


def _who_is_it(life: Life) -> None:
    """The person, with names as different writers put them down and facts as they were said."""
    rng, stage, who = life.rng, life.stage, life.who
    steps = {"by": life.by, "at": life.at + timedelta(minutes=2)}
    life.person = stage.make_person(
        kind="encounter", record_id=life.encounter.pk, is_subject=True, **steps
    )
    stage.attach_person(life.encounter, person=life.person, **steps)
    stage.add_name(life.person, full=who.latin, given=who.given, family=who.family, **steps)
    if who.own != who.latin:
        stage.add_name(life.person, full=who.own, **steps)
    if life.lucky(0.25) and who.cyrillic != who.own:
        stage.add_name(life.person, full=who.cyrillic, kind="registered", said_by="worker", **steps)
    stage.state(
        life.person,
        attribute="sex",
        code="female" if who.girl else "male",
        basis="observed",
        said_by="worker",
        **steps,
    )
    stage.state(life.person, attribute="citizenship", code=who.origin.citizenship, **steps)
    for index, language in enumerate(who.origin.languages):
        stage.state(
            life.person,
            attribute="language",
            code=language,
            level="first" if index == 0 else "basic",
            **steps,
        )
    _birth(life, steps)
    if life.lucky(0.3):
        stage.state(life.person, attribute="phone", detail=names.phone(rng), **steps)
    if life.lucky(0.4):
        stage.state(life.person, attribute="origin", detail=rng.choice(who.origin.home), **steps)
    if life.lucky(0.22):
        _relative(life, steps)


def _birth(life: Life, steps: dict[str, Any]) -> None:
    """A year, a month or a day, in the calendar of the child; sometimes a second, other one."""
    rng, day = life.rng, local_day(life.at)
    hijri = life.who.origin.citizenship in ("AF", "IR") and life.lucky(0.7)
    calendar = Calendar.SOLAR_HIJRI if hijri else Calendar.GREGORIAN
    year = (solar_hijri_year(day) if hijri else day.year) - life.age
    month = rng.randint(1, 12) if life.lucky(0.45) else None
    exact = rng.randint(1, 28) if month and life.lucky(0.6) else None
    life.stage.state(
        life.person,
        attribute="birth",
        birth=birth_interval(calendar, year, month, exact),
        calendar=calendar,
        **steps,
    )
    if life.lucky(0.06):
        life.stage.state(
            life.person,
            attribute="birth",
            birth=birth_interval(Calendar.GREGORIAN, day.year - life.age - 2, 1, 1),
            calendar=Calendar.GREGORIAN,
            said_by="document",
            basis="claimed",
            **steps,
        )


def _relative(life: Life, steps: dict[str, Any]) -> None:
    name, girl = names.relative(life.rng, life.who)
    other = life.stage.make_person(kind="encounter", record_id=life.encounter.pk, **steps)
    life.stage.add_name(other, full=name, **steps)
    kind = life.pick(("sister", "aunt", "cousin") if girl else ("brother", "uncle", "cousin"))
    life.stage.relate(life.person, to_person=other, kind=kind, present=life.lucky(0.5), **steps)
    if life.lucky(0.4):
        members = [(life.person, "member"), (other, "leader")]
        life.stage.form_group(label=_told(life.pick(_GROUPS)), members=members, **steps)


def _triage(life: Life) -> bool:
    deciding = life.some(Role.FIELD_WORKER)
    life.later(0.2, 9)
    encounter = life.encounter
    harmless = encounter.safety != rules.Safety.AT_RISK and not encounter.suspicions
    accompanied = accompaniment(encounter.present) == Accompaniment.ACCOMPANIED
    if harmless and life.lucky(0.6 if accompanied else 0.06):
        reason = "parent_present" if accompanied else life.pick(("no_sign_of_risk", "person_gone"))
        life.stage.decide_triage(
            encounter,
            by=deciding,
            at=life.at,
            outcome="not_endangered",
            reasons=[reason],
            note=stories.reason(life.rng),
            reporter_told=life.lucky(0.7),
        )
        return False
    life.stage.decide_triage(
        encounter, by=deciding, at=life.at, outcome="at_risk", reporter_told=life.lucky(0.5)
    )
    return True
