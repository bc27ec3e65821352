"""What a scenario is, and the small steps that many of them begin with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as told

from oslonac.cases.models import Case, Encounter
from oslonac.country import country
from oslonac.demo.world import Staff, World
from oslonac.demo.writing.by_actions import ByActions
from oslonac.directory.models import Organisation
from oslonac.kit.calendars import Calendar
from oslonac.kit.clock import local_day
from oslonac.people.actions import birth_interval
from oslonac.people.models import Person


@dataclass(frozen=True)
class Target:
    """What the page of scenarios opens."""

    kind: str  # case | encounter | organisation
    record_id: UUID


@dataclass(frozen=True)
class Scenario:
    """One of the twenty. `later` says what the story needs that is not built yet."""

    number: int
    title: Any
    happened: Any
    look: Any
    opens_as: str
    tell: Callable[["Teller"], Target]
    later: Any = ""


@dataclass
class Teller:
    """World and stage, with times as distances from today."""

    world: World
    stage: ByActions

    def ago(self, *, days: float = 0, hours: float = 0, minutes: float = 0) -> datetime:
        moment = self.world.now - timedelta(days=days, hours=hours, minutes=minutes)
        return moment.replace(microsecond=0)

    def day(self, distance: int) -> date:
        """A local day, `distance` days from today."""
        return local_day(self.world.now) + timedelta(days=distance)

    def cast(self, code: str) -> Staff:
        return self.world.cast[code]

    def organisation(self, code: str) -> Organisation:
        return self.world.organisations[code]

    def met(self, by: str, at: datetime, text: str, **more: Any) -> Encounter:
        """An encounter near Miratovac, recorded half an hour later unless said otherwise."""
        recorded = more.pop("recorded", at + timedelta(minutes=30))
        given = {
            "responsible": self.organisation("csw-vranje"),
            "place": self.world.places["rs-pt-miratovac"],
            "reported_by": "self_detected",
            "present": ["nobody"],
            **more,
        }
        encounter: Encounter = self.stage.record_encounter(
            by=self.cast(by), at=recorded, happened_at=at, narrative=text, **given
        )
        return encounter

    def child(
        self,
        encounter: Encounter,
        *spellings: str,
        by: str = "teodora",
        sex: str = "male",
        citizenship: str = "AF",
        languages: tuple[str, ...] = ("ps",),
        year: int | None = None,
        calendar: str = Calendar.GREGORIAN,
        attach: bool = True,
    ) -> Person:
        """A person met in an encounter, with every spelling that somebody wrote."""
        steps: dict[str, Any] = {"by": self.cast(by), "at": encounter.recorded_at}
        person: Person = self.stage.make_person(
            kind="encounter", record_id=encounter.pk, is_subject=attach, **steps
        )
        if attach:
            self.stage.attach_person(encounter, person=person, **steps)
        for spelling in spellings:
            self.stage.add_name(person, full=spelling, **steps)
        self.stage.state(person, attribute="sex", code=sex, basis="observed", **steps)
        self.stage.state(person, attribute="citizenship", code=citizenship, **steps)
        for index, language in enumerate(languages):
            level = "basic" if index else "first"
            self.stage.state(person, attribute="language", code=language, level=level, **steps)
        if year is not None:
            self.stage.state(
                person,
                attribute="birth",
                birth=birth_interval(calendar, year, None, None),
                calendar=calendar,
                **steps,
            )
        return person

    def opened(self, encounter: Encounter, person: Person, reason: str, **more: Any) -> Case:
        """At risk, case opened, and given to Ana unless `manager` is None."""
        at = encounter.recorded_at + timedelta(minutes=20)
        manager = more.pop("manager", "ana")
        centre = more.pop("centre", "csw-vranje")
        worker, opener, lead = self._office(centre)
        self.stage.decide_triage(encounter, by=worker, at=at, outcome="at_risk")
        case: Case = self.stage.open_case(
            person,
            by=opener,
            at=at + timedelta(minutes=10),
            organisation=self.organisation(centre),
            encounter=encounter,
            reason=reason,
            **{"priority": "urgent", **more},
        )
        if manager is not None:
            self.stage.assign_case(
                case, by=lead, at=at + timedelta(hours=1), manager=self.cast(manager)
            )
        return case

    def _office(self, centre: str) -> tuple[Staff, Staff, Staff]:
        found = [
            self.world.staff(centre, r)[0] for r in ("field_worker", "admission", "supervisor")
        ]
        return found[0], found[1], found[2]

    def talk(self, case: Case, at: datetime, text: str, **more: Any) -> None:
        """A conversation of an hour that ended at `at`."""
        given = {
            "by": self.cast("ana"),
            "kind": "office",
            "alone_with_child": "yes",
            "language": "ps",
            "interpreter": "Sohrab Nuri",
            **more,
        }
        self.stage.record_contact(
            case, at=at, happened_at=at - timedelta(hours=1), narrative=text, **given
        )

    def guarded(self, case: Case, at: datetime, first_place: str = "emergency_centre") -> None:
        """A guardian by word and a place to sleep; the decision in writing on the same day."""
        ana = self.cast("ana")
        row = self.stage.appoint(
            case, by=ana, at=at, guardian=self.cast("milan"), witness="Vesna Tasić"
        )
        self.placed(case, at + timedelta(hours=1), first_place)
        self.stage.write_decision(
            row, by=ana, at=at + timedelta(hours=11), document_number="560-77"
        )

    def placed(self, case: Case, at: datetime, kind: str) -> None:
        """Ana's decision where the child lives: in the reception centre, or with a family."""
        where: dict[str, Any] = {"organisation": self.organisation("rc-bujanovac")}
        if kind in country().placements.with_mark("family"):
            where = {"place": self.world.places["rs-vranje"], "address": "Jasenova 7"}
        self.stage.place(case, by=self.cast("ana"), at=at, kind=kind, from_at=at, **where)

    def assessed(
        self, case: Case, begun: datetime, completed: datetime, conclusion: str, view: str
    ) -> None:
        """Ana's initial assessment, with what she concludes and what the child says."""
        ana = self.cast("ana")
        assessment = self.stage.begin_assessment(case, by=ana, at=begun)
        self.stage.complete_assessment(
            assessment,
            by=ana,
            at=completed,
            alone_with_child="yes",
            conclusion=conclusion,
            child_view=view,
        )

    def planned(
        self,
        case: Case,
        at: datetime,
        *,
        what: str = "",
        view: str = "",
    ) -> None:
        """A plan for school, in force a day later; what it asks for is done within two weeks."""
        ana = self.cast("ana")
        what = what or told("Enrol at the school")
        view = view or told("Wants to start on Monday.")
        plan = self.stage.draft_plan(case, by=ana, at=at)
        goal = self.stage.add_goal(
            plan,
            by=ana,
            at=at,
            domain="education",
            outcome=told("Goes to school every day"),
            indicator=told("Attendance over a month"),
        )
        due_on = local_day(at + timedelta(days=17))
        activity = self.stage.add_activity(goal, by=ana, at=at, what=what, due_on=due_on, owner=ana)
        self.stage.put_plan_in_force(plan, by=ana, at=at + timedelta(days=1), child_view=view)
        done = at + timedelta(days=13)
        if done < self.world.now:
            self.stage.end_activity(activity, by=ana, at=done, status="done")
