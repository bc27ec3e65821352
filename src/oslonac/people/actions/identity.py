"""Who somebody is: the person, their names, what they said of themselves.

Belongs here: making a person, letting one appear in a record, names and statements. Does not: how
people belong together (`family`).
"""

from datetime import date, datetime
from uuid import UUID

from django.utils.translation import gettext as _

from oslonac.access import policy, reader
from oslonac.access.actions import carry_blocks
from oslonac.access.actor import Actor
from oslonac.access.roles import Permission
from oslonac.access.rules import Level
from oslonac.audit.actions import action, record
from oslonac.directory import codes
from oslonac.kit.births import AHEAD
from oslonac.kit.choices import chosen
from oslonac.kit.clock import local_day
from oslonac.kit.errors import Invalid
from oslonac.kit.text import dominant_script
from oslonac.people import changes, merging, queries, rules
from oslonac.people.actions.typed import clean_line, clean_text
from oslonac.people.models import Appearance, Person, PersonName, Statement
from oslonac.vault.models import DataKey
from oslonac.vault.row_policy import Bypass
from oslonac.vault.sealing import seal

_LISTS = {
    rules.Attribute.CITIZENSHIP: "citizenships",
    rules.Attribute.LANGUAGE: "languages",
    rules.Attribute.DOCUMENT: "identity_documents",
}


def appear(person: Person, *, kind: str, record_id: UUID, is_subject: bool = False) -> None:
    """Let a person appear in a record; called inside an action of the record's package."""
    _row, new = Appearance.objects.get_or_create(
        person=person,
        record_id=record_id,
        defaults={"record_kind": kind, "is_subject": is_subject},
    )
    if new:
        carry_blocks(
            person_ids=merging.group(person.pk),
            person_id=person.pk,
            kind=kind,
            record_id=record_id,
            is_subject=is_subject,
        )


@action("person.made", Permission.PERSON_WRITE)
def make_person(
    *, actor: Actor, at: datetime, kind: str, record_id: UUID, is_subject: bool = False
) -> Person:
    """A person of whom nothing is said yet, appearing in a record that the actor works on."""
    policy.require_level(actor, kind, record_id, Level.CASE, at=at)
    key = DataKey.make()
    key.save(force_insert=True)
    person = Person.objects.create(key=key, made_at=at)
    appear(person, kind=kind, record_id=record_id, is_subject=is_subject)
    record("person.made", actor=actor, at=at, subject=person, data={"in": kind})
    return person


@action("name.added", Permission.PERSON_WRITE)
def add_name(
    *,
    actor: Actor,
    at: datetime,
    person: Person,
    full: str,
    given: str = "",
    family: str = "",
    kind: str = rules.NameKind.USED,
    said_by: str = rules.SaidBy.SELF,
    basis: str = rules.Basis.CLAIMED,
    case_id: UUID | None = None,
) -> PersonName:
    """Another spelling or name, in the script it was written in.

    On the survivor, where the record was joined to another (`merging.landing`).
    """
    queries.require(actor, person.pk, Level.CASE, at=at)
    addressed, person = person, merging.landing(actor, person, at=at, record_id=case_id)
    full = clean_line(full, "full", required=True)
    name = PersonName(
        person=person,
        key=person.key,
        kind=chosen(rules.NameKind, kind, "kind"),
        script=dominant_script(full),
        said_by=chosen(rules.SaidBy, said_by, "said_by"),
        basis=chosen(rules.Basis, basis, "basis"),
        written_by_id=actor.user_id,
        written_at=at,
    )
    seal(name, full=full, given=clean_line(given, "given"), family=clean_line(family, "family"))
    name.save(force_insert=True)
    _reproject(person)
    record(
        "name.added",
        actor=actor,
        at=at,
        subject=name,
        case_id=case_id,
        fields=["full", "given", "family"],
        data={"person": person, "script": name.script} | _addressed(addressed, person),
    )
    return name


@action("statement.made", Permission.PERSON_WRITE)
def state(
    *,
    actor: Actor,
    at: datetime,
    person: Person,
    attribute: str,
    code: str = "",
    detail: str = "",
    level: str = "",
    birth: tuple[date, date] | None = None,
    calendar: str = "",
    said_by: str = rules.SaidBy.SELF,
    basis: str = rules.Basis.CLAIMED,
    case_id: UUID | None = None,
) -> Statement:
    """Record a fact as somebody gave it. Earlier statements stay.

    On the survivor, where the record was joined to another (`merging.landing`).
    """
    queries.require(actor, person.pk, Level.CASE, at=at)
    addressed, person = person, merging.landing(actor, person, at=at, record_id=case_id)
    attribute = chosen(rules.Attribute, attribute, "attribute")
    if attribute in _LISTS:
        code = codes.check_one(_LISTS[attribute], code, field="code")
    elif attribute == rules.Attribute.SEX:
        code = _sex(code)
    else:
        code = ""
    if attribute == rules.Attribute.BIRTH and birth is None:
        raise Invalid({"year": _("Enter at least the year.")})
    if birth is not None and birth[0] > local_day(at):
        raise Invalid({"year": AHEAD})
    text = clean_text(detail, "detail")
    statement = Statement(
        person=person,
        key=person.key,
        attribute=attribute,
        code=code,
        level=chosen(rules.LanguageLevel, level, "level") if level else "",
        born_from=birth[0] if birth else None,
        born_to=min(birth[1], local_day(at)) if birth else None,
        calendar=calendar,
        said_by=chosen(rules.SaidBy, said_by, "said_by"),
        basis=chosen(rules.Basis, basis, "basis"),
        stated_at=at,
        recorded_by_id=actor.user_id,
    )
    seal(statement, detail=text)
    statement.save(force_insert=True)
    _reproject(person)
    record(
        "statement.made",
        actor=actor,
        at=at,
        subject=statement,
        case_id=case_id,
        fields=[attribute],
        data={"person": person, "basis": basis, "said_by": said_by} | _addressed(addressed, person),
    )
    return statement


def _addressed(addressed: Person, person: Person) -> dict[str, str]:
    """For the event of a write that landed on another record than the one it named."""
    return {} if addressed.pk == person.pk else {"addressed": str(addressed.pk)}


def _sex(code: str) -> str:
    if code not in rules.Sex.values:
        raise Invalid({"code": _("Choose one.")})
    return code


@reader.bypass(Bypass.PROJECTION)
def _reproject(person: Person) -> None:
    # Locked so that two names added at once are both taken into account.
    current = Person.objects.select_for_update().get(pk=person.pk)
    queries.project(current)
    current.revision += 1
    current.save()
    changes.changed(current)
    person.refresh_from_db()
