"""Where a rule of reading, messages, likeness and tracing begins and ends: each threshold, on both
of its sides."""

from datetime import UTC, datetime, time, timedelta
from typing import Any
from unittest import mock

import pytest

from oslonac.audit import rules as reading
from oslonac.audit.rules import LIMITS, Pattern
from oslonac.duplicates import finding
from oslonac.duplicates import rules as pairs
from oslonac.duplicates.finding import Judged
from oslonac.duplicates.rules import Standing as Known
from oslonac.matching.persons import PersonComparer, Record, Seen
from oslonac.matching.sounds import sounds
from oslonac.notices import rules as notices
from oslonac.notices.rules import Quiet
from oslonac.tracing import rules as tracing
from oslonac.tracing.rules import Checked, Outcome, Side, Wish

DUE = datetime(2026, 3, 10, 22, 59, tzinfo=UTC)
HOUR = timedelta(hours=1)


# Reading that is unusual


@pytest.mark.parametrize("pattern", Pattern)
def test_unusual_begins_at_its_limit_and_above_what_is_usual(pattern: Pattern) -> None:
    limit = LIMITS[pattern]
    alone: dict[str, Any] = {"own": None, "role": None}
    assert reading.is_unusual(pattern, limit.least, **alone)
    assert not reading.is_unusual(pattern, limit.least - 1, **alone)
    for whose, times in (("own", limit.own), ("role", limit.role)):
        at = int(limit.least * (times or 1))
        usual = alone | {whose: limit.least}
        assert reading.is_unusual(pattern, at, **usual) is not bool(times)
        assert reading.is_unusual(pattern, at + 1, **usual)
    if limit.own:  # above one of the two alone is not enough
        assert not reading.is_unusual(pattern, 50, own=1, role=40)
        assert not reading.is_unusual(pattern, 50, own=40, role=1)


def test_the_limits_are_those_that_the_reference_tells() -> None:
    told = {pattern.value: (each.least, each.own, each.role) for pattern, each in LIMITS.items()}
    assert told == {
        "many_files": (20, 3.0, 2.0),
        "no_duty": (3, 0, 0),
        "one_name": (5, 0, 0),
        "at_night": (5, 3.0, 2.0),
        "not_reviewed": (1, 0, 0),
    }


def test_usual_is_the_95th_percentile_of_enough() -> None:
    assert reading.usual([9, 9, 9, 9]) is None
    assert reading.usual([5, 1, 2, 3, 4]) == 5
    assert reading.usual([*range(1, 21)]) == 19


@pytest.mark.parametrize(
    ("hour", "night"), [(22, False), (23, True), (0, True), (4, True), (5, False), (12, False)]
)
def test_night(hour: int, night: bool) -> None:
    assert reading.is_night(hour) is night


# Messages


@pytest.mark.parametrize(
    ("local", "urgent", "leaves"),
    [
        ((21, 59), False, (21, 59)),
        ((22, 0), False, (31, 0)),
        ((22, 0), True, (22, 0)),
        ((24, 30), False, (31, 0)),
        ((30, 59), False, (31, 0)),
        ((31, 0), False, (31, 0)),
    ],
)
def test_what_can_wait_waits_for_the_morning(local: Any, urgent: bool, leaves: Any) -> None:
    midnight = datetime(2026, 3, 3, 23, 0, tzinfo=UTC)  # in Belgrade

    def moment(of: tuple[int, int]) -> datetime:
        return midnight + timedelta(hours=of[0], minutes=of[1])

    night = Quiet(time(22), time(7))
    found = notices.not_before(moment(local), night, "Europe/Belgrade", urgent=urgent)
    assert found == moment(leaves)


def test_quiet_hours_within_a_day_and_none() -> None:
    noon = Quiet(time(12), time(14))
    assert [noon.holds(time(h)) for h in (11, 12, 13, 14)] == [False, True, True, False]
    assert not any(Quiet(time(7), time(7)).holds(time(h)) for h in range(24))


def test_a_message_that_failed_is_tried_again_ever_later_and_then_never() -> None:
    waits = [notices.retry_at(DUE, tries) for tries in range(6)]
    assert waits[0] is None and waits[5] is None
    assert waits[1:5] == [
        DUE + timedelta(minutes=2),
        DUE + timedelta(minutes=10),
        DUE + HOUR,
        DUE + 6 * HOUR,
    ]


# Likeness


@pytest.mark.parametrize("code", sorted(pairs.SUPPORTS))
def test_each_fact_that_supports_makes_a_name_worth_a_look(code: str) -> None:
    for name in ("name_same", "name_like"):
        assert pairs.worth_a_look([name, code])
        assert not pairs.worth_a_look([name, code, "two_places"])
    assert pairs.worth_a_look([code, "name_other"]) is (code == "document_same")


@pytest.mark.parametrize("code", ["birth_far", "birth_apart", "sex_other"])
def test_a_contradiction_needs_a_number(code: str) -> None:
    assert not pairs.worth_a_look(["name_same", "father_same", code])
    for number in ("document_same", "phone_same"):
        assert pairs.worth_a_look(["name_same", number, code])


@pytest.mark.parametrize("more", ["sex_same", "country_same", "language_shared"])
def test_what_half_a_country_shares_supports_nothing(more: str) -> None:
    assert not pairs.worth_a_look(["name_same", more])


