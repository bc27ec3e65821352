"""Users, posts, tokens, second factors and linked sign-ins are bound to a key outside the database.

Of tokens a plain SHA-256 was kept, which anybody who writes to the database computes for a token
of their own. What is kept now is a keyed hash over it, so that tokens in use stay good.
What stands in the tables at this moment is bound as it stands.
"""

from typing import Any

from django.conf import settings
from django.db import migrations, models

from oslonac.accounts import bound_factors
from oslonac.accounts.models import keyed_digest
from oslonac.vault.binding import bind_all

COLUMNS = {
    "User": "id username password is_active is_demo demo_code",
    "Membership": "id user_id organisation_id role starts_on ends_on revision",
    "ApiToken": "id user_id label digest made_at expires_at revoked_at",
}


def bind(apps: Any, schema_editor: Any) -> None:
    for token in apps.get_model("accounts", "ApiToken")._base_manager.all():
        token.digest = keyed_digest(bytes(token.digest))
        token.save(update_fields=["digest"])
    for name, columns in COLUMNS.items():
        model = apps.get_model("accounts", name)
        bind_all(model, model._meta.db_table, columns.split())
    for app, name in (("mfa", "Authenticator"), ("socialaccount", "SocialAccount")):
        for row in apps.get_model(app, name)._base_manager.all():
            bound_factors.bind(row)
            row.save(update_fields=["data" if app == "mfa" else "extra_data"])


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_labels"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("socialaccount", "0006_alter_socialaccount_extra_data"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        *(
            migrations.AddField(name, "mac", models.BinaryField(editable=False, null=True))
            for name in ("user", "membership", "apitoken")
        ),
        migrations.RunPython(bind, migrations.RunPython.noop),
        *(
            migrations.AlterField(name, "mac", models.BinaryField(editable=False))
            for name in ("user", "membership", "apitoken")
        ),
    ]
