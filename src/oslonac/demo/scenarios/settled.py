"""A child whose first weeks went as they should: where stories begin."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as told

from oslonac.cases.models import Case
from oslonac.demo.scenarios.story import Teller


def assessed(t: Teller, case: Case, at: datetime) -> None:
    t.assessed(
        case,
        at,
        at + timedelta(days=4),
        told("Needs a safe place and something to do all day."),
        told("Wants to learn the language and to be asked."),
    )


def settled(
    t: Teller,
    *spellings: str,
    days: int,
    sex: str = "male",
    citizenship: str = "AF",
    languages: tuple[str, ...] = ("ps",),
    in_a_family: bool = True,
) -> Case:
    """A child with guardian, assessment, plan and a family to live with, some weeks into the
    case."""
    met = t.ago(days=days)
    encounter = t.met(
        "teodora", met, told("Came to the gate and asked who is in charge."), language=languages[0]
    )
    person = t.child(
        encounter, *spellings, sex=sex, citizenship=citizenship, languages=languages, year=2010
    )
    case = t.opened(encounter, person, told("Alone and without papers."))
    t.guarded(case, met + timedelta(hours=9))
    t.talk(
        case,
        met + timedelta(days=1),
        told("First conversation; he asked most of the questions."),
        kind="first",
        language=languages[0],
        told_story=True,
    )
    assessed(t, case, met + timedelta(days=2))
    t.planned(case, met + timedelta(days=8))
    if in_a_family:
        t.placed(case, met + timedelta(days=14), "foster")
    for distance in range(35, days - 12, 30):
        t.talk(
            case,
            met + timedelta(days=distance),
            told("Talked about school, sleep and home."),
            language=languages[0],
        )
    return case