def test_only_probable_pairs_are_for_people() -> None:
    least = 0.62
    said = ("name_same", "birth_day")
    with mock.patch.object(finding, "policy", lambda: pairs.Policy(least=least)):
        assert finding._stands(Judged(least, said))
        assert not finding._stands(Judged(least - 0.01, said))
        assert not finding._stands(Judged(0.99, ("name_same",)))


@pytest.mark.parametrize(
    ("least", "taken"), [(0.7, 0.7), (0, None), (1, None), (-1, None), (1.5, None), ("x", None)]
)
def test_a_slip_in_a_pack_never_loosens_the_rule(least: Any, taken: float | None) -> None:
    found = pairs.policy_of({"proposing": {"least": least}})
    assert found.least == (pairs.Policy().least if taken is None else taken)
    for said, eyes in ((False, False), (True, True), (None, True), (0, True), ("no", True)):
        assert pairs.policy_of({"joining": {"four_eyes": said}}).four_eyes is eyes


def test_a_decided_pair_comes_back_only_when_written_on_changed_and_no_less_alike() -> None:
    decided = Known(0.8, ("name_same", "birth_day"), 1, 1)

    def back(
        probability: float, evidence: Any = decided.evidence, one: int = 2, two: int = 1
    ) -> Any:
        return pairs.comes_back(decided, Known(probability, evidence, one, two))

    assert back(0.9)
    assert back(0.9, one=1, two=2)
    assert not back(0.9, one=1)  # nothing written
    assert not back(0.8)  # nothing that is compared changed
    assert back(0.8, ("name_same", "birth_day", "sex_same"))
    assert not back(0.7, ("name_same",))  # less alike
    assert not back(0.804) and back(0.806)


@pytest.mark.parametrize(
    ("apart", "same_town", "told"),
    [
        (timedelta(), False, True),
        (HOUR, False, True),
        (-HOUR, False, True),
        (2 * HOUR, False, False),
        (-12 * HOUR, False, False),
        (HOUR, True, False),
    ],
)
def test_nobody_is_in_two_towns_in_one_hour_but_on_one_day(
    apart: timedelta, same_town: bool, told: bool
) -> None:
    one = Record(names=("Farid",), seen=(Seen("Vranje", DUE),))
    other = Record(
        names=("Farid",), seen=(Seen("Vranje" if same_town else "Subotica", DUE + apart),)
    )
    codes = {reason.code for reason in PersonComparer().evidence(one, other)}
    assert ("two_places" in codes) is told


@pytest.mark.parametrize(
    ("letter", "spelled"),
    [
        *zip(
            "بپتثچحخخدذرزژژسشصضطظغفقکگلمنه",
            [
                "b",
                "p",
                "t",
                "th",
                "č",
                "ḥ",
                "kh",
                "ḫ",
                "d",
                "dh",
                "r",
                "z",
                "zh",
                "ž",
                "s",
                "sh",
                "ṣ",
                "ḍ",
                "ṭ",
                "ẓ",
                "gh",
                "f",
                "q",
                "k",
                "g",
                "l",
                "m",
                "n",
                "h",
            ],
            strict=True,
        ),
        ("ج", "dj"),
        ("ش", "š"),
        *zip(
            "абвгдђежзиклмнопрстћуфцчџш",
            [
                "a",
                "b",
                "v",
                "g",
                "d",
                "đ",
                "e",
                "ž",
                "z",
                "i",
                "k",
                "l",
                "m",
                "n",
                "o",
                "p",
                "r",
                "s",
                "t",
                "ć",
                "u",
                "f",
                "c",
                "č",
                "dž",
                "š",
            ],
            strict=True,
        ),
    ],
)
def test_a_letter_sounds_as_it_is_spelled_in_latin(letter: str, spelled: str) -> None:
    assert sounds(letter) == sounds(spelled)


# Searches for family


def checked(
    side: Side, outcome: Outcome = Outcome.CONFIRMED, wish: Wish = Wish.YES, at: int = 0
) -> Checked:
    return Checked(side, outcome, wish, DUE + at * HOUR)


def test_both_sides_are_confirmed_and_both_wish_it() -> None:
    seeker, sought = checked(Side.SEEKER), checked(Side.SOUGHT)
    assert tracing.verified([seeker, sought])
    assert not tracing.verified([]) and not tracing.verified([seeker])
    assert not tracing.verified([sought, sought])
    for wish in set(Wish) - {Wish.YES}:
        assert not tracing.verified([seeker, checked(Side.SOUGHT, wish=wish)])
    for outcome in set(Outcome) - {Outcome.CONFIRMED}:
        assert not tracing.verified([checked(Side.SEEKER, outcome), sought])
    later = checked(Side.SOUGHT, wish=Wish.NO, at=1)
    assert not tracing.verified([later, seeker, sought])  # the latest counts, told in any order


def test_one_side_that_is_somebody_else_refutes() -> None:
    seeker = checked(Side.SEEKER)
    assert tracing.refuted([seeker, checked(Side.SOUGHT, Outcome.REFUTED)])
    assert not tracing.refuted([seeker, checked(Side.SOUGHT, Outcome.UNSURE)])
    again = checked(Side.SOUGHT, at=1)
    assert not tracing.refuted([again, seeker, checked(Side.SOUGHT, Outcome.REFUTED)])
