"""Laying entries in order carries nothing else out as the tables' owner.

`SET CONSTRAINTS` inside the function fired whatever the caller had deferred, and up to PostgreSQL
17 as the owner: a trigger of the caller's own could then change any table. The caller says it
now, as itself. Who may call the function is set with the policies (`access.enforcement`).
"""

from django.db import migrations

ARRANGE = """
CREATE OR REPLACE FUNCTION matching_arrange() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, public, pg_temp SET maintenance_work_mem = '256MB' AS $$
BEGIN
  LOCK TABLE public.matching_entry IN ACCESS EXCLUSIVE MODE;
  CREATE INDEX matching_arranging ON public.matching_entry (generation_id, (fine[1:6]));
  CLUSTER public.matching_entry USING matching_arranging;
  DROP INDEX public.matching_arranging;
END $$;
REVOKE ALL ON FUNCTION matching_arrange() FROM PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [("matching", "0003_arranged")]
    operations = [migrations.RunSQL(ARRANGE, migrations.RunSQL.noop)]
