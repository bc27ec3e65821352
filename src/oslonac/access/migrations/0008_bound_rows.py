"""Grants, blocks and ties carry a MAC under a key outside the database (`vault.binding`).

What stands in the tables at this moment is bound as it stands.
"""

from typing import Any

from django.db import migrations, models

from oslonac.vault.binding import bind_all

COLUMNS = {
    "Grant": "id record_kind record_id principal grantee_id organisation_id role level whereabouts "
    "reason basis consent_id ground acts_for given_by_id starts_at ends_at ended_by_id",
    "Block": "id key_id record_kind record_id principal user_id organisation_id stands_with scope "
    "reason cause person_id related_id declared given_by_id starts_at ends_at ended_by_id",
    "Tie": "id user_id person_id kind noted_by_id starts_at ends_at",
}


def bind(apps: Any, schema_editor: Any) -> None:
    for name, columns in COLUMNS.items():
        model = apps.get_model("access", name)
        bind_all(model, model._meta.db_table, columns.split())


class Migration(migrations.Migration):
    dependencies = [("access", "0007_labels")]
    operations = [
        *(
            migrations.AddField(name, "mac", models.BinaryField(editable=False, null=True))
            for name in ("grant", "block", "tie")
        ),
        migrations.RunPython(bind, migrations.RunPython.noop),
        *(
            migrations.AlterField(name, "mac", models.BinaryField(editable=False))
            for name in ("grant", "block", "tie")
        ),
    ]
