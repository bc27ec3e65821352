"""Transaction numbers that never restart, even in a restored database.

A restored backup runs in a server whose transaction counter may be far below the numbers its
events carry; new events would look older than the chain's head. `raise_epoch` lifts the two
functions that the ledger counts with above every number in use.
"""

import psycopg

FUNCTIONS = """
CREATE OR REPLACE FUNCTION audit_xid() RETURNS bigint LANGUAGE sql VOLATILE
  AS $$ SELECT txid_current() + {base} $$;
CREATE OR REPLACE FUNCTION audit_xid_horizon() RETURNS bigint LANGUAGE sql VOLATILE
  AS $$ SELECT txid_snapshot_xmin(txid_current_snapshot()) + {base} $$;
"""
DROP = "DROP FUNCTION audit_xid(); DROP FUNCTION audit_xid_horizon();"


def raise_epoch(owner: psycopg.Connection) -> int:
    """Number from here on above every event in the database. Returns the base added."""
    row = owner.execute(
        "SELECT greatest(0, coalesce((SELECT max(xid) FROM audit_event), 0) - txid_current() + 1)"
    ).fetchone()
    base = int(row[0]) if row else 0
    owner.execute(FUNCTIONS.format(base=base))
    return base
