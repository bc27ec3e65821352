"""Keys of sessions no longer stand in the database: whoever is signed in signs in once more."""

from django.db import migrations

FORGET = """
DELETE FROM django_session;
UPDATE accounts_signin SET session_key = '', ended_at = COALESCE(ended_at, now());
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_sign_ins"), ("sessions", "0001_initial")]
    operations = [migrations.RunSQL(FORGET, migrations.RunSQL.noop)]
