"""Two intervals of birth: what they say of one person, in nats.

Belongs here: the likelihood ratio of two statements about a birth, wording levels. Does not
belong here: reading dates, any other fact (`persons`).

A statement is an interval of days: a day, a year, an estimate. 1 January, and 1 Farvardin (20 or
21 March), stand for "some day of that year" when a worker had only an age. The truth lies in the
interval mostly, else near it: ages of children are guessed. So each statement becomes a mixture
of boxes, ever wider, the last of them everything; the ratio is the integral of the product of
both densities over that of births at large (Fellegi & Sunter's m over u, for intervals).
"""

import math
from datetime import date, timedelta
from functools import lru_cache

YEAR = 366
SPREAD = 20 * 365  # days over which births of those registered lie
# How often the truth lies within so many days of what was stated; the rest lies anywhere. Set by
# hand: a day was read from a paper or asked, anything wider was guessed.
OF_A_DAY = ((0, 0.80), (365, 0.13), (3 * 365, 0.0699))
OF_MORE = ((0, 0.72), (365, 0.19), (3 * 365, 0.0899))
# Two days that differ by day and month exchanged, or by the year alone: slips of the pen.
OF_SLIPS, SLIPS = 0.02, 3.0
MOST, LEAST = 8.0, -9.0
Interval = tuple[date, date]


def stands_for_year(day: date) -> bool:
    """1 January, or 1 Farvardin in our calendar: usually "some time that year"."""
    return (day.month, day.day) in ((1, 1), (3, 20), (3, 21))


@lru_cache(maxsize=200_000)
def interval(first: date, last: date) -> Interval:
    """Both ends in order; a day that stands for its year becomes a year."""
    if first > last:
        first, last = last, first
    if first == last and stands_for_year(first):
        last = first + timedelta(days=YEAR - 1)
    return first, last


@lru_cache(maxsize=500_000)
def weight(one: Interval, other: Interval) -> float:
    """Log of how much likelier both statements are of one birth than of two."""
    first, second = _boxes(one), _boxes(other)
    met = 0.0
    for begin, end, share in first:
        for other_begin, other_end, other_share in second:
            both = min(end, other_end) - max(begin, other_begin)
            if both > 0:
                length = (end - begin) * (other_end - other_begin)
                met += share * other_share * both * SPREAD / length
    anywhere = 1.0 - sum(share for *_, share in first) * sum(share for *_, share in second)
    ratio = met + anywhere
    if _slip(one, other):
        ratio += OF_SLIPS * SPREAD / SLIPS
    return max(LEAST, min(math.log(ratio), MOST))


def _boxes(stated: Interval) -> list[tuple[int, int, float]]:
    begin, end = stated[0].toordinal(), stated[1].toordinal() + 1
    known = OF_A_DAY if stated[0] == stated[1] else OF_MORE
    return [(begin - wider, end + wider, share) for wider, share in known]


def _slip(one: Interval, other: Interval) -> bool:
    left, right = one[0], other[0]
    if one[0] != one[1] or other[0] != other[1] or left == right:
        return False
    if left.year == right.year:
        return (left.day, left.month) == (right.month, right.day)
    return (left.day, left.month) == (right.day, right.month) and abs(left.year - right.year) < 3


def level(one: Interval, other: Interval) -> str:
    """Which sentence of `persons.SENTENCES` says it."""
    gap = (max(one[0], other[0]) - min(one[1], other[1])).days
    if gap <= 0:
        return "birth_day" if one[0] == one[1] and one == other else "birth_year"
    if _slip(one, other):
        return "birth_slip"
    if gap <= 2 * YEAR:
        return "birth_near"
    return "birth_far" if gap <= 4 * YEAR else "birth_apart"
