"""Steps on an encounter: correct it, say who was met, decide on it, open a case."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from oslonac.access import policy
from oslonac.access.actor import Actor
from oslonac.access.rules import Level, RecordKind
from oslonac.audit.models import Event, Outcome
from oslonac.cases import moments, queries
from oslonac.cases.models import Case, Encounter
from oslonac.cases.rules import EncounterOutcome
from oslonac.encounters import actions as encounters
from oslonac.encounters.forms import CorrectForm
from oslonac.encounters.triage_forms import AtRiskForm, CaseForm, NameForm, StopForm
from oslonac.steps.step import Doing, Step, Target, register
from oslonac.vault.sealing import open_many
from oslonac.web.shapes import Fact, Link

# Each of these wrote the encounter once, and so moved its revision by one.
WRITES = ("encounter.corrected", "encounter.person", "triage.decided", "reporter.told")
DECIDED = "triage.decided"


def _home(met: Encounter) -> str:
    return reverse("encounters:encounter", args=[met.pk])


def _crumbs(doing: Doing) -> list[Link]:
    met = doing.of
    return [
        Link(_now("Encounters"), reverse("encounters:all")),
        Link(moments.day(met.happened_at), _home(met)),
    ]


def _require(actor: Actor, met: Encounter, level: Level, at: datetime) -> None:
    policy.require_level(actor, RecordKind.ENCOUNTER, met.pk, level, at=at)


def _stands(doing: Doing) -> tuple[Sequence[Fact], Sequence[str]]:
    """All that a colleague may have saved: the decision, safety, who is there, who was met."""
    from oslonac.encounters.views.encounter_page import (
        as_it_stands,  # the page stands above the steps
    )

    return as_it_stands(doing.of)


ENCOUNTER = Target(
    name="encounter",
    model=Encounter,
    find=lambda actor, pk, at: queries.encounter(actor, pk, at=at, level=Level.CASE),
    home=_home,
    crumbs=_crumbs,
    page="encounters/<uuid:encounter_id>/",
    rest="/encounters/{encounter_id}/",
    require=_require,
    beside=lambda doing: ({"stylesheet": "cases/css/pages.css"}, ()),
    stands=_stands,
)


def _as_known(doing: Doing) -> dict[str, Any]:
    met = doing.of
    return {
        "present": met.present,
        "presence_verified": {True: "yes", False: "no", None: ""}[met.presence_verified],
        "safety": met.safety,
        "needs": met.needs,
        "narrative": open_many([met], "narrative")[met.pk]["narrative"],
    }


def _decided_since(doing: Doing) -> bool:
    """Whether somebody decided after this form was read. Each write moved the revision by one."""
    since = max(doing.standing - doing.revision, 0)
    rows = Event.objects.filter(record_id=doing.of.pk, outcome=Outcome.DONE, name__in=WRITES)
    return DECIDED in rows.order_by("-at", "-id").values_list("name", flat=True)[:since]


def _stopped_since(doing: Doing) -> bool:
    return doing.of.outcome == EncounterOutcome.NOT_ENDANGERED and _decided_since(doing)


def _name(doing: Doing, data: dict[str, Any]) -> Encounter:
    return encounters.add_child(
        actor=doing.actor,
        at=doing.at,
        request_key=doing.request_key,
        encounter=doing.of,
        revision=doing.revision,
        child=data["said"](),
    )


def _opened(case: Case) -> str:
    return _now("Case %(number)s is open. The deadlines are running.") % {"number": case.number}


CORRECT = Step(
    action=encounters.correct_triage,
    on=ENCOUNTER,
    slug="encounter-correct",
    address="correct/",
    title=_("Correct what is known"),
    form=CorrectForm,
    level=Level.NARRATIVE,
    initial=_as_known,
    compares=("present", "presence_verified", "safety", "needs", "narrative"),
    reads=("narrative",),
    save=_("Save the correction"),
    done=_("The correction is saved. The earlier answers are in the activity log."),
)
NAME = Step(
    action=encounters.add_child,
    on=ENCOUNTER,
    slug="encounter-child",
    address="child/",
    title=_("Who is the person?"),
    form=NameForm,
    run=_name,
    applies=lambda met, _part: met.person_id is None,
    settled=lambda doing: doing.of.person_id is not None,
    template="encounters/child.html",
    done=_("The person is recorded. Earlier statements are kept."),
)
STOP = Step(
    action=encounters.decide_triage,
    on=ENCOUNTER,
    slug="encounter-stop",
    address="stop/",
    title=_("Not endangered: close the encounter"),
    form=StopForm,
    given={"outcome": EncounterOutcome.NOT_ENDANGERED.value},
    applies=lambda met, _part: met.outcome == EncounterOutcome.PENDING,
    settled=lambda doing: doing.of.outcome != EncounterOutcome.PENDING,
    save=_("Record and stop"),
    done=_("Recorded: not endangered. No case was opened."),
)
AT_RISK = Step(
    action=encounters.decide_triage,
    on=ENCOUNTER,
    slug="encounter-at-risk",
    address="at-risk/",
    title=_("At risk"),
    form=AtRiskForm,
    given={"outcome": EncounterOutcome.AT_RISK.value},
    applies=lambda met, _part: met.outcome != EncounterOutcome.AT_RISK,
    settled=lambda doing: doing.of.outcome == EncounterOutcome.AT_RISK or _decided_since(doing),
    save=_("Record the risk"),
    done=_("Recorded: at risk. The centre opens the case."),
)
TO_CASE = Step(
    action=encounters.open_from_encounter,
    on=ENCOUNTER,
    slug="encounter-to-case",
    address="case/",
    title=_("At risk: open a case"),
    form=CaseForm,
    # Somebody who also found the child at risk is followed; a stop is not written over.
    settled=_stopped_since,
    save=_("Open the case"),
    done=_opened,
    then=lambda case: reverse("cases:case", args=[case.pk]),
)
STEPS = register(CORRECT, NAME, STOP, AT_RISK, TO_CASE)
