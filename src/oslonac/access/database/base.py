"""The database connection that passes the current reader to PostgreSQL.

Before a statement the wanted sight is compared with what this connection was last told; only a
difference costs a statement. The setting belongs to the session, for most reads run outside a
transaction; a rollback takes it back to an unknown value, so after one it is told anew. A
connection that is made anew knows nothing and shows nothing; first of all it proves that it is
the application's (`session_proof`).
"""

from collections.abc import Sequence
from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.utils import CursorWrapper
from psycopg.pq import TransactionStatus

from oslonac.access import reader, session_proof


class _Told:
    """Mixed into Django's cursors: every statement passes here."""

    db: "DatabaseWrapper"
    cursor: Any

    def _execute(self, sql: Any, params: Any, *ignored: Any) -> Any:
        self.db.tell()
        return super()._execute(sql, params, *ignored)  # type: ignore[misc]

    def _executemany(self, sql: Any, param_list: Any, *ignored: Any) -> Any:
        self.db.tell()
        return super()._executemany(sql, param_list, *ignored)  # type: ignore[misc]

    def copy(self, statement: Any) -> Any:
        self.db.tell()
        return self.cursor.copy(statement)

    def callproc(self, name: str, params: Sequence[Any] | None = None, *more: Any) -> Any:
        self.db.tell()
        return super().callproc(name, params, *more)  # type: ignore[misc]


class ToldCursor(_Told, CursorWrapper):
    pass


class ToldDebugCursor(_Told, base.CursorDebugWrapper):
    pass


class DatabaseWrapper(base.DatabaseWrapper):
    """`told` is what PostgreSQL was last told; None when that is not known."""

    told: reader.Reader | None = None

    def tell(self) -> None:
        """Bring the session's settings in line with `reader.current()`."""
        wanted = reader.current()
        if wanted == self.told or self.connection is None:
            return
        if self.connection.info.transaction_status == TransactionStatus.INERROR:
            return  # nothing but a rollback can follow, and after it all is told anew
        with self.wrap_database_errors:
            self.connection.execute(reader.TELL, wanted.settings(), prepare=True)
        self.told = wanted

    def make_cursor(self, cursor: Any) -> Any:
        return ToldCursor(cursor, self)

    def make_debug_cursor(self, cursor: Any) -> Any:
        return ToldDebugCursor(cursor, self)

    def init_connection_state(self) -> None:
        self.told = None
        super().init_connection_state()
        with self.wrap_database_errors:
            session_proof.prove(self.connection, session_proof.secret())

    def _rollback(self) -> None:
        self.told = None
        super()._rollback()  # type: ignore[misc]

    def _savepoint_rollback(self, sid: str) -> None:
        super()._savepoint_rollback(sid)  # type: ignore[misc]
        self.told = None
