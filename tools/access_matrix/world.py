"""The world a proof is made in: the files of two centres, and everybody around the first of them.

Files are written through the real actions (`casefile`), so their duties bring the sight they bring
in life. How the askers stand to them are rows: the matrix also asks what a grant would show that
no action gives (to an administrator, say). Everybody here is invented.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

from django.utils.timezone import localtime

from oslonac.access import actions as access
from oslonac.access.actor import SYSTEM, holders_of
from oslonac.access.models import Grant
from oslonac.access.roles import Role
from oslonac.access.rules import BlockReason, RecordKind, Scope
from oslonac.accounts import actions as accounts
from oslonac.accounts.models import ApiToken, SignIn, User
from oslonac.audit.models import Unusual
from oslonac.audit.rules import Pattern
from oslonac.directory.models import ContactPoint, Organisation
from oslonac.notices.models import Absence, Subscription
from oslonac.protocols import library
from oslonac.vault.models import DataKey
from oslonac.vault.sealing import seal
from tools.access_matrix.casefile import Crew, File, write_files
from tools.access_matrix.relations import STANDINGS, Relation, Standing

CREW = (
    Role.FIELD_WORKER,
    Role.CASE_MANAGER,
    Role.SUPERVISOR,
    Role.HEAD,
    Role.GUARDIAN,
    Role.POLICE,
)


@dataclass
class World:
    """The files asked for, those of another centre, and who asks.

    `records`: ids by the name of the route's parameter, with a variant after a point where a
    state needs a record of its own (`case_id.closed`). `own`: what belongs to each asker alone.
    """

    at: datetime
    home: File
    other: File
    records: dict[str, Any]
    people: dict[tuple[Role, Relation], User] = field(default_factory=dict)
    own: dict[UUID, dict[str, UUID]] = field(default_factory=dict)


def build(at: datetime) -> World:
    """Write the world. Takes a database with migrations and a pack with four centres, and the
    sight of the system."""
    centres = list(Organisation.objects.filter(kind="csw").order_by("code")[:4])
    if len(centres) < 4:
        raise LookupError("The pack names fewer than four centres for social work.")
    at_home, asked, away, elsewhere = centres
    home = write_files(_crew(at_home, at), at_home, asked, at, number=1)
    other = write_files(_crew(elsewhere, at), elsewhere, asked, at, number=2)
    library.checked()  # takes seconds, is kept in the shared cache
    world = World(at, home, other, dict(home.records))
    world.records |= _named(home, at_home, asked)
    _common(world, at_home, at)
    for role in Role:
        for relation in Relation:
            user = _stand(role, relation, world, at_home, away, at)
            world.people[role, relation] = user
            world.own[user.pk] = _belongings(user, at)
    colleague = home.crew[Role.CASE_MANAGER]
    world.records |= {f"{name}.colleagues": pk for name, pk in _belongings(colleague, at).items()}
    return world


def _crew(office: Organisation, at: datetime) -> Crew:
    return {role: person(f"Crew {role.value}", role, office, at) for role in CREW}


def person(name: str, role: Role, office: Organisation, at: datetime) -> User:
    """Somebody with one post."""
    user = accounts.make_user(
        actor=SYSTEM, at=at, login=name.lower().replace(" ", "-") + f"-{office.code}", name=name
    )
    accounts.give_membership(
        actor=SYSTEM,
        at=at,
        user=user,
        organisation_id=office.pk,
        role=role,
        starts_on=at.date() - timedelta(days=30),
    )
    return user


def _named(file: File, home: Organisation, asked: Organisation) -> dict[str, Any]:
    """What bodies name: colleagues and offices, by the name of the field or a word of the table."""
    victims = Organisation.objects.filter(kind="victims_centre")[0]
    house = Organisation.objects.filter(kind="reception_centre")[0]
    return {
        "manager": file.crew[Role.SUPERVISOR].pk,
        "owner": file.crew[Role.CASE_MANAGER].pk,
        "guardian": file.crew[Role.GUARDIAN].pk,
        "colleague": file.crew[Role.POLICE].pk,
        "responsible": home.pk,
        "receiver": asked.pk,
        "body": victims.pk,
        "house": house.pk,
        "record_id": file.case.pk,
        "number": file.case.number,
        "moment": (file.at + timedelta(seconds=1)).isoformat(),
        "moment.local": localtime(file.at + timedelta(minutes=1)).strftime("%Y-%m-%dT%H:%M"),
        "name.asked": str(asked),
        "name.victims": str(victims),
        "name.house": str(house),
    }


def _common(world: World, home: Organisation, at: datetime) -> None:
    """Records that belong to no file: accounts, the directory, what the ledger found."""
    manager = world.home.crew[Role.CASE_MANAGER]
    contact = ContactPoint.objects.filter(organisation__isnull=False).order_by("pk")[0]
    assert contact.organisation_id is not None  # noqa: S101  (the filter says so)
    key = DataKey.make()
    key.save(force_insert=True)
    unusual = Unusual(
        key=key,
        pattern=Pattern.MANY_FILES,
        reader_id=manager.pk,
        role=Role.CASE_MANAGER,
        starts_at=at - timedelta(days=1),
        count=90,
        usual=4,
        noticed_at=at,
    )
    unusual.save(force_insert=True)
    world.records |= {
        "organisation_id": home.pk,
        "organisation_id.listed": contact.organisation_id,
        "contact_id": contact.pk,
        "user_id": manager.pk,
        "membership_id": manager.memberships.get().pk,
        "unusual_id": unusual.pk,
    }


def _belongings(user: User, at: datetime) -> dict[str, UUID]:
    """What pages of one's own account end: a token, days away, a browser, a session elsewhere."""
    token = ApiToken.objects.create(
        user=user,
        label="proof",
        digest=sha256(user.pk.bytes).digest(),
        made_at=at,
        expires_at=at + timedelta(days=30),
    )
    absence = Absence.objects.create(
        user=user,
        starts_on=at.date() + timedelta(days=40),
        ends_on=at.date() + timedelta(days=41),
        recorded_by=user,
    )
    browser = Subscription(
        user=user,
        key=user.key,
        digest=sha256(user.pk.bytes + b"push").digest(),
        label="proof",
        made_at=at,
    )
    seal(browser, user.key, endpoint="https://push.example/1", p256dh="k", auth="a")
    browser.save(force_insert=True)
    elsewhere = SignIn(
        user=user, key=user.key, session_key=uuid4().hex, device="proof", opened_at=at, seen_at=at
    )
    seal(elsewhere, user.key, address="192.0.2.1")
    elsewhere.save(force_insert=True)
    return {
        "token_id": token.pk,
        "absence_id": absence.pk,
        "subscription_id": browser.pk,
        "sign_in_id": elsewhere.pk,
    }


