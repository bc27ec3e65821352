"""Creating the cast and the other fictional staff, by the real actions."""

import random
from datetime import timedelta

from oslonac.access.actor import SYSTEM
from oslonac.access.roles import Role
from oslonac.accounts.actions import give_membership, make_user
from oslonac.accounts.models import User
from oslonac.demo import names
from oslonac.demo.cast import CAST, in_own_script
from oslonac.demo.ids import Source
from oslonac.demo.organisations import CENTRES, RECEIVING
from oslonac.demo.world import World, look_around
from oslonac.kit.clock import local_day

_YEARS_IN_OFFICE = 5
_CASES_A_MANAGER = 14
_CASES_A_MANAGER_AT_SCALE = 35
SCALE = 20_000


def make_staff(world: World, ids: Source, rng: random.Random, children: int) -> World:
    """Everybody who works in the demonstration; nobody has a password."""
    since = world.now - timedelta(days=365 * _YEARS_IN_OFFICE)
    ids.at(since)
    for member in CAST:
        name = in_own_script(member.name, member.role)
        _make(world, member.code, name, member.organisation, member.role)
    taken = {(member.organisation, member.role) for member in CAST}
    logins = iter(range(1, 1_000_000))
    for code, role, count in _posts(children):
        count -= (code, role) in taken
        for _ in range(count):
            name = in_own_script(names.colleague(rng), role)
            _make(world, "", name, code, role, login=f"demo-{next(logins)}")
    return look_around(world.now)


def _posts(children: int) -> list[tuple[str, Role, int]]:
    """How many of each role at each office."""
    load = _CASES_A_MANAGER if children < SCALE else _CASES_A_MANAGER_AT_SCALE
    rows: list[tuple[str, Role, int]] = []
    shares = centre_shares(children)
    for code, share in shares.items():
        cases_open = children * share / sum(shares.values()) * 0.4
        managers = max(2, round(cases_open / load))
        rows += [
            (code, Role.CASE_MANAGER, managers),
            (code, Role.GUARDIAN, max(1, managers // 2)),
            (code, Role.FIELD_WORKER, 2),
            (code, Role.ADMISSION, 1),
            (code, Role.SUPERVISOR, 1),
            (code, Role.HEAD, 1),
            (code, Role.LAWYER, 1),
        ]
    rows += [(code, Role.RECEPTION, 1) for code in RECEIVING]
    return [*rows, ("demo-field-team", Role.NGO_WORKER, 4)]


def centre_shares(children: int) -> dict[str, int]:
    """Where children are met. At scale every centre of the country takes part."""
    shares = dict(CENTRES)
    if children >= SCALE:
        from oslonac.directory.models import Organisation

        rows = Organisation.objects.filter(kind="csw").order_by("code")
        for code in rows.values_list("code", flat=True):
            shares.setdefault(code, 1)
    return shares


def _make(
    world: World, code: str, name: str, organisation: str, role: Role, *, login: str = ""
) -> None:
    since = world.now - timedelta(days=365 * _YEARS_IN_OFFICE)
    user = make_user(actor=SYSTEM, at=since, login=login or f"{code}@demo", name=name)
    User.objects.filter(pk=user.pk).update(is_demo=True, demo_code=code)
    give_membership(
        actor=SYSTEM,
        at=since,
        user=user,
        organisation_id=world.organisations[organisation].pk,
        role=role,
        starts_on=local_day(since),
    )
