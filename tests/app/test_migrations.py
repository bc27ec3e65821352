"""The migrations make the models as they are."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

pytestmark = pytest.mark.django_db


def test_no_model_waits_for_a_migration() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_the_database_holds_every_constraint_and_index_of_the_models() -> None:
    """Altering a column may take along what else stands on it; the models would not say so."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT conname FROM pg_constraint UNION SELECT indexname FROM pg_indexes")
        there = {name for (name,) in cursor.fetchall()}
    declared = {
        (model._meta.label, each.name)
        for model in apps.get_models()
        for each in (*model._meta.constraints, *model._meta.indexes)
    }
    assert len(declared) > 60
    assert sorted(each for each in declared if each[1] not in there) == []
