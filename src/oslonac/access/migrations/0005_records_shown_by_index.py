"""Whether somebody is shown a record is read from the index alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0004_tracing_requests")]

    operations = [
        migrations.AddIndex(
            model_name="grant",
            index=models.Index(
                fields=["record_id", "principal"],
                include=("record_kind", "level", "whereabouts", "starts_at", "ends_at"),
                name="grant_shows_record",
            ),
        ),
        migrations.RemoveIndex(model_name="grant", name="grant_by_record"),
    ]
