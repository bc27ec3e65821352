"""What analysts may count of casework: codes, months and offices, nobody's name or id."""

from oslonac.access.analysis import Counted, register

_MONTH = "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM')"
_AGE = (
    "CASE WHEN p.born_from IS NULL THEN 'unknown' "
    "WHEN c.opened_at < p.born_to + interval '7 years' THEN '0-6' "
    "WHEN c.opened_at < p.born_to + interval '14 years' THEN '7-13' "
    "WHEN c.opened_at < p.born_to + interval '18 years' THEN '14-17' ELSE '18+' END"
)
_OFFICE = "JOIN directory_organisation o ON o.id = "


_COUNTED = (
    Counted(
        "cases",
        {
            "opened_in": _MONTH.format("c.opened_at"),
            "office": "o.code",
            "status": "c.status",
            "pathway": "c.pathway",
            "priority": "c.priority",
            "accompaniment": "c.accompaniment",
            "sex": "p.sex",
            "age": _AGE,
            "citizenship": "p.citizenship",
            "closing_reason": "c.closing_reason",
        },
        f"cases_case c JOIN people_person p ON p.id = c.person_id {_OFFICE}c.organisation_id",
    ),
    Counted(
        "encounters",
        {
            "met_in": _MONTH.format("e.happened_at"),
            "office": "o.code",
            "reported_by": "e.reported_by",
            "safety": "e.safety",
            "outcome": "e.outcome",
        },
        f"cases_encounter e {_OFFICE}e.responsible_id",
    ),
    Counted(
        "concerns",
        {
            "raised_in": _MONTH.format("n.raised_at"),
            "office": "o.code",
            "kind": "n.kind",
            "is_suspicion": "n.is_suspicion",
            "status": "n.status",
            "decision": "n.decision",
        },
        f"cases_concern n JOIN cases_case c ON c.id = n.case_id {_OFFICE}c.organisation_id",
    ),
    Counted(
        "duties",
        {
            "due_in": _MONTH.format("d.due_at"),
            "office": "o.code",
            "activity": "d.activity",
            "state": "d.state",
            "verified": "d.verified",
            "late": "COALESCE(d.done_at, CASE WHEN d.state = 'open' THEN now() END) > d.due_at",
        },
        f"protocols_obligation d {_OFFICE}d.organisation_id",
    ),
)


def connect() -> None:
    """Called once, when the application is ready."""
    for each in _COUNTED:
        register(each)
