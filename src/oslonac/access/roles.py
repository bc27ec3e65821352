"""Roles of the protection system and what each may do. Codes are stable: they are stored."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    FIELD_WORKER = "field_worker", _("CSW field worker")
    CASE_MANAGER = "case_manager", _("case manager")
    SUPERVISOR = "supervisor", _("supervisor")
    HEAD = "head", _("head of the centre")
    ADMISSION = "admission", _("admission worker")
    LAWYER = "lawyer", _("lawyer of the centre")
    GUARDIAN = "guardian", _("guardian")
    NGO_WORKER = "ngo_worker", _("NGO worker")
    POLICE = "police", _("police officer")
    RECEPTION = "reception", _("reception centre worker")
    VICTIMS_ADVISER = "victims_adviser", _("adviser of the victims' centre")
    HEALTH = "health", _("health liaison")
    SCHOOL = "school", _("school liaison")
    EMPLOYMENT = "employment", _("employment liaison")
    INTERPRETER = "interpreter", _("interpreter")
    HOTLINE = "hotline", _("hotline operator")
    EDITOR = "editor", _("content editor")
    COORDINATOR = "coordinator", _("local coordinator")
    ANALYST = "analyst", _("monitoring analyst")
    AUDITOR = "auditor", _("auditor")
    ADMINISTRATOR = "administrator", _("system administrator")


class Permission(TextChoices):
    """Each route and each action names exactly one of these."""

    SIGNED_IN = "signed_in", _("use Oslonac")
    ENCOUNTER_RECORD = "encounter.record", _("record an encounter")
    ENCOUNTER_DECIDE = "encounter.decide", _("decide the outcome of a triage")
    CASE_READ = "case.read", _("open cases they have access to")
    CASE_OPEN = "case.open", _("open a case")
    CASE_ASSIGN = "case.assign", _("assign a case")
    CONCERN_RAISE = "concern.raise", _("raise a concern in a case")
    CASE_ASSESS = "case.assess", _("assess, and notify of a suspicion")
    CASE_WORK = "case.work", _("plan, contact, review")
    STEP_RECORD = "step.record", _("record a step asked of one's own role")
    CASE_DECIDE = "case.decide", _("decide on priority, suspicion and closing")
    CASE_APPROVE = "case.approve", _("approve another person's decision")
    CASE_TRANSFER = "case.transfer", _("transfer and receive cases")
    GUARDIAN_APPOINT = "guardian.appoint", _("appoint and release guardians")
    PLACE_EMERGENCY = "placement.emergency", _("place in an emergency")
    PLACE_DECIDE = "placement.decide", _("decide on placement")
    PERSON_WRITE = "person.write", _("record facts about a person")
    DIRECTORY_READ = "directory.read", _("read the directory")
    DIRECTORY_WRITE = "directory.write", _("change the directory")
    TEAM_READ = "team.read", _("see the team's cases")
    USERS_MANAGE = "users.manage", _("manage users and memberships")
    GRANTS_READ = "grants.read", _("see the access list")
    GRANTS_MANAGE = "grants.manage", _("give and end access")
    GLASS_BREAK = "glass.break", _("open a case in an emergency, for minutes")
    LEDGER_READ = "ledger.read", _("read the activity log")
    STATISTICS_READ = "statistics.read", _("read statistics")
    EXPORT_MAKE = "export.make", _("export case files and lists, encrypted")
    RETENTION_READ = "retention.read", _("see what is kept, on legal hold and destroyed")
    RETENTION_PROPOSE = "retention.propose", _("set legal holds, propose to destroy files")
    RETENTION_APPROVE = "retention.approve", _("decide on destroying files, lift legal holds")
    TRACING_WORK = "tracing.work", _("trace families")
    PERSONS_COMPARE = "persons.compare", _("compare records that may be one person")


P = Permission
_EVERYBODY = {P.SIGNED_IN, P.DIRECTORY_READ}
# Whoever opens a case says what worries them about the child: the General Protocol asks it of
# schools, health and police as well. And they record what a procedure asks of their own role: a
# police officer the registration, the victims' centre its decision on the status.
_READER = {P.CASE_READ, P.STEP_RECORD, P.CONCERN_RAISE}
_RESPONDER = _READER | {P.ENCOUNTER_RECORD, P.PERSON_WRITE, P.GLASS_BREAK}
_CASEWORK = _RESPONDER | {
    P.ENCOUNTER_DECIDE,
    P.CASE_OPEN,
    P.CASE_ASSESS,
    P.CASE_WORK,
    P.PLACE_EMERGENCY,
    P.TRACING_WORK,
}
_AUTHORITY = {
    P.CASE_DECIDE,
    P.CASE_TRANSFER,
    P.GUARDIAN_APPOINT,
    P.PLACE_DECIDE,
    P.EXPORT_MAKE,
}
# Whoever keeps the records of a centre proposes; whoever leads it decides, never on their own
# proposal. Auditors, who do the work of a data-protection officer here, read the reports.
_RECORDS = {P.RETENTION_READ, P.RETENTION_PROPOSE}
_LEADING = {P.CASE_ASSIGN, P.CASE_APPROVE, P.TEAM_READ, P.GRANTS_READ, P.GRANTS_MANAGE}

# Whoever keeps the files of a centre says whether two of them are one child's: those who take
# reports in (the doubles arise there), those who manage the cases (they know the child) and those
# who lead, who also give the second pair of eyes (CASE_APPROVE). First responders ask them.
_COMPARING = {P.PERSONS_COMPARE}

# First responders of NGOs may assess and refer; placement and guardianship stay with the State
# (scenario 8). Field workers may place in an emergency and appoint nobody but hand over orally
# on behalf of the centre (scenario 4).
ALLOWED: dict[Role, frozenset[Permission]] = {
    Role.FIELD_WORKER: frozenset(_EVERYBODY | _CASEWORK | {P.GUARDIAN_APPOINT}),
    Role.CASE_MANAGER: frozenset(_EVERYBODY | _CASEWORK | _AUTHORITY | _COMPARING),
    Role.SUPERVISOR: frozenset(
        _EVERYBODY
        | _CASEWORK
        | _AUTHORITY
        | _LEADING
        | _RECORDS
        | _COMPARING
        | {P.RETENTION_APPROVE}
    ),
    Role.HEAD: frozenset(
        _EVERYBODY
        | _CASEWORK
        | _AUTHORITY
        | _LEADING
        | _RECORDS
        | _COMPARING
        | {P.STATISTICS_READ, P.RETENTION_APPROVE}
    ),
    Role.ADMISSION: frozenset(
        _EVERYBODY
        | _RESPONDER
        | _COMPARING
        | {P.ENCOUNTER_DECIDE, P.CASE_OPEN, P.CASE_ASSIGN, P.TEAM_READ}
    ),
    Role.LAWYER: frozenset(_EVERYBODY | _RECORDS | _READER | {P.GUARDIAN_APPOINT, P.CASE_WORK}),
    Role.GUARDIAN: frozenset(_EVERYBODY | _READER | {P.CASE_WORK, P.PERSON_WRITE}),
    Role.NGO_WORKER: frozenset(
        _EVERYBODY | _RESPONDER | {P.CASE_ASSESS, P.CASE_WORK, P.TRACING_WORK}
    ),
    Role.POLICE: frozenset(_EVERYBODY | _READER | {P.ENCOUNTER_RECORD, P.GLASS_BREAK}),
    Role.RECEPTION: frozenset(_EVERYBODY | _RESPONDER | {P.CASE_WORK}),
    Role.VICTIMS_ADVISER: frozenset(
        _EVERYBODY | _RESPONDER | {P.ENCOUNTER_DECIDE, P.CASE_ASSESS, P.CASE_WORK}
    ),
    Role.HEALTH: frozenset(_EVERYBODY | _READER | {P.ENCOUNTER_RECORD, P.GLASS_BREAK}),
    Role.SCHOOL: frozenset(_EVERYBODY | _READER | {P.ENCOUNTER_RECORD}),
    Role.EMPLOYMENT: frozenset(_EVERYBODY | _READER),
    Role.INTERPRETER: frozenset(_EVERYBODY),
    Role.HOTLINE: frozenset(_EVERYBODY | {P.ENCOUNTER_RECORD}),
    Role.EDITOR: frozenset(_EVERYBODY | {P.DIRECTORY_WRITE}),
    Role.COORDINATOR: frozenset(_EVERYBODY | {P.STATISTICS_READ}),
    Role.ANALYST: frozenset(_EVERYBODY | {P.STATISTICS_READ}),
    Role.AUDITOR: frozenset(_EVERYBODY | {P.LEDGER_READ, P.GRANTS_READ, P.RETENTION_READ}),
    Role.ADMINISTRATOR: frozenset(_EVERYBODY | {P.USERS_MANAGE, P.DIRECTORY_WRITE}),
}

# Authority over a case goes with a post at the centre responsible for it: sight of somebody
# else's case (asked to take it over, called to a conference) gives none of these there.
OF_THE_CENTRE: frozenset[Permission] = frozenset(
    {
        P.CASE_ASSIGN,
        P.CASE_DECIDE,
        P.CASE_APPROVE,
        P.GUARDIAN_APPOINT,
        P.PLACE_DECIDE,
        P.GRANTS_MANAGE,
    }
)

# Roles that see case content; outside demo mode they must hold a second factor.
SEES_CASES: frozenset[Role] = frozenset(
    role
    for role, permissions in ALLOWED.items()
    if permissions & {P.CASE_READ, P.ENCOUNTER_RECORD, P.LEDGER_READ}
)
