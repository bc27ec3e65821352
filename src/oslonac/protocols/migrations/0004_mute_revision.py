"""A mute can be ended by whoever muted or by the one above: the later of two writers is told."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("protocols", "0003_editions")]
    operations = [
        migrations.AddField(
            model_name="mute",
            name="revision",
            field=models.PositiveIntegerField(default=1),
        )
    ]
