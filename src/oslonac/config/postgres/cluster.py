"""Making a cluster and writing its settings.

Belongs here: initdb and the three configuration files, which are written anew at every
start so that they follow the code. Does not belong here: processes, roles.
"""

import os
import pwd
import shutil
from pathlib import Path

from oslonac.config.postgres.account import Account
from oslonac.config.postgres.binaries import Binaries
from oslonac.config.postgres.errors import DatabaseStartError
from oslonac.config.postgres.layout import APP_ROLE, OWNER_ROLE, PORT, SUPERUSER

MEBIBYTE = 1024 * 1024
# PostgreSQL 17 brought a locale of its own: the same order on every system, for good.
BUILTIN_LOCALE_SINCE = 17

SETTINGS = """\
# Written by Oslonac at every start; changes made here are lost.
# Put your own settings into local.conf beside this file.
listen_addresses = ''
port = {port}
unix_socket_directories = '{socket_dir}'
unix_socket_permissions = 0700
max_connections = 80
shared_buffers = '{shared_buffers}MB'
effective_cache_size = '{cache}MB'
work_mem = '8MB'
maintenance_work_mem = '64MB'
max_wal_size = '1GB'
# Pages logged whole after a checkpoint are most of the log of small updates.
wal_compression = 'pglz'
random_page_cost = 1.1
jit = off
password_encryption = 'scram-sha-256'
timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
log_line_prefix = '%m [%p] %u@%d '
log_checkpoints = off
# Names of children must not reach the log: neither statements, nor their parameters, nor
# the DETAIL line, which quotes the values of a row.
log_min_error_statement = 'panic'
log_parameter_max_length = 0
log_parameter_max_length_on_error = 0
log_error_verbosity = 'terse'
include_if_exists = 'local.conf'
"""


def make(cluster: Path, binaries: Binaries, account: Account) -> None:
    """Run initdb, with checksums and UTF-8; a cluster appears whole or not at all.

    Raises `DatabaseStartError` with initdb's own words when it fails.
    """
    unfinished = cluster.with_name("data.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    command: list[str | Path] = [
        binaries.program("initdb"),
        "--pgdata",
        unfinished,
        "--username",
        SUPERUSER,
    ]
    command += ["--encoding=UTF8", "--data-checksums", "--auth-local=peer", "--auth-host=reject"]
    command += ["--no-instructions", *_locale(binaries.major)]
    result = account.run(command, env={**os.environ, "LC_ALL": "C", "TZ": "UTC"})
    if result.returncode != 0:
        raise DatabaseStartError(
            f"A new database could not be made in {cluster.parent}; nothing was kept of it. "
            f"PostgreSQL says: {result.stderr.strip() or result.stdout.strip()}"
        )
    unfinished.rename(cluster)


def _locale(major: int) -> list[str]:
    if major >= BUILTIN_LOCALE_SINCE:
        return ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    import locale  # only old servers ask which locales the system has

    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, "C.UTF-8")
    except locale.Error:
        return ["--locale=C"]
    finally:
        locale.setlocale(locale.LC_CTYPE, before)
    return ["--locale=C.UTF-8"]


def configure(cluster: Path, socket_dir: Path, account: Account) -> None:
    """Write postgresql.conf, pg_hba.conf and pg_ident.conf for this machine and user."""
    megabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MEBIBYTE
    settings = SETTINGS.format(
        port=PORT,
        socket_dir=str(socket_dir).replace("'", "''"),
        shared_buffers=min(max(megabytes // 16, 64), 512),
        cache=min(max(megabytes // 3, 256), 4096),
    )
    # Peer: the kernel says who calls. There is no password that could leak, and no TCP.
    entrance = "# Written by Oslonac at every start.\nlocal all all peer map=oslonac\n"
    _write(cluster / "postgresql.conf", settings, account)
    _write(cluster / "pg_hba.conf", entrance, account)
    _write(cluster / "pg_ident.conf", _who_is_who(account), account)


def _who_is_who(account: Account) -> str:
    callers = {account.name, pwd.getpwuid(os.geteuid()).pw_name}
    lines = ["# Written by Oslonac at every start: system user, database role."]
    for caller in sorted(callers):
        lines += [f'oslonac "{caller}" {role}' for role in (SUPERUSER, OWNER_ROLE, APP_ROLE)]
    return "\n".join(lines) + "\n"


def _write(path: Path, text: str, account: Account) -> None:
    path.write_text(text)
    path.chmod(0o600)
    if account.switches:
        os.chown(path, account.uid, account.gid)
