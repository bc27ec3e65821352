"""Open a Python shell with Django set up (as the application, or as the owner)."""

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `oslonac shell`."""
    parser.add_argument("--role", choices=["app", "owner"], default="app", help="database role")
    parser.add_argument("--command", "-c", help="run this Python code instead of asking")


def run(args: argparse.Namespace) -> int:
    """Run Django's shell while the database is kept up."""
    from oslonac.config import bootstrap

    with bootstrap.django_ready(args.role):
        from django.core.management import call_command

        call_command("shell", command=args.command)
    return 0
