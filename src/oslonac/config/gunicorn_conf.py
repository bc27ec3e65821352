"""Settings of the web server. The address comes from the command line of `oslonac up`.

Sized for a small machine: two processes use two cores, and threads wait for the database.
"""

import threading
from pathlib import Path
from typing import Any

from oslonac.config import egress, logs

worker_class = "oslonac.config.patience.PatientWorker"
workers = 2
threads = 4
# Loaded once and forked: half the memory and half the start. Nothing opens a database
# connection while it is loaded, so none is shared between processes.
preload_app = True
timeout = 60
graceful_timeout = 5
keepalive = 5
max_requests = 5000
max_requests_jitter = 500
# Paths hold the ids of cases; who read what stands in the event ledger, not in a log.
accesslog = None
errorlog = "-"
loglevel = "warning"
logconfig_dict = logs.configuration()
# The heartbeat file of a worker must not wait for a slow disk.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108

# No control interface: nothing uses it, and its socket would be one more way in.
control_socket_disable = True


def post_worker_init(worker: Any) -> None:
    """Connections go to the list alone; tables of names are read beside the first requests, not
    by the first search."""
    from oslonac.matching.index import recipe

    egress.install()
    threading.Thread(target=recipe.warm, daemon=True).start()
