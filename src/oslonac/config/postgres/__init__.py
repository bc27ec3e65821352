"""The embedded PostgreSQL server: Oslonac owns everything about it but the binaries.

Belongs here: finding binaries, making a cluster, starting, sharing, stopping and
recovering a server, its two roles. Does not belong here: Django, migrations, the layout
of the rest of the data folder, external servers.

Nothing happens on import; `EmbeddedServer(data_dir).ensure_running()` starts the server.
"""

from oslonac.config.postgres.errors import DatabaseStartError
from oslonac.config.postgres.layout import APP_ROLE, DATABASE, OWNER_ROLE, PORT, SUPERUSER
from oslonac.config.postgres.server import ConnectionInfo, EmbeddedServer

__all__ = [
    "APP_ROLE",
    "DATABASE",
    "OWNER_ROLE",
    "PORT",
    "SUPERUSER",
    "ConnectionInfo",
    "DatabaseStartError",
    "EmbeddedServer",
]
