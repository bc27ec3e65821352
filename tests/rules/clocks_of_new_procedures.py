"""Clocks of the procedures for a missing child, disputed age, coming of age, tracing, asylum,
residence, court, the victims' centre and the case conference: what starts each, and when it is
due, worked out by hand from Tuesday 3 March 2026, 10:00."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from oslonac.protocols.replaying import Happened

START = datetime(2026, 3, 3, 10, 0, tzinfo=ZoneInfo("Europe/Belgrade"))


def happened(name: str, hours: float = 0, **data: Any) -> Happened:
    moment = START.astimezone(UTC) + timedelta(hours=hours)
    return Happened(f"{name}@{hours}", name, moment, data)


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=START.tzinfo)  # type: ignore[arg-type]


GONE = happened("concern.raised", concern="c", kind="runaway", suspicion=False, trafficking=False)
OLD = happened("concern.raised", concern="c", kind="age_disputed", suspicion=False)
SUSPECTED = happened("concern.raised", concern="c", kind="x", suspicion=True, trafficking=True)
OPENED = happened("case.opened", pathway="full")
SOUGHT = happened("uasc_seek_asylum")
NOTIFIED = happened("concern.notified", 2, concern="c", body="cptv")
SOLD = [happened("concern.raised", concern="c", suspicion=True, trafficking=True), NOTIFIED]

Clock = tuple[str, list[Happened], dict[str, Any], datetime | None, str, bool]
CLOCKS: list[Clock] = [
    # Law on Police, Art. 59: the police search at once; what the centre does is guidance.
    ("missing_report_police", [GONE], {}, None, "practice", False),
    (
        "missing_search_confirmed",
        [GONE, happened("missing_report_police", 1, concern="c")],
        {},
        None,
        "practice",
        False,
    ),
    ("missing_tell_guardian", [GONE], {}, None, "practice", False),
    ("missing_weigh_trafficking", [GONE], {}, None, "practice", False),
    (
        "missing_return_talk",
        [GONE, happened("missing_found", 30, concern="c")],
        {},
        None,
        "practice",
        False,
    ),
    # Neither the law on asylum nor the law on foreigners has a rule on assessing age.
    ("age_as_child", [OLD], {}, None, "practice", False),
    ("age_papers", [OLD], {}, None, "practice", False),
    ("age_decided", [OLD, happened("age_papers", 1, concern="c")], {}, None, "practice", False),
    (
        "age_told",
        [OLD, happened("concern.decided", 1, concern="c", decision="resolved")],
        {},
        None,
        "practice",
        False,
    ),
    # Law on Social Protection, Art. 43(2); that it begins at 16 is the pack's.
    ("independence_plan", [OPENED], {"age": "from_16"}, None, "lsp-43", False),
    # Family Law, Art. 145: guardianship ends at 18.
    (
        "guardianship_over_18",
        [OPENED],
        {"age": "adult", "guardian_id": "g"},
        None,
        "family-145",
        True,
    ),
    (
        "services_after_18",
        [happened("guardian.ended", reason="turned_18", appointment="a")],
        {},
        None,
        "family-121",
        False,
    ),
    (
        "rights_after_18",
        [happened("guardian.ended", reason="turned_18", appointment="a")],
        {},
        None,
        "practice",
        False,
    ),
    # Law on Asylum, Art. 73: tracing is confidential. Law on Foreigners, Art. 62(9).
    ("tracing_wish", [happened("tracing.opened", direction="sought")], {}, None, "asylum-73", True),
    (
        "tracing_best_interest",
        [happened("tracing.checked", outcome="confirmed")],
        {},
        None,
        "foreigners-62-family",
        True,
    ),
    (
        "tracing_visit_after",
        [happened("tracing.reunified", first_follow_up="2026-04-20")],
        {},
        local(2026, 4, 20, 23, 59),
        "practice",
        False,
    ),
    (
        "tracing_tell_child",
        [happened("tracing.closed", why="not_found")],
        {},
        None,
        "practice",
        False,
    ),
    # Law on Asylum, Art. 12, 35, 36, 55.
    (
        "asylum_informed",
        [happened("guardian.appointed", appointment="a")],
        {},
        None,
        "asylum-12-present",
        True,
    ),
    ("asylum_report_centre", [SOUGHT], {}, local(2026, 3, 6, 10), "asylum-35", True),
    ("asylum_apply", [SOUGHT], {}, local(2026, 3, 18, 23, 59), "asylum-36", True),
    # Not taken by 18 March: eight days more.
    (
        "asylum_apply",
        [SOUGHT, happened("asylum_not_taken", 15 * 24)],
        {},
        local(2026, 3, 26, 23, 59),
        "asylum-36",
        True,
    ),
    (
        "asylum_school",
        [SOUGHT, happened("asylum_apply")],
        {},
        local(2026, 6, 3, 23, 59),
        "asylum-55",
        True,
    ),
    (
        "asylum_hearing",
        [SOUGHT, happened("asylum_hearing_called")],
        {},
        None,
        "asylum-12-present",
        True,
    ),
    # Law on Foreigners, Art. 62(3): 90 days; Art. 63(4): a year; Art. 61(3): 6 to 12 months.
    ("residence_weighed", [SUSPECTED], {}, None, "foreigners-62-5", False),
    (
        "residence_ends",
        [happened("residence_presumed")],
        {},
        local(2026, 6, 1, 23, 59),
        "foreigners-62-3",
        True,
    ),
    (
        "residence_ends",
        [happened("residence_identified")],
        {},
        local(2027, 3, 3, 23, 59),
        "foreigners-63-4",
        True,
    ),
    (
        "residence_ends",
        [happened("residence_humanitarian")],
        {},
        local(2026, 9, 3, 23, 59),
        "foreigners-61-3",
        False,
    ),
    # Family Law, Art. 270; the laws on hearings bind the court.
    ("give_finding", [happened("court_asks")], {}, None, "family-270", True),
    ("hearing_counsel", [happened("hearing_set")], {}, None, "juvenile-154", False),
    ("hearing_status", [happened("hearing_set")], {}, None, "cpc-103", False),
    ("hearing_prepared", [happened("hearing_set")], {}, None, "juvenile-152", False),
    # Law on Foreigners, Art. 62 and 63(1): no number of days.
    ("vc_access", SOLD, {}, None, "practice", False),
    ("vc_assess", SOLD, {}, None, "foreigners-62-needs", True),
    ("vc_opinion", SOLD, {}, None, "foreigners-63-opinion", True),
    ("vc_told", [*SOLD, happened("vc_opinion", 9, concern="c")], {}, None, "practice", False),
    # S002 L2224: the centre calls it.
    ("conference_held", [happened("conference_called")], {}, None, "practice", False),
    (
        "conference_told",
        [happened("conference_called"), happened("conference_held", 1)],
        {},
        None,
        "practice",
        False,
    ),
]
