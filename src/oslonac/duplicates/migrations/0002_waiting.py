"""Who waits to be compared stands in an index of its own; who waits now goes on waiting."""

from django.db import migrations, models

WAITING = """
INSERT INTO duplicates_looked (person_id, revision, told)
SELECT id, 0, revision FROM people_person WHERE revision > 1
ON CONFLICT (person_id) DO UPDATE SET told = EXCLUDED.told
"""


class Migration(migrations.Migration):
    # An index cannot be made in the transaction that wrote the rows it holds.
    atomic = False

    dependencies = [("duplicates", "0001_initial"), ("people", "0003_joined_records")]

    operations = [
        migrations.AddField(
            model_name="looked",
            name="told",
            field=models.PositiveIntegerField(default=0),
            preserve_default=False,
        ),
        migrations.RunSQL(WAITING, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="looked",
            index=models.Index(
                condition=models.Q(("told__gt", models.F("revision"))),
                fields=["person"],
                name="looked_waiting",
            ),
        ),
    ]
