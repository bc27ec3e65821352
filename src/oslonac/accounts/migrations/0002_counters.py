"""The table of Django's database cache, for counters of sign-in tries.

Unlogged: it writes no WAL and is empty after a crash, which for counters of ten minutes is
right. Columns as `django.core.cache.backends.db` reads them.
"""

from django.db import migrations

MAKE = """
CREATE UNLOGGED TABLE accounts_counter (
  cache_key varchar(255) NOT NULL PRIMARY KEY,
  value text NOT NULL,
  expires timestamp with time zone NOT NULL
);
CREATE INDEX accounts_counter_expires ON accounts_counter (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunSQL(MAKE, "DROP TABLE accounts_counter;")]