def _stand(
    role: Role,
    relation: Relation,
    world: World,
    home: Organisation,
    away: Organisation,
    at: datetime,
) -> User:
    """Somebody of this role who stands to the first centre's files as the relation says."""
    standing = STANDINGS[relation]
    office = home if standing.at_responsible_office else away
    user = person(f"Asks {role.value} {relation.value}", role, office, at)
    if standing.level is not None:
        for kind, pk in world.home.sighted:
            given = _grant(user, role, office, standing, kind, pk, at)
            if relation is Relation.REFERRED and pk == world.records["case_id"]:
                world.records.setdefault("grant_id", given.pk)
    if standing.blocked:
        _block(user, world.home, at)
    return user


def _grant(
    user: User,
    role: Role,
    office: Organisation,
    standing: Standing,
    kind: RecordKind,
    pk: UUID,
    at: datetime,
) -> Grant:
    named = standing.by_name
    return Grant.objects.create(
        record_kind=kind,
        record_id=pk,
        principal=user.pk if named else holders_of(role, office.pk),
        grantee=user if named else None,
        organisation=None if named else office,
        role="" if named else role,
        level=standing.level or 0,
        whereabouts=standing.whereabouts,
        reason=standing.reason,
        starts_at=at - timedelta(days=20),
        ends_at=at - timedelta(days=1) if standing.ended else None,
    )


def _block(user: User, file: File, at: datetime) -> None:
    """A conflict of interest: kept from all of the child's records."""
    access.block(
        actor=SYSTEM,
        at=at,
        who=access.Who(user_id=user.pk),
        records=[access.Closing(kind, pk, file.child_of.get(pk)) for kind, pk in file.sighted],
        key=file.case.key,
        scope=Scope.ALL,
        reason=BlockReason.OWN_FAMILY,
        why="Related to the child.",
    )
