"""A link is put in behind the last one, for an event that is there, by whoever seals.

One row with a number far ahead, or of an event that never was, could not be taken away any more,
and the chain would have gone on behind it.
"""

from django.db import migrations

GUARD = """
CREATE FUNCTION audit_link_follows() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
  first_put bigint; last_put bigint; how_many bigint; before bigint; fitting bigint;
BEGIN
  SELECT min(sequence), max(sequence), count(*) INTO first_put, last_put, how_many FROM put;
  IF how_many = 0 THEN RETURN NULL; END IF;
  SELECT coalesce(max(sequence), 0) INTO before FROM public.audit_link WHERE sequence < first_put;
  SELECT count(*) INTO fitting FROM put p
    JOIN public.audit_event e ON e.id = p.event_id AND e.xid = p.xid;
  IF first_put <> before + 1 OR last_put - first_put + 1 <> how_many OR fitting <> how_many
    OR EXISTS (SELECT 1 FROM public.audit_link WHERE sequence > last_put)
    OR EXISTS (SELECT 1 FROM put WHERE octet_length(leaf) <> 32 OR octet_length(hash) <> 32)
  THEN
    RAISE EXCEPTION 'a link follows the last one, for an event that is there'
      USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER link_follows AFTER INSERT ON audit_link
  REFERENCING NEW TABLE AS put FOR EACH STATEMENT EXECUTE FUNCTION audit_link_follows();
"""
UNDO = "DROP TRIGGER link_follows ON audit_link; DROP FUNCTION audit_link_follows();"


class Migration(migrations.Migration):
    dependencies = [("audit", "0006_reading")]
    operations = [migrations.RunSQL(GUARD, UNDO)]
