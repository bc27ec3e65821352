"""Indexes for the auditor's pages, and unusual reading."""

import django.db.models.deletion
from django.db import migrations, models

import oslonac.kit.ids
import oslonac.vault.models
from oslonac.audit.rules import Pattern


class Migration(migrations.Migration):
    dependencies = [("audit", "0005_roots"), ("vault", "0001_initial")]
    operations = [
        migrations.RemoveIndex(model_name="event", name="event_by_day"),
        migrations.AddIndex(
            model_name="event", index=models.Index(fields=["at", "id"], name="event_by_moment")
        ),
        migrations.AddIndex(
            model_name="event", index=models.Index(fields=["name", "at"], name="event_by_name")
        ),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(
                condition=models.Q(("outcome", "denied")), fields=["at"], name="event_refused"
            ),
        ),
        migrations.CreateModel(
            name="Unusual",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=oslonac.kit.ids.uuid7, primary_key=True, serialize=False
                    ),
                ),
                ("pattern", models.CharField(choices=Pattern.choices, max_length=20)),
                ("reader_id", models.UUIDField()),
                ("role", models.CharField(blank=True, max_length=20)),
                ("starts_at", models.DateTimeField()),
                ("count", models.PositiveIntegerField()),
                ("usual", models.PositiveIntegerField(null=True)),
                ("case_id", models.UUIDField(null=True)),
                ("noticed_at", models.DateTimeField()),
                ("looked_at", models.DateTimeField(null=True)),
                ("looked_by_id", models.UUIDField(null=True)),
                ("note", oslonac.vault.models.SealedField(blank=True, null=True)),
                (
                    "key",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="vault.datakey",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["looked_at", "-noticed_at"], name="unusual_waiting")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("pattern", "reader_id", "starts_at", "case_id"),
                        name="unusual_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
    ]
