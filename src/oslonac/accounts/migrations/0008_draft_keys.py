"""Keys of what somebody typed and has not saved yet."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import oslonac.kit.ids
import oslonac.vault.models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0007_bound_rows"), ("vault", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="DraftKey",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=oslonac.kit.ids.uuid7, primary_key=True, serialize=False
                    ),
                ),
                ("browser", models.CharField(max_length=32)),
                ("secret", oslonac.vault.models.SealedField(blank=True, null=True)),
                ("used_at", models.DateTimeField()),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="vault.datakey",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="draft_keys",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("user", "browser"), name="draft_key_of_a_browser"
                    )
                ],
            },
        ),
    ]
