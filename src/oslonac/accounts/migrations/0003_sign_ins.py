"""Sign-ins: sessions that can be seen and ended."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import oslonac.kit.ids
import oslonac.vault.models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_counters"), ("vault", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="SignIn",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=oslonac.kit.ids.uuid7, primary_key=True, serialize=False
                    ),
                ),
                ("session_key", models.CharField(max_length=40)),
                ("device", models.CharField(blank=True, max_length=60)),
                ("address", oslonac.vault.models.SealedField(blank=True, null=True)),
                ("opened_at", models.DateTimeField()),
                ("seen_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
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
                        related_name="sign_ins",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["session_key"], name="sign_in_by_session"),
                    models.Index(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=["user", "-seen_at"],
                        name="sign_in_running",
                    ),
                ],
            },
        ),
    ]
