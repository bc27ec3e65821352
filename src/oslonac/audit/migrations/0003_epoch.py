"""Events count transactions through functions that a restore can lift (see audit.epoch)."""

from django.db import migrations, models
from django.db.models import BigIntegerField, Func

from oslonac.audit.epoch import DROP, FUNCTIONS


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append_only")]
    operations = [
        migrations.RunSQL(FUNCTIONS.format(base=0), DROP),
        migrations.AlterField(
            model_name="event",
            name="xid",
            field=models.BigIntegerField(
                db_default=Func(function="audit_xid", output_field=BigIntegerField())
            ),
        ),
    ]
