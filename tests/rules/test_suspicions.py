"""No sequence of permitted actions ends a suspicion of trafficking of which nobody was notified.

The guards are pure functions. Here every sequence of the actions that can touch a suspicion is
walked over them, breadth first, until no new state appears; what is walked by hand through the
whole product is in `tests/promises/test_nobody_untold.py`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from oslonac.cases import rules
from oslonac.cases.rules import CaseStatus, ConcernDecision, ConcernStatus, EncounterOutcome
from oslonac.kit.errors import Refused
from tests.refusals import refused

REASONS = (*sorted(rules.CLOSING_WITH_APPROVAL), "no_further_need", "duplicate", "reunified")


@dataclass(frozen=True)
class State:
    """What a suspicion of trafficking has become: first of an encounter, then of a case."""

    met: str = EncounterOutcome.PENDING
    case: str = ""
    concern: str = ""
    notified: bool = False
    asked: bool = False
    transfer: bool = False
    destroyed: bool = False
    another: bool = False

    @property
    def untold(self) -> list[str]:
        return [] if self.notified or not self.concern else ["trafficking_labour"]

    @property
    def ended(self) -> bool:
        """Whether nobody works on it any more."""
        return (
            self.met == EncounterOutcome.NOT_ENDANGERED
            or self.concern == ConcernStatus.ENDED
            or self.case == CaseStatus.CLOSED
            or self.destroyed
        )


Deed = Callable[[State], State]


def stop(state: State) -> State:
    rules.check_step(state.met, EncounterOutcome.NOT_ENDANGERED, EncounterOutcome)
    rules.check_not_endangered(
        reasons=["parent_present"],
        suspicions=["trafficking_labour"],
        suspicion_decision="The uncle was asked.",
        safety="safe",
        untold=["trafficking_labour"],
    )
    return replace(state, met=EncounterOutcome.NOT_ENDANGERED)


def at_risk(state: State) -> State:
    rules.check_step(state.met, EncounterOutcome.AT_RISK, EncounterOutcome)
    return replace(state, met=EncounterOutcome.AT_RISK)


def open_case(state: State) -> State:
    if state.case:
        raise Refused("case.already_open", "")
    return replace(state, case=CaseStatus.OPEN, concern=ConcernStatus.OPEN)


def _open(state: State) -> None:
    if state.case != CaseStatus.OPEN or state.destroyed:
        raise Refused("case.closed", "")


def notify(state: State) -> State:
    _open(state)
    rules.check_notified_body(trafficking=True, identifies_victims=True)
    return replace(state, notified=True, another=False)


def notify_another_body(state: State) -> State:
    _open(state)
    rules.check_notified_body(trafficking=True, identifies_victims=False)
    return replace(state, notified=True, another=True)


def decide(decision: str) -> Deed:
    def deed(state: State) -> State:
        _open(state)
        then = rules.STATUS_AFTER[ConcernDecision(decision)]
        rules.check_step(state.concern, then, ConcernStatus)
        rules.check_decision(decision=decision, untold=state.untold)
        return replace(state, concern=then)

    return deed


def _check_closing(state: State) -> None:
    _open(state)
    rules.check_closing(
        open_suspicions=[] if state.concern == ConcernStatus.ENDED else ["trafficking_labour"],
        running_transfer=state.transfer,
        open_promises=0,
        untold=state.untold,
    )


def close(reason: str) -> Deed:
    def deed(state: State) -> State:
        _check_closing(state)
        if rules.closing_needs_approval(reason=reason, priority="regular", suspicions=True):
            return replace(state, asked=True)
        return replace(state, case=CaseStatus.CLOSED)

    return deed


def approve(state: State) -> State:
    if not state.asked:
        raise Refused("nothing", "")
    _check_closing(state)
    return replace(state, asked=False, case=CaseStatus.CLOSED)


def reopen(state: State) -> State:
    rules.check_step(state.case or CaseStatus.OPEN, CaseStatus.OPEN, CaseStatus)
    return replace(state, case=CaseStatus.OPEN)


def propose_transfer(state: State) -> State:
    _open(state)
    return replace(state, transfer=True)


def accept_transfer(state: State) -> State:
    _open(state)
    return replace(state, transfer=False)


def destroy(state: State) -> State:
    if state.destroyed or not state.case:
        raise Refused("nothing", "")
    rules.check_notified(untold=state.untold)
    return replace(state, destroyed=True)


DEEDS: dict[str, Deed] = {
    deed.__name__: deed
    for deed in (
        stop,
        at_risk,
        open_case,
        notify,
        notify_another_body,
        approve,
        reopen,
        propose_transfer,
        accept_transfer,
        destroy,
    )
}
DEEDS |= {f"decide {each}": decide(each) for each in ConcernDecision}
DEEDS |= {f"close {each}": close(each) for each in REASONS}
# Files from before this was asked: decided, or closed, with nobody notified.
BEGINNINGS = (
    State(),
    State(EncounterOutcome.AT_RISK, CaseStatus.OPEN, ConcernStatus.ENDED),
    State(EncounterOutcome.AT_RISK, CaseStatus.OPEN, ConcernStatus.MONITORED, asked=True),
)


def walk(start: State) -> Iterator[tuple[State, tuple[str, ...]]]:
    """Every state that permitted actions lead to, with a shortest way there."""
    ways: dict[State, tuple[str, ...]] = {start: ()}
    waiting = [start]
    while waiting:
        state = waiting.pop(0)
        yield state, ways[state]
        for name, deed in DEEDS.items():
            try:
                after = deed(state)
            except Refused:
                continue
            if after not in ways:
                ways[after] = (*ways[state], name)
                waiting.append(after)


def closed_untold() -> list[tuple[str, ...]]:
    """Ways to an end of which nobody was notified. A suspicion that ended long ago counts when
    its file ends too."""
    found = []
    for start in BEGINNINGS:
        for state, way in walk(start):
            gone = state.case == CaseStatus.CLOSED or state.destroyed
            new = state.ended and start.concern != ConcernStatus.ENDED
            if (gone or new) and (state.another or not state.notified):
                found.append(way)
    return found


def test_no_permitted_sequence_ends_a_suspicion_of_which_nobody_was_notified() -> None:
    assert closed_untold() == []


def test_it_can_be_ended_once_the_body_was_notified() -> None:
    told = State(EncounterOutcome.AT_RISK, CaseStatus.OPEN, ConcernStatus.OPEN, notified=True)
    ways = [way for state, way in walk(told) if state.case == CaseStatus.CLOSED]
    assert min(ways, key=len)[0].startswith("decide") and min(ways, key=len)[-1] == "approve"
    assert any(state.destroyed for state, _way in walk(told))


@pytest.mark.parametrize("guard", ["check_notified", "check_notified_body", "check_not_endangered"])
def test_without_a_guard_the_walk_finds_the_way(guard: str, monkeypatch: Any) -> None:
    monkeypatch.setattr(rules, guard, lambda **_given: None)
    assert closed_untold()


def test_no_reason_of_closing_is_a_way_around() -> None:
    decided = replace(State(), case=CaseStatus.OPEN, concern=ConcernStatus.ENDED)
    for reason in REASONS:
        with refused("suspicion.not_notified") as caught:
            close(reason)(decided)
        assert caught.value.code == "suspicion.not_notified", reason
