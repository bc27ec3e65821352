"""One request for closing at a time, one plan in force: said by the models from the first day, and
lost in the database when the index of their foreign key went (0006 took every index on that one
column along). Of two that came to be meanwhile the later stays."""

from django.db import migrations

AGAIN = """
UPDATE cases_decision d SET status = 'withdrawn', revision = d.revision + 1
WHERE d.kind = 'closing' AND d.status = 'requested' AND EXISTS (
  SELECT 1 FROM cases_decision l WHERE l.case_id = d.case_id AND l.kind = 'closing'
    AND l.status = 'requested' AND (l.decided_at, l.id) > (d.decided_at, d.id));
UPDATE cases_plan p SET status = 'ended', ended_at = COALESCE(p.ended_at, now()),
  revision = p.revision + 1
WHERE p.status = 'in_force' AND EXISTS (
  SELECT 1 FROM cases_plan l WHERE l.case_id = p.case_id AND l.status = 'in_force'
    AND (l.in_force_at, l.id) > (p.in_force_at, p.id));
SET CONSTRAINTS ALL IMMEDIATE;
CREATE UNIQUE INDEX IF NOT EXISTS one_closing_request_at_a_time ON cases_decision (case_id)
  WHERE kind = 'closing' AND status = 'requested';
CREATE UNIQUE INDEX IF NOT EXISTS one_plan_in_force ON cases_plan (case_id)
  WHERE status = 'in_force';
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0007_labels")]
    operations = [migrations.RunSQL(AGAIN, migrations.RunSQL.noop)]
