"""Start everything and keep it running: database, web server, job worker."""

import argparse

from oslonac.config.preparation import DEMO_CHILDREN

DEFAULT_PORT = 8000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `oslonac up`."""
    parser.add_argument("--demo", action="store_true", help="fill in fictional children and staff")
    add_address(parser)
    parser.add_argument(
        "--scale", type=int, default=DEMO_CHILDREN, help="children in the demo data (%(default)s)"
    )


def add_address(parser: argparse.ArgumentParser) -> None:
    """`--host` and `--port`, shared with the commands that ask about them."""
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT, help="port (%(default)s)")


def run(args: argparse.Namespace) -> int:
    """Run until Ctrl-C or SIGTERM."""
    from oslonac.config.supervisor import Options, up

    return up(Options(args.host, args.port, demo=args.demo, scale=args.scale))
