"""Entries of alike names can be laid side by side (`matching.index.arranging`).

The application's role does not own the table, so that a function of the owner does it; it takes
nothing and changes no row. The first few hashes order well enough: a B-tree holds no long row.
"""

from django.db import migrations, models

ARRANGE = """
CREATE FUNCTION matching_arrange() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public SET maintenance_work_mem = '256MB' AS $$
BEGIN
  SET CONSTRAINTS ALL IMMEDIATE;
  LOCK TABLE public.matching_entry IN ACCESS EXCLUSIVE MODE;
  CREATE INDEX matching_arranging ON public.matching_entry (generation_id, (fine[1:6]));
  CLUSTER public.matching_entry USING matching_arranging;
  DROP INDEX public.matching_arranging;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("matching", "0002_distinct")]

    operations = [
        migrations.AddField(
            model_name="generation",
            name="arranged",
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.RunSQL(ARRANGE, "DROP FUNCTION matching_arrange()"),
    ]
