"""Writes of casework, by theme. Callers import `oslonac.cases.actions` and nothing below it."""

from oslonac.cases.actions.closing import (
    answer_closing,
    reopen_case,
    request_closing,
    withdraw_closing,
)
from oslonac.cases.actions.opening import (
    assign_case,
    change_pathway,
    change_priority,
    decide_best_interest,
    open_case,
    restrict_whereabouts,
)
from oslonac.cases.actions.transfers import answer_transfer, propose_transfer, withdraw_transfer
from oslonac.cases.duties.actions.moving import move_many, move_procedures
from oslonac.cases.duties.actions.muting import mute_reminders, unmute_reminders
from oslonac.cases.duties.actions.procedures import (
    extend_clock,
    record_step,
    resume_clock,
    suspend_clock,
)
from oslonac.cases.trust.actions.blocking import declare_conflict, keep_away, lift_block, note_tie
from oslonac.cases.trust.actions.consenting import record_consent, withdraw_consent
from oslonac.cases.trust.actions.disclosing import end_grant, give_grant
from oslonac.cases.trust.actions.emergency import break_glass, give_back, review_emergency

__all__ = [
    "answer_closing",
    "answer_transfer",
    "assign_case",
    "break_glass",
    "change_pathway",
    "change_priority",
    "decide_best_interest",
    "declare_conflict",
    "end_grant",
    "extend_clock",
    "give_back",
    "give_grant",
    "keep_away",
    "lift_block",
    "move_many",
    "move_procedures",
    "mute_reminders",
    "note_tie",
    "open_case",
    "propose_transfer",
    "record_consent",
    "record_step",
    "reopen_case",
    "request_closing",
    "restrict_whereabouts",
    "resume_clock",
    "review_emergency",
    "suspend_clock",
    "unmute_reminders",
    "withdraw_closing",
    "withdraw_consent",
    "withdraw_transfer",
]
