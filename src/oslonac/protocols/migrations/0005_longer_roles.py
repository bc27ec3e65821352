from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("protocols", "0004_mute_revision")]

    operations = [
        migrations.AlterField(
            model_name="obligation", name="role", field=models.CharField(max_length=35)
        )
    ]
