"""The invented children of a demonstration, made behind the running product.

`oslonac up --demo` answers as soon as the cast and the stories are there; this process, started by
the supervisor, brings the rest and says how far it is. It stands back for the pages (nice).
"""

import argparse
import os
import sys
import time

from oslonac.config import bootstrap
from oslonac.config.preparation import DEMO_CHILDREN, DEMO_SEED

STANDS_BACK = 10


def main() -> int:
    """Build what is missing; at once through when nothing is."""
    parser = argparse.ArgumentParser(prog="oslonac fill")
    parser.add_argument("--scale", type=int, default=DEMO_CHILDREN)
    options = parser.parse_args()
    os.nice(STANDS_BACK)
    bootstrap.setup_django("app")
    from oslonac import demo
    from oslonac.access import reader

    reader.become_system()
    began = time.monotonic()
    built = demo.build(children=options.scale, seed=DEMO_SEED)
    if built.rows:
        took = time.monotonic() - began
        print(
            f"  invented children: all {options.scale} are there, {took:.0f} s",
            file=sys.stderr,
            flush=True,
        )
    bootstrap.close_connections()
    return 0


if __name__ == "__main__":
    sys.exit(main())
