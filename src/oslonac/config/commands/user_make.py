"""Make a user with a post, and print a one-time password."""

import argparse
import json
import sys

WORDS = "Sign in with this password once; the system asks for a new one at once."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--login", required=True, help="the name this person signs in with")
    parser.add_argument("--name", required=True, help="first and family name")
    parser.add_argument(
        "--role", required=True, help="a role of the country, such as administrator"
    )
    parser.add_argument("--organisation", required=True, metavar="CODE", help="as in the pack")
    parser.add_argument("--json", action="store_true", help="for programs")


def run(args: argparse.Namespace) -> int:
    """Exit status 0 when the user was made; 1, with a sentence, when not."""
    from oslonac.config import bootstrap

    with bootstrap.django_ready():
        from oslonac.kit.errors import Refused

        try:
            password = make(args)
        except Refused as refused:
            print(refused.message, file=sys.stderr)
            return 1
    if args.json:
        print(json.dumps({"login": args.login, "password": password}))
    else:
        print(f"Login name: {args.login}\nOne-time password: {password}\n{WORDS}")
    return 0


def make(args: argparse.Namespace) -> str:
    """The one-time password of the new user. Raises Refused with a sentence."""
    from django.db import transaction

    from oslonac.access.actor import SYSTEM
    from oslonac.accounts import actions
    from oslonac.kit.clock import local_day, now

    at = now()
    with transaction.atomic():
        organisation = _organisation(args.organisation)
        user = actions.make_user(actor=SYSTEM, at=at, login=args.login, name=args.name)
        actions.give_membership(
            actor=SYSTEM,
            at=at,
            user=user,
            organisation_id=organisation.pk,
            role=_role(args.role),
            starts_on=local_day(at),
        )
        handed = actions.hand_over_password(actor=SYSTEM, at=at, user=user)
    return str(handed.one_time_password)  # type: ignore[attr-defined]


def _role(code: str) -> str:
    from oslonac.access import roles
    from oslonac.kit.errors import Refused

    if code not in (codes := dict(roles.choices())):
        known = ", ".join(codes)
        raise Refused("role.unknown", f"There is no role “{code}”. Roles: {known}.")
    return code


def _organisation(code: str):  # type: ignore[no-untyped-def]
    from oslonac.directory.models import Organisation
    from oslonac.kit.errors import Refused

    found = Organisation.objects.filter(code=code).first()
    if found is None:
        near = Organisation.objects.filter(code__contains=code).values_list("code", flat=True)[:8]
        hint = f" Did you mean: {', '.join(near)}?" if near else ""
        raise Refused("organisation.unknown", f"No organisation has the code “{code}”.{hint}")
    return found
