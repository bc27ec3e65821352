"""The fixed cast: the people one signs in as, in the order of the sign-in page.

Everybody is invented. `sentence` is what they look at first; it is translated when shown.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext_noop as _

from oslonac.access.roles import Role
from oslonac.kit.script import to_cyrillic


@dataclass(frozen=True)
class Member:
    """One of the cast. `code` is stable: links and tests use it."""

    code: str
    name: str
    title: Any
    organisation: str
    role: Role
    sentence: Any
    language: str = ""


def in_own_script(name: str, role: Role) -> str:
    """Told in Serbian, staff write their names in Cyrillic: pages show them in either script.
    Interpreters keep the spelling of their papers."""
    serbian = (get_language() or "en").startswith("sr") and role != Role.INTERPRETER
    return to_cyrillic(name) if serbian else name


CAST: tuple[Member, ...] = (
    Member(
        "ana",
        "Ana Kostadinović",
        _("case manager, CSW Vranje"),
        "csw-vranje",
        Role.CASE_MANAGER,
        _("Manages about two dozen cases; her day starts with the overdue tasks."),
    ),
    Member(
        "teodora",
        "Teodora Vlajković",
        _("field worker on night duty, Miratovac"),
        "csw-vranje",
        Role.FIELD_WORKER,
        _("Meets children at the border at night; may place a child, may not be the guardian."),
    ),
    Member(
        "dragan",
        "Dragan Stošić",
        _("supervisor, CSW Vranje"),
        "csw-vranje",
        Role.SUPERVISOR,
        _("Assigns cases, approves closings and sees what is late in the team."),
    ),
    Member(
        "milena",
        "Milena Arsić",
        _("head, CSW Vranje"),
        "csw-vranje",
        Role.HEAD,
        _("Decides on transfers from other centres and on emergency openings."),
    ),
    Member(
        "goran",
        "Goran Ilić-Zlatanović",
        _("admission worker, CSW Vranje"),
        "csw-vranje",
        Role.ADMISSION,
        _("Receives reports and opens cases."),
    ),
    Member(
        "vesna",
        "Vesna Tasić",
        _("lawyer, CSW Vranje"),
        "csw-vranje",
        Role.LAWYER,
        _("Writes decisions on guardians; reads narratives, not names."),
    ),
    Member(
        "milan",
        "Milan Petrušić",
        _("temporary guardian, CSW Vranje"),
        "csw-vranje",
        Role.GUARDIAN,
        _("Sees only the children he is guardian of."),
    ),
    Member(
        "jelena",
        "Jelena Mihajlov",
        _("worker of a civil society team"),
        "demo-field-team",
        Role.NGO_WORKER,
        _("Assesses and supports; placement and guardianship belong to the centre."),
    ),
    Member(
        "nikola",
        "Nikola Radenković",
        _("police officer, border police"),
        "border-police",
        Role.POLICE,
        _("Reports children found at the border and sees the outcome."),
    ),
    Member(
        "sanja",
        "Sanja Đorđić",
        _("worker of the reception centre Bujanovac"),
        "rc-bujanovac",
        Role.RECEPTION,
        _("Cares for children placed in the centre and sees what she needs for that."),
    ),
    Member(
        "katarina",
        "Katarina Bogićević",
        _("adviser, centre for victims of trafficking"),
        "cptv",
        Role.VICTIMS_ADVISER,
        _("Works with people who may be victims; a suspicion is enough to share a case."),
    ),
    Member(
        "zoran",
        "Zoran Pavlićević",
        _("health liaison"),
        "demo-health-vranje",
        Role.HEALTH,
        _("Reports concerns from the health post."),
    ),
    Member(
        "marija",
        "Marija Cvetanović",
        _("school liaison"),
        "demo-school-vranje",
        Role.SCHOOL,
        _("Reports concerns from the school."),
    ),
    Member(
        "ivan",
        "Ivan Đurković",
        _("employment liaison"),
        "nes",
        Role.EMPLOYMENT,
        _("Helps the oldest find training and work."),
    ),
    Member(
        "sohrab",
        "Sohrab Nuri",
        _("interpreter for Dari, Pashto and Persian"),
        "demo-interpreters",
        Role.INTERPRETER,
        _("Sees no cases; is named in contacts as the interpreter."),
    ),
    Member(
        "lidija",
        "Lidija Savković",
        _("hotline operator"),
        "line-116111",
        Role.HOTLINE,
        _("Records what callers say, also without a name."),
    ),
    Member(
        "petra",
        "Petra Vujičin",
        _("content editor"),
        "rzsz",
        Role.EDITOR,
        _("Keeps the directory of organisations and services up to date."),
    ),
    Member(
        "stanka",
        "Stanka Mladenović",
        _("local coordinator, Vranje"),
        "vranje-social-committee",
        Role.COORDINATOR,
        _("Works for the city; sees no cases."),
    ),
    Member(
        "uros",
        "Uroš Lazarević",
        _("monitoring analyst"),
        "rzsz",
        Role.ANALYST,
        _("Works with anonymous figures."),
    ),
    Member(
        "biljana",
        "Biljana Kremić",
        _("auditor"),
        "ministry-social",
        Role.AUDITOR,
        _("Checks who did and saw what, without seeing any case."),
    ),
    Member(
        "admin",
        "Srđan Obradov",
        _("system administrator"),
        "ministry-social",
        Role.ADMINISTRATOR,
        _("Manages users and their posts; sees no cases."),
    ),
    Member(
        "nis",
        "Snežana Todorović-Pešić",
        _("head, CSW Niš"),
        "csw-nis",
        Role.HEAD,
        _("Is asked to take over cases from Vranje and may dispute it."),
    ),
    Member(
        "marko",
        "Marko Živanov",
        _("case manager, CSW Subotica"),
        "csw-subotica",
        Role.CASE_MANAGER,
        _("Works at the northern border; sees nothing of Vranje's cases."),
    ),
)
BY_CODE = {member.code: member for member in CAST}
