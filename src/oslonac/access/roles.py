"""What people may do: sets of permissions, and which of them each role of the country has.

Which roles there are and what they are called says the country pack (`roles.yaml`). Each of them
has one of the sets below, which are code: reviewed, tested, the same in every country. The code
asks for sets (`Role`); memberships keep the pack's own role.
"""

from collections.abc import Iterator, Mapping

from django.db.models import TextChoices
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from oslonac.country import country, in_language
from oslonac.country.reading import ROLES, BadPack
from oslonac.country.values import Country
from oslonac.country.values import Role as CountryRole
from oslonac.kit.errors import Invalid


class Role(TextChoices):
    """The sets of permissions, by the work they are for. Codes are stable: they are stored."""

    FIELD_WORKER = "field_worker", "field worker"
    CASE_MANAGER = "case_manager", "case manager"
    SUPERVISOR = "supervisor", "supervisor"
    HEAD = "head", "head of the competent office"
    ADMISSION = "admission", "admission worker"
    LAWYER = "lawyer", "lawyer of the competent office"
    GUARDIAN = "guardian", "guardian"
    NGO_WORKER = "ngo_worker", "NGO worker"
    POLICE = "police", "police officer"
    RECEPTION = "reception", "worker of a house where children live"
    VICTIMS_ADVISER = "victims_adviser", "adviser of victims of trafficking"
    HEALTH = "health", "health liaison"
    SCHOOL = "school", "school liaison"
    EMPLOYMENT = "employment", "employment liaison"
    INTERPRETER = "interpreter", "interpreter"
    HOTLINE = "hotline", "hotline operator"
    EDITOR = "editor", "content editor"
    COORDINATOR = "coordinator", "local coordinator"
    ANALYST = "analyst", "monitoring analyst"
    AUDITOR = "auditor", "auditor"
    ADMINISTRATOR = "administrator", "system administrator"


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

LONGEST_CODE = 20
# A pack without a list of roles has one role for each set.
_PLAIN = {role.value: CountryRole(role, role, {"en": str(role.label)}) for role in Role}


def of_country(chosen: Country | None = None) -> Mapping[str, CountryRole]:
    """The roles of the country by code, those no longer given out too."""
    return (chosen or country()).roles or _PLAIN


def problems_of(found: Mapping[str, CountryRole]) -> Iterator[BadPack]:
    """Roles without a set of permissions, and roles with a name that means another set."""
    for place, role in enumerate(found.values()):
        where = ("roles", place)
        if role.archetype not in Role.values:
            known = ", ".join(Role.values)
            sentence = f"“{role.code}”: archetype “{role.archetype}” is not one of {known}."
            yield BadPack(ROLES, (*where, "archetype"), sentence)
        elif role.code in Role.values and role.code != role.archetype:
            sentence = f"“{role.code}” is the name of a set of permissions; give the role another."
            yield BadPack(ROLES, (*where, "code"), sentence)
        if len(role.code) > LONGEST_CODE:
            sentence = f"“{role.code}” is longer than {LONGEST_CODE} letters."
            yield BadPack(ROLES, (*where, "code"), sentence)


def archetype_of(code: str) -> Role | None:
    """The set of permissions of a role; None for a role the country does not know."""
    known = of_country().get(code)
    if known is not None:
        return Role(known.archetype)
    return Role(code) if code in Role.values else None


def codes_of(*roles: str) -> list[str]:
    """The roles of the country that are meant by these names: a role of the pack itself, or every
    role that has the named set of permissions."""
    return [code for code, role in of_country().items() if code in roles or role.archetype in roles]


def label(code: str) -> str:
    """What people call a role; a set of permissions by the country's first role that has it."""
    known = of_country().get(code)
    if known is None:
        known = next((role for role in of_country().values() if role.archetype == code), None)
    return in_language(known.title) if known else code.replace("_", " ")


def choices() -> list[tuple[str, str]]:
    """(code, name) of the roles that can be given to people."""
    return [(code, in_language(r.title)) for code, r in of_country().items() if not r.retired]


def chosen_role(code: str, field: str) -> str:
    """A role that can be given. Raises Invalid."""
    if code not in dict(choices()):
        raise Invalid({field: say("Choose one.")})
    return str(code)
