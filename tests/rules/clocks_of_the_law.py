"""Clocks that acts set, by article, and those that only lean on one: what starts each, and when it
is due, worked out by hand from Tuesday 3 March 2026, 10:00. Acts were read on 30 November 2026."""

from tests.rules.clocks_of_new_procedures import Clock, happened, local

OPENED = happened("case.opened", pathway="full")
OPENED_LATER = happened("case.opened", 9, pathway="full")
ABUSE = happened("concern.raised", concern="c", kind="neglect", suspicion=True)
VIOLENCE = happened("concern.raised", concern="c", kind="domestic_violence", suspicion=True)
TOLD = happened("concern.notified", 1, concern="c", body="b")
APPOINTED = happened("guardian.appointed", 1, appointment="a", form="oral")
IN_A_HOME = happened("placement.made", placement="p", kind="institution", emergency=False)
ASKED = happened("own_request.made", request="r", kind="access")
OBJECTED = happened("own_request.made", request="r", kind="objection")
PROPOSED = happened("return_proposed")
NO_FAMILY = happened("uasc_foster_considered", 5, outcome="none_found")

CLOCKS: list[Clock] = [
    # Family Law, Art. 332(2): provisional placement within 24 hours from learning of the need,
    # whenever the case was opened.
    ("place_provisionally", [OPENED_LATER], {}, local(2026, 3, 4, 10), "family-332-2", True),
    # Law on Asylum, Art. 12(1): as soon as found alone; the hours are the pack's.
    ("appoint_guardian", [OPENED_LATER], {}, local(2026, 3, 4, 10), "asylum-12", False),
    # Family Law, Art. 134(1): the next guardian in time, without a number.
    (
        "appoint_guardian",
        [OPENED, APPOINTED, happened("guardian.ended", 99, appointment="a", reason="overload")],
        {},
        None,
        "family-134",
        True,
    ),
    # Family Law, Art. 332(4): the decision within 30 days.
    # Appointed orally after a week: the 30 days still run from the information.
    (
        "decide_in_writing",
        [OPENED, happened("guardian.appointed", 24 * 7, appointment="a", form="oral")],
        {},
        local(2026, 4, 2, 23, 59),
        "family-332-4",
        True,
    ),
    # General Administrative Procedure, Art. 143(2): written within 8 days of the request.
    (
        "write_guardian",
        [OPENED, APPOINTED, happened("writing_asked", 48, appointment="a")],
        {},
        local(2026, 3, 13, 23, 59),
        "procedure-143",
        True,
    ),
    # Family Law, Art. 133: 60 days at the guardian's own request, 30 when negligent.
    (
        "release_guardian",
        # 60 days end on Saturday 2 May; Monday 4 May is the next working day (Art. 80).
        [APPOINTED, happened("release_asked", 2)],
        {},
        local(2026, 5, 4, 23, 59),
        "family-133",
        True,
    ),
    (
        "release_guardian",
        [APPOINTED, happened("guardian_unfit", 2)],
        {},
        local(2026, 4, 2, 23, 59),
        "family-133",
        True,
    ),
    # Family Law, Art. 335: a complaint about a guardian within 15 days.
    (
        "answer_complaint",
        [APPOINTED, happened("guardian_complaint", 2)],
        {},
        local(2026, 3, 18, 23, 59),
        "family-335",
        True,
    ),
    # Family Law, Art. 336(3): handover is law, the days are the pack's.
    (
        "hand_over_guardian",
        [happened("guardian.appointed", appointment="a", previous="b")],
        {},
        local(2026, 3, 6, 23, 59),
        "family-336",
        False,
    ),
    # General Administrative Procedure, Art. 38(3): a conflict of competence within 15 days.
    (
        "settle_transfer",
        [happened("transfer.disputed", transfer="t")],
        {},
        local(2026, 3, 18, 23, 59),
        "procedure-38",
        True,
    ),
    # The General Protocol of 2005 ceased in 2022; the text of the new one was not read.
    ("abuse_assess_risk", [ABUSE], {}, None, "general-protocol", False),
    (
        "abuse_plan",
        [happened("abuse_assess_risk", concern="c")],
        {},
        None,
        "general-protocol",
        False,
    ),
    ("abuse_siblings", [ABUSE], {}, local(2026, 3, 10, 23, 59), "practice", False),
    # Law on Social Protection, Art. 56; that it is weighed within 24 hours is the pack's.
    ("abuse_safety", [ABUSE], {}, local(2026, 3, 4, 10), "lsp-56", False),
    ("abuse_priority", [ABUSE], {"priority": "regular"}, local(2026, 3, 4, 10), "lsp-56", False),
    # Law on Prevention of Domestic Violence, Art. 13: without delay; 25, 29, 31.
    ("violence_report", [VIOLENCE], {}, None, "violence-13", True),
    ("violence_inform", [VIOLENCE], {}, None, "violence-29", True),
    (
        "violence_group",
        [VIOLENCE, TOLD],
        {},
        local(2026, 3, 18, 23, 59),
        "violence-25",
        False,
    ),
    (
        "violence_plan",
        [VIOLENCE, happened("violence_danger", 1, concern="c")],
        {},
        None,
        "violence-31",
        True,
    ),
    # Art. 21: 48 hours from service, 30 days when the court extends. Family Law, Art. 199: a year.
    (
        "violence_measure_ends",
        [VIOLENCE, happened("violence_urgent_measure", 2, concern="c")],
        {},
        local(2026, 3, 5, 12),
        "violence-21",
        True,
    ),
    (
        "violence_measure_ends",
        [
            VIOLENCE,
            happened("violence_urgent_measure", 2, concern="c"),
            happened("violence_measure_longer", 40, concern="c"),
        ],
        {},
        local(2026, 4, 4, 23, 59),
        "violence-21",
        True,
    ),
    (
        "violence_measure_ends",
        [VIOLENCE, happened("violence_court_measure", concern="c")],
        {},
        local(2027, 3, 3, 23, 59),
        "family-198",
        True,
    ),
    # Family Law, Art. 284(2): the right to sue is law, considering it is practice.
    ("violence_protection_measure", [VIOLENCE], {}, None, "family-284", False),
    # Law on Personal Data Protection, Art. 21: 30 days, and 60 more when told so.
    ("answer_own", [ASKED], {}, local(2026, 4, 2, 23, 59), "zzpl", True),
    (
        "answer_own",
        [ASKED, happened("own_longer", 24 * 20, request="r")],
        {},
        local(2026, 6, 1, 23, 59),
        "zzpl",
        True,
    ),
    ("answer_objection", [OBJECTED], {}, local(2026, 4, 2, 23, 59), "zzpl", True),
    # Art. 52 and 53: the Commissioner within 72 hours, the person without delay.
    (
        "breach_tell_commissioner",
        [happened("breach_learned", 1)],
        {},
        local(2026, 3, 6, 11),
        "zzpl-52",
        True,
    ),
    ("breach_tell_person", [happened("breach_learned", 1)], {}, None, "zzpl-53", True),
    # General Administrative Procedure, Art. 40: recusal is law, the hours are the pack's.
    (
        "replace_manager",
        [happened("conflict.declared", managed=True)],
        {},
        local(2026, 3, 4, 10),
        "procedure-40",
        False,
    ),
    # Law on temporary accommodation, Art. 13: a minor at most six months, longer by decision.
    ("end_stay", [IN_A_HOME], {}, local(2026, 9, 3, 23, 59), "accommodation-13", True),
    (
        "end_stay",
        [IN_A_HOME, happened("extend_stay", 24 * 150, placement="p")],
        {},
        local(2027, 1, 31, 23, 59),
        "accommodation-13",
        True,
    ),
    # The shelter's own page is no act; the law's six months are longer.
    (
        "end_stay",
        [happened("placement.made", placement="p", kind="shelter", place="belgrade-shelter")],
        {},
        local(2026, 4, 2, 23, 59),
        "belgrade-shelter",
        False,
    ),
    # Law on Foreigners, Art. 75(4) and 83(4).
    ("return_child_helped", [PROPOSED], {}, None, "foreigners-75", True),
    ("return_care_plan", [PROPOSED], {}, None, "foreigners-83", True),
    ("return_guardian_there", [PROPOSED], {}, None, "foreigners-83", True),
    ("return_tell_child", [PROPOSED, happened("return_called_off", 5)], {}, None, "protect", False),
    # Criminal Procedure Code, Art. 280: bodies report ex officio.
    (
        "report_crime",
        [happened("concern.raised", concern="c", suspicion=True, trafficking=True)],
        {},
        None,
        "procedure-280",
        True,
    ),
    # Searched, none free: asked again, as guidance.
    (
        "uasc_foster_again",
        [happened("uasc_under_14"), NO_FAMILY],
        {},
        None,
        "instruction-again",
        False,
    ),
]
