"""Leaves, links under the key, and signed roots of days.

Links made before were not keyed: whoever owned the database could have made them anew. They are
dropped, and the sealer links every event again under the new rule, in the same order.
"""

from django.db import migrations, models

EMPTY = """
ALTER TABLE audit_link DISABLE TRIGGER link_append_only;
TRUNCATE audit_link;
ALTER TABLE audit_link ENABLE TRIGGER link_append_only;
"""
GUARD = """
CREATE TRIGGER root_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_root
  FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_readers")]
    operations = [
        migrations.RunSQL(EMPTY, migrations.RunSQL.noop),
        migrations.AddField(
            model_name="link",
            name="leaf",
            field=models.BinaryField(default=b""),
            preserve_default=False,
        ),
        migrations.AlterField(model_name="link", name="sealed_at", field=models.DateTimeField()),
        migrations.AddIndex(
            model_name="link",
            index=models.Index(fields=["sealed_at", "sequence"], name="link_by_moment"),
        ),
        migrations.AddIndex(
            model_name="link", index=models.Index(fields=["xid"], name="link_by_xid")
        ),
        migrations.CreateModel(
            name="Root",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("first", models.BigIntegerField()),
                ("last", models.BigIntegerField()),
                ("root", models.BinaryField()),
                ("head", models.BinaryField()),
                ("previous", models.BinaryField()),
                ("made_at", models.DateTimeField()),
                ("signature", models.JSONField()),
            ],
        ),
        migrations.RunSQL(GUARD, "DROP TRIGGER root_append_only ON audit_root;"),
    ]
