"""Case numbers come from a sequence: nobody waits, gaps are possible."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [
        migrations.RunSQL("CREATE SEQUENCE cases_number START 1", "DROP SEQUENCE cases_number")
    ]
