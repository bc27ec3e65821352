"""Verbs of a story carried out by the real actions, one transaction each."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from oslonac.cases import actions as cases
from oslonac.demo.ids import Source
from oslonac.demo.world import Staff
from oslonac.encounters import actions as encounters
from oslonac.guardianship import actions as guardians
from oslonac.own_file import actions as own_file
from oslonac.people import actions as people
from oslonac.placements import actions as placements
from oslonac.planning import actions as planning

# verb: action, name of the record it is called on, whether the action asks for its revision
_VERBS: dict[str, tuple[Callable[..., Any], str, bool]] = {
    "record_encounter": (encounters.record_encounter, "", False),
    "correct_triage": (encounters.correct_triage, "encounter", True),
    "attach_person": (encounters.attach_person, "encounter", True),
    "decide_triage": (encounters.decide_triage, "encounter", True),
    "tell_reporter": (encounters.tell_reporter, "encounter", True),
    "make_person": (people.make_person, "", False),
    "add_name": (people.add_name, "person", False),
    "state": (people.state, "person", False),
    "relate": (people.relate, "from_person", False),
    "check_relation": (people.check_relation, "relation", True),
    "form_group": (people.form_group, "", False),
    "decide_member": (people.decide_member, "member", True),
    "open_case": (cases.open_case, "person", False),
    "assign_case": (cases.assign_case, "case", True),
    "change_priority": (cases.change_priority, "case", True),
    "change_pathway": (cases.change_pathway, "case", True),
    "restrict_whereabouts": (cases.restrict_whereabouts, "case", True),
    "decide_best_interest": (cases.decide_best_interest, "case", False),
    "give_grant": (cases.give_grant, "case", False),
    "record_consent": (cases.record_consent, "case", False),
    "keep_away": (cases.keep_away, "case", False),
    "break_glass": (cases.break_glass, "", False),
    "ask_own": (own_file.ask_own, "case", False),
    "answer_own": (own_file.answer_own, "request", True),
    "raise_concern": (planning.raise_concern, "case", False),
    "notify_concern": (planning.notify_concern, "concern", True),
    "decide_concern": (planning.decide_concern, "concern", True),
    "appoint": (guardians.appoint, "case", False),
    "write_decision": (guardians.write_decision, "appointment", True),
    "hand_over": (guardians.hand_over, "appointment", True),
    "place": (placements.place, "case", False),
    "end_placement": (placements.end_placement, "placement", True),
    "record_contact": (planning.record_contact, "case", False),
    "begin_assessment": (planning.begin_assessment, "case", False),
    "complete_assessment": (planning.complete_assessment, "assessment", True),
    "draft_plan": (planning.draft_plan, "case", False),
    "add_goal": (planning.add_goal, "plan", False),
    "add_activity": (planning.add_activity, "goal", False),
    "end_activity": (planning.end_activity, "activity", True),
    "put_plan_in_force": (planning.put_plan_in_force, "plan", True),
    "make_promise": (planning.make_promise, "case", False),
    "end_promise": (planning.end_promise, "promise", True),
    "record_step": (cases.record_step, "case", False),
    "record_review": (planning.record_review, "case", False),
    "propose_transfer": (cases.propose_transfer, "case", False),
    "answer_transfer": (cases.answer_transfer, "transfer", True),
    "request_closing": (cases.request_closing, "case", True),
    "answer_closing": (cases.answer_closing, "decision", True),
    "reopen_case": (cases.reopen_case, "case", True),
}


class ByActions:
    """`stage.verb(record, by=…, at=…, …)`; revisions are read from the database first."""

    def __init__(self, ids: Source) -> None:
        self._ids = ids

    def __getattr__(self, verb: str) -> Callable[..., Any]:
        if verb not in _VERBS:
            raise AttributeError(verb)
        action, name, asks_revision = _VERBS[verb]

        def carry_out(record: Any = None, *, by: Staff, at: datetime, **more: Any) -> Any:
            arguments = {key: _unwrapped(value) for key, value in more.items()}
            if name:
                record.refresh_from_db()
                arguments[name] = record
                if asks_revision:
                    arguments["revision"] = record.revision
            self._ids.at(at)
            return action(actor=by.actor, at=at, **arguments)

        return carry_out

    def concerns(self, case: Any) -> list[Any]:
        return list(case.concerns.order_by("id"))


def _unwrapped(value: Any) -> Any:
    return value.user if isinstance(value, Staff) else value
