"""Writes of casework, by theme. Callers import `oslonac.cases.actions` and nothing below it."""

from oslonac.cases.actions.assessing import (
    begin_assessment,
    complete_assessment,
    save_assessment,
)
from oslonac.cases.actions.blocking import declare_conflict, keep_away, lift_block, note_tie
from oslonac.cases.actions.closing import (
    answer_closing,
    reopen_case,
    request_closing,
    withdraw_closing,
)
from oslonac.cases.actions.concerns import decide_concern, notify_concern, raise_concern
from oslonac.cases.actions.consenting import record_consent, withdraw_consent
from oslonac.cases.actions.contacts import record_contact, record_review
from oslonac.cases.actions.disclosing import end_grant, give_grant
from oslonac.cases.actions.emergency import break_glass, give_back, review_emergency
from oslonac.cases.actions.encounters import (
    attach_person,
    correct_triage,
    decide_triage,
    record_encounter,
    tell_reporter,
)
from oslonac.cases.actions.intake import (
    Birth,
    MetToo,
    Said,
    add_child,
    birth_by_age,
    contradict,
    open_from_encounter,
    record_intake,
)
from oslonac.cases.actions.moving import move_many, move_procedures
from oslonac.cases.actions.muting import mute_reminders, unmute_reminders
from oslonac.cases.actions.opening import (
    assign_case,
    change_pathway,
    change_priority,
    decide_best_interest,
    open_case,
    restrict_whereabouts,
)
from oslonac.cases.actions.own_file import answer_own, ask_own, tell_own, withdraw_own
from oslonac.cases.actions.planning import (
    add_activity,
    add_goal,
    draft_plan,
    end_activity,
    end_promise,
    make_promise,
    put_plan_in_force,
    save_goal,
)
from oslonac.cases.actions.procedures import (
    extend_clock,
    record_step,
    resume_clock,
    suspend_clock,
)
from oslonac.cases.actions.transfers import answer_transfer, propose_transfer, withdraw_transfer

__all__ = [
    "Birth",
    "MetToo",
    "Said",
    "add_activity",
    "add_child",
    "add_goal",
    "answer_closing",
    "answer_own",
    "answer_transfer",
    "ask_own",
    "assign_case",
    "attach_person",
    "begin_assessment",
    "birth_by_age",
    "break_glass",
    "change_pathway",
    "change_priority",
    "complete_assessment",
    "contradict",
    "correct_triage",
    "decide_best_interest",
    "decide_concern",
    "decide_triage",
    "declare_conflict",
    "draft_plan",
    "end_activity",
    "end_grant",
    "end_promise",
    "extend_clock",
    "give_back",
    "give_grant",
    "keep_away",
    "lift_block",
    "make_promise",
    "move_many",
    "move_procedures",
    "mute_reminders",
    "note_tie",
    "notify_concern",
    "open_case",
    "open_from_encounter",
    "propose_transfer",
    "put_plan_in_force",
    "raise_concern",
    "record_consent",
    "record_contact",
    "record_encounter",
    "record_intake",
    "record_review",
    "record_step",
    "reopen_case",
    "request_closing",
    "restrict_whereabouts",
    "resume_clock",
    "review_emergency",
    "save_assessment",
    "save_goal",
    "suspend_clock",
    "tell_own",
    "tell_reporter",
    "unmute_reminders",
    "withdraw_closing",
    "withdraw_consent",
    "withdraw_own",
    "withdraw_transfer",
]
